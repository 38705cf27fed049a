/* refusals: see refusals.h. */
#include "search/refusals.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>

static void add_message(Refusals *refusals, int64_t cell, const char *message) {
    uint64_t hash = hash_text(HASH_START, message);
    for (int i = 0; i < refusals->count; i++) {
        Refusal *known = &refusals->known[i];
        if (known->hash != hash || strcmp(known->message, message) != 0) continue;
        known->cells++;
        return;
    }
    char *copy = refusals->count < REFUSALS_MOST ? strdup(message) : NULL;
    if (copy) refusals->known[refusals->count++] = (Refusal){hash, copy, cell, 1};
    else refusals->dropped++;
}

void refusals_add(Refusals *refusals, int64_t cell, const Error *messages) {
    for (const char *at = messages->text; at < messages->text + messages->length; at += strlen(at) + 1)
        add_message(refusals, cell, at);
    refusals->dropped += messages->dropped;
}

static void tell(const Refusal *refusal, const SweepPlan *plan, Error *err) {
    char axes[512], more[64] = "";
    if (refusal->cells == plan->cells && plan->cells > 1) {
        fail(err, "%s: every cell: %s", plan->config, refusal->message);
        return;
    }
    plan_describe(plan, refusal->first, axes, sizeof axes);
    if (refusal->cells > 1) snprintf(more, sizeof more, " and %lld more", (long long)refusal->cells - 1);
    fail(err, "%s: cell %lld (%s)%s: %s", plan->config, (long long)refusal->first + 1, axes, more, refusal->message);
}

bool refusals_tell(Refusals *refusals, const SweepPlan *plan, Error *err) {
    bool none = refusals->count == 0 && refusals->dropped == 0;
    for (int i = 0; i < refusals->count; i++) {
        tell(&refusals->known[i], plan, err);
        free(refusals->known[i].message);
    }
    err->dropped += refusals->dropped;
    *refusals = (Refusals){0};
    return none;
}
