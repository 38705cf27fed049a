/* refusals: what is wrong with the cells of a plan before any of them starts: equal messages are told once, with the
 * first cell and how many more. Judges nothing itself. */
#ifndef NNEXP_SEARCH_REFUSALS_H
#define NNEXP_SEARCH_REFUSALS_H

#include "search/plan.h"

enum { REFUSALS_MOST = 256 };

typedef struct Refusal {
    uint64_t hash;
    char *message;
    int64_t first, cells; /* the first cell that has it, and how many have it */
} Refusal;

/* A zero-initialised one is empty. */
typedef struct Refusals {
    Refusal known[REFUSALS_MOST];
    int count, dropped; /* dropped: messages of which there were too many */
} Refusals;

/* Takes a cell's messages; cells come in plan order. */
void refusals_add(Refusals *refusals, int64_t cell, const Error *messages);

/* Moves them to `err`: "CONFIG: cell 3 (train.lr=0.1) and 23 more: MESSAGE"; what all of a plan's cells have, where they
 * are several, as "CONFIG: every cell: MESSAGE". Returns whether there were none; empty afterwards. */
bool refusals_tell(Refusals *refusals, const SweepPlan *plan, Error *err);

#endif
