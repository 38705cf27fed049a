/* tell: what a run says of itself when it ends, and of its findings, on stderr. Writes no file. */
#ifndef NNEXP_EXPERIMENT_TELL_H
#define NNEXP_EXPERIMENT_TELL_H

#include "experiment/run_directory.h"
#include "experiment/trainer.h"
#include "observe/finding.h"
#include "observe/progress.h"

/* One line a finding. */
void tell_findings(Progress *progress, const Finding *found, int count);

/* How the run ended, with its figures and its directory. */
void tell_end(Progress *progress, const RunDirectory *directory, const Trainer *trainer, const RunState *state);

#endif
