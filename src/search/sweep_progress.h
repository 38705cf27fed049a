/* sweep_progress: what is seen on stderr while a sweep goes on: a line a cell as it ends, and on a terminal a bar
 * with ETA below them; nothing when quiet. Not for several threads at once: the caller holds a lock. */
#ifndef NNEXP_SEARCH_SWEEP_PROGRESS_H
#define NNEXP_SEARCH_SWEEP_PROGRESS_H

#include "search/outcome.h"
#include "search/plan.h"

typedef struct SweepProgress {
    bool quiet; /* the caller's; the rest is set here */
    bool terminal, utf8;
    int64_t cells, done;          /* of the round in hand */
    double started;               /* seconds */
    double trained, left, beyond; /* epochs: done, of the round in hand still to do, and of the rounds to come */
    double second;                /* when the second began that `drawn` counts in */
    int drawn;
    bool shown; /* a bar is on the screen */
} SweepProgress;

/* How a cell has left a round. */
typedef struct CellEnd {
    int64_t cell, target;       /* target as in halving.h */
    const CellOutcome *outcome; /* NULL: another process has it */
    bool elsewhere;             /* another process has run it while it waited here */
    double seconds;
} CellEnd;

/* Of the `asked` cells `due` are to be run; the others are complete. */
void sweep_progress_start(SweepProgress *progress, int64_t asked, int64_t due);
/* A round begins: the cells todo[count], each to target[cell]. */
void sweep_progress_round(SweepProgress *progress, const SweepPlan *plan, const int64_t *todo, int64_t count,
                          const int64_t *target);
void sweep_progress_cell(SweepProgress *progress, const SweepPlan *plan, const CellEnd *end);
/* Clears the bar. */
void sweep_progress_end(SweepProgress *progress);

/* What stands below the lines after `seconds`, in at most `columns` columns. */
enum { SWEEP_BAR_BYTES = 512 };
void sweep_progress_bar(const SweepProgress *progress, int columns, double seconds, char out[SWEEP_BAR_BYTES]);

#endif
