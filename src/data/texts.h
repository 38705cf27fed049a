/* texts: a set of distinct texts, numbered in order of first appearance: labels and categories of a column,
 * names of a header. Owns copies of them. */
#ifndef NNEXP_DATA_TEXTS_H
#define NNEXP_DATA_TEXTS_H

#include <stdint.h>

/* Empty when zero-initialised. */
typedef struct Texts {
    int count, capacity;
    char **text;    /* [count] */
    uint32_t *slot; /* private: hash table */
    int slots;
} Texts;

/* The number of `text`, which is added when it is new; -1 when memory is out. */
int32_t texts_index(Texts *texts, const char *text);
void texts_free(Texts *texts);

#endif
