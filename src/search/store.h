/* store: prepared data, shared read-only between cells: each distinct data, preprocess and augment section is read and
 * prepared once, and freed when its last cell is done. */
#ifndef NNEXP_SEARCH_STORE_H
#define NNEXP_SEARCH_STORE_H

#include "base/pool.h"
#include "experiment/settings.h"

#include <pthread.h>

typedef struct StoreEntry {
    uint64_t key;
    int64_t users; /* cells that will still want it */
    Dataset data;
} StoreEntry;

typedef struct Store {
    pthread_mutex_t mutex; /* for `users` */
    StoreEntry **entry;    /* [count] */
    int count;
} Store;

void store_start(Store *store);
void store_free(Store *store);

/* The data of that key, prepared as `settings` say when it is not there yet, with one user more; the settings meet it.
 * NULL on failure. Not for several threads at once: the pool is used for the preparing. Pointers stay valid. */
const Dataset *store_add(Store *store, uint64_t key, Settings *settings, Pool *pool, Error *err);
/* What store_add prepared; from any thread. */
const Dataset *store_get(const Store *store, uint64_t key);
/* One user less. From any thread. */
void store_done(Store *store, uint64_t key);

#endif
