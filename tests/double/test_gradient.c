/* gradient: network_forward, loss and network_backward against central differences of every parameter, in
 * double. Loops over the families' tables: a new activation, loss or norm arrives tested. */
#include "../unit/net.h"

enum { ROWS = 7, FEATURES = 5, MOST_OUTPUTS = 4, MOST_SIDES = 4096 };

static const double step = 1e-5, tolerance = 1e-6;

/* What is differentiated: the loss of a network on ROWS rows. Owns the net. */
typedef struct Problem {
    char title[256];
    Net net;
    Choice loss;
    LossBatch batch;
    PassAddress address; /* of the dropout masks: the same in every pass */
    real x[ROWS * FEATURES], target[ROWS * MOST_OUTPUTS], weight[ROWS], class_weight[MOST_OUTPUTS];
    long entries, skipped;
} Problem;

/* ---- which side of its kinks everything is on ------------------------------------------------------------
 */

typedef struct Sides {
    int count;
    int side[MOST_SIDES];
} Sides;

static void note(Sides *sides, int side) {
    assert_true(sides->count < MOST_SIDES);
    sides->side[sides->count++] = side;
}

static int largest_of(int n, const real *x) {
    int at = 0;
    for (int i = 1; i < n; i++) at = x[i] > x[at] ? i : at;
    return at;
}

static void note_layer(const Problem *problem, int index, Sides *sides) {
    const Network *network = &problem->net.network;
    const Layer *layer = &network->layer[index];
    const Activation *activation = activation_of(&layer->activation);
    const real *z = problem->net.work.layer[index].z;
    double kinks[ACTIVATION_MOST_KINKS];
    int pieces = activation_pieces(&layer->activation), count = 0;
    if (activation->kinks)
        count = activation->kinks(choice_params(&layer->activation),
                                  layer_tensor(network, index, TENSOR_LEARNED, network->theta), kinks);
    for (int i = 0; i < ROWS * layer->columns; i++)
        for (int k = 0; k < count; k++) note(sides, (z[i] > kinks[k]) - (z[i] < kinks[k]));
    for (int i = 0; pieces > 1 && i < ROWS * layer->units; i++)
        note(sides, largest_of(pieces, z + (size_t)i * (size_t)pieces));
}

/* Kinks of a loss lie in leads z_right - z_wrong where it takes hard targets, else in residuals. */
static void note_loss(const Problem *problem, Sides *sides) {
    const LossBatch *b = &problem->batch;
    double kinks[LOSS_MOST_KINKS];
    int count =
        loss_of(&problem->loss)->kinks ? loss_of(&problem->loss)->kinks(choice_params(&problem->loss), kinks) : 0;
    for (int i = 0; i < b->rows * b->out; i++) {
        int row = i / b->out * b->out, right = row + largest_of(b->out, b->target + row);
        double x =
            loss_of(&problem->loss)->hard_targets ? b->logits[right] - b->logits[i] : b->logits[i] - b->target[i];
        for (int k = 0; k < count; k++) note(sides, (x > kinks[k]) - (x < kinks[k]));
    }
}

/* ---- both gradients ---------------------------------------------------------------------------------------
 */

/* The loss; `sides` and the gradient with respect to the logits are left out where NULL. */
static double loss_at(Problem *problem, Sides *sides, real *d) {
    Net *net = &problem->net;
    problem->batch.logits =
        network_forward(&net->network, &net->work, ROWS, problem->x, PASS_TRAIN, &problem->address);
    double value = loss_of(&problem->loss)->value(choice_params(&problem->loss), &problem->batch, d);
    if (!sides) return value;
    sides->count = 0;
    for (int i = 0; i + 1 < net->network.layers; i++) note_layer(problem, i, sides);
    note_loss(problem, sides);
    return value;
}

/* Central difference with respect to *at; false when a kink lies between the two points. */
static bool difference(Problem *problem, real *at, double *out) {
    static Sides below, above;
    real before = *at;
    *at = before + step;
    double high = loss_at(problem, &above, NULL);
    *at = before - step;
    double low = loss_at(problem, &below, NULL);
    *at = before;
    *out = (high - low) / (2 * step);
    return memcmp(&below, &above, sizeof(int) * (size_t)(1 + below.count)) == 0;
}

static double largest_size(const Segment *segment, const real *flat) {
    double most = 0;
    for (size_t i = 0; i < segment->count; i++) most = fmax(most, fabs(flat[segment->offset + i]));
    return most;
}

static bool has_batch_norm(const Layer *layer) { return strcmp(layer->norm.variant->name, "batch") == 0; }

/* A batch norm takes away what is added to all rows: the gradient of a bias right below it is zero but for
 * rounding, as is that of the shift a layer further down where only something linear lies between. */
static bool may_be_idle(const Network *network, const Segment *segment) {
    const Layer *layer = &network->layer[segment->layer];
    if (segment->kind == TENSOR_BIAS) return has_batch_norm(layer);
    return segment->kind == TENSOR_NORM_SHIFT && has_batch_norm(layer + 1);
}

static void check_segment(Problem *problem, const Segment *segment) {
    Network *network = &problem->net.network;
    char name[64];
    segment_name(segment, name, sizeof name);
    double size = largest_size(segment, network->grad), want;
    if (size < 1e-4 && !may_be_idle(network, segment))
        fail_msg("%s: %s: the largest gradient is %g: zeros on both sides would agree too", problem->title, name,
                 size);
    for (size_t i = 0; i < segment->count; i++) {
        problem->entries++;
        if (!difference(problem, &network->theta[segment->offset + i], &want)) {
            problem->skipped++;
            continue;
        }
        double seen = network->grad[segment->offset + i];
        if (!(fabs(seen - want) <= tolerance * fmax(fabs(want), 0.01)))
            fail_msg("%s: %s[%zu] is %.12g, by differences %.12g", problem->title, name, i, seen, want);
    }
}

static void backward(Problem *problem) {
    Net *net = &problem->net;
    loss_at(problem, NULL, net->work.layer[net->network.layers - 1].delta);
    network_backward(&net->network, &net->work, ROWS, problem->x, true);
}

static void check_problem(Problem *problem) {
    backward(problem);
    for (int s = 0; s < problem->net.network.segments; s++) check_segment(problem, &problem->net.network.segment[s]);
    if (problem->skipped > problem->entries / 50)
        fail_msg("%s: %ld of %ld entries cross a kink", problem->title, problem->skipped, problem->entries);
}

/* ---- problems ---------------------------------------------------------------------------------------------
 */

static void fill_classes(Problem *problem) {
    int out = problem->batch.out;
    for (int i = 0; i < ROWS * out; i++)
        problem->target[i] = out == 1 ? i % 3 == 0 : i % out == (i / out * 5 + 1) % out;
}

static void problem_start(Problem *problem, const NetworkPlan *plan, const char *loss) {
    memset(problem, 0, sizeof *problem);
    snprintf(problem->title, sizeof problem->title, "%s, norm %s, %s",
             plan->hidden_layers ? plan->activation[0].variant->name : "linear", plan->norm.variant->name, loss);
    net_build(&problem->net, plan, ROWS + 2);
    net_fill(&problem->net, 3);
    problem->loss = choice_from(&losses, loss);
    problem->address = (PassAddress){.seed = 11, .epoch = 2, .batch = 5};
    problem->batch = (LossBatch){.rows = ROWS, .out = plan->outputs, .target = problem->target};
    Stream stream = random_stream(5, PURPOSE_TEST, 1, 0);
    fill_normal(&stream, ROWS * FEATURES, 0.1, 1, problem->x);
    fill_classes(problem);
    if (loss_of(&problem->loss)->regression)
        fill_normal(&stream, (size_t)(ROWS * plan->outputs), 0, 1, problem->target);
    for (int r = 0; r < ROWS; r++) problem->weight[r] = 0.5 + 0.3 * r;
    for (int c = 0; c < MOST_OUTPUTS; c++) problem->class_weight[c] = 2 - 0.45 * c;
}

static void check(const NetworkPlan *plan, const char *loss) {
    static Problem problem;
    problem_start(&problem, plan, loss);
    check_problem(&problem);
    net_free(&problem.net);
}

/* 5 - 6 - 5 - 3 */
static NetworkPlan two_layers(const char *activation, const char *norm) {
    NetworkPlan plan = plan_of(FEATURES, 3, norm);
    plan_add(&plan, 6, activation);
    plan_add(&plan, 5, activation);
    return plan;
}

/* Every row of two families, at its defaults. */
static void every_activation_under_every_loss(void **state) {
    (void)state;
    for (int a = 0; a < activations.count; a++)
        for (int l = 0; l < losses.count; l++) {
            NetworkPlan plan = two_layers(family_row(&activations, a)->name, "none");
            check(&plan, family_row(&losses, l)->name);
        }
}

static void every_activation_under_every_norm(void **state) {
    (void)state;
    for (int a = 0; a < activations.count; a++)
        for (int n = 0; n < norms.count; n++) {
            NetworkPlan plan = two_layers(family_row(&activations, a)->name, family_row(&norms, n)->name);
            check(&plan, "cross_entropy");
        }
}

static void parameters_away_from_their_defaults(void **state) {
    (void)state;
    static const char *const tuned[] = {"leaky_relu slope=0.3",
                                        "prelu start=-0.7",
                                        "elu alpha=1.7",
                                        "celu alpha=0.4",
                                        "gelu approximate=tanh",
                                        "softplus beta=2.5",
                                        "hardtanh min=-0.5 max=1.5",
                                        "maxout pieces=3"};
    for (size_t i = 0; i < sizeof tuned / sizeof tuned[0]; i++) {
        NetworkPlan plan = two_layers(tuned[i], i % 2 ? "batch" : "none");
        check(&plan, "mse factor=0.5");
        check(&plan, "huber delta=0.3");
        check(&plan, "hinge margin=0.6");
    }
}

static void dropout_with_the_same_masks(void **state) {
    (void)state;
    static const char *const activation[] = {"tanh", "prelu", "maxout pieces=3", "gelu"};
    static Problem problem;
    for (int i = 0; i < 8; i++) {
        NetworkPlan plan = two_layers(activation[i / 2], i % 2 ? "batch" : "none");
        plan.dropout = 0.4;
        check(&plan, "cross_entropy");
        problem_start(&problem, &plan, "cross_entropy");
        backward(&problem);
        int dropped = 0;
        for (int k = 0; k < ROWS * 6; k++) dropped += problem.net.work.layer[0].mask[k] == 0;
        assert_in_range(dropped, 6, ROWS * 6 - 10);
        net_free(&problem.net);
    }
}

static void weights_of_rows_and_classes(void **state) {
    (void)state;
    static Problem problem;
    for (int l = 0; l < losses.count; l++)
        for (int set = 1; set < 8; set++) {
            NetworkPlan plan = two_layers("tanh", "none");
            problem_start(&problem, &plan, family_row(&losses, l)->name);
            if (set & 1) problem.batch.weight = problem.weight;
            if (set & 2) {
                problem.batch.class_weight = problem.class_weight;
                fill_classes(&problem);
            }
            if (set & 4 && loss_of(&problem.loss)->smooths) problem.batch.smoothing = 0.2;
            check_problem(&problem);
            net_free(&problem.net);
        }
}

static void one_logit(void **state) {
    (void)state;
    static Problem problem;
    for (int l = 0; l < losses.count; l++) {
        NetworkPlan plan = two_layers("silu", "none");
        plan.outputs = 1;
        const Loss *loss = (const Loss *)family_row(&losses, l);
        if (!loss->regression && !loss->one_logit_for_two) continue;
        problem_start(&problem, &plan, loss->head.name);
        if (loss->one_logit_for_two) problem.batch.class_weight = problem.class_weight;
        check_problem(&problem);
        net_free(&problem.net);
    }
}

static void a_linear_model(void **state) {
    (void)state;
    for (int l = 0; l < losses.count; l++)
        for (int outputs = 2; outputs <= MOST_OUTPUTS; outputs++) {
            NetworkPlan plan = plan_of(FEATURES, outputs, "batch");
            check(&plan, family_row(&losses, l)->name);
        }
}

static void four_mixed_layers(void **state) {
    (void)state;
    for (int n = 0; n < norms.count; n++) {
        NetworkPlan plan = plan_of(FEATURES, 4, family_row(&norms, n)->name);
        plan_add(&plan, 7, "maxout pieces=3");
        plan_add(&plan, 6, "prelu");
        plan_add(&plan, 5, "tanh");
        plan_add(&plan, 6, "leaky_relu");
        plan.dropout = 0.25;
        check(&plan, "cross_entropy");
        check(&plan, "bce");
    }
}

/* The probe's pass gives what training's gives, bit for bit, where nothing is dropped. */
static void the_probe_has_the_same_gradient(void **state) {
    (void)state;
    static Problem problem;
    static real trained[4096];
    NetworkPlan plan = two_layers("prelu", "batch");
    problem_start(&problem, &plan, "cross_entropy");
    Net *net = &problem.net;
    backward(&problem);
    assert_true(net->network.parameters <= sizeof trained / sizeof trained[0]);
    memcpy(trained, net->network.grad, net->network.parameters * sizeof *trained);
    memset(net->network.grad, 0, net->network.parameters * sizeof *trained);
    problem.batch.logits = network_forward(&net->network, &net->work, ROWS, problem.x, PASS_PROBE, NULL);
    loss_of(&problem.loss)->value(choice_params(&problem.loss), &problem.batch, net->work.layer[2].delta);
    network_backward(&net->network, &net->work, ROWS, problem.x, false);
    assert_memory_equal(trained, net->network.grad, net->network.parameters * sizeof *trained);
    net_free(net);
}

/* With all weights and biases of the first layer zero its z lies on relu's kink: every move is seen to cross
 * it. */
static void kinks_are_seen(void **state) {
    (void)state;
    static Problem problem;
    double unused;
    NetworkPlan plan = two_layers("relu", "none");
    problem_start(&problem, &plan, "cross_entropy");
    Network *network = &problem.net.network;
    const Segment *weight = net_segment(&problem.net, "layers.1.weight");
    const Segment *bias = net_segment(&problem.net, "layers.1.bias");
    memset(network->theta + weight->offset, 0, weight->count * sizeof(real));
    memset(network->theta + bias->offset, 0, bias->count * sizeof(real));
    for (size_t i = 0; i < weight->count; i++)
        assert_false(difference(&problem, &network->theta[weight->offset + i], &unused));
    net_free(&problem.net);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_activation_under_every_loss),
        cmocka_unit_test(every_activation_under_every_norm),
        cmocka_unit_test(parameters_away_from_their_defaults),
        cmocka_unit_test(dropout_with_the_same_masks),
        cmocka_unit_test(weights_of_rows_and_classes),
        cmocka_unit_test(one_logit),
        cmocka_unit_test(a_linear_model),
        cmocka_unit_test(four_mixed_layers),
        cmocka_unit_test(the_probe_has_the_same_gradient),
        cmocka_unit_test(kinks_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
