/* texts: a set of distinct texts, numbered in order of first appearance: labels and categories of a column,
 * names of a header. Owns copies of them. */
#ifndef NNEXP_TABLE_TEXTS_H
#define NNEXP_TABLE_TEXTS_H

#include <stddef.h>
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
/* The same of text[0 … length), which holds no NUL and need not end with one. */
int32_t texts_index_of(Texts *texts, const char *text, size_t length);
/* The number of `text`, or -1. */
int32_t texts_find(const Texts *texts, const char *text);
void texts_free(Texts *texts);

#endif
