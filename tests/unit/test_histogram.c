/* histogram: counts against numpy.histogram (tests/reference/histogram.txt). */
#include "observe/histogram.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// cmocka wants the four above
#include <cmocka.h>

enum { MOST = 1024 };

typedef struct Case {
    char name[64];
    int bins, values, counts;
    double low, high;
    long not_finite, count[MOST];
    real value[MOST];
} Case;

static void read_words(FILE *file, const char *key, int n, real *values, long *counts) {
    char word[64];
    assert_int_equal(fscanf(file, "%63s", word), 1);
    assert_string_equal(word, key);
    for (int i = 0; i < n; i++) {
        assert_int_equal(fscanf(file, "%63s", word), 1);
        if (values) values[i] = (real)strtod(word, NULL);
        if (counts) counts[i] = strtol(word, NULL, 10);
    }
}

static bool read_case(FILE *file, Case *c) {
    if (fscanf(file, " case %63s %d %d %d %lf %lf %ld", c->name, &c->bins, &c->values, &c->counts, &c->low, &c->high,
               &c->not_finite) != 7)
        return false;
    read_words(file, "values", c->values, c->value, NULL);
    read_words(file, "counts", c->counts, NULL, c->count);
    return true;
}

static void check_case(const Case *c) {
    static Histogram seen;
    histogram_fill(&seen, c->bins, (size_t)c->values, c->value);
    if (seen.bins != c->counts) fail_msg("%s: %d bins, expected %d", c->name, seen.bins, c->counts);
    if (seen.not_finite != c->not_finite) fail_msg("%s: %ld not finite", c->name, (long)seen.not_finite);
    assert_true(seen.bins == 0 ? isnan(seen.low) && isnan(seen.high) : seen.low == c->low && seen.high == c->high);
    for (int i = 0; i < c->counts; i++)
        if (seen.count[i] != c->count[i])
            fail_msg("%s: bin %d holds %ld, numpy has %ld", c->name, i, (long)seen.count[i], c->count[i]);
}

static void counts_are_numpys(void **state) {
    (void)state;
    static Case c;
    int cases = 0;
    FILE *file = fopen("tests/reference/histogram.txt", "r");
    assert_non_null(file);
    for (; read_case(file, &c); cases++) check_case(&c);
    fclose(file);
    assert_int_equal(cases, 17);
}

/* Every edge itself, and its neighbours on both sides, lie where the edges say. */
static void edges_decide(void **state) {
    (void)state;
    static Histogram whole, one;
    const real ends[] = {(real)-0.7, (real)1.9};
    for (int bins = 1; bins <= 200; bins++) {
        histogram_fill(&whole, bins, 2, ends);
        for (int i = 0; i <= bins; i++) {
            real near = (real)histogram_edge(&whole, i);
            real values[] = {ends[0], ends[1], nextafterf(near, -9), near, nextafterf(near, 9)};
            for (int v = 2; v < 5; v++) {
                real three[] = {ends[0], ends[1], fmaxf(ends[0], fminf(ends[1], values[v]))};
                int at = 0;
                while (at < bins - 1 && three[2] >= histogram_edge(&whole, at + 1)) at++;
                histogram_fill(&one, bins, 3, three);
                assert_int_equal(one.count[at], 1 + (at == 0) + (at == bins - 1));
            }
        }
    }
}

static void edges_run_from_low_to_high(void **state) {
    (void)state;
    static Histogram histogram;
    const real values[] = {(real)0.1, (real)0.7};
    histogram_fill(&histogram, 3, 2, values);
    assert_true(histogram_edge(&histogram, 0) == histogram.low);
    assert_true(histogram_edge(&histogram, 3) == histogram.high);
    assert_true(histogram_edge(&histogram, 1) == histogram.low + (histogram.high - histogram.low) * (1.0 / 3));
}

static void an_earlier_content_does_not_show(void **state) {
    (void)state;
    static Histogram histogram;
    memset(&histogram, 0x55, sizeof histogram);
    const real values[] = {1, NAN};
    histogram_fill(&histogram, 5, 2, values);
    assert_int_equal(histogram.bins, 1);
    assert_int_equal(histogram.count[0], 1);
    assert_int_equal(histogram.not_finite, 1);
    for (int i = 1; i < HISTOGRAM_MOST_BINS; i++) assert_int_equal(histogram.count[i], 0);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_numpys),
        cmocka_unit_test(edges_decide),
        cmocka_unit_test(edges_run_from_low_to_high),
        cmocka_unit_test(an_earlier_content_does_not_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
