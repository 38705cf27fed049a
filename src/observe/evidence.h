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

/* ---- what the logs show --------------------------------------------------------------------------------- */

enum { EVIDENCE_FEWEST_EPOCHS = 3 }; /* before that a trend is no trend */

bool evidence_at_chance(const Evidence *e);        /* the last epochs' losses, and the accuracy */
bool evidence_ends_above_start(const Evidence *e); /* train_loss */
bool evidence_loss_rises(const Evidence *e);       /* train_loss ends well above its start or its best */
size_t evidence_rises(const Evidence *e);          /* epochs in which train_loss rose */
bool evidence_validation_rose(const Evidence *e, size_t best);
/* delta_rms of layer 1 against the output layer's; *block says in which measurement. */
bool evidence_vanishes(const Evidence *e, size_t *block);
bool evidence_explodes(const Evidence *e, size_t *block);
int evidence_dead_layer(const Evidence *e); /* the first hidden layer that ends without a living unit; 0: none */
bool evidence_mostly_dead(const Evidence *e, size_t block, int layer); /* over half of its units */
double evidence_saturated_limit(const Evidence *e, size_t block, int layer);
int evidence_most_saturated(const Evidence *e, size_t block); /* the hidden layer furthest over it; 0: none */
bool evidence_starts_equal(const Evidence *e, int layer);     /* all weights */

/* ---- what is chosen already ---------------------------------------------------------------------------- */

bool evidence_bounded(const Evidence *e, int layer);             /* the layer's activation is */
const char *evidence_fitting_init(const Evidence *e, int layer); /* what keeps the spread of its activations */
bool evidence_init_fits(const Evidence *e, int layer);
bool evidence_prepares(const Evidence *e, const char *name); /* preprocess has that row */
bool evidence_standardized(const Evidence *e);               /* by preprocess, or as the data are */
bool evidence_starts_low(const Evidence *e, int layer);      /* most of its z lie below 0 at epoch 0 */
double evidence_chance(const Evidence *e); /* loss of always answering with the classes' shares; nan: no classes */

#endif
