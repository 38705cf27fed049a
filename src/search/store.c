/* store: see store.h. */
#include "search/store.h"

#include <assert.h>
#include <stdlib.h>

void store_start(Store *store) {
    *store = (Store){0};
    pthread_mutex_init(&store->mutex, NULL);
}

void store_free(Store *store) {
    for (int i = 0; i < store->count; i++) {
        if (!store->entry[i]->failed) dataset_free(&store->entry[i]->data);
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

/* Without the settings' meeting it, which is each cell's own. */
static bool build(const Settings *settings, Pool *pool, StoreEntry *entry) {
    DataRequest *request = malloc(sizeof *request);
    bool done = request || fail(&entry->failure, "memory is out");
    if (done) {
        *request = settings_data_request(settings);
        done = dataset_build(request, pool, &entry->data, &entry->failure);
    }
    free(request);
    return done;
}

static StoreEntry *add_entry(Store *store, uint64_t key) {
    StoreEntry **grown = realloc(store->entry, ((size_t)store->count + 1) * sizeof *grown);
    StoreEntry *entry = grown ? calloc(1, sizeof *entry) : NULL;
    if (grown) store->entry = grown;
    if (!entry) return NULL;
    entry->key = key;
    return store->entry[store->count++] = entry;
}

const Dataset *store_add(Store *store, uint64_t key, Settings *settings, Pool *pool, Error *err) {
    StoreEntry *entry = find(store, key);
    if (!entry) {
        if (!(entry = add_entry(store, key))) {
            fail(err, "memory is out");
            return NULL;
        }
        entry->failed = !build(settings, pool, entry);
    }
    if (entry->failed) {
        Error again = entry->failure;
        error_move(err, &again);
        return NULL;
    }
    if (!settings_meet_data(settings, &entry->data, err)) return NULL;
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
