/* progress: what is seen on stderr while a run goes on: a bar with ETA, loss and learning rate on a terminal,
 * plain lines otherwise, nothing with --quiet. Holds no state that a result could depend on. */
#ifndef NNEXP_OBSERVE_PROGRESS_H
#define NNEXP_OBSERVE_PROGRESS_H

#include "observe/writer.h"

#include <stdbool.h>

typedef struct Progress {
    bool quiet, terminal;
    const char *name;       /* the run's */
    bool classification;
    int64_t epochs, steps_per_epoch, first_epoch;
    double started, drawn, lined; /* seconds */
    int width; /* columns last drawn */
} Progress;

void progress_start(Progress *progress, const char *name, bool quiet, bool classification, int64_t first_epoch,
                    int64_t epochs, int64_t steps_per_epoch);
/* Called often (each update); redraws at most ten times a second. */
void progress_step(Progress *progress, int64_t epoch, int64_t step_in_epoch, double loss, double lr);
/* A line for the epoch where stderr is no terminal (at most one a second, the first and the last always). */
void progress_epoch(Progress *progress, const EpochRow *row);
/* A line that stays, above the bar. */
void progress_say(Progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Clears the bar. */
void progress_end(Progress *progress);

#endif
