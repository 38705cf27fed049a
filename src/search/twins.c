/* twins: see twins.h. */
#include "search/twins.h"

#include <stdlib.h>

typedef struct Placed {
    uint64_t key;
    int64_t place;
} Placed;

static int by_key(const void *a, const void *b) {
    const Placed *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

int64_t *find_twins(const uint64_t *key, int64_t count) {
    int64_t *twin = calloc((size_t)count + 1, sizeof *twin);
    Placed *sorted = calloc((size_t)count + 1, sizeof *sorted);
    for (int64_t i = 0; sorted && i < count; i++) sorted[i] = (Placed){key[i], i};
    if (sorted) qsort(sorted, (size_t)count, sizeof *sorted, by_key);
    for (int64_t i = 0, first = 0; twin && sorted && i < count; i++) {
        if (sorted[i].key != sorted[first].key) first = i;
        twin[sorted[i].place] = sorted[first].place;
    }
    if (!sorted) {
        free(twin);
        twin = NULL;
    }
    free(sorted);
    return twin;
}
