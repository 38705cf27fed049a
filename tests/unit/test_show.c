/* show: a struct with every kind of field is shown so that it reads the same, and documented. */
#include "config/describe.h"
#include "config/show.h"
#include "config_sample.h"

#include <stdlib.h>

static const Family *const families[] = {&shapes};

/* ---- showing ----------------------------------------------------------------------------------------- */

/* What is shown reads as the same bytes, and shows the same again. */
static void assert_round_trip(const char *text) {
    All first, second;
    Error err = {0};
    memset(&second, 0, sizeof second);
    if (!read_all(text, &first, &err)) fail_msg("%s: %s", text, err.text);
    Json *shown = config_show(all_fields, &first);
    char *printed = json_print(shown, true);
    if (!read_all(printed, &second, &err)) fail_msg("%s: %s", printed, err.text);
    Json *again = config_show(all_fields, &second);
    assert_true(json_equal(shown, again));
    for (const Field *field = all_fields; field->name; field++)
        if (field->kind != FIELD_KIND_GROUP) /* NAN keeps its bits too; a group has padding */
            assert_memory_equal((char *)&first + field->offset, (char *)&second + field->offset,
                                field->size * (size_t)(field->most ? field->most : 1));
    json_free(shown), json_free(again);
    free(printed);
}

static void test_round_trips(void **state) {
    (void)state;
    static const char *const members[] = {
        "\"about\": \"a\\\"\\n\xc3\xa9\"",
        "\"seed\": 9007199254740991",
        "\"shapes\": []",
        "\"shapes\": \"relu\"",
        "\"shapes\": [\"relu\"]",
        "\"shapes\": [\"relu\", {\"name\": \"gelu\", \"form\": \"exact\"}]",
        "\"hidden\": [3]",
        "\"weights\": [0.1, 0.30000000000000004, -1e-300]",
        "\"label\": \"a\"",
        "\"label\": -2",
        "\"label\": [0, \"0\"]",
        "\"share\": 0.1",
        "\"share\": \"0.1\"",
        "\"shape\": {\"name\": \"steps\", \"at\": [1, 2]}",
        "\"plain\": \"relu\"",
    };
    static const char *const parts[] = {
        "\"rows\": \"all\"",
        "\"rows\": 1",
        "\"limit\": 0",
        "\"limit\": null",
        "\"patience\": null",
        "\"patience\": -1",
        "\"header\": \"auto\"",
        "\"header\": true",
        "\"header\": false",
        "\"warm\": null",
        "\"warm\": {\"epochs\": 0.5}",
    };
    char text[512];
    for (size_t i = 0; i < COUNT(members); i++) {
        snprintf(text, sizeof text, "{\"part\": {\"file\": \"f\"}, %s}", members[i]);
        assert_round_trip(text);
    }
    for (size_t i = 0; i < COUNT(parts); i++) {
        snprintf(text, sizeof text, "{\"part\": {\"file\": \"f\", %s}}", parts[i]);
        assert_round_trip(text);
    }
}

static void test_shown(void **state) {
    (void)state;
    All all;
    Error err = {0};
    assert_true(
        read_all("{\"part\": {\"file\": \"f\", \"rows\": \"all\", \"header\": true}, \"hidden\": [2, 3]}",
                 &all, &err));
    Json *json = config_show(all_fields, &all);
    char *text = json_print(json, true);
    assert_string_equal(text, "{\n"
                              "  \"about\": \"\",\n"
                              "  \"seed\": 1,\n"
                              "  \"part\": {\n"
                              "    \"file\": \"f\",\n"
                              "    \"rows\": \"all\",\n"
                              "    \"limit\": null,\n"
                              "    \"lr\": 0.1,\n"
                              "    \"decay\": 0,\n"
                              "    \"patience\": null,\n"
                              "    \"fast\": true,\n"
                              "    \"header\": true,\n"
                              "    \"warm\": null\n"
                              "  },\n"
                              "  \"shape\": {\n"
                              "    \"name\": \"leaky_relu\",\n"
                              "    \"slope\": 0.01\n"
                              "  },\n"
                              "  \"plain\": \"relu\",\n"
                              "  \"shapes\": {\n"
                              "    \"name\": \"gelu\",\n"
                              "    \"form\": \"tanh\",\n"
                              "    \"terms\": 3\n"
                              "  },\n"
                              "  \"hidden\": [2, 3],\n"
                              "  \"weights\": [],\n"
                              "  \"label\": [],\n"
                              "  \"share\": 0.25\n"
                              "}\n");
    free(text);
    json_free(json);
}

/* ---- words ------------------------------------------------------------------------------------------- */

static void test_ranges(void **state) {
    (void)state;
    static const struct {
        Field field;
        const char *range;
        double in, out;
    } cases[] = {
        {{.min = 0, .max = 1},                                       "from 0 to 1",          1,     1.5},
        {{.min = 0, .max = 1, .below_max = true},                    "from 0 to below 1",    0,     1  },
        {{.min = 0, .max = 1, .above_min = true},                    "above 0 to at most 1", 1,     0  },
        {{.min = 0, .max = 1, .above_min = true, .below_max = true}, "above 0 to below 1",   0.5,   1  },
        {{.min = 0, .max = INFINITY, .above_min = true},             "above 0",              1e300, 0  },
        {{.above_min = true},                                        "above 0",              1e300, 0  },
        {{.min = 2, .max = INFINITY},                                "at least 2",           2,     1  },
        {{.min = -INFINITY, .max = 2},                               "at most 2",            2,     3  },
        {{.below_max = true},                                        "below 0",              -1,    0  },
        {{.min = 1e-30, .max = 1},                                   "from 1e-30 to 1",      1e-30, 0  },
    };
    char out[WORDS_BYTES];
    for (size_t i = 0; i < COUNT(cases); i++) {
        describe_range(&cases[i].field, out);
        assert_string_equal(out, cases[i].range);
        assert_true(describe_in_range(&cases[i].field, cases[i].in));
        assert_false(describe_in_range(&cases[i].field, cases[i].out));
    }
    describe_range(&(Field){0}, out);
    assert_string_equal(out, "");
    assert_true(describe_in_range(&(Field){0}, -1e300));
}

#define PRINTED(call)                                                                                        \
    char *text = NULL;                                                                                       \
    size_t size;                                                                                             \
    FILE *out = open_memstream(&text, &size);                                                                \
    call;                                                                                                    \
    fclose(out)

static void test_family_text(void **state) {
    (void)state;
    PRINTED(show_family(&shapes, out));
    assert_string_equal(
        text, "shape: what bends\n"
              "\n"
              "relu        max(0, z)\n"
              "leaky_relu  z, or slope * z\n"
              "    slope  number from 0 to 1                        default 0.01  slope for z < 0\n"
              "gelu        z | Phi(z)\n"
              "    form   exact | tanh                              default tanh  which formula\n"
              "    terms  whole number from 1 to 9                  default 3     of the series\n"
              "steps       needs its parameter\n"
              "    at     list of 1 to 4: whole number from 1 to 1000000000 (epochs)  required      when\n");
    free(text);
}

static void test_families_text(void **state) {
    (void)state;
    enum { ROWS = 40 };
    static const struct { Variant head; } rows[ROWS] = {[0 ... ROWS - 1] = {{"sevenup", "", NO_PARAMS}}};
    static const Family many = FAMILY("many things", "so many", rows);
    const Family *const both[] = {&shapes, &many};
    PRINTED(show_families(both, 2, out));
    assert_int_equal(strncmp(text,
                             "shape        what bends\n             relu, leaky_relu, gelu, steps\n"
                             "many things  so many\n             sevenup, ",
                             100),
                     0);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(strlen(line) <= 100);
        assert_true(line[strlen(line) - 1] != ' ');
    }
    free(text);
}

static void test_markdown(void **state) {
    (void)state;
    PRINTED(show_markdown(all_fields, families, 1, out));
    assert_string_equal(
        text, "### keys\n\n"
              "| key | value | default | meaning |\n|---|---|---|---|\n"
              "| `about` | text | \"\" | what this is |\n"
              "| `seed` | whole number from 0 to 9007199254740991 | 1 | of all draws |\n"
              "| `part.file` | path | required | where the rows are |\n"
              "| `part.rows` | whole number from 1 to 1000000 or \"all\" | 32 | at once |\n"
              "| `part.limit` | whole number from 0 to 10 or null | null | no more than these |\n"
              "| `part.lr` | number above 0 | 0.1 | learning rate |\n"
              "| `part.decay` | number from 0 to below 1 | 0 | share forgotten |\n"
              "| `part.patience` | number or null | as long as it takes | any number |\n"
              "| `part.fast` | true or false | true | be quick |\n"
              "| `part.header` | auto \\| true \\| false | auto | first line |\n"
              "| `part.warm` | object or null | null | a slow start |\n"
              "| `part.warm.epochs` | number above 0 to at most 100 | required | how long |\n"
              "| `shape` | shape | leaky_relu | the \\| shape |\n"
              "| `plain` | shape | relu |  |\n"
              "| `shapes` | one or a list of at most 3: shape | gelu | more |\n"
              "| `hidden` | list of at most 4: whole number from 1 to 100 | [] | units |\n"
              "| `weights` | list of 2 to 3: number | [] | by class |\n"
              "| `label` | one or a list of at most 2: column's name or index | [] | the label's columns |\n"
              "| `share` | number from 0 to below 1 or path | 0.25 | share or file |\n"
              "\n### shape\n\nwhat bends\n\n"
              "| name | parameter | value | default | meaning |\n|---|---|---|---|---|\n"
              "| `relu` | | | | max(0, z) |\n"
              "| `leaky_relu` | | | | z, or slope \\* z |\n"
              "| | `slope` | number from 0 to 1 | 0.01 | slope for z \\< 0 |\n"
              "| `gelu` | | | | z \\| Phi(z) |\n"
              "| | `form` | exact \\| tanh | tanh | which formula |\n"
              "| | `terms` | whole number from 1 to 9 | 3 | of the series |\n"
              "| `steps` | | | | needs its parameter |\n"
              "| | `at` | list of 1 to 4: whole number from 1 to 1000000000 (epochs) | required | when |\n");
    free(text);
}

static void assert_at(const Json *json, const char *path, const char *wanted) {
    char copy[256], *rest = copy;
    snprintf(copy, sizeof copy, "%s", path);
    while (json && rest) {
        const char *part = strsep(&rest, "/");
        json = json_type(json) == JSON_ARRAY ? json_at(json, atoi(part)) : json_get(json, part);
    }
    if (!json) fail_msg("nothing at %s", path);
    char *text = json_print(json, false);
    assert_string_equal(text, wanted);
    free(text);
}

static void test_schema(void **state) {
    (void)state;
    Json *schema = show_schema(all_fields, families, 1);
    assert_at(schema, "$schema", "\"https://json-schema.org/draft/2020-12/schema\"");
    assert_at(schema, "required", "[\"part\"]");
    assert_at(schema, "additionalProperties", "false");
    assert_at(schema, "properties/part/required", "[\"file\"]");
    assert_at(schema, "properties/part/additionalProperties", "false");
    assert_at(schema, "properties/part/properties/lr",
              "{\"type\": \"number\", \"exclusiveMinimum\": 0, \"description\": \"learning rate\", "
              "\"default\": 0.1}");
    assert_at(
        schema, "properties/part/properties/rows",
        "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000000}, {\"const\": \"all\"}], "
        "\"description\": \"at once\", \"default\": 32}");
    assert_at(schema, "properties/part/properties/header/enum",
              "[\"auto\", \"true\", true, \"false\", false]");
    assert_at(schema, "properties/part/properties/patience",
              "{\"anyOf\": [{\"type\": \"number\"}, {\"type\": \"null\"}], \"description\": \"any number\"}");
    assert_at(schema, "properties/plain/anyOf/0", "{\"$ref\": \"#/$defs/shape\"}");
    assert_at(schema, "properties/hidden",
              "{\"type\": \"array\", \"items\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 100}, "
              "\"maxItems\": 4, "
              "\"description\": \"units\", \"default\": []}");
    assert_at(schema, "$defs/shape/oneOf/0", "{\"enum\": [\"relu\", \"leaky_relu\", \"gelu\"]}");
    assert_at(schema, "$defs/shape/oneOf/4/properties/name", "{\"const\": \"steps\"}");
    assert_at(schema, "$defs/shape/oneOf/4/required", "[\"name\", \"at\"]");
    assert_at(schema, "$defs/shape/oneOf/4/additionalProperties", "false");
    json_free(schema);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "schema") == 0) { /* to try it in a validator */
        char *text = json_print(show_schema(all_fields, families, 1), true);
        return fputs(text, stdout) < 0;
    }
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),   cmocka_unit_test(test_shown),
        cmocka_unit_test(test_ranges),        cmocka_unit_test(test_family_text),
        cmocka_unit_test(test_families_text), cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
