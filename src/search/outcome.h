/* outcome: how a cell stands, as its directory tells: a pure function of the files there. */
#ifndef NNEXP_SEARCH_OUTCOME_H
#define NNEXP_SEARCH_OUTCOME_H

#include "base/error.h"

#include <stdint.h>

typedef enum CellStatus {
    CELL_MISSING,    /* not begun */
    CELL_UNFINISHED, /* goes on when run again */
    CELL_FAILED,     /* RUN_ERROR_FILE says why; tried again when run again */
    CELL_FINISHED,
    CELL_STOPPED_EARLY,
    CELL_DIVERGED,
    CELL_HALVED, /* left by successive halving: given by it alone, never by the files */
    CELL_STATUSES
} CellStatus;
extern const char *const cell_status_name[CELL_STATUSES];

/* Figures are those of the last epoch measured; nan where there are none. */
typedef struct CellOutcome {
    CellStatus status;
    int64_t epochs, best_epoch;             /* 0, and -1, where there are none */
    double train_loss, val_loss, val_score; /* val_score: accuracy, … */
    bool rmse;                              /* … or, in regression, rmse */
} CellOutcome;

static inline bool cell_complete(const CellOutcome *outcome) { return outcome->status >= CELL_FINISHED; }

/* How the cell in a directory stands. Rows and summaries that are cut short, or are none, count as not there, and so does
 * the summary of a cell with another file that is cut short (whole.h). Something else in the directory's place is a
 * failure. */
CellOutcome outcome_read(const char *directory);

/* The figures after `epoch` epochs, of a cell that has done so many or more; one that ended before gives its last.
 * False where it has not got there yet, or was killed before that was said. */
bool outcome_at(const char *directory, int64_t epoch, CellOutcome *out);

/* The name of a file that is cut short though it was written whole, so that the cell must be begun anew; NULL: none is. */
const char *outcome_damaged(const char *directory);

#endif
