/* test_text: bounded strings, numbers in text, printed numbers, distances and nearest names. */
#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void copies_are_cut_at_the_size(void **state) {
    (void)state;
    char out[5];
    assert_true(text_copy(out, sizeof out, "abcd"));
    assert_string_equal(out, "abcd");
    assert_false(text_copy(out, sizeof out, "vwxyz"));
    assert_string_equal(out, "vwxy");
    assert_true(text_copy(out, sizeof out, ""));
    assert_string_equal(out, "");
}

static void appending_says_when_it_cuts(void **state) {
    (void)state;
    char out[8] = "ab";
    assert_true(text_append(out, sizeof out, "%d", 123));
    assert_string_equal(out, "ab123");
    assert_false(text_append(out, sizeof out, "%s", "xyz"));
    assert_string_equal(out, "ab123xy");
    assert_false(text_append(out, sizeof out, "more"));
    assert_true(text_append(out, sizeof out, "%s", ""));
    assert_string_equal(out, "ab123xy");
}

static void decimal_numbers_are_read_whole(void **state) {
    (void)state;
    static const char *const texts[] = {"0",    "-1.5", "+2",    ".5",     "5.",    "1e3",
                                        "1E-3", "007",  "1e400", "-1e400", "1e-400"};
    static const double values[] = {0, -1.5, 2, 0.5, 5, 1000, 0.001, 7, INFINITY, -INFINITY, 0};
    double value;
    for (int i = 0; i < 11; i++) {
        assert_true(text_number(texts[i], strlen(texts[i]), &value));
        assert_true(value == values[i]);
    }
    assert_true(text_number("12,34", 2, &value));
    assert_true(value == 12);
    assert_true(text_number("-0", 2, &value));
    assert_true(value == 0 && signbit(value));
}

static void other_text_is_no_number(void **state) {
    (void)state;
    static const char *const texts[] = {"",      " 1",  "1 ",    "1,5", "0x10", "inf",   "nan", "-inf", "1e", "e5",
                                        "1.2.3", "--1", "1e5.0", ".",   "+",    "1_000", "1f",  "٣",    "1\n"};
    double value;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (text_number(texts[i], strlen(texts[i]), &value)) fail_msg("'%s' was read as %g", texts[i], value);
    assert_false(text_number("1\0002", 3, &value));
    char zeros[600];
    memset(zeros, '0', sizeof zeros);
    assert_false(text_number(zeros, sizeof zeros, &value));
    assert_true(text_number(zeros, 511, &value));
}

static void numbers_are_printed_as_the_logs_have_them(void **state) {
    (void)state;
    static const double values[] = {0, 1, 0.1, -2.5, 1.0 / 3, 1e-300, 123456789012.0, INFINITY, -INFINITY};
    static const char *const texts[] = {"0",   "1",   "0.1", "-2.5", "0.333333333", "1e-300", "1.23456789e+11",
                                        "inf", "-inf"};
    char out[32];
    for (int i = 0; i < 9; i++) {
        assert_int_equal(text_print(out, sizeof out, values[i]), strlen(texts[i]));
        assert_string_equal(out, texts[i]);
    }
    text_print(out, sizeof out, copysign(NAN, -1));
    assert_string_equal(out, "nan");
    text_print(out, sizeof out, NAN);
    assert_string_equal(out, "nan");
}

static void distances_count_slips(void **state) {
    (void)state;
    assert_int_equal(text_distance("", ""), 0);
    assert_int_equal(text_distance("relu", "relu"), 0);
    assert_int_equal(text_distance("", "abc"), 3);
    assert_int_equal(text_distance("abc", ""), 3);
    assert_int_equal(text_distance("relu", "rlu"), 1);
    assert_int_equal(text_distance("relu", "rellu"), 1);
    assert_int_equal(text_distance("relu", "rela"), 1);
    assert_int_equal(text_distance("rleu", "relu"), 1); /* a swap is one slip, not two */
    assert_int_equal(text_distance("kitten", "sitting"), 3);
    assert_int_equal(text_distance("ca", "abc"), 3); /* optimal string alignment, not Damerau's 2 */
}

static void long_words_are_far(void **state) {
    (void)state;
    char word[65];
    memset(word, 'a', sizeof word);
    word[64] = '\0';
    assert_int_equal(text_distance(word, word), 64);
    assert_int_equal(text_distance("a", word), 64);
    word[63] = '\0';
    assert_int_equal(text_distance(word, word), 0);
}

static const char *nearest_of(const char *word, const char *const *names) {
    const char *nearest = NULL;
    int distance = 0;
    for (; *names; names++) text_nearer(word, *names, &nearest, &distance);
    return nearest;
}

static void nearest_names_are_slips_of_the_hand(void **state) {
    (void)state;
    static const char *const names[] = {"sigmoid", "tanh", "relu", "leaky_relu", "relu6", "gelu", NULL};
    assert_string_equal(nearest_of("rleu", names), "relu");
    assert_string_equal(nearest_of("gellu", names), "gelu");
    assert_string_equal(nearest_of("sigmod", names), "sigmoid");
    assert_string_equal(nearest_of("sig", names), "sigmoid");
    assert_string_equal(nearest_of("leaky", names), "leaky_relu");
    assert_string_equal(nearest_of("tanhyperbolic", names), "tanh");
    assert_string_equal(nearest_of("relu", names), "relu");
    assert_null(nearest_of("maxout", names));
    assert_null(nearest_of("si", names));
    assert_null(nearest_of("", names));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_cut_at_the_size),
        cmocka_unit_test(appending_says_when_it_cuts),
        cmocka_unit_test(decimal_numbers_are_read_whole),
        cmocka_unit_test(other_text_is_no_number),
        cmocka_unit_test(numbers_are_printed_as_the_logs_have_them),
        cmocka_unit_test(distances_count_slips),
        cmocka_unit_test(long_words_are_far),
        cmocka_unit_test(nearest_names_are_slips_of_the_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
