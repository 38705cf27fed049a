/* dataset_hash: over all that training can see: see dataset.h. */
#include "base/hash.h"
#include "data/dataset.h"

static uint64_t hash_names(uint64_t hash, char *const *name, int count) {
    hash = hash_word(hash, (uint64_t)count);
    for (int i = 0; i < count; i++) hash = hash_text(hash, name[i]);
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
    uint64_t hash = hash_word(HASH_START, (uint64_t)dataset->task);
    hash = hash_names(hash, dataset->feature_name, dataset->features);
    hash = hash_names(hash, dataset->class_name, dataset->classes);
    hash = hash_names(hash, dataset->target_name, dataset->targets);
    hash = hash_view(hash, &dataset->train, dataset->features, dataset->raw_features, dataset->targets);
    hash = hash_view(hash, &dataset->validation, dataset->features, dataset->raw_features, dataset->targets);
    return hash_view(hash, &dataset->test, dataset->features, dataset->raw_features, dataset->targets);
}
