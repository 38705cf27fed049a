/* lint: the family of remarks on raw data: what looks wrong, with its figures, and what to do. Each row is a pure
 * function of the census. Remarks refuse nothing, and their bounds are meant to leave healthy data alone. */
#ifndef NNEXP_DATA_LINT_H
#define NNEXP_DATA_LINT_H

#include "data/census.h"

enum { LINT_TEXT = 1024 };

/* What a review sees. Borrowed. */
typedef struct LintFacts {
    const Dataset *data; /* raw */
    const Census *census;
    const DataRequest *request; /* what preprocess does already … */
    bool class_weight;          /* … and train.class_weight */
} LintFacts;

typedef struct Lint {
    const char *name; /* the row's */
    char text[LINT_TEXT];
} Lint;

typedef struct LintRow {
    Variant head;
    /* Returns true and writes `what: figures and names; remedy` (text is empty before) when the facts show it. */
    bool (*review)(const LintFacts *facts, char text[LINT_TEXT]);
} LintRow;

extern const Family lints;

/* Reviews every row; returns how many lints were written to out (room for lints.count). */
int lints_review(const LintFacts *facts, Lint *out);

#endif
