/* The synthetic data sets: what every row promises, then each shape against its closed form. Run from the
 * repository root: the committed files are compared. */
#include "data/generate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A generated file, whole. */
static char *text_of(const Choice *choice, int64_t rows, uint64_t seed) {
    char *text = NULL;
    size_t size = 0;
    Error err = {0};
    FILE *out = open_memstream(&text, &size);
    assert_true(generate_csv(choice, rows, seed, out, &err));
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Calls `check` with the numbers of every row, the label last. */
typedef void RowCheck(const void *p, int64_t row, const double *cell);
static void each_row(const Choice *choice, int64_t rows, RowCheck *check) {
    char *text = text_of(choice, rows, 7), *at = strchr(text, '\n');
    double cell[64];
    for (int64_t row = 0; row < rows; row++) {
        int columns = generator_of(choice)->features(choice_params(choice)) + 1;
        for (int i = 0; i < columns; i++) cell[i] = strtod(at + 1, &at);
        assert_int_equal(*at, '\n');
        check(choice_params(choice), row, cell);
    }
    assert_string_equal(at, "\n");
    free(text);
}

static Choice generator(int i) { return choice_of(&generators, family_row(&generators, i)->name); }

static double *real_param(Choice *choice, const char *name) {
    for (const Field *field = choice->variant->fields; field->name; field++)
        if (strcmp(field->name, name) == 0) return (double *)(choice->params.bytes + field->offset);
    fail_msg("no parameter %s", name);
    return NULL;
}

static int64_t *int_param(Choice *choice, const char *name) { return (int64_t *)real_param(choice, name); }

static int *name_param(Choice *choice, const char *name) { return (int *)real_param(choice, name); }

static Choice without_noise(const char *name, const char *noise) {
    Choice choice = choice_of(&generators, name);
    *real_param(&choice, noise) = 0;
    return choice;
}

/* ---- what every row promises ----------------------------------------------------------------------- */

static void test_rows_are_described(void **state) {
    (void)state;
    for (int i = 0; i < generators.count; i++) {
        Choice choice = generator(i);
        assert_true(strlen(choice.variant->help) > 10);
        assert_in_range(generator_of(&choice)->rows, 1, 600);
        for (const Field *field = choice.variant->fields; field->name; field++) {
            assert_non_null(field->help);
            if (field->min < field->max) assert_true(field->min <= field->def && field->def <= field->max);
        }
    }
}

static void test_committed_files_are_reproduced(void **state) {
    (void)state;
    for (int i = 0; i < generators.count; i++) {
        Choice choice = generator(i);
        char path[256];
        snprintf(path, sizeof path, "data/%s.csv", choice.variant->name);
        FILE *file = fopen(path, "r");
        if (!file) fail_msg("%s cannot be opened; run from the repository root", path);
        char *text = text_of(&choice, generator_of(&choice)->rows, 1), *committed = calloc(1, 1 << 20);
        assert_in_range(fread(committed, 1, (1 << 20) - 1, file), 1, (1 << 20) - 2);
        assert_string_equal(text, committed);
        fclose(file), free(committed), free(text);
    }
}

static void test_a_prefix_is_the_shorter_file(void **state) {
    (void)state;
    for (int i = 0; i < generators.count; i++) {
        Choice choice = generator(i);
        char *few = text_of(&choice, 20, 3), *many = text_of(&choice, 50, 3), *other = text_of(&choice, 20, 4);
        assert_true(strlen(many) > strlen(few));
        assert_memory_equal(few, many, strlen(few));
        assert_string_not_equal(few, other);
        free(few), free(many), free(other);
    }
}

static void test_every_parameter_changes_the_bytes(void **state) {
    (void)state;
    for (int i = 0; i < generators.count; i++) {
        Choice plain = generator(i);
        char *before = text_of(&plain, 50, 3);
        for (const Field *field = plain.variant->fields; field->name; field++) {
            Choice choice = plain;
            if (field->kind == FIELD_KIND_INT) ++*int_param(&choice, field->name);
            else if (field->kind == FIELD_KIND_NAME) *name_param(&choice, field->name) ^= 1;
            else *real_param(&choice, field->name) += 0.25;
            char *after = text_of(&choice, 50, 3);
            if (strcmp(before, after) == 0) fail_msg("%s: %s changes nothing", plain.variant->name, field->name);
            free(after);
        }
        free(before);
    }
}

static void test_headers(void **state) {
    (void)state;
    static const char *const header[][2] = {
        {"moons", "x1,x2,class\n"},
        {"plane", "x1,x2,y\n"},
        {"waves", "x1,y\n"},
        {"shapes", "p0_0r,p0_0g,p0_0b,p0_1r,"},
        {"glyphs", "p0_0r,p0_0g,p0_0b,p0_1r,"},
    };
    for (size_t i = 0; i < sizeof header / sizeof *header; i++) {
        Choice choice = choice_of(&generators, header[i][0]);
        char *text = text_of(&choice, 1, 1);
        assert_memory_equal(text, header[i][1], strlen(header[i][1]));
        free(text);
    }
    Choice wide = choice_of(&generators, "gaussian");
    *int_param(&wide, "features") = 12;
    char *text = text_of(&wide, 1, 1);
    assert_memory_equal(text, "x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,class\n", 45);
    free(text);
}

static void test_classes_take_turns(void **state) {
    (void)state;
    static const char *const name[] = {"spiral", "rings", "moons", "blobs", "xor"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        Choice choice = choice_of(&generators, name[i]);
        int classes = generator_of(&choice)->classes(choice_params(&choice)), count[8] = {0};
        char *text = text_of(&choice, 120, 1);
        for (char *end = strchr(text, '\n') + 1; (end = strchr(end, '\n')); end++) count[end[-1] - '0']++;
        for (int k = 0; k < classes; k++) assert_int_equal(count[k], 120 / classes);
        free(text);
    }
}

/* Every cell of a picture is a whole number 0 … 255, and its label a class's name, in turn. */
static void check_pictures(const char *set, int columns, const char *last, int classes, const char *const *names) {
    Choice choice = choice_of(&generators, set);
    char *text = text_of(&choice, 60, 5), *line = text;
    line = strchr(text, '\n') + 1;
    assert_memory_equal(line - strlen(last), last, strlen(last));
    for (int row = 0; row < 60; row++) {
        for (int i = 0; i < columns; i++) {
            size_t digits = strspn(line, "0123456789");
            assert_true(digits >= 1 && digits <= 3 && line[digits] == ',' && atoi(line) <= 255);
            line += digits + 1;
        }
        size_t length = strcspn(line, "\n");
        assert_int_equal(length, strlen(names[row % classes]));
        assert_memory_equal(line, names[row % classes], length);
        line += length + 1;
    }
    assert_string_equal(line, "");
    free(text);
}

static void test_pictures(void **state) {
    (void)state;
    static const char *const shapes[] = {"disc", "triangle", "cross", "ring", "square"};
    static const char *const letters[] = {"A", "H", "I", "M", "O", "T", "U", "V", "X", "Y"};
    check_pictures("shapes", 12 * 12 * 3, ",p11_11r,p11_11g,p11_11b,shape\n", 5, shapes);
    check_pictures("glyphs", 12 * 12 * 3, ",p11_11r,p11_11g,p11_11b,glyph\n", 10, letters);
}

static void test_zero_has_no_sign(void **state) {
    (void)state;
    Choice flat = without_noise("plane", "noise");
    *real_param(&flat, "a") = *real_param(&flat, "b") = 0;
    *real_param(&flat, "c") = -0.0;
    char *text = text_of(&flat, 200, 1);
    assert_null(strstr(text, ",-0\n"));
    assert_non_null(strstr(text, ",0\n"));
    free(text);
}

/* ---- the shapes, without their noise --------------------------------------------------------------- */

enum { SOME_ROWS = 4000 };
#define assert_near(a, b) assert_float_equal((a), (b), 2e-5) /* values have six digits */

static void on_spiral(const void *p, int64_t row, const double *cell) {
    (void)p, (void)row;
    double radius = hypot(cell[0], cell[1]), angle = 2 * M_PI * (0.75 * radius + cell[2] / 3);
    assert_in_range((int)cell[2], 0, 2);
    assert_near(cell[0], radius * cos(angle));
    assert_near(cell[1], radius * sin(angle));
}

static void on_ring(const void *p, int64_t row, const double *cell) {
    (void)p;
    assert_int_equal((int)cell[2], row % 4);
    assert_near(hypot(cell[0], cell[1]), (cell[2] + 1) / 4);
}

static void on_moon(const void *p, int64_t row, const double *cell) {
    (void)p, (void)row;
    double x = cell[2] == 0 ? cell[0] : cell[0] - 1, y = cell[2] == 0 ? cell[1] : cell[1] - 0.5;
    assert_near(hypot(x, y), 1);
    assert_true(cell[2] == 0 ? y >= 0 : y <= 0);
}

static void at_centre(const void *p, int64_t row, const double *cell) {
    (void)p;
    assert_near(cell[0], cos(2 * M_PI * (double)(row % 3) / 3));
    assert_near(cell[1], sin(2 * M_PI * (double)(row % 3) / 3));
}

static void at_corner(const void *p, int64_t row, const double *cell) {
    (void)p, (void)row;
    assert_near(fabs(cell[0]), 1);
    assert_near(fabs(cell[1]), 1);
    assert_int_equal((int)cell[2], cell[0] * cell[1] < 0);
}

static void in_cell(const void *p, int64_t row, const double *cell) {
    (void)p, (void)row;
    double column = (cell[0] + 1) * 2, line = (cell[1] + 1) * 2;
    assert_true(column >= 0 && column <= 4 && line >= 0 && line <= 4);
    if (fabs(column - round(column)) < 1e-4 || fabs(line - round(line)) < 1e-4) return;
    assert_int_equal((int)cell[2], ((int)column + (int)line) % 2);
}

static void by_diagonal(const void *p, int64_t row, const double *cell) {
    (void)p, (void)row;
    assert_true(cell[0] >= 4 && cell[0] <= 6 && cell[1] >= 4 && cell[1] <= 6);
    if (cell[0] != cell[1]) assert_int_equal((int)cell[2], cell[0] > cell[1]);
}

static void on_plane(const void *p, int64_t row, const double *cell) {
    (void)p, (void)row;
    assert_true(fabs(cell[0]) <= 1 && fabs(cell[1]) <= 1);
    assert_near(cell[2], 2 * cell[0] - cell[1] + 0.5);
}

static void on_waves(const void *p, int64_t row, const double *cell) {
    (void)p, (void)row;
    assert_near(cell[1], sin(M_PI * cell[0]) + 0.3 * sin(5 * M_PI * cell[0]));
}

static void test_shapes(void **state) {
    (void)state;
    Choice choice = without_noise("spiral", "noise");
    each_row(&choice, SOME_ROWS, on_spiral);
    choice = without_noise("rings", "noise");
    *int_param(&choice, "classes") = 4;
    each_row(&choice, SOME_ROWS, on_ring);
    choice = without_noise("moons", "noise"), each_row(&choice, SOME_ROWS, on_moon);
    choice = without_noise("blobs", "std"), each_row(&choice, SOME_ROWS, at_centre);
    choice = without_noise("xor", "noise"), each_row(&choice, SOME_ROWS, at_corner);
    choice = without_noise("checkerboard", "noise"), each_row(&choice, SOME_ROWS, in_cell);
    choice = without_noise("positive", "noise");
    *real_param(&choice, "offset") = 5;
    each_row(&choice, SOME_ROWS, by_diagonal);
    choice = without_noise("plane", "noise"), each_row(&choice, SOME_ROWS, on_plane);
    choice = without_noise("waves", "noise"), each_row(&choice, SOME_ROWS, on_waves);
}

/* ---- the noise ------------------------------------------------------------------------------------- */

static double value[2 * SOME_ROWS]; /* standardised noise, collected by the checks below */

static void collect_spiral(const void *p, int64_t row, const double *cell) {
    (void)p;
    double radius = hypot(cell[0], cell[1]);
    double turned = atan2(cell[1], cell[0]) - 2 * M_PI * (0.75 * radius + cell[2] / 3);
    value[row] = remainder(turned, 2 * M_PI) / 0.2;
}

static void collect_rings(const void *p, int64_t row, const double *cell) {
    (void)p;
    value[row] = (hypot(cell[0], cell[1]) - (cell[2] + 1) / 2) / 0.08;
}

static void collect_blobs(const void *p, int64_t row, const double *cell) {
    (void)p;
    value[row] = (cell[0] - cos(2 * M_PI * cell[2] / 3)) / 0.3;
    value[SOME_ROWS + row] = (cell[1] - sin(2 * M_PI * cell[2] / 3)) / 0.3;
}

static void collect_xor(const void *p, int64_t row, const double *cell) {
    (void)p;
    value[row] = (cell[0] - (row & 1 ? 1 : -1)) / 0.3;
    value[SOME_ROWS + row] = (cell[1] - (row & 2 ? 1 : -1)) / 0.3;
}

static void collect_plane(const void *p, int64_t row, const double *cell) {
    (void)p;
    value[row] = (cell[2] - 2 * cell[0] + cell[1] - 0.5) / 0.1;
}

static void collect_waves(const void *p, int64_t row, const double *cell) {
    (void)p;
    value[row] = (cell[1] - sin(M_PI * cell[0]) - 0.3 * sin(5 * M_PI * cell[0])) / 0.05;
}

static void collect_gaussian(const void *p, int64_t row, const double *cell) {
    (void)p;
    value[row] = cell[0];
    value[SOME_ROWS + row] = cell[cell[10] == 0 ? 1 : 9]; /* the class must not matter */
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov's distance to N(0, 1), by libm's erf; 1.95 / sqrt(n) is exceeded once in a thousand.
 */
static double distance_to_normal(size_t n) {
    double distance = 0;
    qsort(value, n, sizeof *value, by_value);
    for (size_t i = 0; i < n; i++) {
        double expected = 0.5 * (1 + erf(value[i] / M_SQRT2));
        distance = fmax(distance, fmax(fabs(expected - (double)i / (double)n), //
                                       fabs(expected - (double)(i + 1) / (double)n)));
    }
    return distance * sqrt((double)n);
}

static void test_noise_is_normal_of_the_stated_std(void **state) {
    (void)state;
    static const struct {
        const char *name;
        RowCheck *collect;
        size_t n;
    } cases[] = {
        {"spiral", collect_spiral, SOME_ROWS},         {"rings", collect_rings, SOME_ROWS},
        {"blobs", collect_blobs, 2 * SOME_ROWS},       {"xor", collect_xor, 2 * SOME_ROWS},
        {"plane", collect_plane, SOME_ROWS},           {"waves", collect_waves, SOME_ROWS},
        {"gaussian", collect_gaussian, 2 * SOME_ROWS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Choice choice = choice_of(&generators, cases[i].name);
        each_row(&choice, SOME_ROWS, cases[i].collect);
        double distance = distance_to_normal(cases[i].n);
        if (distance > 1.95) fail_msg("%s: distance %g", cases[i].name, distance);
    }
}

static int odd_cells;
static void count_odd(const void *p, int64_t row, const double *cell) {
    (void)p, (void)row;
    odd_cells += cell[2] == 1;
}

static void test_checkerboard_is_about_half_and_half(void **state) {
    (void)state;
    Choice choice = choice_of(&generators, "checkerboard");
    odd_cells = 0;
    each_row(&choice, SOME_ROWS, count_odd);
    assert_in_range(odd_cells, SOME_ROWS / 2 - 130, SOME_ROWS / 2 + 130); /* four standard deviations */
}

/* ---- refusals -------------------------------------------------------------------------------------- */

static void test_rows_out_of_range(void **state) {
    (void)state;
    Choice choice = choice_of(&generators, "xor");
    Error err = {0};
    assert_false(generate_csv(&choice, 0, 1, stdout, &err));
    assert_string_equal(err.text, "--rows: 0 is out of range; use 1 … 4294967295");
    err = (Error){0};
    assert_false(generate_csv(&choice, (int64_t)1 << 32, 1, stdout, &err));
    assert_string_equal(err.text, "--rows: 4294967296 is out of range; use 1 … 4294967295");
}

static void test_a_full_disk(void **state) {
    (void)state;
    Choice choice = choice_of(&generators, "xor");
    for (int64_t rows = 1; rows <= 100000; rows *= 100000) {
        Error err = {0};
        FILE *full = fopen("/dev/full", "w");
        assert_non_null(full);
        assert_false(generate_csv(&choice, rows, 1, full, &err));
        assert_string_equal(err.text, "cannot write: No space left on device");
        fclose(full);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_described),
        cmocka_unit_test(test_committed_files_are_reproduced),
        cmocka_unit_test(test_a_prefix_is_the_shorter_file),
        cmocka_unit_test(test_every_parameter_changes_the_bytes),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_classes_take_turns),
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_zero_has_no_sign),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_noise_is_normal_of_the_stated_std),
        cmocka_unit_test(test_checkerboard_is_about_half_and_half),
        cmocka_unit_test(test_rows_out_of_range),
        cmocka_unit_test(test_a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
