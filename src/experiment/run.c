/* run: see run.h. The epoch loop is run_epochs; what a resumed run starts from is in resume.c. */
#include "experiment/run.h"

#include "base/clock.h"
#include "experiment/model_file.h"
#include "experiment/resume.h"
#include "experiment/summary.h"
#include "experiment/tell.h"
#include "experiment/trainer.h"
#include "observe/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Run {
    const Settings *settings;
    const Dataset *data;
    RunDirectory *directory;
    const RunOptions *options;
    Trainer trainer;
    RunState state;
    Writer writer;
    Progress progress;
    ModelSource source;
    uint64_t data_hash;
    double writing;    /* seconds spent on files since the last row of timing.csv */
    Finding *found;    /* room for one of each */
    uint64_t told;     /* --watch: which findings have been told, a bit a row */
} Run;

static int stops(const Run *run) { return run->options->stop ? (int)run->options->stop->count : 0; }

/* ---- one epoch's rows ------------------------------------------------------------------------------------ */

static EpochRow epoch_row(const Run *run, const Meters *meters, Score train, Score validation) {
    double steps = (double)meters->steps, rows = (double)meters->rows;
    EpochRow row = {.epoch = run->state.epoch,
                    .step = run->state.step,
                    .lr = NAN,
                    .train_loss = train.loss,
                    .train_accuracy = train.accuracy,
                    .val_loss = validation.loss,
                    .val_accuracy = validation.accuracy,
                    .grad_norm = NAN,
                    .grad_norm_max = NAN,
                    .weight_norm = trainer_weight_norm(&run->trainer),
                    .update_ratio = NAN};
    if (run->state.epoch == 0) return row;
    bool classes = run->data->task == TASK_CLASSIFICATION;
    row.lr = meters->lr;
    row.train_loss = meters->loss / rows;
    row.train_accuracy =
        classes ? (double)meters->correct / rows : sqrt(meters->squared_error / (rows * run->trainer.out));
    row.grad_norm = meters->grad_norm / steps;
    row.grad_norm_max = meters->grad_norm_max;
    row.update_ratio = meters->update_ratio / steps;
    return row;
}

static bool write_layers(Run *run, const Meters *meters, Error *err) {
    const LogSettings *log = &run->settings->log;
    int64_t epoch = run->state.epoch;
    trainer_probe(&run->trainer, epoch == 0);
    for (int i = 0; i < run->trainer.network.layers; i++) {
        LayerProbe probe = trainer_probe_layer(&run->trainer, i);
        if (epoch > 0) probe.update_ratio = meters->layer_update_ratio[i] / (double)meters->steps;
        if (!writer_layer(&run->writer, epoch, &probe, err)) return false;
        if (log->histograms && !writer_histograms(&run->writer, epoch, &probe, (int)log->histogram_bins, err))
            return false;
    }
    return true;
}

/* ---- judging --------------------------------------------------------------------------------------------- */

static void diverge(RunState *state, DivergedBy by) {
    state->status = RUN_DIVERGED;
    state->diverged = by;
    state->diverged_epoch = state->epoch;
    state->diverged_step = state->step;
}

static bool beyond_limit(const Run *run, double loss) {
    double reference = run->state.start_loss;
    if (run->data->classes > 1) reference = fmax(reference, log(run->data->classes));
    return loss > run->settings->train.diverge_factor * reference;
}

static void watch_validation(Run *run, const EpochRow *row) {
    const TrainSettings *train = &run->settings->train;
    const Schedule *schedule = schedule_of(&train->schedule);
    RunState *state = &run->state;
    bool better = row->val_loss < state->watched_loss - train->early_stop.min_delta;
    state->since_better = better ? 0 : state->since_better + 1;
    if (better) state->watched_loss = row->val_loss;
    if (state->epoch > 0 && schedule->after_epoch)
        schedule->after_epoch(choice_params(&train->schedule), &state->schedule, row->val_loss);
}

/* What the epoch's figures mean for the run: diverged, stopped, finished, or on. */
static void judge(Run *run, const EpochRow *row) {
    const TrainSettings *train = &run->settings->train;
    RunState *state = &run->state;
    if (state->epoch == 0) state->start_loss = row->train_loss;
    watch_validation(run, row);
    state->over_limit = beyond_limit(run, row->train_loss) ? state->over_limit + 1 : 0;
    if (!state->not_finite.found && !isfinite(row->weight_norm))
        step_find_not_finite(&run->trainer.network, &state->not_finite);
    if (!state->not_finite.found && !isfinite(row->train_loss))
        state->not_finite = (NotFinite){true, 0, "loss"};
    if (state->not_finite.found) diverge(state, DIVERGED_NOT_FINITE);
    else if (state->over_limit >= 2) diverge(state, DIVERGED_LOSS);
    else if (train->early_stop.on && state->since_better >= train->early_stop.patience)
        state->status = RUN_STOPPED_EARLY;
    else if (state->epoch >= train->epochs) state->status = RUN_FINISHED;
}

/* ---- saving ---------------------------------------------------------------------------------------------- */

static bool save_model(const Run *run, RunFile file, Error *err) {
    char path[PATH_BYTES];
    run_directory_file(run->directory, file, path);
    return model_file_save(path, &run->source, err);
}

static bool save_best(Run *run, const EpochRow *row, Error *err) {
    RunState *state = &run->state;
    if (!(row->val_loss < (state->best.epoch < 0 ? INFINITY : state->best.val_loss))) return true;
    state->best = *row;
    return save_model(run, RUN_BEST, err);
}

static bool save_checkpoint(Run *run, Error *err) {
    char path[PATH_BYTES];
    if (!writer_flush(&run->writer, true, err)) return false;
    writer_sizes(&run->writer, run->state.log_size);
    if (run_directory_has(run->directory, RUN_CHECKPOINT) &&
        !run_directory_rename(run->directory, RUN_CHECKPOINT, RUN_CHECKPOINT_PREVIOUS, err))
        return false;
    run_directory_file(run->directory, RUN_CHECKPOINT, path);
    return checkpoint_save(path, &run->source, step_vectors(&run->trainer.step), run->trainer.optimizer_state,
                           &run->state, run->data_hash, err);
}

static bool checkpoint_due(const Run *run) {
    int64_t every = run->settings->log.checkpoint_every;
    return run->state.status != RUN_RUNNING || stops(run) > 0 || (every > 0 && run->state.epoch % every == 0);
}

static bool layers_due(const Run *run) {
    int64_t epoch = run->state.epoch;
    return epoch == 0 || epoch % run->settings->log.every == 0 || epoch >= run->settings->train.epochs ||
           run->state.status != RUN_RUNNING;
}

/* ---- findings as they appear ------------------------------------------------------------------------------ */

/* Tells each finding once, when the logs first show it. */
static bool watch_findings(Run *run, Error *err) {
    if (!run->options->watch) return true;
    int count;
    if (!summary_findings(run->directory, &run->trainer, &run->state, run->found, &count, err)) return false;
    for (int i = 0; i < count; i++) {
        int row = finding_index(run->found[i].name);
        if (run->told & UINT64_C(1) << row) continue;
        run->told |= UINT64_C(1) << row;
        progress_say(&run->progress, "epoch %lld:", (long long)run->state.epoch);
        tell_findings(&run->progress, &run->found[i], 1);
    }
    return true;
}

/* ---- the loop --------------------------------------------------------------------------------------------- */

static bool watch_step(void *context, int64_t step, double loss, double lr) {
    Run *run = context;
    progress_step(&run->progress, run->state.epoch + 1, step, loss, lr);
    return stops(run) < 2;
}

/* Measures the network as it stands after state.epoch, writes the rows, judges, saves. */
static bool end_epoch(Run *run, const Meters *meters, double train_seconds, Error *err) {
    Trainer *trainer = &run->trainer;
    bool first = run->state.epoch == 0;
    double started = clock_seconds();
    if (first) trainer_probe(trainer, true); /* running statistics must be there before anything is evaluated */
    Score train = first ? trainer_evaluate(trainer, &run->data->train, true) : (Score){NAN, NAN};
    Score validation = trainer_evaluate(trainer, &run->data->validation, false);
    EpochRow row = epoch_row(run, meters, train, validation);
    run->state.last = row;
    judge(run, &row);
    double evaluated = clock_seconds();
    if (layers_due(run) && !write_layers(run, meters, err)) return false;
    double measured = clock_seconds();
    if (!writer_epoch(&run->writer, &row, err) || !save_best(run, &row, err)) return false;
    TimingRow timing = {run->state.epoch, train_seconds, evaluated - started, measured - evaluated,
                        run->writing + clock_seconds() - measured};
    double writing = clock_seconds();
    bool ok = writer_timing(&run->writer, &timing, err) && writer_flush(&run->writer, false, err) &&
              (!checkpoint_due(run) || save_checkpoint(run, err));
    run->writing = clock_seconds() - writing;
    progress_epoch(&run->progress, &row);
    return ok && watch_findings(run, err);
}

/* Returns false on an error; a stop request leaves the status at RUN_RUNNING. */
static bool run_epochs(Run *run, Error *err) {
    RunState *state = &run->state;
    Meters meters = {0};
    if (state->epoch < 0) {
        state->epoch = 0;
        if (!end_epoch(run, &meters, 0, err)) return false;
    }
    while (state->status == RUN_RUNNING && stops(run) == 0) {
        double started = clock_seconds();
        if (!trainer_epoch(&run->trainer, state, &meters, watch_step, run)) return true;
        state->epoch++;
        if (!end_epoch(run, &meters, clock_seconds() - started, err)) return false;
    }
    return true;
}

/* ---- beginning and end -------------------------------------------------------------------------------------- */

/* The order matters: whatever moment the process dies at, what lies there can be resumed, and the summary, last,
 * says that all the rest is whole. */
static bool finish(Run *run, Error *err) {
    RunDirectory *directory = run->directory;
    if (!save_model(run, RUN_MODEL, err)) return false;
    if (run_directory_has(directory, RUN_CHECKPOINT) &&
        !run_directory_rename(directory, RUN_CHECKPOINT, RUN_FINAL, err))
        return false;
    if (!run_directory_remove(directory, RUN_CHECKPOINT_PREVIOUS, err)) return false;
    int count;
    Score test = trainer_evaluate(&run->trainer, &run->data->test, false);
    if (!summary_findings(directory, &run->trainer, &run->state, run->found, &count, err) ||
        !summary_write(directory, &run->trainer, &run->state, test, run->found, count, err))
        return false;
    tell_end(&run->progress, directory, &run->trainer, &run->state);
    tell_findings(&run->progress, run->found, count);
    return true;
}

static bool write_config(const Run *run, Error *err) {
    char path[PATH_BYTES];
    run_directory_file(run->directory, RUN_CONFIG, path);
    return file_write_atomic(path, run->source.config, strlen(run->source.config), err);
}

static bool open_logs(Run *run, const int64_t *keep, Error *err) {
    return writer_open(&run->writer, run->directory->path, run->data->task == TASK_CLASSIFICATION,
                       run->settings->log.histograms, keep, err);
}

/* A new run's config comes first: it makes the directory nnexp's own. A resumed run that goes on gets a checkpoint
 * that says so before anything else of it changes, its config last. */
static bool begin(Run *run, Error *err) {
    bool resumed = run->state.epoch >= 0, ok;
    if (!resumed) ok = write_config(run, err) && open_logs(run, NULL, err);
    else if (run->state.status != RUN_RUNNING) ok = open_logs(run, run->state.log_size, err);
    else
        ok = open_logs(run, run->state.log_size, err) && save_checkpoint(run, err) &&
             run_directory_remove(run->directory, RUN_FINAL, err) && write_config(run, err);
    progress_start(&run->progress, run->settings->name, run->options->quiet,
                   run->data->task == TASK_CLASSIFICATION, run->state.epoch + 1, run->settings->train.epochs,
                   run->trainer.steps_per_epoch);
    return ok;
}

static int execute(Run *run, Error *err) {
    bool ok = begin(run, err) && run_epochs(run, err);
    progress_end(&run->progress);
    Error closing = {0};
    if (!writer_close(&run->writer, &closing) && ok) {
        error_move(err, &closing);
        ok = false;
    }
    bool stopped = ok && run->state.status == RUN_RUNNING;
    if (stopped) return EXIT_SIGNALLED + (int)run->options->stop->signal;
    if (!ok || !finish(run, err)) return run->state.step > 0 ? EXIT_FAILED : EXIT_REFUSED;
    return run->state.status == RUN_DIVERGED ? EXIT_DIVERGED : EXIT_DONE;
}

/* A run that is whole already: says so, changes nothing. */
static int already_complete(Run *run) {
    progress_start(&run->progress, run->settings->name, run->options->quiet, run->data->task == TASK_CLASSIFICATION, 0, 0,
                   0);
    progress_say(&run->progress, "%s: complete already, nothing to resume", run->progress.name);
    tell_end(&run->progress, run->directory, &run->trainer, &run->state);
    return run->state.status == RUN_DIVERGED ? EXIT_DIVERGED : EXIT_DONE;
}

static int start_or_resume(Run *run, const Json *config, Error *err) {
    ResumeResult found = RESUME_START;
    if (run->directory->has_run)
        found = resume_load(run->directory, &run->trainer, config, run->data_hash, &run->state, err);
    if (found == RESUME_REFUSED) return EXIT_REFUSED;
    return found == RESUME_COMPLETE ? already_complete(run) : execute(run, err);
}

static int run_with_pool(Run *run, Pool *pool, Error *err) {
    if (!trainer_create(&run->trainer, run->settings, run->data, pool, err)) return EXIT_REFUSED;
    Json *config = settings_show(run->settings);
    char *text = json_print(config, true);
    run->source = (ModelSource){&run->trainer.network, run->data, text, run->trainer.network.grad};
    int status = start_or_resume(run, config, err);
    free(text);
    json_free(config);
    trainer_free(&run->trainer);
    return status;
}

int run_experiment(const Settings *settings, const Dataset *data, RunDirectory *directory, const RunOptions *options,
                   Error *err) {
    Run *run = calloc(1, sizeof *run);
    Finding *found = calloc((size_t)findings.count, sizeof *found);
    Pool *pool = run && found ? pool_create(options->threads ? options->threads : pool_processors(), err) : NULL;
    int status = EXIT_REFUSED;
    if (pool) {
        *run = (Run){.settings = settings,
                     .data = data,
                     .directory = directory,
                     .options = options,
                     .state = run_state_start(),
                     .data_hash = dataset_hash(data),
                     .found = found};
        status = run_with_pool(run, pool, err);
    }
    pool_free(pool);
    free(found);
    free(run);
    return status;
}
