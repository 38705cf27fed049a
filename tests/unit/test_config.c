/* config: documents are read into a struct with every kind of field, or refused in exact words; --set edits
 * them. */
#include "config/path.h"
#include "config_sample.h"

#include <stdlib.h>

/* ---- reading ----------------------------------------------------------------------------------------- */

static void test_defaults(void **state) {
    (void)state;
    All all;
    Error err = {0};
    assert_true(read_all("{\"part\": {\"file\": \"x\"}}", &all, &err));
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
    assert_true(read_all(
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

static bool all_zero(const void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (((const char *)bytes)[i]) return false;
    return true;
}

/* Nothing of a default is left behind what replaces it: equal values have equal bytes. */
static void test_bytes_follow_values(void **state) {
    (void)state;
    typedef struct Note {
        char text[16];
    } Note;
    static const Field note_fields[] = {FIELD_TEXT(Note, text, .def_text = "a long default"), {0}};
    Note note;
    All all;
    Error err = {0};
    Json *json = parse("{\"text\": \"b\"}");
    assert_true(config_read(json, note_fields, "", &note, &err));
    assert_true(note.text[0] == 'b' && all_zero(note.text + 1, sizeof note.text - 1));
    assert_true(read_all("{\"part\": {\"file\": \"f\"}, \"shapes\": [], \"share\": \"v\"}", &all, &err));
    assert_true(all_zero(all.shapes, sizeof all.shapes) && all.share.number == 0);
    json_free(json);
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
        {"\"label\": -1e300",                                             "label: -1e+300 is too large; whole numbers end at 9007199254740991"     },
        {"\"seed\": -1",                                                  "seed: -1 is out of range; use a whole number from 0 to 9007199254740991"},
        {"\"seed\": 9007199254740993",
         "seed: 9007199254740992 is too large; whole numbers end at 9007199254740991"                                                              },
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
        assert_false(read_all(text, &all, &err));
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
        assert_false(read_all(text, &all, &err));
        assert_int_equal(err.count, 1);
        assert_string_equal(err.text, cases[i].message);
    }
}

static void repeat(char *out, char c, int count) {
    memset(out, c, (size_t)count);
    out[count] = '\0';
}

static void test_long_texts(void **state) {
    (void)state;
    char word[600], text[700], wanted[200];
    All all;
    Error err = {0};
    repeat(word, 'x', 300);
    snprintf(text, sizeof text, "{\"part\": {\"file\": \"f\"}, \"shape\": \"%s\"}", word);
    assert_false(read_all(text, &all, &err));
    snprintf(wanted, sizeof wanted,
             "shape: unknown shape '%.60s...'; use one of relu, leaky_relu, gelu, steps", word);
    assert_string_equal(err.text, wanted);
    err = (Error){0};
    snprintf(text, sizeof text, "{\"part\": {\"file\": \"f\"}, \"label\": \"%s\"}", word);
    assert_false(read_all(text, &all, &err));
    assert_string_equal(err.text, "label: text of 300 bytes; use at most 255");
    err = (Error){0};
    repeat(word, 'x', 512);
    snprintf(text, sizeof text, "%s=1", word);
    Json *json = json_new_object();
    assert_false(config_set(json, text, &err));
    assert_string_equal(err.text, "key of more than 511 bytes; shorten it");
    json_free(json);
}

static void test_choice_without_default(void **state) {
    (void)state;
    typedef struct One {
        Choice shape;
    } One;
    static const Field fields[] = {FIELD_CHOICE(One, shape, .family = &shapes, .required = true), {0}};
    One one;
    Error err = {0};
    Json *json = parse("{\"shape\": {\"slope\": 1}}");
    assert_false(config_read(json, fields, "model", &one, &err));
    assert_string_equal(err.text, "model.shape.name: required key is missing; give the shape's name");
    json_free(json);
}

static void test_all_errors_at_once(void **state) {
    (void)state;
    All all;
    Error err = {0};
    assert_false(read_all("{\"seeed\": 1, \"shape\": \"rleu\", \"hidden\": [0, 1, 101]}", &all, &err));
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

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_bytes_follow_values),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_messages_of_groups),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_choice_without_default),
        cmocka_unit_test(test_all_errors_at_once),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
