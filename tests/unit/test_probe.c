/* probe: every column of layers.csv of whole networks against PyTorch and numpy (tests/reference/probe.py);
 * running statistics, which the probe may set and must not move. */
#include "observe/statistic.h"

#include "reference_net.h"

/* Columns agree to float's precision, relative to 1; nan with nan. */
static void check_column(const ReferenceCase *it, const Statistic *statistic, const LayerProbe *probe) {
    const char *name = statistic->head.name;
    double seen = statistic->measure(probe), expected = reference_list(it, name)->number[probe->layer - 1];
    if (isnan(expected) && isnan(seen)) return;
    reference_near(it, name, probe->layer - 1, seen, expected, 2e-6, 1);
}

static void check_layer(const ReferenceNet *it, const LayerProbe *probe) {
    const Layer *layer = &it->net.network.layer[probe->layer - 1];
    assert_int_equal(probe->rows, REFERENCE_ROWS);
    assert_int_equal(probe->fan_in, layer->fan_in);
    assert_int_equal(probe->units, layer->units);
    assert_int_equal(probe->columns, layer->columns);
    assert_string_equal(probe->activation,
                        probe->layer < it->net.network.layers ? it->start.choice.variant->name : "identity");
    for (int i = 0; i < statistics.count; i++) {
        const Statistic *statistic = (const Statistic *)family_row(&statistics, i);
        if (strcmp(statistic->head.name, "update_ratio") == 0) assert_true(isnan(statistic->measure(probe)));
        else check_column(&it->norm, statistic, probe);
    }
}

static ProbeScratch scratch_of(const Network *network, Arena *arena) {
    Error err = {0};
    ProbeScratch scratch;
    probe_layout(&scratch, network, REFERENCE_ROWS, arena);
    assert_true(arena_allocate(arena, &err));
    probe_layout(&scratch, network, REFERENCE_ROWS, arena);
    return scratch;
}

/* The loss of the probe's pass, as the reference has it, whatever ran before. */
static void run(ReferenceNet *it, bool fit_running) {
    Choice loss = choice_of(&losses, "cross_entropy");
    LossBatch batch = {.rows = REFERENCE_ROWS, .out = it->outputs, .target = it->target};
    double value = probe_run(&it->net.network, &it->net.work, &loss, &batch, it->x, fit_running);
    reference_near(&it->norm, "loss", 0, value, reference_number(&it->norm, "loss"), 1e-6, 1);
}

static void every_column_is_numpys(double dropout) {
    FILE *file = reference_open("tests/reference/probe.txt");
    static ReferenceNet it;
    int cases = 0;
    for (; reference_net_next(file, &it, dropout); cases++) {
        Arena arena = {0};
        ProbeScratch scratch = scratch_of(&it.net.network, &arena);
        run(&it, false);
        for (int i = 0; i < it.net.network.layers; i++) {
            LayerProbe probe = probe_layer(&it.net.network, &it.net.work, &scratch, i, REFERENCE_ROWS, it.x);
            assert_int_equal(probe.layer, i + 1);
            check_layer(&it, &probe);
        }
        arena_free(&arena);
        net_free(&it.net);
    }
    fclose(file);
    assert_int_equal(cases, 5);
}

static void columns_of_whole_networks(void **state) {
    (void)state;
    every_column_is_numpys(0);
}

static void columns_with_dropout_left_off(void **state) {
    (void)state;
    every_column_is_numpys(0.5);
}

static void running_statistics_are_set_or_left_alone(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/probe.txt");
    static ReferenceNet it;
    int kept = 0;
    while (reference_net_next(file, &it, 0)) {
        const Network *network = &it.net.network;
        real before[64];
        assert_true(network->running <= 64);
        kept += network->running > 0;
        run(&it, true);
        reference_compare_running(&it, &it.norm, 2e-6);
        if (network->running) memcpy(before, network->running_stats, network->running * sizeof(real));
        it.x[0] += 1; /* other statistics would be seen */
        network_forward(network, &it.net.work, REFERENCE_ROWS, it.x, PASS_PROBE, NULL);
        it.x[0] -= 1;
        run(&it, false);
        if (network->running) assert_memory_equal(before, network->running_stats, network->running * sizeof(real));
        net_free(&it.net);
    }
    fclose(file);
    assert_int_equal(kept, 2);
}

/* Twenty layers of identity with weights of 1e-2 and one unit: delta falls by 100 a layer, to where float's
 * squares are long zero. */
static void vanishing_signals_are_measured(void **state) {
    (void)state;
    enum { DEEP = 19, ROWS = 2 };
    Net net;
    NetworkPlan plan = plan_of(1, 2, "none");
    for (int i = 0; i < DEEP; i++) plan_add(&plan, 1, "identity");
    net_build(&net, &plan, ROWS);
    for (int i = 0; i < DEEP; i++) *layer_tensor(&net.network, i, TENSOR_WEIGHT, net.network.theta) = 0.01f;
    layer_tensor(&net.network, DEEP, TENSOR_WEIGHT, net.network.theta)[0] = 1;
    Arena arena = {0};
    ProbeScratch scratch = scratch_of(&net.network, &arena);
    static const real x[ROWS] = {1, 1}, target[ROWS * 2] = {0, 1, 0, 1};
    Choice loss = choice_of(&losses, "cross_entropy");
    LossBatch batch = {.rows = ROWS, .out = 2, .target = target};
    probe_run(&net.network, &net.work, &loss, &batch, x, false);
    const Statistic *rms = (const Statistic *)family_find(&statistics, "delta_rms");
    const Statistic *norm = (const Statistic *)family_find(&statistics, "grad_norm");
    for (int i = 0; i < DEEP; i++) {
        LayerProbe probe = probe_layer(&net.network, &net.work, &scratch, i, ROWS, x);
        double expected = 0.5 * pow(0.01, DEEP - 1 - i); /* softmax of nearly equal logits, times the weights above */
        assert_true(fabs(rms->measure(&probe) / expected - 1) < 1e-4);
        expected *= pow(0.01, i);
        if (expected > 1e-36) assert_true(fabs(norm->measure(&probe) / expected - 1) < 1e-4);
    }
    arena_free(&arena);
    net_free(&net);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_whole_networks),
        cmocka_unit_test(columns_with_dropout_left_off),
        cmocka_unit_test(running_statistics_are_set_or_left_alone),
        cmocka_unit_test(vanishing_signals_are_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
