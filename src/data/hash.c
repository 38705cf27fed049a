/* hash: see hash.h. */
#include "data/hash.h"

#include <string.h>

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

static uint64_t mix_bytes(uint64_t hash, const void *data, size_t size) {
    const unsigned char *bytes = data;
    if (!data) return hash;
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, bytes + i, size - i < sizeof word ? size - i : sizeof word);
        hash = mix(hash, word);
    }
    return hash;
}

static uint64_t mix_view(uint64_t hash, const Dataset *dataset, const View *view) {
    hash = mix(hash, view->rows);
    hash = mix_bytes(hash, view->x, view->rows * (size_t)dataset->features * sizeof *view->x);
    hash = mix_bytes(hash, view->label, view->rows * sizeof *view->label);
    hash = mix_bytes(hash, view->target, view->rows * (size_t)dataset->targets * sizeof *view->target);
    return mix_bytes(hash, view->weight, view->rows * sizeof *view->weight);
}

uint64_t dataset_hash(const Dataset *dataset) {
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a's offset basis */
    hash = mix(hash, (uint64_t)dataset->features);
    hash = mix(hash, (uint64_t)dataset->classes);
    return mix_view(mix_view(hash, dataset, &dataset->train), dataset, &dataset->validation);
}
