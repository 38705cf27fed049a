/* dataset_hash: FNV-1a over all that training can see: see dataset.h. */
#include "data/dataset.h"

#include <string.h>

/* FNV-1a's step on words of eight bytes, with a shift that brings the high bits back down. */
static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size) {
    const unsigned char *at = data;
    hash = mix(hash, size);
    for (; at && size > 0; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        size_t part = size < sizeof word ? size : sizeof word;
        memcpy(&word, at, part);
        hash = mix(hash, word);
        size -= part;
    }
    return hash;
}

static uint64_t hash_names(uint64_t hash, char *const *name, int count) {
    hash = mix(hash, (uint64_t)count);
    for (int i = 0; i < count; i++) hash = hash_bytes(hash, name[i], strlen(name[i]));
    return hash;
}

static uint64_t hash_view(uint64_t hash, const View *view, int features, int raw, int targets) {
    hash = hash_bytes(hash, view->x, view->rows * (size_t)features * sizeof *view->x);
    if (view->raw) hash = hash_bytes(hash, view->raw, view->rows * (size_t)raw * sizeof *view->raw);
    if (view->label) hash = hash_bytes(hash, view->label, view->rows * sizeof *view->label);
    if (view->target) hash = hash_bytes(hash, view->target, view->rows * (size_t)targets * sizeof *view->target);
    if (view->weight) hash = hash_bytes(hash, view->weight, view->rows * sizeof *view->weight);
    return hash;
}

uint64_t dataset_hash(const Dataset *dataset) {
    uint64_t hash = mix(0xcbf29ce484222325u, (uint64_t)dataset->task);
    hash = hash_names(hash, dataset->feature_name, dataset->features);
    hash = hash_names(hash, dataset->class_name, dataset->classes);
    hash = hash_names(hash, dataset->target_name, dataset->targets);
    hash = hash_view(hash, &dataset->train, dataset->features, dataset->raw_features, dataset->targets);
    hash = hash_view(hash, &dataset->validation, dataset->features, dataset->raw_features, dataset->targets);
    return hash_view(hash, &dataset->test, dataset->features, dataset->raw_features, dataset->targets);
}
