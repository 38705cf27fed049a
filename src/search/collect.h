/* collect: what a sweep has in its directory beside the cells: sweep.json, the plan, and sweep.csv, which the last process
 * out writes. Both are written whole, under the lock of the directory, and only where their bytes change. Cells are read,
 * never written. */
#ifndef NNEXP_SEARCH_COLLECT_H
#define NNEXP_SEARCH_COLLECT_H

#include "search/sweep.h"

/* How a sweep stands. */
typedef struct Collection {
    CellOutcome *outcome; /* [cells], owned */
    int64_t with_status[CELL_STATUSES];
    int64_t elsewhere; /* cells that are not complete and that a process is at */
    bool other_plan;   /* sweep.json is another plan's */
    bool seen; /* every cell has been looked at: the rest tells how they stand, also where nothing was written */
} Collection;

/* Creates the directory and writes the plan into it, in place of another one. Refuses a directory in which a run lies, or
 * a sweep.json or sweep.csv that no sweep wrote. Cells of other plans that lie there are told in sweep->notes. */
bool collect_plan(Sweep *sweep, Error *err);

/* Looks at every cell, and writes sweep.csv: `always`, or where no other process is at a cell of the sweep or has put
 * another plan there. With `always` a directory that cannot be written is no error where nothing would change. Not called before this process has let go of its own cells: of several that end at once, whoever
 * looks last then sees that all is done. sweep_targets are filled anew. */
bool collect_end(Sweep *sweep, bool always, Collection *out, Error *err);
/* Whether a sweep lies there to be collected: cells of the plan, or a plan and nothing that its table would replace. */
bool collect_possible(const Sweep *sweep, Error *err);
/* Whether some of its cells may be run there: not where only another plan's are, whose table would be replaced by one that
 * misses nearly all. */
bool collect_fits(const Sweep *sweep, Error *err);
void collection_free(Collection *collection);

#endif
