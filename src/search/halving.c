/* halving: see halving.h. */
#include "search/halving.h"

bool halving_targets(const SweepPlan *plan, const CellIdentity *identity, const char *directory, int64_t *out,
                     Error *err) {
    (void)identity, (void)directory, (void)err;
    for (int64_t cell = 0; cell < plan->cells; cell++) out[cell] = TARGET_END;
    return true;
}
