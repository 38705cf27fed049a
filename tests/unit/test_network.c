/* network: logits, loss, gradients and ten updates of whole networks against PyTorch
 * (tests/reference/network.py), the modes of a pass, shapes, names, padding. Also compiled in double
 * precision, by tests/double/test_network.c. */
#include "nn/step.h"

#include "reference_net.h"

#ifdef REAL_IS_DOUBLE
static const double tolerance = 1e-10, step_tolerance = 1e-9;
#else
static const double tolerance = 2e-6, step_tolerance = 2e-5;
#endif

enum { ROWS = REFERENCE_ROWS, STEPS = 10 };

/* A network of the reference with its loss; `step` is read update rule by update rule. */
typedef struct Trial {
    ReferenceNet it;
    ReferenceCase loss, step;
    LossBatch batch;
} Trial;

/* Every tensor of theta or grad; `prefix` stands before its name. */
static void compare_tensors(const Trial *trial, const ReferenceCase *it, const char *prefix, const real *flat,
                            double allowed) {
    const Net *net = &trial->it.net;
    for (int s = 0; s < net->network.segments; s++) {
        const Segment *segment = &net->network.segment[s];
        char name[64], key[80];
        segment_name(segment, name, sizeof name);
        snprintf(key, sizeof key, "%s%s", prefix, name);
        const ReferenceList *list = reference_list(it, key);
        assert_int_equal(list->count, segment->count);
        for (int i = 0; i < list->count; i++)
            reference_near(it, key, i, (double)flat[reference_place(net, segment, i)], list->number[i], allowed, 1);
    }
}

/* Reads the three cases of a network and builds it; false at the file's end. */
static bool trial_next(FILE *file, Trial *trial, double dropout) {
    if (!reference_net_next(file, &trial->it, dropout)) return false;
    assert_true(reference_next(file, &losses, &trial->loss));
    trial->batch = (LossBatch){.rows = ROWS,
                               .out = trial->it.outputs,
                               .target = trial->it.target,
                               .smoothing = reference_number(&trial->loss, "smoothing")};
    return true;
}

/* How many cases of updates follow the network. */
static int steps_of(const Trial *trial) { return (int)reference_number(&trial->it.start, "steps"); }

static void skip_steps(FILE *file, Trial *trial) {
    for (int i = 0; i < steps_of(trial); i++) assert_true(reference_next(file, &optimizers, &trial->step));
}

/* ---- against PyTorch ---------------------------------------------------------------------------------- */

static double pass(Trial *trial, PassMode mode) {
    static const PassAddress address = {.seed = 1, .epoch = 1};
    Net *net = &trial->it.net;
    const Choice *loss = &trial->loss.choice;
    trial->batch.logits = network_forward(&net->network, &net->work, ROWS, trial->it.x, mode, &address);
    return loss_of(loss)->value(choice_params(loss), &trial->batch, net->work.layer[net->network.layers - 1].delta);
}

static void logits_loss_and_gradients_are_those_of_torch(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/network.txt");
    static Trial trial;
    int cases = 0;
    for (; trial_next(file, &trial, 0); cases++) {
        double loss = pass(&trial, PASS_TRAIN);
        network_backward(&trial.it.net.network, &trial.it.net.work, ROWS, trial.it.x, true);
        reference_compare(&trial.loss, "logits", trial.batch.logits, tolerance);
        reference_near(&trial.loss, "loss", 0, loss, reference_number(&trial.loss, "loss"), tolerance, 1);
        compare_tensors(&trial, &trial.loss, "d.", trial.it.net.network.grad, tolerance * 4);
        net_free(&trial.it.net);
        skip_steps(file, &trial);
    }
    fclose(file);
    assert_int_equal(cases, 8);
}

static void check_steps(Trial *trial) {
    Network *network = &trial->it.net.network;
    const ReferenceCase *it = &trial->step;
    StepPlan plan = {.optimizer = it->choice,
                     .weight_decay = reference_number(it, "weight_decay"),
                     .clip_norm = reference_number(it, "clip_norm")};
    Meters meters = {0};
    NotFinite not_finite = {0};
    real *vectors = calloc((size_t)step_vectors(&plan) * network->parameters, sizeof *vectors);
    reference_restart(&trial->it);
    for (int t = 1; t <= STEPS; t++) {
        pass(trial, PASS_TRAIN);
        network_backward(network, &trial->it.net.work, ROWS, trial->it.x, true);
        step_apply(&plan, network, vectors, reference_number(it, "lr"), t, &meters, &not_finite);
    }
    free(vectors);
    compare_tensors(trial, it, "", network->theta, step_tolerance);
    reference_compare_running(&trial->it, it, step_tolerance);
    double loss = pass(trial, PASS_EVALUATE);
    reference_compare(it, "evaluated", trial->batch.logits, step_tolerance * 4);
    reference_near(it, "evaluated_loss", 0, loss, reference_number(it, "evaluated_loss"), step_tolerance * 4, 1);
    assert_int_equal(meters.steps, STEPS);
    reference_near(it, "grad_norm", 0, meters.grad_norm / STEPS, reference_number(it, "grad_norm"),
                   step_tolerance * 4, 1);
    reference_near(it, "grad_norm_max", 0, meters.grad_norm_max, reference_number(it, "grad_norm_max"),
                   step_tolerance * 4, 1);
    assert_false(not_finite.found);
}

static void ten_updates_are_those_of_torch(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/network.txt");
    static Trial trial;
    int cases = 0;
    while (trial_next(file, &trial, 0)) {
        for (int i = 0; i < steps_of(&trial); i++, cases++) {
            assert_true(reference_next(file, &optimizers, &trial.step));
            check_steps(&trial);
        }
        net_free(&trial.it.net);
    }
    fclose(file);
    assert_int_equal(cases, 12);
}

/* ---- modes of a pass ---------------------------------------------------------------------------------- */

/* With a dropout of one half the passes that measure give the logits of the net without. */
static void dropout_is_off_but_in_training(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/network.txt");
    static Trial trial;
    while (trial_next(file, &trial, 0.5)) {
        bool hidden = trial.it.net.network.layers > 1, differs = false;
        pass(&trial, PASS_PROBE);
        reference_compare(&trial.loss, "logits", trial.batch.logits, tolerance);
        pass(&trial, PASS_TRAIN);
        const ReferenceList *list = reference_list(&trial.loss, "logits");
        for (int i = 0; i < list->count; i++) differs |= fabs((double)trial.batch.logits[i] - list->number[i]) > 1e-3;
        assert_int_equal(differs, hidden);
        net_free(&trial.it.net);
        skip_steps(file, &trial);
    }
    fclose(file);
}

static Net batch_norm_net(double dropout) {
    Net net;
    NetworkPlan plan = plan_of(3, 2, "batch");
    plan.dropout = dropout;
    plan_add(&plan, 40, "tanh");
    plan_add(&plan, 30, "tanh");
    net_build(&net, &plan, 64);
    net_fill(&net, 1);
    return net;
}

/* Share dropped, what the others are multiplied by, and which draws decide. */
static void dropout_masks(void **state) {
    (void)state;
    Net net = batch_norm_net(0.25);
    static real x[64 * 3], first[64 * 40];
    const PassAddress address = {.seed = 3, .epoch = 2, .batch = 1}, others[] = {{.seed = 4, .epoch = 2, .batch = 1},
                                                                                 {.seed = 3, .epoch = 1, .batch = 1},
                                                                                 {.seed = 3, .epoch = 2, .batch = 2}};
    Stream stream = random_stream(1, PURPOSE_TEST, 0, 0);
    fill_normal(&stream, 64 * 3, 0, 1, x);
    network_forward(&net.network, &net.work, 64, x, PASS_TRAIN, &address);
    const LayerWork *work = net.work.layer;
    int dropped = 0, as_above = 0;
    for (int i = 0; i < 64 * 40; i++) {
        bool out = work[0].mask[i] == 0;
        dropped += out;
        assert_true(out || fabs((double)work[0].mask[i] * 0.75 - 1) < 1e-6);
        assert_true(fabs((double)(work[0].a[i] - work[0].mask[i] * tanh((double)work[0].z[i]))) < 1e-6);
    }
    assert_in_range(dropped, 64 * 40 / 4 - 100, 64 * 40 / 4 + 100);
    for (int i = 0; i < 64 * 30; i++) as_above += (work[1].mask[i] == 0) == (work[0].mask[i] == 0);
    assert_in_range(as_above, 64 * 30 / 2, 64 * 30 * 3 / 4); /* .25² + .75² = .625 when independent */
    memcpy(first, work[0].mask, sizeof first);
    network_forward(&net.network, &net.work, 64, x, PASS_TRAIN, &address);
    assert_memory_equal(first, work[0].mask, sizeof first);
    for (int i = 0; i < 3; i++) {
        network_forward(&net.network, &net.work, 64, x, PASS_TRAIN, &others[i]);
        assert_memory_not_equal(first, work[0].mask, sizeof first);
    }
    net_free(&net);
}

/* Training moves the running statistics, fitting sets them, the others leave them alone. */
static void running_statistics_follow_the_mode(void **state) {
    (void)state;
    static const PassMode modes[] = {PASS_PROBE, PASS_EVALUATE, PASS_TRAIN, PASS_FIT};
    static real x[64 * 3], before[2 * 70];
    Net net = batch_norm_net(0);
    Stream stream = random_stream(1, PURPOSE_TEST, 0, 0);
    fill_normal(&stream, 64 * 3, 1, 2, x);
    assert_int_equal(net.network.running, sizeof before / sizeof *before);
    for (int m = 0; m < 4; m++) {
        memcpy(before, net.network.running_stats, sizeof before);
        network_forward(&net.network, &net.work, 64, x, modes[m], NULL);
        bool moved = memcmp(before, net.network.running_stats, sizeof before) != 0;
        assert_int_equal(moved, m >= 2);
    }
    memcpy(before, net.work.layer[0].z, sizeof before);
    network_forward(&net.network, &net.work, 64, x, PASS_EVALUATE, NULL);
    double unbiased = 64.0 / 63;
    for (int i = 0; i < 2 * 70; i++) { /* after a fit, evaluation is the batch's own but for the variance's factor */
        double shift = (double)net.network.theta[net_segment(&net, "layers.1.norm.bias")->offset + (size_t)i % 40];
        double centred = (double)before[i] - shift, seen = (double)net.work.layer[0].z[i] - shift;
        assert_true(fabs(seen - centred / sqrt(unbiased)) < 1e-4);
    }
    net_free(&net);
}

/* ---- shapes ------------------------------------------------------------------------------------------- */

static void tensors_are_named_aligned_and_apart(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t count;
        bool decayed;
    } expected[] = {
        {"layers.1.weight", 21, true},
        {"layers.1.bias", 7, true},
        {"layers.1.norm.weight", 7, true},
        {"layers.1.norm.bias", 7, true},
        {"layers.1.activation.weight", 1, false},
        {"layers.2.weight", 7 * 15, true},
        {"layers.2.bias", 15, true},
        {"layers.2.norm.weight", 15, true},
        {"layers.2.norm.bias", 15, true},
        {"layers.3.weight", 10, true},
        {"layers.3.bias", 2, true},
    };
    enum { TENSORS = sizeof expected / sizeof expected[0] };
    Net net;
    NetworkPlan plan = plan_of(3, 2, "layer");
    plan_add(&plan, 7, "prelu");
    plan_add(&plan, 5, "maxout pieces=3");
    net_build(&net, &plan, 4);
    size_t end = 0;
    assert_int_equal(net.network.segments, TENSORS);
    for (int i = 0; i < TENSORS; i++) {
        const Segment *segment = net_segment(&net, expected[i].name);
        assert_ptr_equal(segment, &net.network.segment[i]);
        assert_int_equal(segment->count, expected[i].count);
        assert_int_equal(segment->decayed, expected[i].decayed);
        assert_int_equal(segment->offset % 16, 0);
        assert_true(segment->offset >= end);
        end = segment->offset + segment->count;
    }
    assert_true(net.network.parameters >= end && net.network.parameters < end + 16);
    assert_int_equal(net.network.running, 0);
    net_free(&net);
}

static void a_network_starts_as_its_inits_say(void **state) {
    (void)state;
    Net net, again, other;
    Error err = {0};
    NetworkPlan plan = plan_of(50, 2, "batch");
    plan_add(&plan, 60, "prelu start=0.125");
    plan.init[0] = choice_from(&inits, "he");
    plan.init[1] = choice_from(&inits, "constant value=0.5");
    plan.bias_init = choice_from(&inits, "constant value=-2");
    net_build(&net, &plan, 4);
    net_build(&again, &plan, 4);
    net_build(&other, &plan, 4);
    assert_true(network_init(&other.network, 2, 0, NULL, &other.work, &err));
    size_t bytes = net.network.parameters * sizeof(real);
    assert_memory_equal(net.network.theta, again.network.theta, bytes);
    assert_memory_not_equal(net.network.theta, other.network.theta, bytes);
    const real *theta = net.network.theta;
    double squares = 0;
    for (int i = 0; i < 50 * 60; i++) squares += (double)theta[i] * (double)theta[i];
    assert_true(fabs(squares / (50 * 60) / (2.0 / 50) - 1) < 0.1);
    for (int c = 0; c < 60; c++) {
        assert_true(theta[net_segment(&net, "layers.1.bias")->offset + (size_t)c] == -2);
        assert_true(theta[net_segment(&net, "layers.1.norm.weight")->offset + (size_t)c] == 1);
        assert_true(theta[net_segment(&net, "layers.1.norm.bias")->offset + (size_t)c] == 0);
        assert_true(theta[net_segment(&net, "layers.2.weight")->offset + (size_t)c] == 0.5);
        assert_true(net.network.layer[0].running_mean[c] == 0 && net.network.layer[0].running_var[c] == 1);
    }
    assert_true(theta[net_segment(&net, "layers.1.activation.weight")->offset] == 0.125);
    net_free(&net), net_free(&again), net_free(&other);
}

/* lsuv: each layer's z has variance 1 although the layers below were scaled just before. */
static void data_driven_inits_go_layer_by_layer(void **state) {
    (void)state;
    enum { SAMPLE = 200 };
    static real x[SAMPLE * 6];
    Error err = {0};
    Net net;
    NetworkPlan plan = plan_of(6, 3, "none");
    plan_add(&plan, 20, "relu");
    plan_add(&plan, 15, "tanh");
    net_build(&net, &plan, SAMPLE);
    for (int i = 0; i < 3; i++) net.network.layer[i].init = choice_from(&inits, "lsuv");
    Stream stream = random_stream(1, PURPOSE_TEST, 0, 0);
    fill_normal(&stream, SAMPLE * 6, 3, 5, x);
    assert_true(network_init(&net.network, 1, SAMPLE, x, &net.work, &err));
    network_forward(&net.network, &net.work, SAMPLE, x, PASS_PROBE, NULL);
    for (int i = 0; i < 3; i++) {
        int n = SAMPLE * net.network.layer[i].units;
        double sum = 0, squares = 0;
        for (int k = 0; k < n; k++) {
            double z = (double)net.work.layer[i].z[k];
            sum += z, squares += z * z;
        }
        assert_true(fabs(squares / n - sum / n * (sum / n) - 1) < 0.02);
    }
    memset(x, 0, sizeof x);
    assert_false(network_init(&net.network, 1, SAMPLE, x, &net.work, &err));
    assert_string_equal(err.text,
                        "layer 1: lsuv: z has variance 0 over 200 rows; check the inputs, or use another init");
    net_free(&net);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logits_loss_and_gradients_are_those_of_torch),
        cmocka_unit_test(ten_updates_are_those_of_torch),
        cmocka_unit_test(dropout_is_off_but_in_training),
        cmocka_unit_test(dropout_masks),
        cmocka_unit_test(running_statistics_follow_the_mode),
        cmocka_unit_test(tensors_are_named_aligned_and_apart),
        cmocka_unit_test(a_network_starts_as_its_inits_say),
        cmocka_unit_test(data_driven_inits_go_layer_by_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
