/* predict_report: how well predictions meet known labels: loss, accuracy, confusion matrix, precision, recall, F1; of
 * values rmse, mae, r2. Counts row by row, prints once. */
#ifndef NNEXP_EXPERIMENT_PREDICT_REPORT_H
#define NNEXP_EXPERIMENT_PREDICT_REPORT_H

#include "base/error.h"

#include <stdint.h>
#include <stdio.h>

/* Errors of one target. */
typedef struct TargetTally {
    double squares, absolute; /* sums of error² and |error| */
    double mean, spread;      /* of the true values: running mean, sum of squared distances from it (Welford 1962) */
} TargetTally;

/* Owns what it points at. */
typedef struct Tally {
    int classes, targets; /* one of them is 0 */
    char *const *name;    /* [classes or targets], borrowed */
    int64_t rows;
    int64_t *count;      /* [classes][classes]: true, predicted */
    int64_t *none;       /* [classes]: true, without a prediction (nan) */
    TargetTally *target; /* [targets] */
    double loss, weight; /* sums over the batches: mean loss · weight, and weight, as evaluation has them */
} Tally;

bool tally_create(Tally *tally, int classes, int targets, char *const *name, Error *err);
void tally_free(Tally *tally);
/* predicted -1: none. */
void tally_class(Tally *tally, int label, int predicted);
void tally_values(Tally *tally, const double *predicted /* [targets] */, const double *truth);

/* Of class c; nan where nothing is divided by nothing. f1 = 2 tp / (2 tp + fp + fn). */
typedef struct ClassScore {
    double precision, recall, f1;
    int64_t support;
} ClassScore;
ClassScore tally_score(const Tally *tally, int c);
/* The means of the classes' scores, each over the classes where it is a number. */
ClassScore tally_macro(const Tally *tally);
double tally_accuracy(const Tally *tally);

/* Of target k; r2 nan where the true values are all the same. */
typedef struct TargetScore {
    double rmse, mae, r2;
} TargetScore;
TargetScore tally_target(const Tally *tally, int k);

/* Prints it all. `title` is the first line. */
void tally_print(const Tally *tally, const char *title, FILE *out);

#endif
