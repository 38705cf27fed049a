/* cases: reads the committed reference values and turns "NAME PARAM=VALUE ..." into a Choice, for the tests
 * of families. Asserts that what it reads exists. */
#ifndef NNEXP_TESTS_CASES_H
#define NNEXP_TESTS_CASES_H

#include "base/field.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Opens tests/reference/NAME. */
static inline FILE *case_file(const char *name) {
    char path[4096];
    const char *tests = getenv("NNEXP_TESTS");
    snprintf(path, sizeof path, "%s/reference/%s", tests ? tests : "tests", name);
    FILE *file = fopen(path, "r");
    if (!file) perror(path);
    assert(file);
    return file;
}

static inline void case_set(Choice *choice, const char *name, const char *value) {
    const Field *field = choice->variant->fields;
    while (field && field->name && strcmp(field->name, name) != 0) field++;
    assert(field && field->name);
    void *at = choice->params.bytes + field->offset;
    if (field->kind == FIELD_KIND_REAL) *(double *)at = atof(value);
    if (field->kind == FIELD_KIND_INT) *(int64_t *)at = atol(value);
    if (field->kind == FIELD_KIND_NAME)
        for (*(int *)at = 0; strcmp(field->names[*(int *)at], value) != 0;) ++*(int *)at;
}

/* The choice that "NAME PARAM=VALUE ..." (up to a newline or a colon) describes. */
static inline Choice case_choice(const Family *family, const char *head) {
    char copy[256];
    snprintf(copy, sizeof copy, "%.*s", (int)strcspn(head, "\n:"), head);
    char *name = strtok(copy, " ");
    Choice choice = choice_of(family, name);
    for (char *word; (word = strtok(NULL, " "));) {
        char *equals = strchr(word, '=');
        assert(equals);
        *equals = '\0';
        case_set(&choice, word, equals + 1);
    }
    return choice;
}

#endif
