/* decimal: ten million random decimals and 100,000 on and beside the midpoints between floats, each bit-equal to
 * strtof's and strtod's, by every way that takes them. */
#include "../unit/decimals.h"

static void every_decimal(void (*make)(char *), int count) {
    char text[DECIMAL_TEXT];
    for (int i = 0; i < count; i++) {
        make(text);
        assert_like_strtof(text);
    }
}

static void test_random(void **state) {
    (void)state;
    every_decimal(random_decimal, 7000000);
}

static void test_extremes(void **state) {
    (void)state;
    every_decimal(extreme_decimal, 3000000);
}

static void test_midpoints(void **state) {
    (void)state;
    every_decimal(near_midpoint, 400000);
}

/* Integers and short decimals without gaps. */
static void test_every_short_one(void **state) {
    (void)state;
    char text[32], pointed[80];
    for (int i = 0; i < 100000; i++) {
        sprintf(text, "%d", i);
        assert_like_strtof(text);
        sprintf(text, "-%d.%03d", i / 1000, i % 1000);
        assert_like_strtof(text);
        sprintf(text, "%05d", i);
        assert_like_strtof(text);
        for (int point = 0; point < 5; point++) {
            sprintf(pointed, "%.*s.%s", point, text, text + point);
            assert_like_strtof(pointed);
        }
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_midpoints),
        cmocka_unit_test(test_every_short_one),
    };
    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
