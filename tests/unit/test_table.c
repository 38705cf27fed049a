/* table: what is read back, and every message. */
#include "observe/table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// cmocka wants those
#include <cmocka.h>

static char path[] = "/tmp/nnexp-table-XXXXXX";

static bool read_text(const char *text, size_t size, Table *out, Error *err) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return table_read(path, out, err);
}

static void numbers_and_texts_are_read(void **state) {
    (void)state;
    const char text[] = "epoch,activation,z_mean\n0,relu,nan\n1,tanh,-inf\n2,,1.5e-3\n";
    Table table;
    Error err = {0};
    assert_true(read_text(text, sizeof text - 1, &table, &err));
    assert_int_equal(table.columns, 3);
    assert_int_equal(table.rows, 3);
    assert_int_equal(table_column(&table, "z_mean"), 2);
    assert_int_equal(table_column(&table, "z"), -1);
    assert_true(table_cell(&table, 2, "epoch") == 2);
    assert_true(table_cell(&table, 2, "z_mean") == 1.5e-3);
    assert_true(isnan(table_cell(&table, 0, "z_mean")));
    assert_true(table_cell(&table, 1, "z_mean") == -INFINITY);
    assert_true(isnan(table_cell(&table, 0, "activation")));
    assert_true(isnan(table_cell(&table, 0, "missing")));
    assert_string_equal(table_text(&table, 1, "activation"), "tanh");
    assert_string_equal(table_text(&table, 2, "activation"), "");
    assert_string_equal(table_text(&table, 0, "missing"), "");
    table_free(&table);
    assert_null(table.memory);
}

static void a_header_alone_is_a_table_without_rows(void **state) {
    (void)state;
    Table table;
    Error err = {0};
    assert_true(read_text("a,b\n", 4, &table, &err));
    assert_int_equal(table.rows, 0);
    assert_string_equal(table.name[1], "b");
    table_free(&table);
}

static void check_refused(const char *text, size_t size, const char *message) {
    char expected[256];
    Table table;
    Error err = {0};
    assert_false(read_text(text, size, &table, &err));
    snprintf(expected, sizeof expected, "%s%s", path, message);
    assert_string_equal(err.text, expected);
    assert_null(table.memory);
}

static void what_is_no_log_is_refused(void **state) {
    (void)state;
    check_refused("", 0, ": is empty; expected a log that nnexp wrote");
    check_refused("a\n\0\n", 4, ": holds a zero byte; expected a log that nnexp wrote");
    check_refused("a,b\n1,2\n3", 9, ":3: ends without a newline; the file was cut off");
    check_refused("a,b\n1,2\n3\n", 10, ":3: has 1 cells, the header has 2; expected a log that nnexp wrote");
    check_refused("a,b\n1,2,3\n", 10, ":2: has 3 cells, the header has 2; expected a log that nnexp wrote");
}

static void a_file_that_is_not_there_is_named(void **state) {
    (void)state;
    Table table;
    Error err = {0};
    assert_false(table_read("/nonexistent/epochs.csv", &table, &err));
    assert_string_equal(err.text, "/nonexistent/epochs.csv: cannot read: No such file or directory");
}

static int make_file(void **state) {
    (void)state;
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state) {
    (void)state;
    return unlink(path);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_texts_are_read),
        cmocka_unit_test(a_header_alone_is_a_table_without_rows),
        cmocka_unit_test(what_is_no_log_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
