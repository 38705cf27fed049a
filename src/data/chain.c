/* chain: see chain.h. */
#include "data/chain.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 512 };

int chain_out(const Chain *chain, int features) {
    return chain->steps ? chain->step[chain->steps - 1].out : features;
}

int chain_widest(const Chain *chain, int features) {
    int widest = features;
    for (int k = 0; k < chain->steps; k++)
        if (chain->step[k].out > widest) widest = chain->step[k].out;
    return widest;
}

static bool apply_step(const FittedPreprocess *step, size_t rows, real *x, real *scratch, Error *err) {
    bool in_place = preprocess_of(&step->choice)->in_place;
    if (!preprocess_apply(step, rows, x, in_place ? x : scratch, err)) return false;
    if (!in_place) memcpy(x, scratch, rows * (size_t)step->out * sizeof *x);
    return true;
}

bool chain_apply(const Chain *chain, size_t rows, real *x, real *scratch, Error *err) {
    for (int k = 0; k < chain->steps; k++)
        if (!apply_step(&chain->step[k], rows, x, scratch, err)) return error_prefix(err, "preprocess.%d: ", k);
    return true;
}

/* Steps up to the last that cannot take every number. */
static int steps_to_check(const Chain *chain) {
    int steps = chain->steps;
    while (steps > 0 && !preprocess_of(&chain->step[steps - 1].choice)->refused) steps--;
    return steps;
}

bool chain_refuses(const Chain *chain) { return steps_to_check(chain) > 0; }

bool chain_check(const Chain *chain, size_t rows, real *x, real *scratch, ChainRefusal *out, Error *err) {
    const int steps = steps_to_check(chain);
    out->step = -1;
    for (int k = 0; k < steps; k++) {
        const FittedPreprocess *step = &chain->step[k];
        size_t in = (size_t)step->in, at = preprocess_refused(step, rows, x);
        if (at < rows * in) {
            *out = (ChainRefusal){.step = k, .row = at / in, .input = (int)(at % in), .value = x[at]};
            return false;
        }
        if (k < steps - 1 && !apply_step(step, rows, x, scratch, err)) return error_prefix(err, "preprocess.%d: ", k);
    }
    return true;
}

char **chain_step_names(const FittedPreprocess *step, char *const *from) {
    const Preprocess *row = preprocess_of(&step->choice);
    char **name = calloc((size_t)step->out, sizeof *name);
    for (int j = 0; name && j < step->out; j++) {
        char text[NAME_BYTES];
        if (row->name) row->name(step, j, from, text, sizeof text);
        name[j] = strdup(row->name ? text : from[j]);
        if (name[j]) continue;
        while (j-- > 0) free(name[j]);
        free(name);
        return NULL;
    }
    return name;
}

void chain_free(Chain *chain) {
    for (int k = 0; k < chain->steps; k++) preprocess_free(&chain->step[k]);
    *chain = (Chain){0};
}
