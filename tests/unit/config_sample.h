/* config_sample: a struct with every kind of field, for the tests of config/. The families and fields are the
 * tests' own, so that no real family's change changes their texts. */
#ifndef NNEXP_TESTS_CONFIG_SAMPLE_H
#define NNEXP_TESTS_CONFIG_SAMPLE_H

#include "config/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

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
static const Field gelu_fields[] = {FIELD_NAME(Gelu, form, .names = forms, .def = 1, .help = "which formula"),
                                    FIELD_INT(Gelu, terms, .def = 3, .min = 1, .max = 9, .help = "of the series"),
                                    {0}};

typedef struct Steps {
    int64_t at[4];
    int at_count;
} Steps;
static const Field steps_fields[] = {
    FIELD_INTS(Steps, at, .required = true, .least = 1, .min = 1, .max = 1e9, .unit = "epochs", .help = "when"), {0}};

static const struct {
    Variant head;
} shape_rows[] = {
    {{"relu", "max(0, z)", NO_PARAMS}},
    {{"leaky_relu", "z, or slope * z", PARAMS(Leaky, leaky_fields)}},
    {{"gelu", "z | Phi(z)", PARAMS(Gelu, gelu_fields)}},
    {{"steps", "needs its parameter", PARAMS(Steps, steps_fields)}},
};
static const Family shapes = FAMILY("shape", "what bends", shape_rows);

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

static inline Json *parse(const char *text) {
    Error err = {0};
    Json *json = json_parse(text, strlen(text), &err);
    if (!json) fail_msg("%s: %s", text, err.text);
    return json;
}

static inline bool read_all(const char *text, All *all, Error *err) {
    Json *json = parse(text);
    memset(all, 0xAA, sizeof *all); /* whatever is not set shows */
    bool ok = config_read(json, all_fields, "", all, err);
    json_free(json);
    return ok;
}

#endif
