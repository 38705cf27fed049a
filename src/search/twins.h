/* twins: which of many numbers (hashes, mostly) are equal. */
#ifndef NNEXP_SEARCH_TWINS_H
#define NNEXP_SEARCH_TWINS_H

#include <stdint.h>

/* twin[i] = the first place that holds key[i]: i itself where none before it does. The caller frees twin[count], NULL
 * where memory is out. */
int64_t *find_twins(const uint64_t *key, int64_t count);

#endif
