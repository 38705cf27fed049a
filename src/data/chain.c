/* chain: see chain.h. */
#include "data/chain.h"

#include <string.h>

int chain_out(const Chain *chain, int features) {
    return chain->steps ? chain->step[chain->steps - 1].out : features;
}

int chain_widest(const Chain *chain, int features) {
    int widest = features;
    for (int k = 0; k < chain->steps; k++)
        if (chain->step[k].out > widest) widest = chain->step[k].out;
    return widest;
}

bool chain_apply(const Chain *chain, size_t rows, real *x, real *scratch, Error *err) {
    for (int k = 0; k < chain->steps; k++) {
        const FittedPreprocess *step = &chain->step[k];
        bool in_place = preprocess_of(&step->choice)->in_place;
        if (!preprocess_apply(step, rows, x, in_place ? x : scratch, err))
            return error_prefix(err, "preprocess.%d: ", k);
        if (!in_place) memcpy(x, scratch, rows * (size_t)step->out * sizeof *x);
    }
    return true;
}

void chain_free(Chain *chain) {
    for (int k = 0; k < chain->steps; k++) preprocess_free(&chain->step[k]);
    *chain = (Chain){0};
}
