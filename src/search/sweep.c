/* sweep: see sweep.h. */
#include "search/sweep.h"

#include "base/clock.h"
#include "experiment/prepare.h"
#include "experiment/trainer.h"
#include "search/halving.h"
#include "search/refusals.h"
#include "search/store.h"
#include "search/twins.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TARGET_NONE = -2 };

typedef struct Work {
    Sweep *sweep;
    Store store;
    int64_t *todo; /* [count]: the cells of this round, in plan order */
    int64_t count;
    int64_t *asked;        /* [cells]: the target that a cell was last run to, TARGET_NONE before */
    pthread_mutex_t mutex; /* for `err`, the notes and the counts */
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
    if (sweep->mark && sweep->mark[cell] == MARK_FAILED && !cell_complete(&outcome)) outcome.status = CELL_FAILED;
    return outcome;
}

bool sweep_targets(Sweep *sweep, Error *err) {
    if (!sweep->target) sweep->target = calloc((size_t)sweep->plan->cells, sizeof *sweep->target);
    if (!sweep->target) return fail(err, "memory is out");
    return halving_targets(sweep->plan, sweep->identity, sweep->directory, sweep->target, err);
}

static bool has_come_to(const Sweep *sweep, int64_t cell, int64_t epoch) {
    char path[PATH_BYTES];
    CellOutcome outcome;
    Error ignored = {0};
    return sweep_cell_path(sweep, cell, path, &ignored) && outcome_at(path, epoch, &outcome);
}

/* Whether the cell has not come as far as it is to come now. */
static bool is_due(const Sweep *sweep, int64_t cell) {
    if (sweep->chosen && !sweep->chosen[cell]) return false;
    CellOutcome outcome = sweep_outcome(sweep, cell);
    int64_t target = sweep->target[cell];
    if (cell_complete(&outcome) || target == TARGET_HALVED) return false;
    return target == TARGET_END || outcome.status != CELL_UNFINISHED || !has_come_to(sweep, cell, target);
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
    bool ok = document && settings_read_keys(document, sweep->plan->config, settings, err);
    json_free(document);
    return ok;
}

/* Whether a network of these settings can be built. */
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

/* Which of the cells to do build the same network: where the first of them can, all can. */
static int64_t *find_alike(const Work *work) {
    uint64_t *size = calloc((size_t)work->count + 1, sizeof *size);
    for (int64_t i = 0; size && i < work->count; i++) size[i] = work->sweep->identity[work->todo[i]].size;
    int64_t *alike = size ? find_twins(size, work->count) : NULL;
    free(size);
    return alike;
}

static bool check_cell(Work *work, int64_t cell, bool tried, Settings *settings, Error *err) {
    const Sweep *sweep = work->sweep;
    if (!read_cell(sweep, cell, settings, err)) return false;
    const Dataset *data = store_add(&work->store, sweep->identity[cell].data, settings, sweep->pool, err);
    return data && (tried || try_network(settings, data, err));
}

/* One after another: what each tries to allocate is all the memory it needs. */
static bool check_cells(Work *work, Error *err) {
    Settings *settings = malloc(sizeof *settings);
    Refusals *refusals = calloc(1, sizeof *refusals);
    int64_t *alike = find_alike(work);
    bool *fits = calloc((size_t)work->count + 1, sizeof *fits);
    bool ok = (settings && refusals && alike && fits) || fail(err, "memory is out");
    for (int64_t i = 0; ok && i < work->count; i++) {
        Error inner = {0};
        fits[i] = check_cell(work, work->todo[i], alike[i] < i && fits[alike[i]], settings, &inner);
        if (!fits[i]) refusals_add(refusals, work->todo[i], &inner);
    }
    ok = ok && refusals_tell(refusals, work->sweep->plan, err);
    free(fits);
    free(alike);
    free(refusals);
    free(settings);
    return ok;
}

/* ---- one cell ----------------------------------------------------------------------------------------------- */

/* Writes why a cell failed into its directory, where that can be; `err` says it in any case. */
static void write_failure(const char *directory, const Error *failure) {
    char path[PATH_BYTES], *text = NULL;
    size_t size;
    Error ignored = {0};
    FILE *out = path_join(path, directory, RUN_ERROR_FILE, &ignored) ? open_memstream(&text, &size) : NULL;
    if (!out) return;
    error_print(failure, out);
    if (fclose(out) == 0) file_write_parts(path, &(FilePart){text, size}, 1, false, &ignored);
    free(text);
}

/* Runs, or goes on with, the cell in its claimed directory. */
static int run_once(const Work *work, int64_t cell, const Settings *settings, RunDirectory *directory,
                    RunState *state, Error *err) {
    const Sweep *sweep = work->sweep;
    RunOptions options = {.config = sweep->plan->config,
                          .quiet = true,
                          .stop = sweep->stop,
                          .light = true,
                          .until = sweep->target[cell] > 0 ? sweep->target[cell] : 0,
                          .outcome = state};
    return run_experiment(settings, store_get(&work->store, sweep->identity[cell].data), directory, &options, err);
}

/* What is wrong, without what to do about it of a run of one's own: that is --force, and here it is done. */
static void drop_remedies(Error *messages) {
    Error kept = {0};
    for (char *at = messages->text; at < messages->text + messages->length;) {
        char *next = at + strlen(at) + 1, *remedy = NULL;
        for (char *part = at; (part = strstr(part, "; ")); part++) remedy = part;
        if (remedy && strstr(remedy, "--force")) *remedy = '\0';
        fail(&kept, "%s", at);
        at = next;
    }
    *messages = kept;
}

/* Why a cell was begun anew, for the end of the sweep. */
static void note(Work *work, int64_t cell, Error *why) {
    drop_remedies(why);
    error_prefix(why, "begun anew: ");
    place_error(work->sweep->plan, cell, why);
    pthread_mutex_lock(&work->mutex);
    error_move(&work->sweep->notes, why);
    pthread_mutex_unlock(&work->mutex);
}

/* Goes on with what lies in the claimed directory, or starts anew where none of it could be loaded (the epoch is then
 * -1 still). The summary of a cell that is due is none. */
static CellMark run_claimed(Work *work, int64_t cell, const Settings *settings, RunDirectory *directory,
                            RunState *state, Error *err) {
    Error inner = {0};
    const char *damaged = outcome_damaged(directory->path);
    if (!run_directory_remove(directory, RUN_SUMMARY, err)) return MARK_FAILED;
    if (damaged) {
        fail(&inner, "%s/%s: is cut short", directory->path, damaged);
        note(work, cell, &inner);
        directory->has_run = false;
    }
    int status = run_once(work, cell, settings, directory, state, &inner);
    if (status == EXIT_REFUSED && directory->has_run && state->epoch < 0) {
        note(work, cell, &inner);
        directory->has_run = false;
        status = run_once(work, cell, settings, directory, state, &inner);
    }
    error_move(err, &inner);
    if (status == EXIT_DONE || status == EXIT_DIVERGED) return MARK_RUN;
    return status >= EXIT_SIGNALLED ? MARK_STOPPED : MARK_FAILED;
}

/* A cell that was due may have been run by another process while it waited here for its turn. */
static CellMark run_in(Work *work, int64_t cell, const Settings *settings, const char *path, RunState *state,
                       Error *err) {
    RunDirectory directory;
    bool claimed = run_directory_claim(&directory, path, CLAIM_CELL, err);
    if (!claimed && directory.busy) return MARK_LOCKED;
    CellMark mark = MARK_FAILED;
    if (claimed)
        mark = is_due(work->sweep, cell) ? run_claimed(work, cell, settings, &directory, state, err) : MARK_NONE;
    if (mark == MARK_FAILED) write_failure(path, err);
    if (claimed) run_directory_release(&directory);
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

static bool stopped(const Sweep *sweep) { return sweep->stop && sweep->stop->count > 0; }

static void tell_end(Work *work, int64_t cell, CellMark mark, double seconds) {
    const Sweep *sweep = work->sweep;
    CellOutcome outcome = sweep_outcome(sweep, cell);
    CellEnd end = {cell, sweep->target[cell], mark == MARK_LOCKED ? NULL : &outcome, mark == MARK_NONE, seconds};
    if (mark == MARK_FAILED) outcome.status = CELL_FAILED; /* also where error.txt could not be written */
    sweep_progress_cell(sweep->progress, sweep->plan, &end);
    if (mark == MARK_RUN && cell_complete(&outcome)) store_done(&work->store, sweep->identity[cell].data);
}

static void cell_job(void *context, int i) {
    Work *work = context;
    Sweep *sweep = work->sweep;
    int64_t cell = work->todo[i];
    RunState state = run_state_start();
    Error *err = calloc(1, sizeof *err);
    double started = clock_seconds();
    CellMark mark = stopped(sweep) ? MARK_STOPPED : err ? run_cell(work, cell, &state, err) : MARK_FAILED;
    pthread_mutex_lock(&work->mutex);
    sweep->mark[cell] = mark;
    sweep->failed += mark == MARK_FAILED;
    work->asked[cell] = sweep->target[cell];
    if (err) error_move(work->err, err);
    if (mark != MARK_STOPPED) tell_end(work, cell, mark, clock_seconds() - started);
    pthread_mutex_unlock(&work->mutex);
    free(err);
}

/* ---- all of them -------------------------------------------------------------------------------------------- */

/* Whether a cell that is due may be run (again) here: not one that failed or was run to that very target, and one that
 * another process had only when that has let go of it, killed perhaps. */
static bool may_run(const Work *work, int64_t cell) {
    char path[PATH_BYTES];
    Error ignored = {0};
    switch (work->sweep->mark[cell]) {
    case MARK_NONE:
    case MARK_RUN: return work->asked[cell] != work->sweep->target[cell];
    case MARK_LOCKED: return sweep_cell_path(work->sweep, cell, path, &ignored) && !directory_is_locked(path);
    default: return false;
    }
}

/* The chosen cells that are not complete, due now or in a later round: todo[count]. */
static void find_open(Work *work) {
    const Sweep *sweep = work->sweep;
    work->count = 0;
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) {
        if (sweep->chosen && !sweep->chosen[cell]) continue;
        CellOutcome outcome = sweep_outcome(sweep, cell);
        if (!cell_complete(&outcome)) work->todo[work->count++] = cell;
    }
}

/* The chosen cells that are due: todo[count]. */
static void find_todo(Work *work) {
    work->count = 0;
    for (int64_t cell = 0; cell < work->sweep->plan->cells; cell++)
        if (is_due(work->sweep, cell) && may_run(work, cell)) work->todo[work->count++] = cell;
}

static int64_t count_asked(const Sweep *sweep) {
    int64_t asked = 0;
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) asked += !sweep->chosen || sweep->chosen[cell];
    return asked;
}

/* Rounds: with halving each ends at a rung, without it there is one. */
static bool run_rounds(Work *work, Error *err) {
    Sweep *sweep = work->sweep;
    while (work->count > 0 && !stopped(sweep)) {
        sweep_progress_round(sweep->progress, sweep->plan, work->todo, work->count, sweep->target);
        pool_run(sweep->pool, cell_job, work, (int)work->count);
        if (!sweep_targets(sweep, err)) return false;
        find_todo(work);
    }
    return true;
}

static int sweep_work(Work *work, Error *err) {
    Sweep *sweep = work->sweep;
    find_open(work);
    if (!check_cells(work, err) || (sweep->begin && !sweep->begin(sweep, err))) return EXIT_REFUSED;
    find_todo(work);
    sweep_progress_start(sweep->progress, count_asked(sweep), work->count);
    bool ok = run_rounds(work, err);
    sweep_progress_end(sweep->progress);
    if (ok && stopped(sweep)) return EXIT_SIGNALLED + (int)sweep->stop->signal;
    return ok && sweep->failed == 0 ? EXIT_DONE : EXIT_FAILED;
}

int sweep_run(Sweep *sweep, Error *err) {
    size_t cells = (size_t)sweep->plan->cells;
    Work work = {.sweep = sweep,
                 .err = err,
                 .todo = calloc(cells, sizeof *work.todo),
                 .asked = malloc(cells * sizeof *work.asked)};
    int status = EXIT_REFUSED;
    for (size_t cell = 0; work.asked && cell < cells; cell++) work.asked[cell] = TARGET_NONE;
    sweep->mark = calloc(cells, sizeof *sweep->mark);
    store_start(&work.store);
    pthread_mutex_init(&work.mutex, NULL);
    if (!work.todo || !work.asked || !sweep->mark) fail(err, "%zu cells need more memory than there is", cells);
    else if (sweep_targets(sweep, err)) status = sweep_work(&work, err);
    pthread_mutex_destroy(&work.mutex);
    store_free(&work.store);
    free(work.todo);
    free(work.asked);
    return status;
}

void sweep_free(Sweep *sweep) {
    free(sweep->mark);
    free(sweep->target);
}
