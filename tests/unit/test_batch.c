/* The order of an epoch's rows, and gathering. */
#include "data/batch.h"

#include "data_files.h"

enum { ROWS = 257, FEATURES = 3 };

static void test_order_is_a_permutation(void **state) {
    (void)state;
    uint32_t order[ROWS], again[ROWS];
    bool seen[ROWS] = {0};
    size_t moved = 0;
    batch_order(7, 3, true, ROWS, order);
    batch_order(7, 3, true, ROWS, again);
    assert_memory_equal(order, again, sizeof order);
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(order[i] < ROWS && !seen[order[i]]);
        seen[order[i]] = true;
        moved += order[i] != i;
    }
    assert_true(moved > ROWS / 2);
}

static void test_order_depends_on_seed_and_epoch(void **state) {
    (void)state;
    uint32_t order[ROWS], other[ROWS];
    batch_order(7, 3, true, ROWS, order);
    batch_order(8, 3, true, ROWS, other);
    assert_memory_not_equal(order, other, sizeof order);
    batch_order(7, 4, true, ROWS, other);
    assert_memory_not_equal(order, other, sizeof order);
    batch_order(7, 4, false, ROWS, other);
    for (uint32_t i = 0; i < ROWS; i++) assert_int_equal(other[i], i);
}

/* Each row should stand in each place as often as in any other: chi-square over 2000 epochs of 10 rows. */
static void test_order_is_uniform(void **state) {
    (void)state;
    enum { FEW = 10, EPOCHS = 2000 };
    uint32_t order[FEW];
    int count[FEW][FEW] = {{0}};
    double chi = 0;
    for (uint32_t epoch = 0; epoch < EPOCHS; epoch++) {
        batch_order(1, epoch, true, FEW, order);
        for (int i = 0; i < FEW; i++) count[i][order[i]]++;
    }
    for (int i = 0; i < FEW; i++)
        for (int j = 0; j < FEW; j++)
            chi += (count[i][j] - EPOCHS / FEW) * (count[i][j] - EPOCHS / FEW) / (double)(EPOCHS / FEW);
    assert_true(chi > 40 && chi < 140); /* 81 degrees of freedom: beyond 5 sigma on either side */
}

typedef struct Sample {
    real x[ROWS][FEATURES], target[ROWS][2], weight[ROWS];
    int32_t label[ROWS];
} Sample;

static void fill(Sample *sample) {
    for (int row = 0; row < ROWS; row++) {
        for (int j = 0; j < FEATURES; j++) sample->x[row][j] = (real)(row * 10 + j);
        sample->target[row][0] = (real)row / 2;
        sample->target[row][1] = (real)-row;
        sample->weight[row] = (real)(row + 1);
        sample->label[row] = row % 4;
    }
}

static void test_gather_classes(void **state) {
    (void)state;
    static Sample sample;
    fill(&sample);
    View view = {.rows = ROWS, .x = &sample.x[0][0], .label = sample.label, .weight = sample.weight};
    const uint32_t index[] = {5, 256, 0, 5};
    real x[4][FEATURES], target[4][4], single[4], weight[4];
    batch_gather(&view, FEATURES, 4, index, 4, &x[0][0], &target[0][0], weight);
    for (int i = 0; i < 4; i++) {
        assert_memory_equal(x[i], sample.x[index[i]], sizeof x[i]);
        for (int c = 0; c < 4; c++) assert_true(target[i][c] == (c == (int)index[i] % 4));
        assert_true(weight[i] == (real)(index[i] + 1));
    }
    batch_gather(&view, FEATURES, 1, index, 4, &x[0][0], single, weight);
    for (int i = 0; i < 4; i++) assert_true(single[i] == (real)(index[i] % 4));
}

static void test_gather_values_without_weights(void **state) {
    (void)state;
    static Sample sample;
    fill(&sample);
    View view = {.rows = ROWS, .x = &sample.x[0][0], .target = &sample.target[0][0]};
    const uint32_t index[] = {9, 4};
    real x[2][FEATURES], target[2][2], weight[2] = {-1, -1};
    batch_gather(&view, FEATURES, 2, index, 2, &x[0][0], &target[0][0], weight);
    assert_memory_equal(target[0], sample.target[9], sizeof target[0]);
    assert_memory_equal(target[1], sample.target[4], sizeof target[1]);
    assert_true(weight[0] == -1 && weight[1] == -1); /* left alone */
}

static void test_targets(void **state) {
    (void)state;
    static Sample sample;
    fill(&sample);
    View classes = {.rows = ROWS, .x = &sample.x[0][0], .label = sample.label};
    View values = {.rows = ROWS, .x = &sample.x[0][0], .target = &sample.target[0][0]};
    real target[3][4], value[3][2];
    batch_targets(&classes, 4, 254, 3, &target[0][0]);
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 4; c++) assert_true(target[i][c] == (c == (254 + i) % 4));
    batch_targets(&values, 2, 254, 3, &value[0][0]);
    assert_memory_equal(value, sample.target[254], sizeof value);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_a_permutation),
        cmocka_unit_test(test_order_depends_on_seed_and_epoch),
        cmocka_unit_test(test_order_is_uniform),
        cmocka_unit_test(test_gather_classes),
        cmocka_unit_test(test_gather_values_without_weights),
        cmocka_unit_test(test_targets),
    };
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
