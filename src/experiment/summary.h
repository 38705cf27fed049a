/* summary: summary.json, written last: status, best and final figures, findings, versions. */
#ifndef NNEXP_EXPERIMENT_SUMMARY_H
#define NNEXP_EXPERIMENT_SUMMARY_H

#include "experiment/run_directory.h"
#include "experiment/trainer.h"
#include "observe/finding.h"

/* Reviews the logs of the directory as they stand. Fills *found (room for findings.count); returns false when the logs
 * cannot be read. */
bool summary_findings(const RunDirectory *directory, const Trainer *trainer, const RunState *state, Finding *found,
                      int *count, Error *err);

/* Writes summary.json. `test`: the test file's score (nan without one). */
bool summary_write(const RunDirectory *directory, const Trainer *trainer, const RunState *state, Score test,
                   const Finding *found, int count, Error *err);

#endif
