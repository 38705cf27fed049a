/* writer: rows → files of a run directory. Knows the columns' names and how numbers are printed; flushes as
 * it is told, can cut a file back to where a checkpoint saw it. */
#ifndef NNEXP_OBSERVE_WRITER_H
#define NNEXP_OBSERVE_WRITER_H

#include "base/error.h"
#include "observe/histogram.h"
#include "observe/probe.h"

#include <stdint.h>

/* One row of epochs.csv. `accuracy` is the rmse in regression. */
typedef struct EpochRow {
    int64_t epoch, step;
    double lr, train_loss, train_accuracy, val_loss, val_accuracy, grad_norm, grad_norm_max, weight_norm,
        update_ratio;
} EpochRow;

typedef struct TimingRow {
    int64_t epoch;
    double train_s, eval_s, stats_s, write_s;
} TimingRow;

/* One row of steps.csv: an update; row 0 is of the weights before the first, its numbers nan. */
typedef struct StepRow {
    int64_t step, epoch;
    double lr, loss, grad_norm, update_ratio;
} StepRow;

typedef enum LogFile { LOG_EPOCHS, LOG_LAYERS, LOG_HISTOGRAMS, LOG_TIMING, LOG_STEPS, LOG_FILES } LogFile;
extern const char *const log_file_name[LOG_FILES];
extern const int log_epoch_column[LOG_FILES]; /* from 0: where a row says which epoch it is of */

/* Which logs there are, and what their columns are called. */
typedef struct LogPlan {
    bool classification, histograms, steps;
    const TextPool *path; /* names of the weights in steps.csv; NULL: none */
} LogPlan;

/* The open logs of a run. */
typedef struct Writer {
    char directory[FIELD_TEXT_BYTES];
    FILE *file[LOG_FILES]; /* NULL for a log that is not asked for */
    char *buffer;          /* the streams' buffers, one block; freed by writer_close */
} Writer;

/* Whether each log of the directory has at least keep[f] bytes; an error names those that have not. */
bool writer_reaches(const char *directory, const LogPlan *plan, const int64_t *keep /* [LOG_FILES] */, Error *err);

/* Creates the logs with their headers; or, with `keep`, opens them, cuts each to keep[f] bytes (a shorter
 * file is an error) and goes on behind. */
bool writer_open(Writer *writer, const char *directory, const LogPlan *plan,
                 const int64_t *keep /* [LOG_FILES], or NULL */, Error *err);
bool writer_epoch(Writer *writer, const EpochRow *row, Error *err);
bool writer_layer(Writer *writer, int64_t epoch, const LayerProbe *probe, Error *err);
/* The five histograms z, a, delta, w, dw of a layer. */
bool writer_histograms(Writer *writer, int64_t epoch, const LayerProbe *probe, int bins, Error *err);
/* An update, and the weights after it: value[values], in the order of the plan's path. */
bool writer_step(Writer *writer, const StepRow *row, const real *value, int values, Error *err);
bool writer_timing(Writer *writer, const TimingRow *row, Error *err);
/* Hands all rows to the system; with `sync` to the disk. */
bool writer_flush(Writer *writer, bool sync, Error *err);
/* How many bytes each log has (0: not written), for a checkpoint (flushed first by the caller). */
void writer_sizes(const Writer *writer, int64_t *size /* [LOG_FILES] */);
/* Closes what is open; an error of closing is reported. A zeroed Writer has nothing open. */
bool writer_close(Writer *writer, Error *err);

#endif
