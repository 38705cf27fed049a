/* sweep_table: sweep.csv and the plan's list: a row a cell, in plan order. */
#ifndef NNEXP_SEARCH_SWEEP_TABLE_H
#define NNEXP_SEARCH_SWEEP_TABLE_H

#include "search/sweep.h"

/* One row a cell: cell, axes, status, epochs, best_epoch, train_loss, val_loss, val_accuracy (or val_rmse), dir. The sweep's
 * targets must be filled. `path` NULL: standard output. */
bool sweep_table_write(const Sweep *sweep, const CellOutcome *outcome /* [cells] */, const char *path, Error *err);
/* The same without figures, on standard output: what --list prints. */
bool sweep_table_list(const Sweep *sweep, const CellOutcome *outcome /* [cells] */, Error *err);

#endif
