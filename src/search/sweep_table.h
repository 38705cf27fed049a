/* sweep_table: sweep.csv and the plan's list: a row a cell, in plan order. */
#ifndef NNEXP_SEARCH_SWEEP_TABLE_H
#define NNEXP_SEARCH_SWEEP_TABLE_H

#include "search/sweep.h"

#include <stdio.h>

/* One row a cell: cell, axes, status, epochs, best_epoch, train_loss, val_loss, val_accuracy (or val_rmse), dir. */
void sweep_table_write(const Sweep *sweep, const CellOutcome *outcome /* [cells] */, FILE *out);
/* The same without figures: what --list prints. */
void sweep_table_list(const Sweep *sweep, const CellOutcome *outcome /* [cells] */, FILE *out);

#endif
