/* step: clipping, penalties, decay and meters against plain double loops, padding, and numbers that are not
 * finite. */
#include "nn/step.h"

#include "net.h"

enum { MOST = 4096 };

/* A network whose gradient is made up: 70 - 40 - 3 prelu with layer norm, 3,000 weights in its first tensor.
 */
typedef struct Trial {
    Net net;
    StepPlan plan;
    real state[OPTIMIZER_MOST_VECTORS * MOST];
    double before[MOST], grad[MOST]; /* theta and gradient ahead of the step */
    Meters meters;
    NotFinite not_finite;
} Trial;

static void start(Trial *trial, const char *optimizer) {
    memset(trial, 0, sizeof *trial);
    NetworkPlan plan = plan_of(70, 3, "layer");
    plan_add(&plan, 41, "prelu");
    net_build(&trial->net, &plan, 1);
    net_fill(&trial->net, 7);
    trial->plan.optimizer = choice_from(&optimizers, optimizer);
    assert_true(trial->net.network.parameters <= MOST);
}

/* Gradients of the given size; the gaps stay zero, as network_backward leaves them. */
static void fill_grad(Trial *trial, uint64_t seed, double size) {
    Network *network = &trial->net.network;
    for (int s = 0; s < network->segments; s++) {
        Stream stream = random_stream(seed, PURPOSE_TEST, 9, (uint32_t)s);
        fill_normal(&stream, network->segment[s].count, 0, size, network->grad + network->segment[s].offset);
    }
}

static void apply(Trial *trial, double lr, int64_t t) {
    Network *network = &trial->net.network;
    for (size_t i = 0; i < network->parameters; i++) {
        trial->before[i] = (double)network->theta[i];
        trial->grad[i] = (double)network->grad[i];
    }
    step_apply(&trial->plan, network, trial->state, lr, t, &trial->meters, &trial->not_finite);
}

static bool near(double seen, double expected, double tolerance) {
    return seen == expected || fabs(seen - expected) <= tolerance * fabs(expected);
}

static void assert_near(double seen, double expected) {
    if (!near(seen, expected, 2e-6)) fail_msg("%.9g is not %.9g", seen, expected);
}

static double norm_of_doubles(size_t n, const double *x) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sqrt(sum);
}

/* ---- the gradient on its way -------------------------------------------------------------------------- */

/* theta -= lr · (scale · grad + l1 · sign + l2 · theta), the penalties not on learned parameters. */
static void check_sgd(Trial *trial, double lr) {
    const Network *network = &trial->net.network;
    const StepPlan *plan = &trial->plan;
    double norm = norm_of_doubles(network->parameters, trial->grad);
    double scale = plan->clip_norm > 0 && norm > plan->clip_norm ? plan->clip_norm / norm : 1;
    for (int s = 0; s < network->segments; s++) {
        const Segment *segment = &network->segment[s];
        for (size_t i = segment->offset; i < segment->offset + segment->count; i++) {
            double theta = trial->before[i], grad = scale * trial->grad[i];
            if (segment->kind != TENSOR_LEARNED)
                grad += plan->l1 * ((theta > 0) - (theta < 0)) + plan->weight_decay * theta;
            double expected = theta - lr * grad;
            if (fabs((double)network->theta[i] - expected) > 1e-6 * fmax(1, fabs(expected)))
                fail_msg("entry %zu of layer %d, kind %d, is %.9g, expected %.9g", i, segment->layer + 1,
                         segment->kind, (double)network->theta[i], expected);
        }
    }
}

static void clip_then_penalties_then_step(void **state) {
    (void)state;
    static const struct {
        double clip_norm, l1, weight_decay;
    } cases[] = {
        {0, 0, 0}, {5, 0, 0}, {1e6, 0, 0}, {0, 0.5, 0}, {0, 0, 0.5}, {5, 0.5, 0.25},
    };
    static Trial trial;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start(&trial, "sgd");
        trial.plan.clip_norm = cases[i].clip_norm;
        trial.plan.l1 = cases[i].l1;
        trial.plan.weight_decay = cases[i].weight_decay;
        real *theta = trial.net.network.theta;
        theta[3] = 0; /* has no sign */
        fill_grad(&trial, 1, 1);
        apply(&trial, 0.125, 1);
        check_sgd(&trial, 0.125);
        assert_near(trial.meters.grad_norm, norm_of_doubles(trial.net.network.parameters, trial.grad));
        net_free(&trial.net);
    }
}

/* adamw and lion: theta shrinks by lr · decay beside the update; prelu's slope does not. */
static void decoupled_decay_spares_learned_parameters(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"adamw weight_decay=0.5", "adamw weight_decay=0"},
                                           {"lion weight_decay=0.5", "lion weight_decay=0"}};
    static Trial with, without;
    for (int p = 0; p < 2; p++) {
        start(&with, pairs[p][0]), start(&without, pairs[p][1]);
        fill_grad(&with, 2, 1), fill_grad(&without, 2, 1);
        apply(&with, 0.25, 1), apply(&without, 0.25, 1);
        const Network *network = &with.net.network;
        for (int s = 0; s < network->segments; s++) {
            const Segment *segment = &network->segment[s];
            double rate = segment->kind == TENSOR_LEARNED ? 0 : 0.25 * 0.5;
            for (size_t i = segment->offset; i < segment->offset + segment->count; i++) {
                double expected = (double)without.net.network.theta[i] - rate * with.before[i];
                assert_true(fabs((double)network->theta[i] - expected) <= 1e-6);
            }
        }
        net_free(&with.net), net_free(&without.net);
    }
}

/* ---- meters ------------------------------------------------------------------------------------------- */

static double change_norm(const Trial *trial, size_t from, size_t count) {
    double sum = 0;
    for (size_t i = from; i < from + count; i++) {
        double change = (double)trial->net.network.theta[i] - trial->before[i];
        sum += change * change;
    }
    return sqrt(sum);
}

static void meters_are_those_of_a_plain_loop(void **state) {
    (void)state;
    static Trial trial;
    start(&trial, "adam");
    Meters expected = {0};
    const Network *network = &trial.net.network;
    for (int t = 1; t <= 4; t++) {
        fill_grad(&trial, (uint64_t)t, t == 3 ? 4 : 1);
        apply(&trial, 0.1, t);
        double norm = norm_of_doubles(network->parameters, trial.grad);
        expected.grad_norm += norm;
        expected.grad_norm_max = fmax(expected.grad_norm_max, norm);
        expected.update_ratio +=
            change_norm(&trial, 0, network->parameters) / norm_of_doubles(network->parameters, trial.before);
        for (int i = 0; i < 2; i++) {
            const Segment *weight = &network->segment[network->layer[i].segment[TENSOR_WEIGHT]];
            expected.layer_update_ratio[i] += change_norm(&trial, weight->offset, weight->count) /
                                              norm_of_doubles(weight->count, trial.before + weight->offset);
        }
    }
    assert_int_equal(trial.meters.steps, 4);
    assert_true(trial.meters.lr == 0.1);
    assert_near(trial.meters.grad_norm, expected.grad_norm);
    assert_near(trial.meters.grad_norm_max, expected.grad_norm_max);
    assert_near(trial.meters.update_ratio, expected.update_ratio);
    for (int i = 0; i < 2; i++) assert_near(trial.meters.layer_update_ratio[i], expected.layer_update_ratio[i]);
    assert_true(trial.meters.layer_update_ratio[2] == 0);
    net_free(&trial.net);
}

static void weights_of_zero_have_an_infinite_ratio(void **state) {
    (void)state;
    static Trial trial;
    start(&trial, "sgd");
    Network *network = &trial.net.network;
    const Segment *weight = net_segment(&trial.net, "layers.2.weight");
    memset(network->theta + weight->offset, 0, weight->count * sizeof(real));
    fill_grad(&trial, 1, 1);
    apply(&trial, 0.1, 1);
    assert_true(trial.meters.layer_update_ratio[1] == INFINITY);
    assert_true(isfinite(trial.meters.layer_update_ratio[0]) && isfinite(trial.meters.update_ratio));
    memset(network->theta, 0, network->parameters * sizeof(real));
    apply(&trial, 0.1, 2);
    assert_true(trial.meters.layer_update_ratio[0] == INFINITY && trial.meters.update_ratio == INFINITY);
    assert_false(trial.not_finite.found);
    net_free(&trial.net);
}

/* Squares of 1e25 and of 1e-25 are no floats: the norms and ratios must be right all the same, and clipping
 * too. */
static void huge_and_tiny_numbers_are_measured(void **state) {
    (void)state;
    static const double sizes[] = {1e-30, 1e-25, 1e-20, 1e19, 1e25, 1e33};
    static Trial trial;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        start(&trial, "sgd");
        const Network *network = &trial.net.network;
        memset(network->theta, 0, network->parameters * sizeof(real)); /* as small or large as the gradient */
        for (int s = 0; s < network->segments; s++)
            for (size_t k = 0; k < network->segment[s].count; k++)
                network->theta[network->segment[s].offset + k] = (real)(2 * sizes[i]);
        fill_grad(&trial, 1, sizes[i]);
        apply(&trial, 0.5, 1);
        double norm = norm_of_doubles(network->parameters, trial.grad);
        assert_true(norm > sizes[i] * 10 && isfinite(norm));
        assert_near(trial.meters.grad_norm, norm);
        assert_near(trial.meters.grad_norm_max, norm);
        assert_near(trial.meters.update_ratio, 0.5 * norm / norm_of_doubles(network->parameters, trial.before));
        assert_false(trial.not_finite.found);
        net_free(&trial.net);
    }
    start(&trial, "sgd");
    trial.plan.clip_norm = 1;
    fill_grad(&trial, 1, 1e25);
    apply(&trial, 0.5, 1);
    check_sgd(&trial, 0.5);
    assert_near(change_norm(&trial, 0, trial.net.network.parameters), 0.5);
    net_free(&trial.net);
}

/* ---- padding, and numbers that are not finite --------------------------------------------------------- */

static void gaps_stay_zero_under_every_optimizer(void **state) {
    (void)state;
    static Trial trial;
    for (int row = 0; row < optimizers.count; row++) {
        start(&trial, family_row(&optimizers, row)->name);
        const Optimizer *optimizer = optimizer_of(&trial.plan.optimizer);
        trial.plan.clip_norm = 20, trial.plan.l1 = 0.01;
        if (!optimizer->decoupled_decay) trial.plan.weight_decay = 0.1;
        const Network *network = &trial.net.network;
        for (int t = 1; t <= 20; t++) {
            fill_grad(&trial, (uint64_t)t, 1);
            apply(&trial, 0.1, t);
        }
        size_t gap = 0, gaps = 0;
        for (int s = 0; s <= network->segments; s++) {
            size_t next = s < network->segments ? network->segment[s].offset : network->parameters;
            for (; gap < next; gap++, gaps++)
                if (network->theta[gap] != 0) fail_msg("%s: gap %zu is not zero", optimizer->head.name, gap);
            if (s < network->segments) gap = next + network->segment[s].count;
        }
        assert_true(gaps > 30 && !trial.not_finite.found);
        net_free(&trial.net);
    }
}

static void the_first_tensor_not_finite_is_named(void **state) {
    (void)state;
    static const struct {
        const char *at, *too, *found;
        int layer;
        double value;
    } cases[] = {
        {"layers.2.weight", "layers.2.bias", "layers.2.weight", 2, NAN},
        {"layers.2.bias", "layers.2.bias", "layers.2.bias", 2, INFINITY},
        {"layers.1.norm.bias", "layers.2.weight", "layers.1.norm.bias", 1, -INFINITY},
        {"layers.1.activation.weight", "layers.2.weight", "layers.1.activation.weight", 1, NAN},
        {"layers.1.weight", "layers.2.weight", "layers.1.weight", 1, NAN},
    };
    static Trial trial;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start(&trial, "sgd");
        Network *network = &trial.net.network;
        const Segment *at = net_segment(&trial.net, cases[i].at), *too = net_segment(&trial.net, cases[i].too);
        fill_grad(&trial, 1, 1);
        apply(&trial, 0.1, 1);
        assert_false(trial.not_finite.found || step_find_not_finite(network, &trial.not_finite));
        network->grad[at->offset + at->count - 1] = (real)cases[i].value;
        network->grad[too->offset] = (real)cases[i].value;
        apply(&trial, 0.1, 2); /* theta goes bad here and is seen at once, or as the next step begins */
        if (!trial.not_finite.found) apply(&trial, 0.1, 3);
        assert_true(trial.not_finite.found);
        assert_int_equal(trial.not_finite.layer, cases[i].layer);
        assert_string_equal(trial.not_finite.tensor, cases[i].found);
        NotFinite again = {0};
        assert_true(step_find_not_finite(network, &again));
        assert_string_equal(again.tensor, cases[i].found);
        net_free(&trial.net);
    }
}

/* A bad gradient is seen in the step that applies it, by every optimizer. */
static void nan_is_seen_in_its_own_step(void **state) {
    (void)state;
    static Trial trial;
    for (int row = 0; row < optimizers.count; row++) {
        start(&trial, family_row(&optimizers, row)->name);
        fill_grad(&trial, 1, 1);
        trial.net.network.grad[net_segment(&trial.net, "layers.2.weight")->offset + 5] = (real)NAN;
        trial.plan.clip_norm = 0;
        apply(&trial, 0.1, 1);
        if (!trial.not_finite.found) fail_msg("%s hides a nan", family_row(&optimizers, row)->name);
        assert_string_equal(trial.not_finite.tensor, "layers.2.weight");
        assert_true(isnan(trial.meters.grad_norm) && isnan(trial.meters.grad_norm_max));
        net_free(&trial.net);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clip_then_penalties_then_step),
        cmocka_unit_test(decoupled_decay_spares_learned_parameters),
        cmocka_unit_test(meters_are_those_of_a_plain_loop),
        cmocka_unit_test(weights_of_zero_have_an_infinite_ratio),
        cmocka_unit_test(huge_and_tiny_numbers_are_measured),
        cmocka_unit_test(gaps_stay_zero_under_every_optimizer),
        cmocka_unit_test(the_first_tensor_not_finite_is_named),
        cmocka_unit_test(nan_is_seen_in_its_own_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
