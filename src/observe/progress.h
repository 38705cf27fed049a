/* progress: what is seen on stderr while a run goes on: a bar with ETA, loss and learning rate on a terminal,
 * plain lines otherwise, nothing with --quiet. Holds no state that a result could depend on. Bytes that could
 * steer a terminal never reach it. */
#ifndef NNEXP_OBSERVE_PROGRESS_H
#define NNEXP_OBSERVE_PROGRESS_H

#include "observe/writer.h"

#include <stdbool.h>

enum { PROGRESS_NAME_BYTES = 64 };

typedef struct Progress {
    bool quiet, terminal, utf8;
    char name[PROGRESS_NAME_BYTES]; /* the run's, made harmless and cut */
    bool classification;
    int64_t epochs, steps_per_epoch, first_epoch; /* first_epoch: the first to be trained now, from 1 */
    double started, drawn, lined;                 /* seconds */
    int width;                                    /* columns last drawn; 0: no bar on the screen */
    bool waiting;                                 /* `latest` has not been printed */
    EpochRow latest;
} Progress;

void progress_start(Progress *progress, const char *name, bool quiet, bool classification, int64_t first_epoch,
                    int64_t epochs, int64_t steps_per_epoch);
/* Called often (each update), with the epoch being trained and the steps of it that are done; redraws at most
 * ten times a second. */
void progress_step(Progress *progress, int64_t epoch, int64_t step_in_epoch, double loss, double lr);
/* A line for the epoch where stderr is no terminal (at most one a second, the first and the last always). */
void progress_epoch(Progress *progress, const EpochRow *row);
/* A line that stays, above the bar. */
void progress_say(Progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Clears the bar; prints the last epoch's line if it was held back. */
void progress_end(Progress *progress);

/* What progress_step draws, in at most `columns` columns. */
enum { PROGRESS_BAR_BYTES = 1024 };
void progress_bar(const Progress *progress, int columns, double seconds, int64_t epoch, int64_t step_in_epoch,
                  double loss, double lr, char out[PROGRESS_BAR_BYTES]);

#endif
