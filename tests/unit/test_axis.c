/* test_axis: an axis' values, as a config and as the command line write them, and random mode's draws. */
#include "search/axis.h"

#include <math.h>

#include "data_files.h"

enum { DRAWS = 20000 };

static Axis axis_of(const char *values, AxisWants wants) {
    Error err = {0};
    Axis axis;
    Json *json = json_parse(values, strlen(values), &err);
    assert_non_null(json);
    if (!axis_read("k", json, wants, &axis, &err)) fail_msg("%s", err.text);
    json_free(json);
    return axis;
}

/* The values as tables have them, joined by blanks. */
static void assert_values(const Axis *axis, const char *expected) {
    char joined[1024] = "";
    for (int i = 0; i < axis->count; i++) {
        char *text = axis_text(axis->value[i]);
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? " " : "", text);
        free(text);
    }
    assert_string_equal(joined, expected);
}

static void assert_axis(const char *values, AxisWants wants, const char *expected) {
    Axis axis = axis_of(values, wants);
    assert_values(&axis, expected);
    axis_free(&axis);
}

static void assert_refused(const char *values, AxisWants wants, const char *expected) {
    static Error err;
    err = (Error){0};
    Axis axis;
    Error no_json = {0};
    Json *json = json_parse(values, strlen(values), &no_json);
    assert_non_null(json);
    assert_false(axis_read("k", json, wants, &axis, &err));
    assert_messages(&err, expected);
    json_free(json);
}

static const AxisWants grid = {0}, whole = {.whole = true}, random_wants = {.random = true},
                       random_whole = {.random = true, .whole = true};

static void lists_keep_their_order_and_kinds(void **state) {
    (void)state;
    assert_axis("[3, 1, \"he\", true, null, {\"name\": \"he\"}, [\"a\", 2], 1e-4]", grid,
                "3 1 he true null {\"name\": \"he\"} [\"a\", 2] 0.0001");
}

static void ranges_are_even_and_end_at_their_ends(void **state) {
    (void)state;
    assert_axis("{\"linear\": [0, 1, 5]}", grid, "0 0.25 0.5 0.75 1");
    assert_axis("{\"linear\": [-0.1, 0.2, 4]}", grid, "-0.1 0 0.1 0.2");
    assert_axis("{\"log\": [1e-4, 1, 5]}", grid, "0.0001 0.001 0.01 0.1 1");
    assert_axis("{\"log\": [0.3, 0.7, 2]}", grid, "0.3 0.7");
    assert_axis("{\"linear\": [1, 10, 4]}", whole, "1 4 7 10");
    assert_axis("{\"log\": [1, 100, 5]}", whole, "1 3 10 32 100");
    assert_axis("{\"log\": [1e-300, 1e300, 3]}", grid, "1e-300 1 1e+300");
    assert_axis("{\"linear\": [-1.5e308, 1.5e308, 3]}", grid, "-1.5e+308 0 1.5e+308");
}

/* What is printed is what runs: each value is the number that its nine digits are. */
static void values_of_ranges_have_nine_digits(void **state) {
    (void)state;
    Axis axis = axis_of("{\"log\": [1e-4, 1, 13]}", grid);
    assert_int_equal(axis.count, 13);
    for (int i = 0; i < 13; i++) {
        char text[32];
        snprintf(text, sizeof text, "%.9g", pow(10, -4 + i / 3.0));
        assert_true(json_number(axis.value[i]) == strtod(text, NULL));
    }
    axis_free(&axis);
}

/* A wider range of the same step has the same values. */
static void widened_ranges_keep_their_values(void **state) {
    (void)state;
    Axis narrow = axis_of("{\"log\": [1e-4, 1, 13]}", grid), wide = axis_of("{\"log\": [1e-5, 100, 22]}", grid);
    for (int i = 0; i < narrow.count; i++) assert_true(json_equal(narrow.value[i], wide.value[i + 3]));
    axis_free(&narrow), axis_free(&wide);
}

static void wrong_axes_are_refused(void **state) {
    (void)state;
    const char *const shape =
        "sweep.axes.k: expected a list, {\"log\": [low, high, count]} or {\"linear\": [low, high, count]}, got ";
    const struct {
        const char *values, *got;
    } wrong[] = {{"3", "a number"},
                 {"\"log\"", "a text"},
                 {"null", "null"},
                 {"{}", "an object"},
                 {"{\"cubic\": [1, 2, 3]}", "an object"},
                 {"{\"log\": [1, 2, 3], \"linear\": [1, 2, 3]}", "an object"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char expected[512];
        snprintf(expected, sizeof expected, "%s%s", shape, wrong[i].got);
        assert_refused(wrong[i].values, grid, expected);
    }
    assert_refused("[]", grid, "sweep.axes.k: has no values; give some, as in [0.01, 0.1], or leave the axis out");
    assert_refused("[0.1, 0.2, 0.1]", grid, "sweep.axes.k: 0.1 is there twice; leave one out");
    assert_refused("[[1, 2], [1, 2]]", grid, "sweep.axes.k: [1, 2] is there twice; leave one out");
}

static void wrong_ranges_are_refused(void **state) {
    (void)state;
    const char *const three = "sweep.axes.k: log: expected three numbers, [low, high, count]";
    assert_refused("{\"log\": [1, 2]}", grid, three);
    assert_refused("{\"log\": [1, 2, 3, 4]}", grid, three);
    assert_refused("{\"log\": [1, \"2\", 3]}", grid, three);
    assert_refused("{\"log\": 3}", grid, three);
    assert_refused("{\"log\": [1, 2, 3]}", random_wants,
                   "sweep.axes.k: log: expected two numbers, [low, high]: mode \"random\" draws between them");
    assert_refused("{\"log\": [-1, 1, 3]}", grid,
                   "sweep.axes.k: log from -1 to 1: a logarithm needs values above 0; use linear, or positive ends");
    assert_refused("{\"log\": [0, 1]}", random_wants,
                   "sweep.axes.k: log from 0 to 1: a logarithm needs values above 0; use linear, or positive ends");
    assert_refused("{\"log\": [0.4, 3]}", random_whole,
                   "sweep.axes.k: log from 0 to 3: a logarithm needs values above 0; use linear, or positive ends");
    assert_refused("{\"linear\": [2, 1, 3]}", grid,
                   "sweep.axes.k: linear from 2 to 1: the first must be below the second");
    assert_refused("{\"log\": [2, 2, 3]}", grid, "sweep.axes.k: log from 2 to 2: the first must be below the second");
    assert_refused("{\"linear\": [1, 2, 1]}", grid,
                   "sweep.axes.k: linear of 1 value; give a whole number from 2 to 1000000, or a list");
    assert_refused("{\"linear\": [1, 2, 2.5]}", grid,
                   "sweep.axes.k: linear of 2.5 values; give a whole number from 2 to 1000000, or a list");
    assert_refused("{\"log\": [1, 2, 1000001]}", grid,
                   "sweep.axes.k: log of 1000001 values; give a whole number from 2 to 1000000, or a list");
    assert_refused("{\"linear\": [1, 4, 10]}", whole,
                   "sweep.axes.k: linear of 10 whole numbers from 1 to 4: 1 is there twice; use fewer values");
    assert_refused("{\"linear\": [1, 1.00000001, 30]}", grid,
                   "sweep.axes.k: linear of 30 numbers of 9 digits from 1 to 1.00000001: 1 is there twice; use fewer "
                   "values");
}

static void a_million_values_take_no_square_of_time(void **state) {
    (void)state;
    Json *values = json_new_array();
    for (int i = 0; i < 100000; i++) json_append(values, json_new_number(i));
    Error err = {0};
    Axis axis;
    assert_true(axis_read("k", values, grid, &axis, &err));
    assert_int_equal(axis.count, 100000);
    axis_free(&axis);
    json_free(values);
}

/* ---- the command line ------------------------------------------------------------------------------------- */

static void assert_parsed(const char *values, const char *expected) {
    Error err = {0};
    Json *json = axis_parse("k", values, &err);
    assert_non_null(json);
    char *text = json_print(json, false);
    assert_string_equal(text, expected);
    free(text);
    json_free(json);
}

static void the_command_line_says_the_same(void **state) {
    (void)state;
    assert_parsed("0.01,0.1", "[0.01, 0.1]");
    assert_parsed("log:1e-4:1:13", "{\"log\": [0.0001, 1, 13]}");
    assert_parsed("linear:0:1", "{\"linear\": [0, 1]}");
    assert_parsed("log:a:b:3", "{\"log\": [\"a\", \"b\", 3]}");
    assert_parsed("log", "[\"log\"]");
    assert_parsed("he,xavier", "[\"he\", \"xavier\"]");
    assert_parsed("[],[\"a\",\"b\"],{\"name\":\"x\",\"k\":1},\"a,b\",\"q\\\",\"",
                  "[[], [\"a\", \"b\"], {\"name\": \"x\", \"k\": 1}, \"a,b\", \"q\\\",\"]");
    assert_parsed("[1,2", "[\"[1,2\"]");
    assert_parsed("]a,b", "[\"]a\", \"b\"]");
    assert_parsed("", "[]");
    assert_parsed("a,,b,", "[\"a\", \"\", \"b\", \"\"]");
    assert_parsed("true,null,1e400", "[true, null, \"1e400\"]");
    Error err = {0};
    assert_null(axis_parse("k", "a,\xff", &err));
    assert_messages(&err, "sweep.axes.k: the values are not UTF-8; write them in UTF-8");
}

/* ---- draws ------------------------------------------------------------------------------------------------ */

static void draw_all(const Axis *axis, double *out /* [DRAWS] */) {
    for (uint32_t i = 0; i < DRAWS; i++) {
        Stream stream = random_stream(7, PURPOSE_TEST, 0, i);
        out[i] = axis_draw(axis, &stream);
    }
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov's statistic times sqrt(n), of draws that should be even in f(x) from f(low) to f(high). */
static double smirnov(double *draw, double f(double), double low, double high) {
    double worst = 0;
    qsort(draw, DRAWS, sizeof *draw, by_value);
    for (int i = 0; i < DRAWS; i++) {
        double share = (f(draw[i]) - f(low)) / (f(high) - f(low));
        worst = fmax(worst, fmax(share - (double)i / DRAWS, (i + 1.0) / DRAWS - share));
    }
    return worst * sqrt(DRAWS);
}

static double itself(double x) { return x; }

/* 1.63: one sample in a hundred exceeds it (Smirnov 1948); these draws are always the same. */
static void draws_are_even_in_the_value_or_its_logarithm(void **state) {
    (void)state;
    static double draw[DRAWS];
    Axis lin = axis_of("{\"linear\": [-2, 5]}", random_wants),
         log_axis = axis_of("{\"log\": [1e-5, 3]}", random_wants);
    draw_all(&lin, draw);
    assert_true(smirnov(draw, itself, -2, 5) < 1.63);
    draw_all(&log_axis, draw);
    assert_true(smirnov(draw, log, 1e-5, 3) < 1.63);
    assert_true(smirnov(draw, itself, 1e-5, 3) > 50);
    for (int i = 0; i < DRAWS; i++) {
        char text[32];
        snprintf(text, sizeof text, "%.9g", draw[i]);
        assert_true(draw[i] == strtod(text, NULL) && draw[i] >= 1e-5 && draw[i] <= 3);
    }
}

/* Pearson's statistic of the draws against the shares of the numbers low … high. */
static double pearson(const double *draw, int low, int high, double share(int k, int low, int high)) {
    double sum = 0;
    for (int k = low; k <= high; k++) {
        double expected = DRAWS * share(k, low, high), seen = 0;
        for (int i = 0; i < DRAWS; i++) seen += draw[i] == k;
        sum += (seen - expected) * (seen - expected) / expected;
    }
    return sum;
}

static double even(int k, int low, int high) {
    (void)k;
    return 1.0 / (high - low + 1);
}

static double log_even(int k, int low, int high) {
    return log((k + 0.5) / (k - 0.5)) / log((high + 0.5) / (low - 0.5));
}

/* Ends as likely as their neighbours; 18.5 and 21.7: chi-square's 1 % for 7 and 9 degrees of freedom. */
static void whole_draws_have_fair_ends(void **state) {
    (void)state;
    static double draw[DRAWS];
    Axis lin = axis_of("{\"linear\": [-3, 4]}", random_whole), log_axis = axis_of("{\"log\": [1, 10]}", random_whole);
    draw_all(&lin, draw);
    assert_true(pearson(draw, -3, 4, even) < 18.5);
    draw_all(&log_axis, draw);
    assert_true(pearson(draw, 1, 10, log_even) < 21.7);
}

static void lists_are_drawn_by_place(void **state) {
    (void)state;
    static double draw[DRAWS];
    Axis axis = axis_of("[\"a\", \"b\", \"c\"]", random_wants);
    draw_all(&axis, draw);
    assert_true(pearson(draw, 0, 2, even) < 9.2); /* 1 % for 2 */
    Json *value = axis_value(&axis, 2);
    assert_string_equal(json_text(value), "c");
    json_free(value);
    axis_free(&axis);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_keep_their_order_and_kinds),
        cmocka_unit_test(ranges_are_even_and_end_at_their_ends),
        cmocka_unit_test(values_of_ranges_have_nine_digits),
        cmocka_unit_test(widened_ranges_keep_their_values),
        cmocka_unit_test(wrong_axes_are_refused),
        cmocka_unit_test(wrong_ranges_are_refused),
        cmocka_unit_test(a_million_values_take_no_square_of_time),
        cmocka_unit_test(the_command_line_says_the_same),
        cmocka_unit_test(draws_are_even_in_the_value_or_its_logarithm),
        cmocka_unit_test(whole_draws_have_fair_ends),
        cmocka_unit_test(lists_are_drawn_by_place),
    };
    return cmocka_run_group_tests_name("axis", tests, NULL, NULL);
}
