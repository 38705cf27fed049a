/* sweep_files: a sweep's plan and directory made by hand, for tests of what is said and decided from its files
 * alone. */
#ifndef NNEXP_TESTS_SWEEP_FILES_H
#define NNEXP_TESTS_SWEEP_FILES_H

#include "experiment/model_file.h"
#include "search/identity.h"
#include "search/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SWEEP_CELLS = 512 };

typedef struct SweepFiles {
    char directory[64];
    SweepPlan *plan;
    CellIdentity identity[SWEEP_CELLS];
} SweepFiles;

static inline void sweep_files_write(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* A plan of `config` (JSON with a sweep) in a new directory, with no cell begun. */
static inline void sweep_files_make(SweepFiles *it, const char *config) {
    char path[128];
    Error *err = calloc(1, sizeof *err);
    strcpy(it->directory, "/tmp/nnexp_sweep_XXXXXX");
    assert_non_null(mkdtemp(it->directory));
    snprintf(path, sizeof path, "%s/a.json", it->directory);
    sweep_files_write(path, config);
    it->plan = malloc(sizeof *it->plan);
    if (!plan_load(&(PlanRequest){.config = path, .yes = true}, it->plan, err)) fail_msg("%s", err->text);
    it->plan->config = "a.json";
    assert_true(it->plan->cells <= SWEEP_CELLS);
    for (int64_t cell = 0; cell < it->plan->cells; cell++) it->identity[cell].hash = (uint64_t)cell + 1;
    snprintf(path, sizeof path, "%s/cells", it->directory);
    assert_int_equal(mkdir(path, 0777), 0);
    free(err);
}

static inline void sweep_files_free(SweepFiles *it) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", it->directory);
    assert_int_equal(system(command), 0);
    plan_free(it->plan);
    free(it->plan);
}

/* A checkpoint of a run of no network that stands so after that epoch. */
static inline void sweep_files_checkpoint(const char *path, int64_t epoch, RunStatus status) {
    static const Network network;
    static const Dataset data;
    const ModelSource source = {.network = &network, .data = &data, .config = "{}"};
    RunState state = run_state_start();
    Error err = {0};
    state.epoch = epoch;
    state.status = status;
    if (!checkpoint_save(path, &source, 0, NULL, &state, 0, &err)) fail_msg("%s", err.text);
}

/* The cell has done epochs 0 … loss[count - 1]; `status` NULL: it was left there, to go on. `column`: "val_loss" or
 * "train_loss". */
static inline void sweep_files_cell(const SweepFiles *it, int64_t cell, const char *column, const double *loss,
                                    int count, const char *status) {
    char path[256], text[8192];
    int used = snprintf(text, sizeof text, "epoch,%s,val_loss,val_accuracy\n",
                        strcmp(column, "val_loss") == 0 ? "train_loss" : column);
    snprintf(path, sizeof path, "%s/cells/%016llx", it->directory, (unsigned long long)cell + 1);
    mkdir(path, 0777);
    bool validated = strcmp(column, "val_loss") == 0;
    for (int e = 0; e < count; e++)
        used += validated ? snprintf(text + used, sizeof text - (size_t)used, "%d,9,%.9g,0.5\n", e, loss[e])
                          : snprintf(text + used, sizeof text - (size_t)used, "%d,%.9g,nan,nan\n", e, loss[e]);
    snprintf(path, sizeof path, "%s/cells/%016llx/epochs.csv", it->directory, (unsigned long long)cell + 1);
    sweep_files_write(path, text);
    snprintf(path, sizeof path, "%s/cells/%016llx/summary.json", it->directory, (unsigned long long)cell + 1);
    unlink(path);
    if (!status) {
        snprintf(path, sizeof path, "%s/cells/%016llx/checkpoint.safetensors", it->directory,
                 (unsigned long long)cell + 1);
        sweep_files_checkpoint(path, count - 1, RUN_RUNNING);
        return;
    }
    snprintf(text, sizeof text, "{\"status\": \"%s\"}", status);
    sweep_files_write(path, text);
}

/* The cell failed after what it has done, which may be nothing. */
static inline void sweep_files_fail(const SweepFiles *it, int64_t cell) {
    char path[256];
    snprintf(path, sizeof path, "%s/cells/%016llx", it->directory, (unsigned long long)cell + 1);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/cells/%016llx/error.txt", it->directory, (unsigned long long)cell + 1);
    sweep_files_write(path, "nnexp: disk full\n");
}

#endif
