/* draws: see draws.h. */
#include "search/draws.h"

#include "base/hash.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ATTEMPTS = 100 };

/* The draws made so far, found by their bytes: open addressing, at most half full. */
typedef struct Seen {
    uint32_t *slot; /* [mask + 1]: a run and one; 0: free */
    uint64_t mask;
} Seen;

static bool is_continuum(const Axis *axis) { return axis->count == 0 && !axis->whole; }

double draws_possible(const SweepPlan *plan) {
    double possible = 1;
    for (int i = 0; i < plan->drawn; i++) {
        const Axis *axis = &plan->axis[i];
        if (is_continuum(axis)) return INFINITY;
        possible *= axis->count > 0 ? axis->count : axis->high - axis->low + 1;
    }
    return possible;
}

static uint64_t draw_seed(const SweepPlan *plan) {
    const Json *seed = json_get(plan->base, "seed");
    return seed && json_type(seed) == JSON_NUMBER && json_number(seed) >= 0 ? (uint64_t)json_number(seed) : 1;
}

static double *draw_of(const SweepPlan *plan, int64_t run) { return plan->draw + run * plan->drawn; }

/* Whether the run's draw is new; then it is remembered. */
static bool is_new(const SweepPlan *plan, Seen *seen, int64_t run) {
    size_t size = (size_t)plan->drawn * sizeof *plan->draw;
    /* Knuth's multiplicative hashing: small numbers as doubles differ in their high bits alone. */
    uint64_t at = hash_bytes(HASH_START, draw_of(plan, run), size) * 0x9E3779B97F4A7C15u >> 32 & seen->mask;
    for (; seen->slot[at]; at = (at + 1) & seen->mask)
        if (memcmp(draw_of(plan, seen->slot[at] - 1), draw_of(plan, run), size) == 0) return false;
    seen->slot[at] = (uint32_t)run + 1;
    return true;
}

/* The next combination, the last axis fastest: reached where nearly all of them are drawn already. */
static void step(const SweepPlan *plan, double *draw) {
    for (int i = plan->drawn - 1; i >= 0; i--) {
        const Axis *axis = &plan->axis[i];
        double first = axis->count > 0 ? 0 : axis->low, last = axis->count > 0 ? axis->count - 1 : axis->high;
        if (is_continuum(axis)) continue;
        if (draw[i] < last) {
            draw[i]++;
            return;
        }
        draw[i] = first;
    }
}

static void draw_run(SweepPlan *plan, Seen *seen, int64_t run) {
    double *draw = draw_of(plan, run);
    for (uint32_t attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        Stream stream = random_stream(draw_seed(plan), PURPOSE_SWEEP, attempt, (uint32_t)run);
        for (int i = 0; i < plan->drawn; i++) draw[i] = axis_draw(&plan->axis[i], &stream);
        if (is_new(plan, seen, run)) return;
    }
    if (isfinite(draws_possible(plan))) do
            step(plan, draw);
        while (!is_new(plan, seen, run));
}

bool draws_make(SweepPlan *plan, Error *err) {
    int64_t runs = plan->settings.runs;
    Seen seen = {.mask = 15};
    while (seen.mask < 2 * (uint64_t)runs) seen.mask = 2 * seen.mask + 1;
    plan->draw = calloc((size_t)runs * (size_t)plan->drawn, sizeof *plan->draw);
    seen.slot = calloc((size_t)seen.mask + 1, sizeof *seen.slot);
    bool ok = plan->draw && seen.slot;
    for (int64_t run = 0; ok && run < runs; run++) draw_run(plan, &seen, run);
    free(seen.slot);
    return ok || fail(err, "sweep.runs: %lld draws need more memory than there is", (long long)runs);
}
