/* config: a struct with every kind of field is read, shown, set and documented. The families and fields are
 * the test's own, so that no real family's change changes these texts. */
#include "config/describe.h"
#include "config/path.h"
#include "config/read.h"
#include "config/show.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- families and fields ----------------------------------------------------------------------------- */

typedef struct Leaky {
    double slope;
} Leaky;
static const Field leaky_fields[] = {
    FIELD_REAL(Leaky, slope, .def = 0.01, .min = 0, .max = 1, .help = "slope for z < 0"), {0}};

typedef struct Gelu {
    int form;
    int64_t terms;
} Gelu;
static const char *const forms[] = {"exact", "tanh", NULL};
static const Field gelu_fields[] = {
    FIELD_NAME(Gelu, form, .names = forms, .def = 1, .help = "which formula"),
    FIELD_INT(Gelu, terms, .def = 3, .min = 1, .max = 9, .help = "of the series"),
    {0}};

typedef struct Steps {
    int64_t at[4];
    int at_count;
} Steps;
static const Field steps_fields[] = {FIELD_INTS(Steps, at, .required = true, .least = 1, .min = 1, .max = 1e9,
                                                .unit = "epochs", .help = "when"),
                                     {0}};

static const struct {
    Variant head;
} shape_rows[] = {
    {{"relu", "max(0, z)", NO_PARAMS}},
    {{"leaky_relu", "z, or slope * z", PARAMS(Leaky, leaky_fields)}},
    {{"gelu", "z | Phi(z)", PARAMS(Gelu, gelu_fields)}},
    {{"steps", "needs its parameter", PARAMS(Steps, steps_fields)}},
};
static const Family shapes = FAMILY("shape", "what bends", shape_rows);
static const Family *const families[] = {&shapes};

typedef struct Warm {
    bool on;
    double epochs;
} Warm;
static const Field warm_fields[] = {
    FIELD_REAL(Warm, epochs, .required = true, .above_min = true, .max = 100, .help = "how long"), {0}};

typedef struct Part {
    char file[32];
    int64_t rows, limit;
    double lr, decay, patience;
    bool fast;
    int header;
    Warm warm;
} Part;
static const char *const headers[] = {"auto", "true", "false", NULL};
static const Field part_fields[] = {
    FIELD_TEXT(Part, file, .required = true, .is_path = true, .help = "where the rows are"),
    FIELD_INT(Part, rows, .def = 32, .min = 1, .max = 1e6, .word = "all", .word_value = 0, .help = "at once"),
    FIELD_INT(Part, limit, .nullable = true, .min = 0, .max = 10, .help = "no more than these"),
    FIELD_REAL(Part, lr, .def = 0.1, .min = 0, .max = INFINITY, .above_min = true, .help = "learning rate"),
    FIELD_REAL(Part, decay, .min = 0, .max = 1, .below_max = true, .help = "share forgotten"),
    FIELD_REAL(Part, patience, .nullable = true, .def_text = "as long as it takes", .help = "any number"),
    FIELD_BOOL(Part, fast, .def = true, .help = "be quick"),
    FIELD_NAME(Part, header, .names = headers, .help = "first line"),
    FIELD_GROUP(Part, warm, Warm, .fields = warm_fields, .nullable = true, .help = "a slow start"),
    {0}};

typedef struct All {
    char about[16];
    int64_t seed;
    Part part;
    Choice shape, plain, shapes[3];
    int shapes_count;
    int64_t hidden[4];
    int hidden_count;
    double weights[3];
    int weights_count;
    ColumnName label[2];
    int label_count;
    NumberOrText share;
} All;
static const Field all_fields[] = {
    FIELD_TEXT(All, about, .help = "what this is"),
    FIELD_INT(All, seed, .def = 1, .min = 0, .max = 9007199254740991.0, .help = "of all draws"),
    FIELD_GROUP(All, part, Part, .fields = part_fields, .help = "a part"),
    FIELD_CHOICE(All, shape, .family = &shapes, .def_text = "leaky_relu", .help = "the | shape"),
    FIELD_CHOICE(All, plain, .family = &shapes, .def_text = "relu"),
    FIELD_CHOICES(All, shapes, .family = &shapes, .def_text = "gelu", .one_or_list = true, .help = "more"),
    FIELD_INTS(All, hidden, .min = 1, .max = 100, .help = "units"),
    FIELD_REALS(All, weights, .least = 2, .help = "by class"),
    FIELD_COLUMNS(All, label, .one_or_list = true, .help = "the label's columns"),
    FIELD_NUMBER_OR_TEXT(All, share, .def = 0.25, .min = 0, .max = 1, .below_max = true, .is_path = true,
                         .help = "share or file"),
    {0}};

static Json *parse(const char *text) {
    Error err = {0};
    Json *json = json_parse(text, strlen(text), &err);
    if (!json) fail_msg("%s: %s", text, err.text);
    return json;
}

static bool read(const char *text, All *all, Error *err) {
    Json *json = parse(text);
    memset(all, 0xAA, sizeof *all); /* whatever is not set shows */
    bool ok = config_read(json, all_fields, "", all, err);
    json_free(json);
    return ok;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static void test_defaults(void **state) {
    (void)state;
    All all;
    Error err = {0};
    assert_true(read("{\"part\": {\"file\": \"x\"}}", &all, &err));
    assert_string_equal(all.about, "");
    assert_int_equal(all.seed, 1);
    assert_int_equal(all.part.rows, 32);
    assert_true(all.part.limit == INT64_MIN && isnan(all.part.patience) && all.part.fast &&
                !all.part.warm.on);
    assert_string_equal(all.shape.variant->name, "leaky_relu");
    assert_true(((const Leaky *)choice_params(&all.shape))->slope == 0.01);
    assert_int_equal(all.shapes_count, 1);
    assert_string_equal(all.shapes[0].variant->name, "gelu");
    assert_true(all.hidden_count == 0 && all.label_count == 0 && all.share.number == 0.25 &&
                !all.share.is_text);
}

static void test_every_kind(void **state) {
    (void)state;
    All all;
    Error err = {0};
    assert_true(read(
        "{\"about\": \"123456789012345\", \"seed\": 9007199254740991,"
        "\"part\": {\"file\": \"f\", \"rows\": \"all\", \"limit\": 7, \"lr\": 1e300, \"decay\": 0,"
        "  \"patience\": -3.5, \"fast\": false, \"header\": false, \"warm\": {\"epochs\": 2}},"
        "\"shape\": {\"slope\": 1}, \"plain\": {}, \"shapes\": [\"relu\", {\"name\": \"steps\", \"at\": [3, "
        "9]}],"
        "\"hidden\": [1, 2, 3, 100], \"weights\": [0.5, -1], \"label\": [\"a\", -1], \"share\": \"v.csv\"}",
        &all, &err));
    assert_int_equal(err.count, 0);
    assert_true(all.seed == 9007199254740991);
    assert_true(all.part.rows == 0 && all.part.limit == 7 && all.part.lr == 1e300 &&
                all.part.patience == -3.5);
    assert_true(!all.part.fast && all.part.header == 2 && all.part.warm.on && all.part.warm.epochs == 2);
    assert_true(((const Leaky *)choice_params(&all.shape))->slope == 1);
    assert_string_equal(all.shapes[1].variant->name, "steps");
    const Steps *steps = choice_params(&all.shapes[1]);
    assert_true(steps->at_count == 2 && steps->at[1] == 9);
    assert_true(all.hidden_count == 4 && all.hidden[3] == 100 && all.weights_count == 2 &&
                all.weights[1] == -1);
    assert_true(!all.label[0].by_index && all.label[1].by_index && all.label[1].index == -1);
    assert_true(all.share.is_text);
    assert_string_equal(all.share.text, "v.csv");
}

/* Each refusal alone, around a config that is right otherwise. */
static void test_messages(void **state) {
    (void)state;
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"\"shap\": 1",                                                   "shap: unknown key; did you mean 'shape'?"                               },
        {"\"SEED\": 1",                                                   "SEED: unknown key; did you mean 'seed'?"                                },
        {"\"zzz\": 1",                                                    "zzz: unknown key; known keys: about, seed, part, shape, plain, shapes, hidden, "
                       "weights, label, share"                                                                               },
        {"\"shape\": \"rleu\"",                                           "shape: unknown shape 'rleu'; did you mean 'relu'?"                      },
        {"\"shape\": \"ReLU\"",                                           "shape: unknown shape 'ReLU'; did you mean 'relu'?"                      },
        {"\"shape\": \"x\"",                                              "shape: unknown shape 'x'; use one of relu, leaky_relu, gelu, steps"     },
        {"\"shape\": 3",                                                  "shape: expected a name or an object, got 3"                             },
        {"\"shape\": null",                                               "shape: expected a name or an object, got null"                          },
        {"\"shape\": {\"name\": \"gelo\"}",                               "shape.name: unknown shape 'gelo'; did you mean 'gelu'?"                 },
        {"\"shape\": {\"name\": 1}",                                      "shape.name: expected a text, got 1; put it in double quotes"            },
        {"\"shape\": {\"name\": \"leaky_relu\", \"slop\": 1}",
         "shape.slop: leaky_relu has no 'slop'; did you mean 'slope'?"                                                                             },
        {"\"shape\": {\"name\": \"gelu\", \"alpha\": 1}",
         "shape.alpha: gelu has no 'alpha'; its parameters: form, terms"                                                                           },
        {"\"shape\": {\"name\": \"relu\", \"slope\": 1}",
         "shape.slope: relu has no 'slope'; it takes no parameters"                                                                                },
        {"\"shape\": {\"slope\": 2}",                                     "shape.slope: 2 is out of range; use a number from 0 to 1"               },
        {"\"shape\": {\"name\": \"gelu\", \"form\": \"tan\"}",
         "shape.form: unknown value 'tan'; did you mean 'tanh'?"                                                                                   },
        {"\"shape\": {\"name\": \"gelu\", \"form\": 1}",                  "shape.form: expected a name, got 1"                                     },
        {"\"shape\": \"steps\"",                                          "shape.at: required key is missing; when: list of 1 to 4: whole number from "
                                 "1 to 1000000000 (epochs)"                                                        },
        {"\"shapes\": [\"relu\", {\"name\": \"steps\", \"at\": [1, 0]}]",
         "shapes.1.at.1: 0 is out of range; use a whole number from 1 to 1000000000"                                                               },
        {"\"shapes\": {\"name\": \"steps\", \"at\": []}",                 "shapes.at: list of 0 items; use at least 1"                             },
        {"\"shapes\": [\"relu\", \"relu\", \"relu\", \"relu\"]",          "shapes: list of 4 items; use at most 3"                                 },
        {"\"shapes\": 1",                                                 "shapes: expected a name or an object, got 1"                            },
        {"\"shapes\": null",                                              "shapes: expected a name or an object or a list of such, got null"       },
        {"\"hidden\": 64",                                                "hidden: expected a list, each a whole number, got 64"                   },
        {"\"hidden\": [64, \"64\"]",
         "hidden.1: expected a whole number, got a text (\"64\"); remove the quotes"                                                               },
        {"\"hidden\": [[64]]",                                            "hidden.0: expected a whole number, got a list"                          },
        {"\"weights\": [1]",                                              "weights: list of 1 items; use at least 2"                               },
        {"\"label\": [true]",                                             "label.0: expected a column's name or index, got true"                   },
        {"\"label\": 1.5",                                                "label: expected a whole number, got 1.5"                                },
        {"\"label\": -1e300",
         "label: -1e+300 is out of range; use one of at most 9007199254740991 either way"                                                          },
        {"\"seed\": -1",                                                  "seed: -1 is out of range; use a whole number from 0 to 9007199254740991"},
        {"\"seed\": 9007199254740993",
         "seed: 9007199254740992 is out of range; use a whole number from 0 to 9007199254740991"                                                   },
        {"\"seed\": 2.5",                                                 "seed: expected a whole number, got 2.5"                                 },
        {"\"seed\": null",                                                "seed: expected a whole number, got null"                                },
        {"\"about\": 1",                                                  "about: expected a text, got 1; put it in double quotes"                 },
        {"\"about\": \"1234567890123456\"",                               "about: text of 16 bytes; use at most 15"                                },
        {"\"share\": 1",                                                  "share: 1 is out of range; use a number from 0 to below 1"               },
        {"\"share\": []",                                                 "share: expected a number or a text, got a list"                         },
        {"\"part\": {}",                                                  "part.file: required key is missing; where the rows are: path"           },
        {"\"part\": 1",                                                   "part: expected an object, got 1"                                        },
        {"\"part\": null",                                                "part: expected an object, got null"                                     },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        All all;
        Error err = {0};
        bool has_part = strstr(cases[i].json, "\"part\"");
        snprintf(text, sizeof text, "{%s%s}", has_part ? "" : "\"part\": {\"file\": \"f\"}, ", cases[i].json);
        assert_false(read(text, &all, &err));
        assert_int_equal(err.count, 1);
        assert_string_equal(err.text, cases[i].message);
    }
}

static void test_messages_of_groups(void **state) {
    (void)state;
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"\"lr\": \"0.05\"",                        "part.lr: expected a number, got a text (\"0.05\"); remove the quotes"       },
        {"\"lr\": 0",                               "part.lr: 0 is out of range; use a number above 0"                           },
        {"\"decay\": 1",                            "part.decay: 1 is out of range; use a number from 0 to below 1"              },
        {"\"rows\": 0",                             "part.rows: 0 is out of range; use a whole number from 1 to 1000000"         },
        {"\"rows\": \"al\"",                        "part.rows: expected a whole number or \"all\", got a text (\"al\")"         },
        {"\"limit\": 11",                           "part.limit: 11 is out of range; use a whole number from 0 to 10"            },
        {"\"limit\": false",                        "part.limit: expected a whole number or null, got false"                     },
        {"\"fast\": \"true\"",                      "part.fast: expected true or false, got a text (\"true\"); remove the quotes"},
        {"\"fast\": 1",                             "part.fast: expected true or false, got 1"                                   },
        {"\"header\": \"tru\"",                     "part.header: unknown value 'tru'; did you mean 'true'?"                     },
        {"\"warm\": {}",
         "part.warm.epochs: required key is missing; how long: number above 0 to at most 100"                                    },
        {"\"warm\": true",                          "part.warm: expected an object or null, got true"                            },
        {"\"warm\": {\"epochs\": 0}",
         "part.warm.epochs: 0 is out of range; use a number above 0 to at most 100"                                              },
        {"\"warm\": {\"epochs\": 1, \"on\": true}", "part.warm.on: unknown key; known keys: epochs"                              },
        {"\"a\\nb\": 1",
         "part.a?b: unknown key; known keys: file, rows, limit, lr, decay, patience, fast, header, warm"                         },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        All all;
        Error err = {0};
        snprintf(text, sizeof text, "{\"part\": {\"file\": \"f\", %s}}", cases[i].json);
        assert_false(read(text, &all, &err));
        assert_int_equal(err.count, 1);
        assert_string_equal(err.text, cases[i].message);
    }
}

static void test_all_errors_at_once(void **state) {
    (void)state;
    All all;
    Error err = {0};
    assert_false(read("{\"seeed\": 1, \"shape\": \"rleu\", \"hidden\": [0, 1, 101]}", &all, &err));
    assert_int_equal(err.count, 5);
    assert_non_null(strstr(err.text, "seeed: unknown key; did you mean 'seed'?"));
    const char *last = err.text;
    for (int i = 0; i < 4; i++) last += strlen(last) + 1;
    assert_string_equal(last, "part.file: required key is missing; where the rows are: path");
}

static void test_places(void **state) {
    (void)state;
    All all;
    Error err = {0};
    Json *list = parse("[1]"), *bad = parse("{\"lr\": 0, \"file\": \"\"}");
    assert_false(config_read(list, all_fields, "", &all, &err));
    assert_string_equal(err.text, "expected an object, got a list");
    err = (Error){0};
    assert_false(config_read(bad, part_fields, "sweep.part", &all.part, &err));
    assert_string_equal(err.text, "sweep.part.lr: 0 is out of range; use a number above 0");
    err = (Error){0};
    assert_false(config_read(NULL, part_fields, "", &all.part, &err));
    assert_string_equal(err.text, "file: required key is missing; where the rows are: path");
    json_free(list), json_free(bad);
}

/* ---- showing ----------------------------------------------------------------------------------------- */

/* What is shown reads as the same bytes, and shows the same again. */
static void assert_round_trip(const char *text) {
    All first, second;
    Error err = {0};
    memset(&second, 0, sizeof second);
    if (!read(text, &first, &err)) fail_msg("%s: %s", text, err.text);
    Json *shown = config_show(all_fields, &first);
    char *printed = json_print(shown, true);
    if (!read(printed, &second, &err)) fail_msg("%s: %s", printed, err.text);
    Json *again = config_show(all_fields, &second);
    assert_true(json_equal(shown, again));
    for (const Field *field = all_fields; field->name; field++)
        if (field->kind != FIELD_KIND_GROUP) /* NAN keeps its bits too; a group has padding */
            assert_memory_equal((char *)&first + field->offset, (char *)&second + field->offset, field->size);
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
    assert_true(read("{\"part\": {\"file\": \"f\", \"rows\": \"all\", \"header\": true}, \"hidden\": [2, 3]}",
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

/* ---- --set ------------------------------------------------------------------------------------------- */

static void test_set(void **state) {
    (void)state;
    static const struct {
        const char *before, *assignment, *after;
    } cases[] = {
        {"{}",                                   "a=1",           "{\"a\": 1}"                               },
        {"{\"a\": 1}",                           "a=text",        "{\"a\": \"text\"}"                        },
        {"{}",                                   "a=",            "{\"a\": \"\"}"                            },
        {"{}",                                   "a=b=c",         "{\"a\": \"b=c\"}"                         },
        {"{}",                                   "a=1 2",         "{\"a\": \"1 2\"}"                         },
        {"{}",                                   "a= 1 ",         "{\"a\": 1}"                               },
        {"{}",                                   "a=\"1\"",       "{\"a\": \"1\"}"                           },
        {"{}",                                   "a=01",          "{\"a\": \"01\"}"                          },
        {"{}",                                   "a=null",        "{\"a\": null}"                            },
        {"{}",                                   "a={\"b\":[1]}", "{\"a\": {\"b\": [1]}}"                    },
        {"{}",                                   "a.b.c=true",    "{\"a\": {\"b\": {\"c\": true}}}"          },
        {"{\"a\": {\"x\": 1}}",                  "a.y=2",         "{\"a\": {\"x\": 1, \"y\": 2}}"            },
        {"{\"a\": null}",                        "a.y=2",         "{\"a\": {\"y\": 2}}"                      },
        {"{\"i\": \"he\"}",                      "i.std=0.1",     "{\"i\": {\"name\": \"he\", \"std\": 0.1}}"},
        {"{\"i\": \"he\"}",                      "i.name=lecun",  "{\"i\": {\"name\": \"lecun\"}}"           },
        {"{\"i\": [\"he\", {\"name\": \"x\"}]}", "i.0.std=1",
         "{\"i\": [{\"name\": \"he\", \"std\": 1}, {\"name\": \"x\"}]}"                                      },
        {"{\"i\": [1, 2]}",                      "i.1=3",         "{\"i\": [1, 3]}"                          },
        {"{\"i\": [1, 2]}",                      "i.2=3",         "{\"i\": [1, 2, 3]}"                       },
        {"{\"i\": []}",                          "i.0.a=3",       "{\"i\": [{\"a\": 3}]}"                    },
        {"{}",                                   "i.0=3",         "{\"i\": [3]}"                             },
        {"{\"0\": 1}",                           "0=3",           "{\"0\": 3}"                               },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Error err = {0};
        Json *json = parse(cases[i].before);
        if (!config_set(json, cases[i].assignment, &err)) fail_msg("%s: %s", cases[i].assignment, err.text);
        char *text = json_print(json, false);
        assert_string_equal(text, cases[i].after);
        free(text);
        json_free(json);
    }
}

static void test_set_messages(void **state) {
    (void)state;
    static const struct {
        const char *assignment, *message;
    } cases[] = {
        {"train.lr", "'train.lr': no '='; write KEY=VALUE as in train.lr=0.1"           },
        {"=1",       "'': empty part in the key; write KEY=VALUE as in train.lr=0.1"    },
        {"a..b=1",   "'a..b': empty part in the key; write KEY=VALUE as in train.lr=0.1"},
        {".a=1",     "'.a': empty part in the key; write KEY=VALUE as in train.lr=0.1"  },
        {"a.=1",     "'a.': empty part in the key; write KEY=VALUE as in train.lr=0.1"  },
        {"n.x=1",    "n.x: n is a number, which has no 'x'; set the whole of it"        },
        {"o.t.0=1",  "o.t.0: o.t is a text, which has no '0'; set the whole of it"      },
        {"l.x=1",    "l.x: l is a list, which has no 'x'; index it as in l.0"           },
        {"l.3=1",    "l.3: l is a list of 2, which has no 3; use at most 2"             },
        {"l.-1=1",   "l.-1: l is a list, which has no '-1'; index it as in l.0"         },
        {"l.0.x=1",  "l.0.x: l.0 is a number, which has no 'x'; set the whole of it"    },
        {"a=\xff",   "a: the value is not UTF-8; write it in UTF-8"                     },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Error err = {0};
        Json *json = parse("{\"n\": 1, \"l\": [1, 2], \"o\": {\"t\": \"x\"}}");
        assert_false(config_set(json, cases[i].assignment, &err));
        assert_int_equal(err.count, 1);
        assert_string_equal(err.text, cases[i].message);
        json_free(json);
    }
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
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_messages_of_groups),
        cmocka_unit_test(test_all_errors_at_once),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_shown),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_messages),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_family_text),
        cmocka_unit_test(test_families_text),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
