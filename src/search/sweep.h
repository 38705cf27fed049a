/* sweep: the cells of a plan, run in one process on a pool, each a single-threaded run in a directory of its own; complete
 * ones are passed over, locked ones are another process'. Which thread runs which cell never shows in a file. */
#ifndef NNEXP_SEARCH_SWEEP_H
#define NNEXP_SEARCH_SWEEP_H

#include "experiment/run.h"
#include "search/identity.h"
#include "search/outcome.h"
#include "search/sweep_progress.h"

/* How this process has left a cell. */
typedef enum CellMark {
    MARK_NONE,   /* not asked for, or complete before; or another process has run it meanwhile */
    MARK_RUN,    /* run as far as it was to be */
    MARK_FAILED, /* its message is in its RUN_ERROR_FILE, and in `err` */
    MARK_LOCKED, /* another process had it when its turn came */
    MARK_STOPPED /* a signal came first */
} CellMark;

typedef struct Sweep {
    const SweepPlan *plan;
    const CellIdentity *identity; /* [cells] */
    char directory[PATH_BYTES];
    Pool *pool;
    const StopRequest *stop;
    SweepProgress *progress;
    const bool *chosen; /* [cells]; NULL: all */
    CellMark *mark;     /* [cells] */
    int64_t *target;    /* [cells], as halving.h has them */
    int64_t failed;     /* cells marked so */
    Error notes;        /* what the user should know though the sweep goes on */
    /* called when all is checked, before the first cell starts; false refuses. May be NULL */
    bool (*begin)(struct Sweep *sweep, Error *err);
} Sweep;

/* Checks every chosen cell that is not complete against its data and a network's memory, before anything is written (all
 * errors collected, exit status EXIT_REFUSED), then runs them. Returns EXIT_DONE, EXIT_FAILED when a cell failed (err holds
 * the first messages), or EXIT_SIGNALLED + the signal's number. `sweep` has all but mark, target and counts set.
 *
 * Several processes may be at it: a cell is run under the lock of its directory, and looked at again once that is held.
 * What cannot be gone on with (damaged, or begun under another log section or data path) is begun anew; directories
 * that hold something else are left alone, and the cell fails. */
int sweep_run(Sweep *sweep, Error *err);
void sweep_free(Sweep *sweep);

/* out[PATH_BYTES] = the cell's directory. False where it is too long. */
bool sweep_cell_path(const Sweep *sweep, int64_t cell, char *out, Error *err);
/* How a cell stands, halving regarded. sweep_targets must have been called since it changed. */
CellOutcome sweep_outcome(const Sweep *sweep, int64_t cell);
/* Fills `target` anew from the files. */
bool sweep_targets(Sweep *sweep, Error *err);

#endif
