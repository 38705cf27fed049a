/* run: see run.h. The epoch loop is run_epochs; what a resumed run starts from is in resume.c. */
#include "experiment/run.h"

#include "base/clock.h"
#include "experiment/explained.h"
#include "experiment/judge.h"
#include "experiment/model_inputs.h"
#include "experiment/resume.h"
#include "experiment/saver.h"
#include "experiment/summary.h"
#include "experiment/tell.h"
#include "experiment/trainer.h"
#include "nn/parameter.h"
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
    Saver saver;
    double writing; /* seconds spent on files since the last row of timing.csv */
    Finding *found; /* room for one of each */
    bool leaving;   /* a stop request has been seen: the epoch in hand is the last */
    bool steps;     /* steps.csv is written */
    ParameterList path;
    Error lost;    /* a row of it could not be */
    uint64_t told; /* --watch: which findings have been told, a bit a row */
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
    trainer_probe(&run->trainer, false);
    for (int i = 0; i < run->trainer.network.layers; i++) {
        LayerProbe probe = trainer_probe_layer(&run->trainer, i);
        if (epoch > 0) probe.update_ratio = meters->layer_update_ratio[i] / (double)meters->steps;
        if (!writer_layer(&run->writer, epoch, &probe, err)) return false;
        if (log->histograms && !writer_histograms(&run->writer, epoch, &probe, (int)log->histogram_bins, err))
            return false;
    }
    return true;
}

/* ---- what is due ------------------------------------------------------------------------------------------ */

/* The last one before the run ends or is left. */
static bool last_checkpoint(const Run *run) { return run->state.status != RUN_RUNNING || run->leaving; }

static bool checkpoint_due(const Run *run) {
    int64_t every = run->settings->log.checkpoint_every;
    return last_checkpoint(run) || (every > 0 && run->state.epoch % every == 0 && saver_is_due(&run->saver));
}

static bool save_best(Run *run, const EpochRow *row, Error *err) {
    EpochRow *best = &run->state.best;
    if (!(row->val_loss < (best->epoch < 0 ? INFINITY : best->val_loss))) return true;
    *best = *row;
    return saver_best(&run->saver, err);
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

static bool write_step(Run *run, const StepRow *row, Error *err) {
    real value[PARAMETER_MOST];
    for (int i = 0; i < run->path.count; i++) value[i] = run->trainer.network.theta[run->path.index[i]];
    return writer_step(&run->writer, row, value, run->path.count, err);
}

static bool watch_step(void *context, const TrainerUpdate *update) {
    Run *run = context;
    int64_t epoch = run->state.epoch + 1;
    progress_step(&run->progress, epoch, update->step_in_epoch, update->loss, update->lr);
    if (run->steps) {
        StepRow row = {run->state.step, epoch, update->lr, update->loss, update->grad_norm, update->update_ratio};
        if (!write_step(run, &row, &run->lost)) return false;
    }
    return stops(run) < 2;
}

/* Whether a row of steps.csv was lost, or augmentation met a preprocessing step that could not take its images. */
static bool failed(Run *run, Error *err) {
    Error *failure = run->trainer.failure;
    if (run->lost.count > 0) {
        error_move(err, &run->lost);
        return true;
    }
    if (!failure || failure->count == 0) return false;
    error_prefix(failure, "%s: ", run->options->config);
    error_move(err, failure);
    return true;
}

/* Measures the network as it stands after state.epoch, writes the rows, judges, saves. */
static bool end_epoch(Run *run, const Meters *meters, double train_seconds, Error *err) {
    Trainer *trainer = &run->trainer;
    bool first = run->state.epoch == 0;
    double started = clock_seconds();
    /* running statistics must be there before anything is evaluated: model.from's, or the probe's */
    if (first && !*run->settings->model.from) trainer_probe(trainer, true);
    Score train = first ? trainer_evaluate(trainer, &run->data->train, true) : (Score){NAN, NAN};
    Score validation = trainer_evaluate(trainer, &run->data->validation, false);
    if (failed(run, err)) return false;
    EpochRow row = epoch_row(run, meters, train, validation);
    run->state.last = row;
    judge_epoch(trainer, &row, &run->state);
    double evaluated = clock_seconds();
    if (layers_due(run) && !write_layers(run, meters, err)) return false;
    double measured = clock_seconds();
    if (first && run->steps && !write_step(run, &(StepRow){0, 0, NAN, NAN, NAN, NAN}, err)) return false;
    if (!writer_epoch(&run->writer, &row, err) || !save_best(run, &row, err)) return false;
    TimingRow timing = {run->state.epoch, train_seconds, evaluated - started, measured - evaluated,
                        run->writing + clock_seconds() - measured};
    double writing = clock_seconds();
    bool ok =
        writer_timing(&run->writer, &timing, err) && writer_flush(&run->writer, false, err) &&
        (!checkpoint_due(run) || saver_checkpoint(&run->saver, &run->writer, &run->state, last_checkpoint(run), err));
    run->writing = clock_seconds() - writing;
    progress_epoch(&run->progress, &row);
    return ok && watch_findings(run, err);
}

static bool reaches_until(const Run *run) {
    return run->options->until > 0 && run->state.epoch >= run->options->until;
}

/* Returns false on an error; a stop request leaves the status at RUN_RUNNING. Whether to leave is asked once an epoch,
 * before it is saved, so that no request falls between the saving and the leaving. */
static bool run_epochs(Run *run, Error *err) {
    RunState *state = &run->state;
    Meters meters = {0};
    double seconds = 0;
    run->leaving = reaches_until(run); /* a resumed run may be there already */
    while (state->status == RUN_RUNNING && !run->leaving && stops(run) < 2) {
        if (state->epoch >= 0) {
            double started = clock_seconds();
            if (!trainer_epoch(&run->trainer, state, &meters, watch_step, run)) return !failed(run, err);
            seconds = clock_seconds() - started;
        }
        state->epoch++;
        run->leaving = stops(run) > 0 || reaches_until(run);
        if (!end_epoch(run, &meters, seconds, err)) return false;
    }
    return true;
}

/* ---- beginning and end -------------------------------------------------------------------------------------- */

/* The order matters: whatever moment the process dies at, what lies there can be resumed, and the summary, last,
 * says that all the rest is whole. */
static bool finish(Run *run, Error *err) {
    RunDirectory *directory = run->directory;
    if (!saver_finish(&run->saver, err)) return false;
    int count;
    Score test = trainer_evaluate(&run->trainer, &run->data->test, false);
    if (failed(run, err) || !summary_findings(directory, &run->trainer, &run->state, run->found, &count, err) ||
        !summary_write(directory, &run->trainer, &run->state, test, run->found, count, err))
        return false;
    tell_end(&run->progress, directory, &run->trainer, &run->state);
    tell_findings(&run->progress, run->found, count);
    return true;
}

static bool open_logs(Run *run, const int64_t *keep, Error *err) {
    const LogPlan plan = settings_log_plan(run->settings, run->data);
    run->steps = plan.steps;
    return writer_open(&run->writer, run->directory->path, &plan, keep, err);
}

/* A new run's config comes first: it makes the directory nnexp's own. */
static bool begin_new(Run *run, Error *err) {
    return run_directory_clear(run->directory, err) && saver_config(&run->saver, err) &&
           explained_write(run->directory, &run->data->chain, err) && open_logs(run, NULL, err);
}

/* Whatever moment this is killed at, the directory can be resumed once more: the summary goes before anything changes
 * that it speaks of, a checkpoint of the state to go on from comes before the older files go, the config last. */
static bool begin_resumed(Run *run, bool damaged, Error *err) {
    return open_logs(run, run->state.log_size, err) && run_directory_remove(run->directory, RUN_SUMMARY, err) &&
           (!damaged || run_directory_remove(run->directory, RUN_CHECKPOINT, err)) &&
           saver_checkpoint(&run->saver, &run->writer, &run->state, true, err) &&
           run_directory_remove(run->directory, RUN_FINAL, err) && saver_config(&run->saver, err);
}

static bool close_logs(Run *run, bool ok, Error *err) {
    Error closing = {0};
    if (writer_close(&run->writer, &closing) || !ok) return ok; /* the first error is the one to tell */
    error_move(err, &closing);
    return false;
}

/* From the open logs on. */
static int execute(Run *run, bool begun, Error *err) {
    bool ok = begun && run_epochs(run, err);
    progress_end(&run->progress);
    ok = close_logs(run, ok, err);
    if (ok && run->state.status == RUN_RUNNING) { /* stopped, or left at `until` */
        tell_end(&run->progress, run->directory, &run->trainer, &run->state);
        return stops(run) > 0 ? EXIT_SIGNALLED + (int)run->options->stop->signal : EXIT_DONE;
    }
    if (!ok || !finish(run, err)) return begun && run->state.step > 0 ? EXIT_FAILED : EXIT_REFUSED;
    return run->state.status == RUN_DIVERGED ? EXIT_DIVERGED : EXIT_DONE;
}

static void start_progress(Run *run, const Error *notes) {
    progress_start(&run->progress, run->settings->name, run->options->quiet, run->data->task == TASK_CLASSIFICATION,
                   run->state.epoch + 1, run->settings->train.epochs, run->trainer.steps_per_epoch);
    for (const char *at = notes->text; at < notes->text + notes->length; at += strlen(at) + 1)
        progress_say(&run->progress, "%s", at);
}

/* A run that is whole already: says so, changes nothing. */
static int already_complete(Run *run) {
    start_progress(run, &(Error){0});
    progress_say(&run->progress, "%s: complete already; nothing is left to do", run->progress.name);
    tell_end(&run->progress, run->directory, &run->trainer, &run->state);
    return run->state.status == RUN_DIVERGED ? EXIT_DIVERGED : EXIT_DONE;
}

static int start(Run *run, const Error *notes, Error *err) {
    Error inner = {0};
    if (!trainer_load_from(&run->trainer, &inner)) {
        error_prefix(&inner, "%s: ", run->options->config);
        error_move(err, &inner);
        return EXIT_REFUSED;
    }
    start_progress(run, notes);
    return execute(run, begin_new(run, err), err);
}

static int start_or_resume(Run *run, const Json *config, Error *err) {
    Resume resume = {.state = run_state_start()};
    if (!run->directory->has_run) {
        if (run->options->resume)
            fail(&resume.notes, "%s: there is no run to resume; starting one", run->directory->path);
        return start(run, &resume.notes, err);
    }
    switch (resume_load(run->directory, &run->trainer, config, run->saver.data_hash, &resume, err)) {
    case RESUME_REFUSED: return EXIT_REFUSED;
    case RESUME_START: return start(run, &resume.notes, err);
    case RESUME_GO_ON: break;
    case RESUME_COMPLETE: run->state = resume.state; return already_complete(run);
    }
    run->state = resume.state;
    start_progress(run, &resume.notes);
    return execute(run, begin_resumed(run, resume.damaged, err), err);
}

/* Builds the network; what is wrong with it is the config's. */
static bool create_trainer(Run *run, Error *err) {
    Error inner = {0};
    if (trainer_create(&run->trainer, run->settings, run->data, run->options->pool, &inner)) return true;
    error_prefix(&inner, "%s: ", run->options->config);
    error_move(err, &inner);
    return false;
}

static int run_in_directory(Run *run, Error *err) {
    if (!create_trainer(run, err)) return EXIT_REFUSED;
    if (!parameter_find_all(&run->trainer.network, &run->settings->log.path, "log.path", &run->path, err)) {
        trainer_free(&run->trainer);
        return EXIT_REFUSED;
    }
    Json *config = settings_show(run->settings);
    char *text = json_print(config, true), *encoding = model_inputs_encoding(run->data->encoding);
    bool ready =
        saver_start(&run->saver, run->directory, &run->trainer, text, encoding, dataset_hash(run->data), err);
    int status = ready ? start_or_resume(run, config, err) : EXIT_REFUSED;
    saver_free(&run->saver);
    free(text);
    free(encoding);
    json_free(config);
    trainer_free(&run->trainer);
    return status;
}

int run_experiment(const Settings *settings, const Dataset *data, RunDirectory *directory, const RunOptions *options,
                   Error *err) {
    Run *run = calloc(1, sizeof *run);
    Finding *found = calloc((size_t)findings.count, sizeof *found);
    int status = EXIT_REFUSED;
    if (run && found) {
        *run = (Run){.settings = settings,
                     .data = data,
                     .directory = directory,
                     .options = options,
                     .state = run_state_start(),
                     .found = found};
        directory->light = options->light;
        status = run_in_directory(run, err);
        if (options->outcome) *options->outcome = run->state;
    }
    free(found);
    free(run);
    return status;
}
