/* test_field: families are found by name, and defaults of every kind of field arrive in their members. */
#include "base/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct Leaky {
    double slope;
} Leaky;

static const Field leaky_fields[] = {FIELD_REAL(Leaky, slope, .def = 0.01, .max = 1, .help = "slope"), {0}};

typedef struct Row {
    Variant head;
    int number;
} Row;

/* clang-format off */
static const Row rows[] = {
    {{"relu",  "max(0, z)",        NO_PARAMS},                   1},
    {{"leaky", "z, or slope * z",  PARAMS(Leaky, leaky_fields)}, 2},
    {{"tanh",  "tanh z",           NO_PARAMS},                   3},
};
/* clang-format on */
static const Family family = FAMILY("activation", "functions", rows);

static const char *const names[] = {"none", "some", "all", NULL};

typedef struct Inner {
    bool on;
    int64_t patience;
} Inner;

static const Field inner_fields[] = {FIELD_INT(Inner, patience, .def = 10), {0}};

typedef struct Everything {
    bool yes, no;
    int64_t count, maybe_count;
    double rate, maybe_rate, needed;
    char text[8], empty[8];
    int name;
    Choice choice;
    Inner group;
    NumberOrText either;
    ColumnName column;
    double weights[3];
    int weights_count;
    Choice layers[4];
    int layers_count;
    int untouched;
} Everything;

static const Field everything_fields[] = {
    FIELD_BOOL(Everything, yes, .def = true),
    FIELD_BOOL(Everything, no),
    FIELD_INT(Everything, count, .def = 7),
    FIELD_INT(Everything, maybe_count, .nullable = true),
    FIELD_REAL(Everything, rate, .def = 0.25),
    FIELD_REAL(Everything, maybe_rate, .nullable = true),
    FIELD_REAL(Everything, needed, .required = true, .def = 3),
    FIELD_TEXT(Everything, text, .def_text = "word"),
    FIELD_TEXT(Everything, empty),
    FIELD_NAME(Everything, name, .names = names, .def = 2),
    FIELD_CHOICE(Everything, choice, .family = &family, .def_text = "leaky"),
    FIELD_GROUP(Everything, group, Inner, .fields = inner_fields),
    FIELD_NUMBER_OR_TEXT(Everything, either, .def = 0.5),
    FIELD_(Everything, column, ColumnName, FIELD_KIND_COLUMN, .help = "a column"),
    FIELD_REALS(Everything, weights),
    FIELD_CHOICES(Everything, layers, .family = &family, .def_text = "tanh"),
    {0},
};

static void rows_are_found_by_name(void **state) {
    (void)state;
    assert_int_equal(family.count, 3);
    assert_ptr_equal(family_row(&family, 1), &rows[1].head);
    assert_ptr_equal(family_find(&family, "tanh"), &rows[2].head);
    assert_null(family_find(&family, "Tanh"));
    assert_null(family_find(&family, "leak"));
    assert_null(family_find(&family, ""));
    assert_string_equal(family_nearest(&family, "rleu"), "relu");
    assert_null(family_nearest(&family, "softmax"));
}

static void choices_hold_a_row_and_its_defaults(void **state) {
    (void)state;
    Choice choice = choice_of(&family, "leaky"), copy = choice;
    assert_ptr_equal(copy.variant, &rows[1].head);
    assert_int_equal(((const Row *)copy.variant)->number, 2);
    assert_true(((const Leaky *)choice_params(&copy))->slope == 0.01);
    choice = choice_of(&family, "relu");
    for (int i = 0; i < CHOICE_BYTES; i++) assert_int_equal(choice.params.bytes[i], 0);
}

/* So that bytes of two choices of the same row compare equal. */
static void choices_leave_no_byte_unset(void **state) {
    (void)state;
    Choice a, b;
    memset(&a, 1, sizeof a);
    memset(&b, 2, sizeof b);
    a = choice_of(&family, "leaky");
    b = choice_of(&family, "leaky");
    assert_memory_equal(a.params.bytes, b.params.bytes, CHOICE_BYTES);
}

static Everything defaults(void) {
    Everything out;
    memset(&out, 0x5a, sizeof out);
    fields_default(everything_fields, &out);
    return out;
}

static void plain_members_get_their_defaults(void **state) {
    (void)state;
    Everything out = defaults();
    assert_true(out.yes && !out.no);
    assert_int_equal(out.count, 7);
    assert_true(out.maybe_count == INT64_MIN);
    assert_true(out.rate == 0.25 && isnan(out.maybe_rate));
    assert_true(out.needed == 0); /* required: no default, whatever its table says */
    assert_string_equal(out.text, "word");
    assert_string_equal(out.empty, "");
    assert_int_equal(out.name, 2);
    assert_int_equal(out.untouched, 0x5a5a5a5a);
}

static void composed_members_get_their_defaults(void **state) {
    (void)state;
    Everything out = defaults();
    assert_ptr_equal(out.choice.variant, &rows[1].head);
    assert_true(((const Leaky *)choice_params(&out.choice))->slope == 0.01);
    assert_true(!out.group.on && out.group.patience == 10);
    assert_true(!out.either.is_text && out.either.number == 0.5);
    assert_true(!out.column.by_index && out.column.index == 0 && out.column.name[0] == '\0');
}

static void lists_start_empty_or_with_their_one_item(void **state) {
    (void)state;
    Everything out = defaults();
    assert_int_equal(out.weights_count, 0);
    for (int i = 0; i < 3; i++) assert_true(out.weights[i] == 0);
    assert_int_equal(out.layers_count, 1);
    assert_ptr_equal(out.layers[0].variant, &rows[2].head);
    assert_null(out.layers[1].variant);
}

static void macros_know_the_member(void **state) {
    (void)state;
    const Field *weights = &everything_fields[14];
    assert_string_equal(weights->name, "weights");
    assert_int_equal(weights->most, 3);
    assert_int_equal(weights->size, sizeof(double));
    assert_int_equal(weights->offset, offsetof(Everything, weights));
    assert_int_equal(weights->count_offset, offsetof(Everything, weights_count));
    assert_int_equal(everything_fields[7].size, 8);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_by_name),
        cmocka_unit_test(choices_hold_a_row_and_its_defaults),
        cmocka_unit_test(choices_leave_no_byte_unset),
        cmocka_unit_test(plain_members_get_their_defaults),
        cmocka_unit_test(composed_members_get_their_defaults),
        cmocka_unit_test(lists_start_empty_or_with_their_one_item),
        cmocka_unit_test(macros_know_the_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
