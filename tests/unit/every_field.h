/* every_field: a walk over all that a config can hold: the keys of settings_fields, groups included, and at
 * each key that names a row the parameters of every row of its family. */
#ifndef NNEXP_TESTS_EVERY_FIELD_H
#define NNEXP_TESTS_EVERY_FIELD_H

#include "experiment/settings.h"

#include <stdio.h>
#include <string.h>

enum { SPOT_BYTES = 256 };

/* One value of a config. */
typedef struct Spot {
    char path[SPOT_BYTES];  /* as messages and --set have it: "train.batch", "preprocess.0.low" */
    char key[SPOT_BYTES];   /* the same for every place of a family: "train.batch", "init:uniform.low" */
    char place[SPOT_BYTES]; /* of the row, or group that may be null, which it belongs to: "preprocess.0"; or
                               "" */
    char row[SPOT_BYTES];   /* the assignment that puts that there, or "" */
    const Field *field;
} Spot;

typedef void SpotVisit(const Spot *spot, void *context);

/* Rows that need parameters: required ones, or such that a run of few epochs feels them. */
static inline const char *row_parameters(const Family *family, const char *row) {
    static const struct {
        const char *family, *row, *parameters;
    } known[] = {
        {"augment", "cutout", "\"size\": 3"},
        {"augment", "crop", "\"pad\": 1"},
        {"augment", "color_jitter", "\"hue\": 0.2"},
        {"augment", "gray", "\"p\": 0.5"},
        {"schedule", "step", "\"size\": 2"},
        {"schedule", "multistep", "\"milestones\": [2]"},
        {"schedule", "cosine_restarts", "\"first\": 2"},
        {"schedule", "cyclic", "\"up\": 3"},
        {"schedule", "plateau", "\"patience\": 0, \"threshold\": 0.9"},
        {"preprocess", "clip", "\"low\": 0.1, \"high\": 0.6"},
        {"preprocess", "log1p", "\"symmetric\": true"},
        {"preprocess", "onehot", "\"columns\": [2]"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].family, family->name) == 0 && strcmp(known[i].row, row) == 0) return known[i].parameters;
    return "";
}

/* out[SPOT_BYTES] = the row as JSON, as `field` takes it. */
static inline void row_value(const Field *field, const char *row, char *out) {
    const char *parameters = row_parameters(field->family, row);
    bool list = field->most && !field->one_or_list;
    snprintf(out, SPOT_BYTES, "%s{\"name\": \"%s\"%s%s}%s", list ? "[" : "", row, *parameters ? ", " : "", parameters,
             list ? "]" : "");
}

/* What switches on a group that may be null. */
static inline const char *group_value(const char *path) {
    if (strcmp(path, "train.warmup") == 0) return "{\"epochs\": 1}";
    if (strcmp(path, "data.image") == 0) return "{\"height\": 1, \"width\": 2, \"channels\": 2}";
    return "{}";
}

static inline void each_parameter(const Spot *at, const Variant *row, SpotVisit *visit, void *context) {
    const Field *choice = at->field;
    bool list = choice->most && !choice->one_or_list;
    char value[SPOT_BYTES];
    row_value(choice, row->name, value);
    for (const Field *field = row->fields; field && field->name; field++) {
        Spot spot = {.field = field};
        snprintf(spot.place, SPOT_BYTES, "%.100s%s", at->path, list ? ".0" : "");
        snprintf(spot.path, SPOT_BYTES, "%.100s.%s", spot.place, field->name);
        snprintf(spot.key, SPOT_BYTES, "%s:%s.%s", choice->family->name, row->name, field->name);
        snprintf(spot.row, SPOT_BYTES, "%.100s=%.150s", at->path, value);
        visit(&spot, context);
    }
}

static inline void each_spot_below(const Spot *group, SpotVisit *visit, void *context) {
    for (const Field *field = group->field->fields; field->name; field++) {
        Spot spot = *group;
        spot.field = field;
        snprintf(spot.path, SPOT_BYTES, "%.200s%s%s", group->path, *group->path ? "." : "", field->name);
        snprintf(spot.key, SPOT_BYTES, "%s", spot.path);
        if (field->kind != FIELD_KIND_GROUP || field->nullable) visit(&spot, context);
        if (field->kind == FIELD_KIND_GROUP) {
            Spot below = spot;
            if (field->nullable) {
                snprintf(below.place, SPOT_BYTES, "%s", spot.path);
                snprintf(below.row, SPOT_BYTES, "%.100s=%s", spot.path, group_value(spot.path));
            }
            each_spot_below(&below, visit, context);
        }
        for (int i = 0; field->kind == FIELD_KIND_CHOICE && i < field->family->count; i++)
            each_parameter(&spot, family_row(field->family, i), visit, context);
    }
}

/* Visits each key before what lies below it. */
static inline void each_spot(SpotVisit *visit, void *context) {
    const Field top = {.fields = settings_fields};
    each_spot_below(&(Spot){.field = &top}, visit, context);
}

#endif
