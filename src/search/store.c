/* store: see store.h. */
#include "search/store.h"

#include "experiment/prepare.h"

#include <assert.h>
#include <stdlib.h>

void store_start(Store *store) {
    *store = (Store){0};
    pthread_mutex_init(&store->mutex, NULL);
}

void store_free(Store *store) {
    for (int i = 0; i < store->count; i++) {
        if (store->entry[i]->users > 0) dataset_free(&store->entry[i]->data);
        free(store->entry[i]);
    }
    free(store->entry);
    pthread_mutex_destroy(&store->mutex);
}

static StoreEntry *find(const Store *store, uint64_t key) {
    for (int i = 0; i < store->count; i++)
        if (store->entry[i]->key == key) return store->entry[i];
    return NULL;
}

static StoreEntry *prepare(Store *store, uint64_t key, Settings *settings, Pool *pool, Error *err) {
    StoreEntry **grown = realloc(store->entry, ((size_t)store->count + 1) * sizeof *grown);
    StoreEntry *entry = grown ? calloc(1, sizeof *entry) : NULL;
    if (grown) store->entry = grown;
    if (!entry || !prepare_read(settings, pool, &entry->data, err) ||
        !prepare_rest(settings, NULL, pool, &entry->data, err)) {
        free(entry);
        return NULL;
    }
    entry->key = key;
    return store->entry[store->count++] = entry;
}

const Dataset *store_add(Store *store, uint64_t key, Settings *settings, Pool *pool, Error *err) {
    StoreEntry *entry = find(store, key);
    if (entry && !settings_meet_data(settings, &entry->data, err)) return NULL;
    if (!entry && !(entry = prepare(store, key, settings, pool, err))) return NULL;
    entry->users++;
    return &entry->data;
}

const Dataset *store_get(const Store *store, uint64_t key) {
    const StoreEntry *entry = find(store, key);
    assert(entry && entry->users > 0);
    return &entry->data;
}

void store_done(Store *store, uint64_t key) {
    pthread_mutex_lock(&store->mutex);
    StoreEntry *entry = find(store, key);
    if (--entry->users == 0) dataset_free(&entry->data);
    pthread_mutex_unlock(&store->mutex);
}
