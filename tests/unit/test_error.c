/* test_error: messages are collected, prefixed, moved, printed; what does not fit is counted. */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

/* What error_print writes; freed by the caller. */
static char *printed(const Error *err) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    error_print(err, out);
    fclose(out);
    return text;
}

static void assert_printed(const Error *err, const char *expected) {
    char *text = printed(err);
    assert_string_equal(text, expected);
    free(text);
}

static void an_empty_error_prints_nothing(void **state) {
    (void)state;
    Error err = {0};
    assert_printed(&err, "");
}

static void messages_are_collected_in_order(void **state) {
    (void)state;
    Error err = {0};
    assert_false(fail(&err, "model.%s: %d is too many", "hidden", 99));
    assert_false(fail(&err, "second\n  with a caret"));
    assert_int_equal(err.count, 2);
    assert_printed(&err, "nnexp: model.hidden: 99 is too many\nnnexp: second\n  with a caret\n");
}

/* A terminal obeys them; lines and tabs belong to the caret below a line. */
static void controls_are_not_printed(void **state) {
    (void)state;
    Error err = {0};
    fail(&err, "'\033[31m\a' \r\n\tä \xff\n\t^");
    assert_printed(&err, "nnexp: '?[31m?' ?\n\tä ?\n\t^\n");
}

static void prefixes_stand_before_every_message(void **state) {
    (void)state;
    Error err = {0};
    assert_false(error_prefix(&err, "nothing to prefix: "));
    assert_printed(&err, "");
    fail(&err, "a: 1");
    fail(&err, "b: 2");
    assert_false(error_prefix(&err, "%s.json: ", "x"));
    assert_int_equal(err.count, 2);
    assert_printed(&err, "nnexp: x.json: a: 1\nnnexp: x.json: b: 2\n");
}

static void moving_empties_the_source(void **state) {
    (void)state;
    Error err = {0}, from = {.dropped = 2};
    fail(&err, "first");
    fail(&from, "second");
    error_move(&err, &from);
    assert_int_equal(err.count, 2);
    assert_int_equal(from.count + from.dropped + (int)from.length, 0);
    assert_printed(&err, "nnexp: first\nnnexp: second\nnnexp: and 2 more\n");
}

static void what_does_not_fit_is_counted(void **state) {
    (void)state;
    Error err = {0};
    char line[1000];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    for (int i = 0; i < 20; i++) fail(&err, "%s", line);
    assert_int_equal(err.count, ERROR_BYTES / 1000);
    assert_int_equal(err.dropped, 20 - ERROR_BYTES / 1000);
    error_prefix(&err, "%s", "0123456789012345678901234567890123456789");
    assert_int_equal(err.count + err.dropped, 20);
    assert_true(err.length <= ERROR_BYTES);
    char *text = printed(&err);
    assert_non_null(strstr(text, "\nnnexp: and 5 more\n"));
    free(text);
}

static void long_messages_are_cut(void **state) {
    (void)state;
    Error err = {0};
    char *line = malloc(3 * ERROR_BYTES);
    assert_non_null(line);
    memset(line, 'x', 3 * ERROR_BYTES);
    line[3 * ERROR_BYTES - 1] = '\0';
    fail(&err, "%s", line);
    assert_int_equal(err.count, 1);
    assert_int_equal(strlen(err.text), ERROR_BYTES / 2 - 1);
    free(line);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_error_prints_nothing), cmocka_unit_test(messages_are_collected_in_order),
        cmocka_unit_test(controls_are_not_printed),      cmocka_unit_test(prefixes_stand_before_every_message),
        cmocka_unit_test(moving_empties_the_source),     cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(long_messages_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
