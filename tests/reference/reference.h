/* reference: reads the files of reference values in this directory: blank-line separated cases of lines
 *
 *     case NAME FIELD=VALUE …          a row of the family under test with its parameters
 *     KEY NUMBER …                     whatever the case says
 *
 * Lines that begin with # are comments. A malformed file ends the test program. */
#ifndef NNEXP_TESTS_REFERENCE_H
#define NNEXP_TESTS_REFERENCE_H

#include "base/field.h"
#include "base/real.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFERENCE_KEYS = 24, REFERENCE_NUMBERS = 512 };

typedef struct ReferenceList {
    char key[32];
    int count;
    double number[REFERENCE_NUMBERS];
} ReferenceList;

typedef struct ReferenceCase {
    char title[256]; /* the line of the case */
    Choice choice;
    int lists;
    ReferenceList list[REFERENCE_KEYS];
} ReferenceCase;

static inline void reference_item(const Field *field, void *at, const char *text) {
    if (field->kind == FIELD_KIND_BOOL) *(bool *)at = strcmp(text, "true") == 0;
    if (field->kind == FIELD_KIND_INT) *(int64_t *)at = strtoll(text, NULL, 10);
    if (field->kind == FIELD_KIND_REAL) *(double *)at = strtod(text, NULL);
    if (field->kind != FIELD_KIND_NAME) return;
    int name = 0;
    while (field->names[name] && strcmp(field->names[name], text) != 0) name++;
    assert_non_null(field->names[name]);
    *(int *)at = name;
}

/* Sets the field `name` to `text`; a list is written a,b,c. */
static inline void reference_set(Choice *choice, const char *name, char *text) {
    const Field *field = choice->variant->fields;
    while (field && field->name && strcmp(field->name, name) != 0) field++;
    assert_true(field && field->name);
    char *at = (char *)choice->params.bytes + field->offset, *rest = NULL;
    if (!field->most) {
        reference_item(field, at, text);
        return;
    }
    int *count = (int *)((char *)choice->params.bytes + field->count_offset);
    for (char *item = strtok_r(text, ",", &rest); item; item = strtok_r(NULL, ",", &rest))
        reference_item(field, at + field->size * (size_t)(*count)++, item);
}

/* "NAME FIELD=VALUE …", which it cuts up. */
static inline Choice reference_choice(const Family *family, char *text) {
    char *rest = NULL;
    Choice choice = choice_of(family, strtok_r(text, " \n", &rest));
    for (char *word = strtok_r(NULL, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest)) {
        char *equals = strchr(word, '=');
        assert_non_null(equals);
        *equals = 0;
        reference_set(&choice, word, equals + 1);
    }
    return choice;
}

static inline void reference_numbers(ReferenceList *list, char *line) {
    char *rest = NULL;
    snprintf(list->key, sizeof list->key, "%s", strtok_r(line, " \n", &rest));
    list->count = 0;
    for (char *word = strtok_r(NULL, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest)) {
        assert_true(list->count < REFERENCE_NUMBERS);
        list->number[list->count++] = strtod(word, NULL);
    }
}

/* The next case of the file; false at its end. */
static inline bool reference_next(FILE *file, const Family *family, ReferenceCase *out) {
    static char line[32 * REFERENCE_NUMBERS];
    out->lists = 0;
    out->title[0] = 0;
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#') continue;
        if (line[0] == '\n' && out->title[0]) return true;
        if (line[0] == '\n') continue;
        if (strncmp(line, "case ", 5) == 0) {
            snprintf(out->title, sizeof out->title, "%.*s", (int)strcspn(line, "\n"), line);
            out->choice = reference_choice(family, line + 5);
            continue;
        }
        assert_true(out->lists < REFERENCE_KEYS);
        reference_numbers(&out->list[out->lists++], line);
    }
    return out->title[0] != 0;
}

/* The numbers of that key, or NULL. */
static inline const ReferenceList *reference_find(const ReferenceCase *it, const char *key) {
    for (int i = 0; i < it->lists; i++)
        if (strcmp(it->list[i].key, key) == 0) return &it->list[i];
    return NULL;
}

static inline const ReferenceList *reference_list(const ReferenceCase *it, const char *key) {
    const ReferenceList *list = reference_find(it, key);
    if (!list) fail_msg("%s: has no line '%s'", it->title, key);
    return list;
}

static inline double reference_number(const ReferenceCase *it, const char *key) {
    return reference_list(it, key)->number[0];
}

static inline FILE *reference_open(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("cannot read %s; run the tests from the repository's root", path);
    return file;
}

/* Fails, naming the case and entry, unless `seen` is within tolerance·max(floor, |expected|) of `expected`.
 */
static inline void reference_near(const ReferenceCase *it, const char *what, int entry, double seen, double expected,
                                  double tolerance, double floor_) {
    double allowed = tolerance * fmax(floor_, fabs(expected));
    if (!(fabs(seen - expected) <= allowed))
        fail_msg("%s: %s[%d] is %.17g, expected %.17g", it->title, what, entry, seen, expected);
}

#endif
