/* run: one experiment, from a resolved config and prepared data to a directory of text. */
#ifndef NNEXP_EXPERIMENT_RUN_H
#define NNEXP_EXPERIMENT_RUN_H

#include "base/pool.h"
#include "experiment/run_directory.h"
#include "experiment/settings.h"
#include "experiment/state.h"

#include <signal.h>

/* What the process ends with; see the README's table. */
typedef enum ExitStatus {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,  /* after the first update */
    EXIT_REFUSED = 2, /* before it */
    EXIT_DIVERGED = 3,
    EXIT_SIGNALLED = 128, /* + the signal's number */
} ExitStatus;

/* Set by the process's signal handler: the signal's number, and how many have come. */
typedef struct StopRequest {
    volatile sig_atomic_t signal, count;
} StopRequest;

typedef struct RunOptions {
    bool resume;             /* was asked for: told when there is nothing to resume */
    const char *config;      /* the config file, named in messages */
    bool quiet, watch;       /* watch: findings are told as they appear */
    Pool *pool;              /* may be NULL: one thread */
    const StopRequest *stop; /* may be NULL */
    bool light;              /* one of many: the best weights wait in memory for the end, and nothing is synced on the
                                way, so that a power cut (not a kill) may cost the run */
    int64_t until;     /* leave, saved, once so many epochs are done, the schedule still that of all; 0: at the end */
    RunState *outcome; /* how it ended or was left; may be NULL */
} RunOptions;

/* Runs, or goes on with, the experiment in a claimed directory. `settings` must have met `data`. Returns the exit
 * status (EXIT_DONE also for a run left at `until`); err says why when it is EXIT_FAILED or EXIT_REFUSED. A stop request ends the run after the epoch in hand
 * is saved; a second one at once. */
int run_experiment(const Settings *settings, const Dataset *data, RunDirectory *directory, const RunOptions *options,
                   Error *err);

#endif
