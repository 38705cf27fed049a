/* test_ranges: every key of a config and every parameter of every row refuses what lies just outside its
 * range, what is of another type, and null, with a message that names its path; and takes the ends of its
 * range. */
#include "config/describe.h"

#include "data_files.h"
#include "every_field.h"

enum { VALUE_BYTES = 8192 };

typedef struct Tally {
    int spots, values;
} Tally;

static Settings settings;
static Error err;

/* Loads the base with the row and the value in place. */
static bool load(const Spot *spot, const char *value) {
    static char set[SPOT_BYTES + VALUE_BYTES];
    const char *sets[2] = {spot->row, set};
    err = (Error){0};
    snprintf(set, sizeof set, "%s=%s", spot->path, value);
    bool plain = spot->row[0] == '\0';
    return settings_load("base.json", sets + plain, 2 - plain, &settings, &err);
}

/* Every message must begin with the file and the path; what follows is its end or what lies below. */
static void refuses(const Spot *spot, const char *value, Tally *tally) {
    char place[SPOT_BYTES + 16];
    int length = snprintf(place, sizeof place, "base.json: %s", spot->path);
    tally->values++;
    if (load(spot, value)) fail_msg("%s (at %s) takes %.60s", spot->key, spot->path, value);
    for (const char *text = err.text; text < err.text + err.length; text += strlen(text) + 1)
        if (strncmp(text, place, (size_t)length) != 0 || !strchr(":.", text[length]))
            fail_msg("%s=%.60s: the message is '%s'", spot->path, value, text);
}

/* In a list where the field is one. */
static void refuses_item(const Spot *spot, const char *item, Tally *tally) {
    char value[VALUE_BYTES];
    snprintf(value, sizeof value, spot->field->most ? "[%s]" : "%s", item);
    refuses(spot, value, tally);
}

static void refuses_number(const Spot *spot, double number, Tally *tally) {
    char item[32];
    snprintf(item, sizeof item, "%.17g", number);
    refuses_item(spot, item, tally);
}

/* Checks that look at several keys may refuse it, but not as out of range. */
static void takes_number(const Spot *spot, double number) {
    char value[64];
    snprintf(value, sizeof value, spot->field->most ? "[%.17g]" : "%.17g", number);
    if (!load(spot, value) && strstr(err.text, "out of range")) fail_msg("%s", err.text);
}

static void try_ends(const Spot *spot, Tally *tally) {
    const Field *field = spot->field;
    bool whole = field->kind == FIELD_KIND_INT;
    double low, high;
    describe_limits(field, &low, &high);
    if (isfinite(low)) {
        refuses_number(spot, field->above_min ? low : whole ? low - 1 : nextafter(low, -INFINITY), tally);
        if (!field->above_min) takes_number(spot, low);
    }
    if (isfinite(high)) {
        refuses_number(spot, field->below_max ? high : whole ? high + 1 : nextafter(high, INFINITY), tally);
        if (!field->below_max) takes_number(spot, high);
    }
    if (whole) refuses_number(spot, low + 0.5, tally);
}

static void try_rows(const Spot *spot, Tally *tally) {
    refuses_item(spot, "\"no_such_row\"", tally);
    refuses_item(spot, "{\"name\": \"no_such_row\"}", tally);
    refuses_item(spot, "{\"name\": 3}", tally);
    for (int i = 0; i < spot->field->family->count; i++) {
        char item[SPOT_BYTES];
        snprintf(item, sizeof item, "{\"name\": \"%s\", \"no_such_parameter\": 1}",
                 family_row(spot->field->family, i)->name);
        refuses_item(spot, item, tally);
    }
}

static bool is_number(const Field *field) {
    return field->kind == FIELD_KIND_INT || field->kind == FIELD_KIND_REAL ||
           field->kind == FIELD_KIND_NUMBER_OR_TEXT;
}

/* Longer than the field's room: a list, or a text; and shorter than a list's least. */
static void try_length(const Spot *spot, Tally *tally) {
    static char value[VALUE_BYTES];
    const Field *field = spot->field;
    char item[64] = "1";
    if (field->kind == FIELD_KIND_CHOICE) snprintf(item, sizeof item, "\"%s\"", family_row(field->family, 0)->name);
    if (field->most) {
        int at = snprintf(value, sizeof value, "[%s", item);
        for (int i = 0; i < field->most; i++) at += snprintf(value + at, sizeof value - (size_t)at, ",%s", item);
        snprintf(value + at, sizeof value - (size_t)at, "]");
        refuses(spot, value, tally);
    } else if (field->kind == FIELD_KIND_TEXT) {
        memset(value, 'x', field->size);
        value[field->size] = '\0';
        refuses(spot, value, tally);
    }
    if (!describe_empty_allowed(field)) refuses(spot, "[]", tally);
}

static void try_types(const Spot *spot, Tally *tally) {
    const Field *field = spot->field;
    bool object = field->kind == FIELD_KIND_CHOICE || field->kind == FIELD_KIND_GROUP;
    bool text = field->kind == FIELD_KIND_TEXT || field->kind == FIELD_KIND_COLUMN ||
                field->kind == FIELD_KIND_NUMBER_OR_TEXT;
    if (!field->nullable) refuses_item(spot, "null", tally);
    refuses_item(spot, object ? "7" : "{}", tally);
    refuses_item(spot, "[[]]", tally);
    if (field->kind != FIELD_KIND_BOOL) refuses_item(spot, field->kind == FIELD_KIND_NAME ? "8" : "true", tally);
    if (!text) refuses_item(spot, "\"no such value\"", tally);
    if (field->kind == FIELD_KIND_BOOL || field->kind == FIELD_KIND_TEXT) refuses_item(spot, "1", tally);
}

static void try_spot(const Spot *spot, void *context) {
    Tally *tally = context;
    tally->spots++;
    try_types(spot, tally);
    try_length(spot, tally);
    if (is_number(spot->field)) try_ends(spot, tally);
    if (spot->field->kind == FIELD_KIND_CHOICE) try_rows(spot, tally);
}

static void what_is_outside_is_refused(void **state) {
    (void)state;
    Tally tally = {0};
    each_spot(try_spot, &tally);
    print_message("# %d keys, rows' parameters included; %d values\n", tally.spots, tally.values);
    assert_true(tally.spots > 200);
}

static void unknown_keys_are_refused(void **state) {
    (void)state;
    Tally tally = {0};
    static const char *const groups[] = {"",     "data.",         "model.",           "train.",
                                         "log.", "train.warmup.", "train.early_stop."};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        Spot spot = {.key = "an unknown key"};
        snprintf(spot.path, SPOT_BYTES, "%sno_such_key", groups[i]);
        if (strcmp(groups[i], "train.warmup.") == 0) snprintf(spot.row, SPOT_BYTES, "train.warmup={\"epochs\": 1}");
        refuses(&spot, "1", &tally);
    }
}

static int write_base(void **state) {
    (void)state;
    enter_directory();
    write_text("base.json",
               "{\"data\": {\"file\": \"data.csv\", \"validation\": 0.25}, \"model\": {\"hidden\": [3]}}");
    return 0;
}

static int remove_base(void **state) {
    (void)state;
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_outside_is_refused),
        cmocka_unit_test(unknown_keys_are_refused),
    };
    return cmocka_run_group_tests_name("ranges", tests, write_base, remove_base);
}
