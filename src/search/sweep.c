/* sweep: see sweep.h. */
#include "search/sweep.h"

#include "base/clock.h"
#include "experiment/prepare.h"
#include "experiment/trainer.h"
#include "search/halving.h"
#include "search/store.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Work {
    Sweep *sweep;
    Store store;
    int64_t *todo; /* [count]: the cells of this round, in plan order */
    int64_t count;
    pthread_mutex_t mutex; /* for `err` and the counts */
    Error *err;            /* messages of cells that fail */
} Work;

/* ---- places ----------------------------------------------------------------------------------------------- */

bool sweep_cell_path(const Sweep *sweep, int64_t cell, char *out, Error *err) {
    char name[CELL_NAME_BYTES];
    cell_directory(&sweep->identity[cell], name);
    return path_join(out, sweep->directory, name, err);
}

CellOutcome sweep_outcome(const Sweep *sweep, int64_t cell) {
    char path[PATH_BYTES];
    Error ignored = {0};
    if (!sweep_cell_path(sweep, cell, path, &ignored)) return (CellOutcome){.status = CELL_MISSING, .best_epoch = -1};
    CellOutcome outcome = outcome_read(path);
    if (sweep->target[cell] == TARGET_HALVED && outcome.status == CELL_UNFINISHED) outcome.status = CELL_HALVED;
    return outcome;
}

bool sweep_targets(Sweep *sweep, Error *err) {
    if (!sweep->target) sweep->target = calloc((size_t)sweep->plan->cells, sizeof *sweep->target);
    if (!sweep->target) return fail(err, "memory is out");
    return halving_targets(sweep->plan, sweep->identity, sweep->directory, sweep->target, err);
}

/* Whether the cell may be run by this process, now or, with halving, in a later round. */
static bool may_run(const Sweep *sweep, int64_t cell) {
    if (sweep->chosen && !sweep->chosen[cell]) return false;
    CellOutcome outcome = sweep_outcome(sweep, cell);
    return !cell_complete(&outcome);
}

/* Whether the cell has not come as far as it is to come now. */
static bool is_due(const Sweep *sweep, int64_t cell) {
    if (sweep->chosen && !sweep->chosen[cell]) return false;
    CellOutcome outcome = sweep_outcome(sweep, cell);
    if (cell_complete(&outcome)) return false;
    return sweep->target[cell] == TARGET_END || outcome.epochs < sweep->target[cell] ||
           outcome.status != CELL_UNFINISHED;
}

/* The message's place: "CONFIG: cell 7 (train.lr=0.1): ". */
static void place_error(const SweepPlan *plan, int64_t cell, Error *err) {
    char axes[512];
    plan_describe(plan, cell, axes, sizeof axes);
    error_prefix(err, "%s: cell %lld (%s): ", plan->config, (long long)cell + 1, axes);
}

/* ---- before the first cell starts -------------------------------------------------------------------------- */

static bool read_cell(const Sweep *sweep, int64_t cell, Settings *settings, Error *err) {
    Json *document = plan_document(sweep->plan, cell, err);
    bool ok = document && settings_read(document, sweep->plan->config, settings, err);
    json_free(document);
    return ok;
}

/* Whether a network of these settings can be built; cells that differ in their seed alone stand or fall together. */
static bool try_network(const Settings *settings, const Dataset *data, Error *err) {
    Trainer *trainer = malloc(sizeof *trainer);
    bool ok = trainer && trainer_create(trainer, settings, data, NULL, err);
    if (ok) {
        ok = trainer_load_from(trainer, err);
        trainer_free(trainer);
    }
    free(trainer);
    return ok;
}

static bool check_cell(Work *work, int64_t cell, Settings *settings, Error *err) {
    const Sweep *sweep = work->sweep;
    if (!read_cell(sweep, cell, settings, err)) return false;
    const Dataset *data = store_add(&work->store, sweep->identity[cell].data, settings, sweep->pool, err);
    return data && (plan_group(sweep->plan, cell) != cell || try_network(settings, data, err));
}

static bool check_cells(Work *work, Error *err) {
    Settings *settings = malloc(sizeof *settings);
    bool ok = settings != NULL;
    for (int64_t i = 0; settings && i < work->count; i++) {
        Error inner = {0};
        if (check_cell(work, work->todo[i], settings, &inner)) continue;
        place_error(work->sweep->plan, work->todo[i], &inner);
        error_move(err, &inner);
        ok = false;
    }
    free(settings);
    return ok;
}

/* ---- one cell ----------------------------------------------------------------------------------------------- */

/* Writes why a cell failed beside what it wrote, or removes what an earlier failure left. */
static bool write_failure(const char *directory, const Error *failure, Error *err) {
    char path[PATH_BYTES];
    if (!path_join(path, directory, CELL_ERROR_FILE, err)) return false;
    if (!failure) return file_remove(path, err);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out) return fail(err, "memory is out");
    error_print(failure, out);
    bool ok = fclose(out) == 0 && file_write_parts(path, &(FilePart){text, size}, 1, false, err);
    free(text);
    return ok;
}

/* In the claimed directory: goes on with what lies there, or starts anew where that cannot be. */
static CellMark run_claimed(Work *work, int64_t cell, const Settings *settings, RunDirectory *directory,
                            RunState *state, Error *err) {
    const Sweep *sweep = work->sweep;
    RunOptions options = {.config = sweep->plan->config,
                          .quiet = true,
                          .stop = sweep->stop,
                          .light = true,
                          .until = sweep->target[cell] > 0 ? sweep->target[cell] : 0,
                          .outcome = state};
    const Dataset *data = store_get(&work->store, sweep->identity[cell].data);
    Error inner = {0};
    int status = run_experiment(settings, data, directory, &options, &inner);
    if (status == EXIT_REFUSED && directory->has_run) {
        directory->has_run = false;
        inner = (Error){0};
        status = run_experiment(settings, data, directory, &options, &inner);
    }
    error_move(err, &inner);
    if (status == EXIT_DONE || status == EXIT_DIVERGED) return MARK_RUN;
    return status >= EXIT_SIGNALLED ? MARK_STOPPED : MARK_FAILED;
}

static bool is_locked(const Error *err) { return strstr(err->text, "locked by another process") != NULL; }

static CellMark run_in(Work *work, int64_t cell, const Settings *settings, const char *path, RunState *state,
                       Error *err) {
    RunDirectory directory;
    if (!run_directory_claim(&directory, path, CLAIM_RESUME, err)) return is_locked(err) ? MARK_LOCKED : MARK_FAILED;
    CellMark mark = MARK_RUN;
    if (write_failure(path, NULL, err)) mark = run_claimed(work, cell, settings, &directory, state, err);
    else mark = MARK_FAILED;
    Error ignored = {0};
    if (mark == MARK_FAILED) write_failure(path, err, &ignored); /* `err` says it in any case */
    run_directory_release(&directory);
    return mark;
}

static CellMark run_cell(Work *work, int64_t cell, RunState *state, Error *err) {
    const Sweep *sweep = work->sweep;
    char path[PATH_BYTES];
    Settings *settings = malloc(sizeof *settings);
    Error inner = {0};
    CellMark mark = MARK_FAILED;
    if (settings && read_cell(sweep, cell, settings, &inner) &&
        settings_meet_data(settings, store_get(&work->store, sweep->identity[cell].data), &inner) &&
        sweep_cell_path(sweep, cell, path, &inner))
        mark = run_in(work, cell, settings, path, state, &inner);
    free(settings);
    if (mark == MARK_FAILED) {
        place_error(sweep->plan, cell, &inner);
        error_move(err, &inner);
    }
    return mark;
}

static void count(Sweep *sweep, CellMark mark) {
    sweep->failed += mark == MARK_FAILED;
    sweep->locked += mark == MARK_LOCKED;
    sweep->stopped += mark == MARK_STOPPED;
}

static void tell_end(const Sweep *sweep, int64_t cell, CellMark mark, double seconds) {
    CellOutcome outcome = sweep_outcome(sweep, cell);
    CellEnd end = {cell, sweep->target[cell], mark == MARK_LOCKED ? NULL : &outcome, seconds};
    if (mark == MARK_FAILED) outcome.status = CELL_FAILED; /* also where error.txt could not be written */
    sweep_progress_cell(sweep->progress, sweep->plan, &end);
}

static void cell_job(void *context, int i) {
    Work *work = context;
    Sweep *sweep = work->sweep;
    int64_t cell = work->todo[i];
    RunState state = run_state_start();
    Error *err = calloc(1, sizeof *err);
    double started = clock_seconds();
    bool stopped = sweep->stop && sweep->stop->count > 0;
    CellMark mark = stopped ? MARK_STOPPED : err ? run_cell(work, cell, &state, err) : MARK_FAILED;
    pthread_mutex_lock(&work->mutex);
    sweep->mark[cell] = mark;
    count(sweep, mark);
    if (err) error_move(work->err, err);
    if (mark != MARK_STOPPED) tell_end(sweep, cell, mark, clock_seconds() - started);
    pthread_mutex_unlock(&work->mutex);
    free(err);
}

/* ---- all of them -------------------------------------------------------------------------------------------- */

/* The cells that are wanted: todo[count]. A cell that this process could not run is not tried again. */
static void find_todo(Work *work, bool (*wanted)(const Sweep *sweep, int64_t cell)) {
    const Sweep *sweep = work->sweep;
    work->count = 0;
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++)
        if (sweep->mark[cell] <= MARK_RUN && wanted(sweep, cell)) work->todo[work->count++] = cell;
}

static int64_t count_asked(const Sweep *sweep) {
    int64_t asked = 0;
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) asked += !sweep->chosen || sweep->chosen[cell];
    return asked;
}

/* Rounds: with halving each ends at a rung, without it there is one. */
static bool run_rounds(Work *work, Error *err) {
    Sweep *sweep = work->sweep;
    while (work->count > 0 && !(sweep->stop && sweep->stop->count > 0)) {
        sweep_progress_round(sweep->progress, sweep->plan, work->todo, work->count, sweep->target);
        pool_run(sweep->pool, cell_job, work, (int)work->count);
        if (!sweep_targets(sweep, err)) return false;
        find_todo(work, is_due);
    }
    return true;
}

static int sweep_work(Work *work, Error *err) {
    Sweep *sweep = work->sweep;
    find_todo(work, may_run);
    if (!check_cells(work, err)) return EXIT_REFUSED;
    find_todo(work, is_due);
    sweep_progress_start(sweep->progress, count_asked(sweep), work->count);
    bool ok = run_rounds(work, err);
    sweep_progress_end(sweep->progress);
    if (!ok || sweep->failed > 0) return EXIT_FAILED;
    return sweep->stop && sweep->stop->count > 0 ? EXIT_SIGNALLED + (int)sweep->stop->signal : EXIT_DONE;
}

int sweep_run(Sweep *sweep, Error *err) {
    size_t cells = (size_t)sweep->plan->cells;
    Work work = {.sweep = sweep, .err = err, .todo = calloc(cells, sizeof *work.todo)};
    int status = EXIT_REFUSED;
    sweep->mark = calloc(cells, sizeof *sweep->mark);
    store_start(&work.store);
    pthread_mutex_init(&work.mutex, NULL);
    if (!work.todo || !sweep->mark) fail(err, "%zu cells need more memory than there is", cells);
    else if (sweep_targets(sweep, err)) status = sweep_work(&work, err);
    pthread_mutex_destroy(&work.mutex);
    store_free(&work.store);
    free(work.todo);
    return status;
}

void sweep_free(Sweep *sweep) {
    free(sweep->mark);
    free(sweep->target);
}
