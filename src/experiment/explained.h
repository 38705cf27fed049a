/* explained: preprocess.csv, the variances along the directions that pca and whiten steps have found. */
#ifndef NNEXP_EXPERIMENT_EXPLAINED_H
#define NNEXP_EXPERIMENT_EXPLAINED_H

#include "data/dataset.h"
#include "experiment/run_directory.h"

/* Writes it, whole or not at all, where the chain has such a step: a row a direction, kept or not. */
bool explained_write(const RunDirectory *directory, const Chain *chain, Error *err);

#endif
