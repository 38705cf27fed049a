/* statistic: every column against numpy (tests/reference/statistic.txt), and the cases that need many units.
 */
#include "observe/statistic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the four above
#include <cmocka.h>

enum { MOST = 4096 };

static const char *const columns[] = {
    "z_mean",    "z_std",     "a_mean",   "a_std",         "a_min",           "a_max",        "zero",
    "saturated", "dead",      "slope",    "delta_rms",     "weight_mean",     "weight_std",   "weight_norm",
    "grad_norm", "grad_mean", "grad_std", "same_sign_row", "same_sign_batch", "update_ratio",
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static double measure(const LayerProbe *probe, const char *column) {
    const Statistic *row = (const Statistic *)family_find(&statistics, column);
    assert_non_null(row);
    return row->measure(probe);
}

static void check(const LayerProbe *probe, const char *column, double expected) {
    double seen = measure(probe, column);
    if (fabs(seen - expected) > 1e-12 || isnan(seen)) fail_msg("%s is %.17g, expected %.17g", column, seen, expected);
}

static void the_columns_are_the_contracts_in_its_order(void **state) {
    (void)state;
    assert_int_equal(statistics.count, COLUMNS);
    for (int i = 0; i < COLUMNS; i++) {
        assert_string_equal(family_row(&statistics, i)->name, columns[i]);
        assert_true(strlen(family_row(&statistics, i)->help) > 8);
    }
}

/* ---- against numpy ----------------------------------------------------------------------------------- */

typedef struct Arrays {
    real x[MOST], z[MOST], a[MOST], slope[MOST], delta[MOST], weight[MOST], grad[MOST];
} Arrays;

static void read_array(FILE *file, const char *key, int n, real *out) {
    char word[32];
    assert_int_equal(fscanf(file, "%31s", word), 1);
    assert_string_equal(word, key);
    for (int i = 0; i < n; i++) {
        assert_int_equal(fscanf(file, "%31s", word), 1);
        out[i] = (real)strtod(word, NULL);
    }
}

static bool read_case(FILE *file, char *name, LayerProbe *probe, Arrays *arrays) {
    if (fscanf(file, " case %63s %d %d %d %d %lf %lf", name, &probe->rows, &probe->fan_in, &probe->units,
               &probe->columns, &probe->max_slope, &probe->update_ratio) != 7)
        return false;
    int outputs = probe->rows * probe->units, weights = probe->fan_in * probe->columns;
    read_array(file, "x", probe->rows * probe->fan_in, arrays->x);
    read_array(file, "z", outputs, arrays->z);
    read_array(file, "a", outputs, arrays->a);
    read_array(file, "slope", outputs, arrays->slope);
    read_array(file, "delta", outputs, arrays->delta);
    read_array(file, "weight", weights, arrays->weight);
    read_array(file, "grad", weights, arrays->grad);
    probe->x = arrays->x, probe->z = arrays->z, probe->a = arrays->a, probe->slope = arrays->slope;
    probe->delta = arrays->delta, probe->weight = arrays->weight, probe->weight_grad = arrays->grad;
    return true;
}

static bool same(double seen, double expected) {
    if (isnan(expected) || isinf(expected)) return (isnan(seen) && isnan(expected)) || seen == expected;
    return fabs(seen - expected) <= 1e-6 * fabs(expected) + 3e-8;
}

static void every_column_matches_numpy(void **state) {
    (void)state;
    static Arrays arrays;
    char name[64], word[64];
    LayerProbe probe = {0};
    int cases = 0;
    FILE *file = fopen("tests/reference/statistic.txt", "r");
    assert_non_null(file);
    for (; read_case(file, name, &probe, &arrays); cases++)
        for (int i = 0; i < COLUMNS; i++) {
            double expected;
            assert_int_equal(fscanf(file, "%63s %lf", word, &expected), 2);
            assert_string_equal(word, columns[i]);
            double seen = measure(&probe, columns[i]);
            if (!same(seen, expected)) fail_msg("%s: %s is %.17g, numpy has %.17g", name, word, seen, expected);
        }
    fclose(file);
    assert_int_equal(cases, 12);
}

/* ---- more units than are gathered at a time ----------------------------------------------------------- */

enum { ROWS = 3, UNITS = 600 };

static void dead_units_are_found_beyond_the_first_block(void **state) {
    (void)state;
    static real slope[ROWS * UNITS];
    LayerProbe probe = {.rows = ROWS, .units = UNITS, .slope = slope, .max_slope = 1};
    for (int u = 0; u < UNITS; u++) slope[(u % ROWS) * UNITS + u] = u % 5 ? 1 : 0; /* every fifth is dead */
    check(&probe, "dead", 0.2);
    slope[UNITS + 595] = -1; /* a falling slope is alive */
    check(&probe, "dead", 119.0 / UNITS);
    slope[UNITS + 590] = NAN; /* what has blown up is not said to be alive, either */
    assert_true(isnan(measure(&probe, "dead")));
}

static void signs_are_found_beyond_the_first_block(void **state) {
    (void)state;
    static real grad[ROWS * UNITS];
    LayerProbe probe = {.fan_in = ROWS, .columns = UNITS, .weight_grad = grad};
    assert_true(isnan(measure(&probe, "same_sign_batch")));
    for (int c = 0; c < UNITS; c++) grad[c] = grad[UNITS + c] = c % 2 ? 1 : -1;
    check(&probe, "same_sign_batch", 1);
    for (int c = 0; c < UNITS; c++) grad[2 * UNITS + c] = c < 300 ? 0 : 2;
    check(&probe, "same_sign_batch", 0.75);
}

/* ---- nan ----------------------------------------------------------------------------------------------- */

static void shares_over_a_layer_that_blew_up_are_nan(void **state) {
    (void)state;
    const real slope[] = {NAN, 0, 0, 1};
    LayerProbe probe = {.rows = 2, .units = 2, .slope = slope, .max_slope = 1};
    assert_true(isnan(measure(&probe, "saturated")));
    assert_true(isnan(measure(&probe, "dead")));
    assert_true(isnan(measure(&probe, "slope")));
}

static void saturated_is_strict_and_dead_is_not(void **state) {
    (void)state;
    const real at_saturated[] = {(real)0.05, (real)-0.05}, at_dead[] = {(real)0.001, (real)-0.001};
    LayerProbe probe = {.rows = 2, .units = 1, .slope = at_saturated, .max_slope = 1};
    check(&probe, "saturated", 0);
    probe.slope = at_dead;
    check(&probe, "dead", 1);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_columns_are_the_contracts_in_its_order),
        cmocka_unit_test(every_column_matches_numpy),
        cmocka_unit_test(dead_units_are_found_beyond_the_first_block),
        cmocka_unit_test(signs_are_found_beyond_the_first_block),
        cmocka_unit_test(shares_over_a_layer_that_blew_up_are_nan),
        cmocka_unit_test(saturated_is_strict_and_dead_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
