/* predictor: a trained run as a function: raw rows → the chain → the network → logits → classes and probabilities, or
 * values. Built from the run directory alone; the training data need not be there. Writes nothing. */
#ifndef NNEXP_EXPERIMENT_PREDICTOR_H
#define NNEXP_EXPERIMENT_PREDICTOR_H

#include "data/encoding.h"
#include "data/image_feed.h"
#include "experiment/settings.h"
#include "nn/loss.h"

/* Rows of a pass: those of trainer_evaluate, so that products have the same shapes, and logits the same bits. */
enum { PREDICTOR_ROWS = 256 };

/* Which weights: at the best validation loss, after the last epoch, or the best where there are such. */
typedef enum ModelPick { MODEL_AUTO, MODEL_BEST, MODEL_LAST } ModelPick;

typedef struct Predictor {
    char model[FIELD_TEXT_BYTES]; /* path of the model file */
    Settings settings;            /* the run's */
    DataRequest request;          /* what the run trained on */
    Encoding encoding;
    Chain chain;
    Dataset shape; /* the run's data without a row: task, names, widths */
    char *target_name[DATA_MOST_COLUMNS];
    Network network;
    Workspace work;
    Arena arena;
    int out;                   /* logits a row */
    real *x, *scratch;         /* [PREDICTOR_ROWS][widest of the chain] */
    Augmentation augmentation; /* the run's: evaluation takes a crop's place in it */
    ImageFeed feed;            /* with augmentation */
    real *image;               /* [augment_work], with augmentation */
    real *views;               /* [views][PREDICTOR_ROWS][out], where several views of an image are averaged */
} Predictor;

/* Opens a run. Errors: no run, one that is not complete, weights that are not there or not finite. The pool may be
 * NULL and must outlive the predictor. On failure there is nothing to close. */
bool predictor_open(Predictor *predictor, const char *run, ModelPick pick, Pool *pool, Error *err);
void predictor_close(Predictor *predictor);

/* logits[rows][out] of raw[rows][raw features], rows <= PREDICTOR_ROWS; they lie in the predictor until the next
 * call. NULL when a step of the chain cannot take a value; the error has no place. */
const real *predictor_logits(Predictor *predictor, int rows, const real *raw, Error *err);

/* x[rows][features] = what the chain makes of raw rows, rows <= PREDICTOR_ROWS: the network's inputs where evaluation takes
 * one view. Fails as predictor_logits does. */
bool predictor_inputs(Predictor *predictor, int rows, const real *raw, real *x, Error *err);

/* Whether the chain can take raw[rows][raw features], rows <= PREDICTOR_ROWS; free of cost where it takes every number.
 * The error says `preprocess.STEP: column 'NAME' of WHAT N: …`, N counting from `first`; it has no place. */
bool predictor_check(Predictor *predictor, const char *what, size_t first, int rows, const real *raw, Error *err);

/* Numbers of a row: classes (probabilities, or scores of a loss without them), or targets. */
int predictor_values(const Predictor *predictor);
/* value[predictor_values] of one row's logits, in double. */
void predictor_read(const Predictor *predictor, const real *logits, double *value);
/* The class of one row's logits, as loss_count_correct counts it: the first of the largest; -1 where one is nan. */
int predictor_class(const Predictor *predictor, const real *logits);

#endif
