/* test_families: what every row of every family must have, and that what is shown of a row reads back as the
 * same row: loops over the catalog, so that a new row or family is tested as it arrives. */
#include "config/describe.h"
#include "config/read.h"
#include "config/show.h"
#include "data/generate.h"
#include "experiment/catalog.h"
#include "experiment/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FIELDS = 64 };

/* ---- names, helps, tables ------------------------------------------------------------------------------ */

static bool is_snake_case(const char *name) {
    if (!islower((unsigned char)name[0])) return false;
    for (const char *at = name; *at; at++)
        if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && *at != '_') return false;
    return true;
}

/* A line without a full stop. */
static bool is_help(const char *help) {
    return help && *help && !isspace((unsigned char)*help) && help[strlen(help) - 1] != '.' && !strchr(help, '\n');
}

static void names_are_unique(const Family *family) {
    for (int i = 0; i < family->count; i++)
        for (int k = 0; k < i; k++)
            if (strcmp(family_row(family, i)->name, family_row(family, k)->name) == 0)
                fail_msg("%s: two rows are named %s", family->name, family_row(family, i)->name);
}

static void families_have_names_and_help(void **state) {
    (void)state;
    for (int i = 0; i < catalog_count; i++) {
        const Family *family = catalog[i];
        if (!is_snake_case(family->name)) fail_msg("family '%s': not snake_case", family->name);
        if (!is_help(family->help)) fail_msg("family %s: help '%s'", family->name, family->help);
        assert_true(family->count > 1); /* a family with one row should be a function */
        assert_ptr_equal(catalog_find(family->name), family);
        names_are_unique(family);
    }
}

static void rows_have_names_and_help(void **state) {
    (void)state;
    for (int i = 0; i < catalog_count; i++)
        for (int k = 0; k < catalog[i]->count; k++) {
            const Variant *row = family_row(catalog[i], k);
            if (!is_snake_case(row->name)) fail_msg("%s %s: not snake_case", catalog[i]->name, row->name);
            if (!is_help(row->help)) fail_msg("%s %s: help '%s'", catalog[i]->name, row->name, row->help);
            if (!row->fields != !row->params_size) fail_msg("%s: fields without parameters", row->name);
            assert_true(row->params_size <= CHOICE_BYTES);
        }
}

/* ---- fields ----------------------------------------------------------------------------------------------
 */

static bool name_in_table(const Field *field) {
    int count = 0;
    while (field->names && field->names[count]) count++;
    return field->def >= 0 && field->def < count && field->def == floor(field->def);
}

static bool default_is_allowed(const Field *field) {
    if (field->required || field->nullable || field->most) return true;
    switch (field->kind) {
    case FIELD_KIND_BOOL: return field->def == 0 || field->def == 1;
    case FIELD_KIND_NAME: return name_in_table(field);
    case FIELD_KIND_CHOICE: return field->def_text && family_find(field->family, field->def_text);
    case FIELD_KIND_INT: return field->def == floor(field->def) && describe_in_range(field, field->def);
    case FIELD_KIND_REAL:
    case FIELD_KIND_NUMBER_OR_TEXT:
        return describe_in_range(field, field->def) || (field->word && field->def == field->word_value);
    default: return true;
    }
}

static bool range_is_a_range(const Field *field) {
    double low, high;
    describe_limits(field, &low, &high);
    bool word_outside = !field->word || !describe_in_range(field, field->word_value);
    return low < high && word_outside;
}

static void check_fields(const char *place, const Field *fields, size_t size) {
    int count = 0;
    for (const Field *field = fields; field->name; field++, count++) {
        assert_true(count < MOST_FIELDS); /* else the table does not end */
        if (!is_snake_case(field->name)) fail_msg("%s.%s: not snake_case", place, field->name);
        if (!is_help(field->help)) fail_msg("%s.%s: help '%s'", place, field->name, field->help);
        if (!default_is_allowed(field)) fail_msg("%s.%s: default %g", place, field->name, field->def);
        if (!range_is_a_range(field)) fail_msg("%s.%s: its range", place, field->name);
        size_t items = field->most ? (size_t)field->most : 1;
        if (field->offset + field->size * items > size) fail_msg("%s.%s: outside its struct", place, field->name);
        for (const Field *other = fields; other != field; other++)
            if (strcmp(other->name, field->name) == 0) fail_msg("%s: two fields named %s", place, field->name);
        if (field->kind == FIELD_KIND_GROUP) check_fields(field->name, field->fields, field->size);
    }
    if (fields[count].kind != FIELD_END) fail_msg("%s: the table does not end", place);
}

static void parameters_have_help_and_a_default_in_range(void **state) {
    (void)state;
    for (int i = 0; i < catalog_count; i++)
        for (int k = 0; k < catalog[i]->count; k++) {
            const Variant *row = family_row(catalog[i], k);
            if (row->fields) check_fields(row->name, row->fields, row->params_size);
        }
    check_fields("settings", settings_fields, sizeof(Settings));
}

/* ---- read(show(x)) == x
 * ------------------------------------------------------------------------------------ */

typedef struct Holder {
    Choice choice;
} Holder;

static void fields_of(const Family *family, Field out[2]) {
    const Field fields[2] = {FIELD_CHOICE(Holder, choice, .family = family, .required = true), {0}};
    memcpy(out, fields, sizeof fields);
}

/* What is shown of it reads as the same bytes, all of them: what no field describes stays zero. */
static void assert_reads_back(const Family *family, const Holder *holder) {
    Field fields[2];
    Holder read;
    Error err = {0};
    fields_of(family, fields);
    memset(&read, 0xAA, sizeof read);
    Json *json = config_show(fields, holder);
    char *text = json_print(json, false);
    if (!config_read(json, fields, "", &read, &err)) fail_msg("%s: %s", text, err.text);
    assert_ptr_equal(read.choice.variant, holder->choice.variant);
    if (memcmp(&read.choice.params, &holder->choice.params, CHOICE_BYTES) != 0)
        fail_msg("%s %s: %s reads as another", family->name, holder->choice.variant->name, text);
    free(text);
    json_free(json);
}

/* A number in the field's range that is neither its default nor easy to print. */
static double number_inside(const Field *field) {
    double low, high;
    describe_limits(field, &low, &high);
    low = fmax(low, field->def - 1000), high = fmin(high, field->def + 1000);
    double number = low + (high - low) / 3;
    return field->kind == FIELD_KIND_INT ? floor(number) + (floor(number) < low) : number;
}

static void change_item(const Field *field, void *at) {
    switch (field->kind) {
    case FIELD_KIND_BOOL: *(bool *)at = !*(bool *)at; break;
    case FIELD_KIND_INT: *(int64_t *)at = (int64_t)number_inside(field); break;
    case FIELD_KIND_REAL: *(double *)at = number_inside(field); break;
    case FIELD_KIND_NAME: *(int *)at = field->names[(int)field->def + 1] ? (int)field->def + 1 : 0; break;
    default: /* a parameter of another kind needs its case here */
        fail_msg("%s: no other value known for a field of its kind", field->name);
    }
}

/* Lists get as many items as they hold. */
static void change(const Field *field, Choice *choice) {
    char *params = (char *)choice->params.bytes;
    int items = field->most ? field->most : 1;
    for (int i = 0; i < items; i++) change_item(field, params + field->offset + (size_t)i * field->size);
    if (field->most) *(int *)(params + field->count_offset) = items;
}

static void give_required(Choice *choice) {
    for (const Field *field = choice->variant->fields; field && field->name; field++)
        if (field->required) change(field, choice);
}

static void rows_read_as_they_are_shown(void **state) {
    (void)state;
    for (int i = 0; i < catalog_count; i++)
        for (int k = 0; k < catalog[i]->count; k++) {
            const Variant *row = family_row(catalog[i], k);
            Holder plain = {choice_of(catalog[i], row->name)}, all;
            give_required(&plain.choice);
            assert_reads_back(catalog[i], &plain);
            all = plain;
            for (const Field *field = row->fields; field && field->name; field++) {
                Holder one = plain;
                change(field, &one.choice);
                change(field, &all.choice);
                assert_reads_back(catalog[i], &one);
            }
            assert_reads_back(catalog[i], &all);
        }
}

/* The default is the default: a bare name reads as choice_of. */
static void names_alone_read_as_the_defaults(void **state) {
    (void)state;
    for (int i = 0; i < catalog_count; i++)
        for (int k = 0; k < catalog[i]->count; k++) {
            Field fields[2];
            Holder read, plain = {choice_of(catalog[i], family_row(catalog[i], k)->name)};
            Holder needs = plain;
            Error err = {0};
            give_required(&needs.choice);
            if (memcmp(&needs.choice.params, &plain.choice.params, CHOICE_BYTES) != 0) continue;
            fields_of(catalog[i], fields);
            Json *json = json_new_object();
            json_set(json, "choice", json_new_text(plain.choice.variant->name));
            assert_true(config_read(json, fields, "", &read, &err));
            assert_memory_equal(&read.choice.params, &plain.choice.params, CHOICE_BYTES);
            json_free(json);
        }
}

/* A user reads in the list what the optimizer's own lr is. */
static void optimizers_tell_their_lr(void **state) {
    (void)state;
    for (int i = 0; i < optimizers.count; i++) {
        char wanted[32];
        const Optimizer *row = (const Optimizer *)family_row(&optimizers, i);
        snprintf(wanted, sizeof wanted, "(lr %g)", row->lr);
        if (!strstr(row->head.help, wanted)) fail_msg("%s: help without %s", row->head.name, wanted);
    }
}

/* ---- generators: their parameters change the rows they make
 * -------------------------------------------------- */

static char *generated(const Choice *generator) {
    char *text = NULL;
    size_t size;
    Error err = {0};
    FILE *out = open_memstream(&text, &size);
    assert_true(generate_csv(generator, 40, 1, out, &err));
    fclose(out);
    return text;
}

static void every_parameter_of_a_generator_counts(void **state) {
    (void)state;
    for (int i = 0; i < generators.count; i++) {
        const Variant *row = family_row(&generators, i);
        Choice plain = choice_of(&generators, row->name);
        char *before = generated(&plain);
        for (const Field *field = row->fields; field && field->name; field++) {
            Choice changed = plain;
            change(field, &changed);
            char *after = generated(&changed);
            if (strcmp(before, after) == 0) fail_msg("%s: %s changes nothing", row->name, field->name);
            free(after);
        }
        free(before);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_have_names_and_help),
        cmocka_unit_test(rows_have_names_and_help),
        cmocka_unit_test(parameters_have_help_and_a_default_in_range),
        cmocka_unit_test(rows_read_as_they_are_shown),
        cmocka_unit_test(names_alone_read_as_the_defaults),
        cmocka_unit_test(optimizers_tell_their_lr),
        cmocka_unit_test(every_parameter_of_a_generator_counts),
    };
    return cmocka_run_group_tests_name("families", tests, NULL, NULL);
}
