/* student: quantiles, paired t-tests, intervals and numbers of seeds against scipy's, and against closed forms. */
#include "search/student.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants those
#include <cmocka.h>

enum { MOST_NUMBERS = 64, LINE_BYTES = 1 << 14 };

static const double pi = 3.14159265358979323846;

static void near_to(const char *what, double seen, double expected, double tolerance) {
    if (!(fabs(seen - expected) <= tolerance * fabs(expected)))
        fail_msg("%s is %.17g, expected %.17g", what, seen, expected);
}

/* The line's numbers behind its first word. */
static int numbers_of(const char *line, double *out) {
    char *rest;
    int count = 0;
    for (double x; (x = strtod(line, &rest)), rest != line; line = rest) {
        assert_true(count < MOST_NUMBERS);
        out[count++] = x;
    }
    return count;
}

static FILE *open_reference(void) {
    FILE *file = fopen("tests/reference/student.txt", "r");
    if (!file) fail_msg("cannot read tests/reference/student.txt; run the tests from the repository's root");
    return file;
}

/* Calls `check` with each line of that word and the two lines below it; returns how many there were. */
static int each(const char *word, void (*check)(const double *number, const char *below, const char *below_that)) {
    static char line[LINE_BYTES], below[LINE_BYTES], last[LINE_BYTES];
    FILE *file = open_reference();
    int found = 0;
    while (fgets(line, sizeof line, file)) {
        double number[MOST_NUMBERS];
        long here = ftell(file);
        if (strncmp(line, word, strlen(word)) != 0) continue;
        below[0] = last[0] = '\0';
        if (fgets(below, sizeof below, file) && !fgets(last, sizeof last, file)) last[0] = '\0';
        fseek(file, here, SEEK_SET);
        numbers_of(line + strlen(word), number);
        check(number, below, last);
        found++;
    }
    fclose(file);
    return found;
}

static void check_quantile(const double *number, const char *below, const char *below_that) {
    (void)below, (void)below_that;
    near_to("quantile", student_quantile(number[0], number[1]), number[2], 1e-9);
    near_to("tail", student_tail(number[2], number[1]), number[0], 1e-9);
    near_to("tail below 0", student_tail(-number[2], number[1]), 1 - number[0], 1e-9);
}

static void quantiles_are_scipys(void **state) {
    (void)state;
    assert_int_equal(each("quantile", check_quantile), 100);
}

static void check_paired(const double *number, const char *below, const char *below_that) {
    double a[MOST_NUMBERS], b[MOST_NUMBERS];
    int n = numbers_of(below, a);
    assert_int_equal(n, (int)number[0]);
    assert_int_equal(numbers_of(below_that, b), n);
    for (int i = 0; i < n; i++) b[i] -= a[i];
    Sample sample = sample_of(b, n);
    near_to("mean", sample.mean, number[1], 1e-11);
    near_to("deviation", sample.deviation, number[2], 1e-11);
    near_to("t", sample_t(&sample), number[3], 1e-10);
    near_to("p", 2 * student_tail(fabs(sample_t(&sample)), n - 1), number[4], 1e-9);
}

static void paired_tests_are_scipys(void **state) {
    (void)state;
    assert_int_equal(each("paired", check_paired), 6);
}

static void check_interval(const double *number, const char *below, const char *below_that) {
    double x[MOST_NUMBERS];
    (void)below_that;
    Sample sample = sample_of(x, numbers_of(below, x));
    near_to("half the interval", student_quantile(0.025, number[0] - 1) * sample_error(&sample), number[1], 1e-9);
}

static void intervals_are_scipys(void **state) {
    (void)state;
    assert_int_equal(each("interval", check_interval), 4);
}

static void check_needed(const double *number, const char *below, const char *below_that) {
    (void)below, (void)below_that;
    Sample sample = {3, number[0], number[1]};
    assert_int_equal(sample_needed(&sample, number[2], 1000000), (int64_t)number[3]);
    assert_int_equal(sample_needed(&sample, number[2], (int64_t)number[3]), (int64_t)number[3]);
    if (number[3] > 2)
        assert_int_equal(sample_needed(&sample, number[2], (int64_t)number[3] - 1), (int64_t)number[3]);
}

static void numbers_of_seeds_are_scipys(void **state) {
    (void)state;
    assert_int_equal(each("needed", check_needed), 15);
}

/* One degree of freedom is Cauchy's distribution; two have t = (1 - 2 tail) sqrt(2 / (4 tail (1 - tail))). */
static void closed_forms(void **state) {
    (void)state;
    for (double tail = 0.499; tail > 1e-9; tail *= 0.7) {
        near_to("one", student_quantile(tail, 1), 1 / tan(pi * tail), 1e-9);
        near_to("two", student_quantile(tail, 2), (1 - 2 * tail) * sqrt(2 / (4 * tail * (1 - tail))), 1e-9);
    }
    assert_true(student_quantile(0.5, 3) == 0);
    assert_true(student_tail(0, 3) == 0.5);
    assert_true(student_tail(INFINITY, 3) == 0);
}

static void without_scatter(void **state) {
    (void)state;
    double equal[] = {0.5, 0.5}, none[] = {0, 0};
    Sample apart = sample_of(equal, 2), same = sample_of(none, 2), one = sample_of(equal, 1);
    assert_true(isinf(sample_t(&apart)) && sample_t(&apart) > 0);
    assert_true(sample_t(&same) == 0);
    assert_true(isnan(one.deviation) && one.mean == 0.5);
    assert_true(isnan(sample_of(equal, 0).mean));
    assert_int_equal(sample_needed(&apart, 0.05, 100), 2);
    assert_int_equal(sample_needed(&same, 0.05, 100), 101); /* no number of seeds tells equals apart */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_scipys), cmocka_unit_test(paired_tests_are_scipys),
        cmocka_unit_test(intervals_are_scipys), cmocka_unit_test(numbers_of_seeds_are_scipys),
        cmocka_unit_test(closed_forms),         cmocka_unit_test(without_scatter),
    };
    return cmocka_run_group_tests_name("student", tests, NULL, NULL);
}
