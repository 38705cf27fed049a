/* identity: what makes a cell this cell and no other: a hash of its resolved config, without what cannot change its
 * numbers (about, name, log, and paths: the bytes of the files stand for those), and of the program's version. Cells are
 * directories of that name, so whoever runs the same experiment finds it done. Reads data files, as bytes. */
#ifndef NNEXP_SEARCH_IDENTITY_H
#define NNEXP_SEARCH_IDENTITY_H

#include "base/pool.h"
#include "search/plan.h"

enum { CELL_NAME_BYTES = 32 };

typedef struct CellIdentity {
    uint64_t hash; /* names the directory */
    uint64_t data; /* equal where the cells' prepared data are: data, preprocess and augment sections */
} CellIdentity;

/* Reads and checks every cell's config and names it: out[plan->cells]. All errors are collected, each with its cell; two
 * cells that are one experiment are an error. */
bool identify_cells(const SweepPlan *plan, Pool *pool, CellIdentity *out, Error *err);

/* out[CELL_NAME_BYTES] = "cells/" and 16 hexadecimal digits. */
void cell_directory(const CellIdentity *identity, char *out);

#endif
