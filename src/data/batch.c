/* batch: see batch.h. */
#include "data/batch.h"

#include "base/random.h"

#include <assert.h>
#include <string.h>

void batch_order(uint64_t seed, uint32_t epoch, bool shuffle, size_t rows, uint32_t *order) {
    for (size_t i = 0; i < rows; i++) order[i] = (uint32_t)i;
    if (!shuffle) return;
    Stream stream = random_stream(seed, PURPOSE_ORDER, epoch, 0);
    random_shuffle(&stream, rows, order);
}

static inline void fill_target(const View *view, int out, size_t row, real *target) {
    if (!view->label) {
        for (int j = 0; j < out; j++) target[j] = view->target[row * (size_t)out + (size_t)j];
    } else if (out == 1) {
        *target = (real)view->label[row];
    } else {
        memset(target, 0, (size_t)out * sizeof *target);
        target[view->label[row]] = 1;
    }
}

void batch_gather(const View *view, int features, int out, const uint32_t *index, size_t n, real *x, real *target,
                  real *weight) {
    const size_t width = (size_t)features;
    for (size_t i = 0; i < n; i++) {
        size_t row = index[i];
        assert(row < view->rows);
        if (x) memcpy(x + i * width, view->x + row * width, width * sizeof *x);
        fill_target(view, out, row, target + i * (size_t)out);
        if (view->weight) weight[i] = view->weight[row];
    }
}

void batch_targets(const View *view, int out, size_t first, size_t n, real *target) {
    assert(first + n <= view->rows);
    for (size_t i = 0; i < n; i++) fill_target(view, out, first + i, target + i * (size_t)out);
}

/* target = share · target + (1 - share) · that of `row`. */
static void mix_target(const View *view, int out, size_t row, real share, real *target) {
    for (int j = 0; j < out; j++) target[j] *= share;
    if (!view->label)
        for (int j = 0; j < out; j++) target[j] += (1 - share) * view->target[row * (size_t)out + (size_t)j];
    else if (out == 1) *target += (1 - share) * (real)view->label[row];
    else target[view->label[row]] += 1 - share;
}

void batch_mix(const View *view, int out, const AugmentMix *mix, size_t n, real *target, real *weight) {
    for (size_t i = 0; i < n; i++) {
        const real share = mix[i].share;
        if (share == 1) continue;
        mix_target(view, out, mix[i].partner, share, target + i * (size_t)out);
        if (view->weight) weight[i] = share * weight[i] + (1 - share) * view->weight[mix[i].partner];
    }
}
