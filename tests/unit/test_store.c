/* test_store: cells of one data section share one copy, and what cannot be prepared is tried once. */
#include "search/store.h"

#include "data_files.h"

static Settings settings;
static Error err;

static void read_settings(const char *file) {
    char text[256];
    err = (Error){0};
    snprintf(text, sizeof text, "{\"data\": {\"file\": \"%s\"}}", file);
    write_text("a.json", text);
    if (!settings_load("a.json", NULL, 0, &settings, &err)) fail_msg("%s", err.text);
}

static void one_copy_for_all_cells_of_a_data_section(void **state) {
    (void)state;
    Store store;
    write_text("d.csv", "x,y,label\n1,2,a\n2,1,b\n3,1,b\n1,3,a\n");
    read_settings("d.csv");
    store_start(&store);
    const Dataset *first = store_add(&store, 7, &settings, NULL, &err);
    assert_non_null(first);
    assert_int_equal(first->train.rows, 4);
    assert_int_equal(unlink("d.csv"), 0); /* who read it again would fail */
    for (int i = 1; i < 100; i++) assert_ptr_equal(store_add(&store, 7, &settings, NULL, &err), first);
    assert_int_equal(store.count, 1);
    assert_null(store_add(&store, 8, &settings, NULL, &err)); /* another section is read */
    for (int i = 0; i < 99; i++) store_done(&store, 7);
    assert_ptr_equal(store_get(&store, 7), first);
    assert_int_equal(first->train.rows, 4);
    store_done(&store, 7);
    assert_int_equal(first->train.rows, 0); /* the last one out frees it */
    store_free(&store);
}

static void what_failed_is_told_again_but_not_tried_again(void **state) {
    (void)state;
    Store store;
    char expected[600], here[512];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(expected, sizeof expected, "%s/e.csv: cannot read: No such file or directory", here);
    read_settings("e.csv");
    store_start(&store);
    assert_null(store_add(&store, 1, &settings, NULL, &err));
    assert_messages(&err, expected);
    write_text("e.csv", "x,label\n1,a\n2,b\n");
    err = (Error){0};
    assert_null(store_add(&store, 1, &settings, NULL, &err));
    assert_messages(&err, expected);
    store_free(&store);
}

/* Settings that do not suit the data fail alone: the next ones may. */
static void settings_meet_the_data_each_for_itself(void **state) {
    (void)state;
    Store store;
    write_text("d.csv", "x,y,label\n1,2,a\n2,1,b\n3,1,b\n1,3,a\n");
    read_settings("d.csv");
    store_start(&store);
    settings.train.class_weight_count = 3;
    settings.train.class_weight[0] = settings.train.class_weight[1] = settings.train.class_weight[2] = 1;
    assert_null(store_add(&store, 1, &settings, NULL, &err));
    assert_messages(&err, "train.class_weight: 3 weights for 2 classes; give one a class");
    settings.train.class_weight_count = 2;
    assert_non_null(store_add(&store, 1, &settings, NULL, &err));
    assert_int_equal(store.count, 1);
    store_free(&store);
}

static int prepare(void **state) {
    (void)state;
    enter_directory();
    return 0;
}

static int clean(void **state) {
    (void)state;
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_copy_for_all_cells_of_a_data_section),
        cmocka_unit_test(what_failed_is_told_again_but_not_tried_again),
        cmocka_unit_test(settings_meet_the_data_each_for_itself),
    };
    return cmocka_run_group_tests_name("store", tests, prepare, clean);
}
