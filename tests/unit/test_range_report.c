/* range_report: what a range test says of its answer: the interval or why there is none, where its walk ended, and why
 * there is no answer. */
#include "search/range_report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Settings settings = {.name = "a"};
static Dataset data = {.validation.rows = 1};

/* Five curves that suggest 0.1, and short runs of 5 epochs at `rates` rates from `first` on; the one at `best` did best. */
static RangeTest answer(double first, int rates, int best) {
    RangeTest test = {.plan = {.low = 1e-3, .high = 10, .steps = 100, .seeds = 5, .confirm = 5},
                      .settings = &settings,
                      .data = &data,
                      .config = "a.json",
                      .readable = 5,
                      .rule = {0.1, 0.01, 0.02, 0.03},
                      .outcome = RANGE_CONFIRMED,
                      .low = 0.0901,
                      .high = 0.12,
                      .rates = rates};
    for (int r = 0; r < rates; r++)
        test.rate[r] = (RangeRate){
            .lr = range_round(first * pow(10, 0.5 * r)), .loss = 1 + abs(r - best), .start = 9, .runs = 5};
    test.suggestion = rates ? test.rate[best].lr : 0.1;
    return test;
}

/* Line `n` of what is printed. */
static void says(const RangeTest *test, int n, const char *wanted) {
    char *text, *rest, *line = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    range_report_print(test, out);
    fclose(out);
    rest = text;
    for (int i = 0; i < n; i++) line = strsep(&rest, "\n");
    if (line && !rest) line = NULL; /* behind the last line */
    if (wanted) assert_non_null(line);
    if (wanted) assert_string_equal(line, wanted);
    else assert_null(line);
    free(text);
}

static void one_curve_has_no_interval(void **state) {
    (void)state;
    RangeTest test = answer(0.03162, 3, 1);
    says(&test, 1, "a: train.lr 0.1 (0.0901 to 0.12), confirmed by short runs");
    test.low = test.high = NAN;
    says(&test, 1, "a: train.lr 0.1 (no interval: one readable curve), confirmed by short runs");
    test.plan.seeds = test.readable = 1;
    test.rate[0].runs = 1;
    says(&test, 1, "a: train.lr 0.1 (no interval: one seed), confirmed by short runs");
    says(&test, 2,
         "  by the curve, median of 1 of 1 seed:  steepest 0.1  valley 0.01  minimum_tenth 0.02  slide 0.03");
    says(&test, 3, "  after 5 epochs, median val_loss of 1 seed (9 before training):");
}

static void an_edge_is_told(void **state) {
    (void)state;
    RangeTest test = answer(0.03162, 3, 1);
    says(&test, 7, NULL);
    test = answer(0.1, 5, 4);
    test.edge = 1;
    says(&test, 9, "  edge: the highest rate tried is the best, and the next lies above --high 10; raise --high");
    test = answer(0.00316, 4, 0);
    test.edge = -1;
    says(&test, 8, "  edge: the lowest rate tried is the best, and the next lies below --low 0.001; lower --low");
    test = answer(1e-5, RANGE_MOST_RATES, RANGE_MOST_RATES - 1);
    test.edge = 1;
    says(&test, 15,
         "  edge: the highest of 11 rates tried is the best, and no more are tried; look further with nnexp sweep "
         "--axis train.lr=log:1:100:5");
    test = answer(1e-5, RANGE_MOST_RATES, 0);
    test.edge = -1;
    says(&test, 15,
         "  edge: the lowest of 11 rates tried is the best, and no more are tried; look further with nnexp sweep "
         "--axis train.lr=log:1e-07:1e-05:5");
}

static void a_withdrawal_names_the_bound_it_ended_at(void **state) {
    (void)state;
    static const char *const remedy[] = {"lower --low, ", "", "raise --high, "};
    for (int edge = -1; edge <= 1; edge++) {
        char wanted[300];
        RangeTest test = answer(0.03162, 3, 1);
        test.outcome = RANGE_WITHDRAWN;
        test.edge = edge;
        test.suggestion = test.low = test.high = NAN;
        snprintf(wanted, sizeof wanted,
                 "a: no suggestion: the curves suggest 0.1, but no run of 5 epochs from lr 0.0316 to 0.316 ended "
                 "below the loss before training; %sraise --confirm, or mend the network",
                 remedy[edge + 1]);
        says(&test, 1, wanted);
        says(&test, 7, NULL);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_curve_has_no_interval),
        cmocka_unit_test(an_edge_is_told),
        cmocka_unit_test(a_withdrawal_names_the_bound_it_ended_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
