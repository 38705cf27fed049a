/* levels: the distinct values of a text column in order: the classes of a label, the categories of a feature.
 * Where all are numbers they are ordered, and told apart, by value ("1" and "1.0" are one); else by bytes. */
#ifndef NNEXP_DATA_LEVELS_H
#define NNEXP_DATA_LEVELS_H

#include "base/error.h"
#include "table/texts.h"

/* Empty when zero-initialised; owns all it points at. */
typedef struct Levels {
    int count;
    bool numeric;  /* all are finite numbers */
    bool in_order; /* by value or bytes; else in an order that was given */
    bool given;    /* by data.categories, not found in a file */
    char **name;   /* [count]; of numbers: the shortest form of the value */
    double *value; /* [count] */
} Levels;

/* The levels of the texts that are `used` (rows that were dropped leave texts behind). False: memory is out.
 */
bool levels_build(const Texts *texts, const bool *used, Levels *out);
/* The levels of these texts, in this order; equal ones are not looked for. False: memory is out. */
bool levels_list(const char *const *text, int count, Levels *out);
void levels_free(Levels *levels);
/* The level a text stands for, or -1. */
int levels_find(const Levels *levels, const char *text);

#endif
