/* evidence: questions that reviews ask of the logs. Answers are nan (or 0) where the logs say nothing, so
 * that a comparison written for it finds nothing. */
#ifndef NNEXP_OBSERVE_EVIDENCE_H
#define NNEXP_OBSERVE_EVIDENCE_H

#include "observe/finding.h"

/* ---- epochs.csv: row 0 is the untouched network -------------------------------------------------------- */

double evidence_cell(const Evidence *e, size_t row, const char *column);
size_t evidence_trained(const Evidence *e); /* the last row: how many epochs are trained */
double evidence_last(const Evidence *e, const char *column);
int64_t evidence_epoch(const Evidence *e, size_t row); /* its number; -1: no such row */
/* The row of the smallest value; 0 when all are nan. */
size_t evidence_best(const Evidence *e, const char *column);
/* Share of the trained epochs whose value is over (or under) the limit. */
double evidence_share_over(const Evidence *e, const char *column, double limit);
double evidence_share_under(const Evidence *e, const char *column, double limit);

/* ---- layers.csv: one block of rows a measurement, one row a layer (1 … L, L is the output) ---------------
 */

int evidence_layers(const Evidence *e);    /* L; 0 when the log is empty */
size_t evidence_blocks(const Evidence *e); /* complete ones: a log that is being written may end within one */
double evidence_layer(const Evidence *e, size_t block, int layer, const char *column);
const char *evidence_activation(const Evidence *e, int layer);
int64_t evidence_block_epoch(const Evidence *e, size_t block);
/* The hidden layer with the largest value in that block; 0 when there is none. */
int evidence_worst(const Evidence *e, size_t block, const char *column);
/* The first block in which the layer's value is over the limit. */
size_t evidence_first_over(const Evidence *e, int layer, const char *column, double limit);

#endif
