/* resume: see resume.h. */
#include "experiment/resume.h"

#include "experiment/model_file.h"

#include <stdlib.h>
#include <string.h>

/* ---- the same experiment? ------------------------------------------------------------------------------ */

static Json *read_config(const RunDirectory *directory, Error *err) {
    char path[PATH_BYTES], *text;
    size_t size;
    run_directory_file(directory, RUN_CONFIG, path);
    if (!file_read(path, &text, &size, err)) return NULL;
    Json *json = json_parse(text, size, err);
    free(text);
    if (!json) error_prefix(err, "%s:", path);
    return json;
}

static void differ(const char *path, const Json *then, const Json *now, Error *err) {
    char *old_text = json_print(then, false), *new_text = json_print(now, false);
    fail(err, "%s: is %s there and %s now; make them equal, or start again with --force", path, old_text, new_text);
    free(old_text);
    free(new_text);
}

/* Names every key that differs, but train.epochs. */
static void compare(const char *path, const Json *then, const Json *now, Error *err) {
    if (json_type(then) != JSON_OBJECT || json_type(now) != JSON_OBJECT) {
        if (!json_equal(then, now) && strcmp(path, "train.epochs") != 0) differ(path, then, now, err);
        return;
    }
    for (const Json *member = json_first(now); member; member = json_next(member)) {
        char inner[512];
        snprintf(inner, sizeof inner, "%s%s%s", path, *path ? "." : "", json_key(member));
        const Json *other = json_get(then, json_key(member));
        if (other) compare(inner, other, member, err);
        else fail(err, "%s: is not in that run's config; start again with --force", inner);
    }
}

/* Sets *epochs to the directory's train.epochs. */
static bool same_experiment(const RunDirectory *directory, const Json *config, int64_t *epochs, Error *err) {
    Json *before = read_config(directory, err);
    if (!before) return false;
    int errors = err->count;
    compare("", before, config, err);
    const Json *train = json_get(before, "train"), *value = train ? json_get(train, "epochs") : NULL;
    *epochs = value && json_type(value) == JSON_NUMBER ? (int64_t)json_number(value) : 0;
    json_free(before);
    return err->count == errors || error_prefix(err, "%s: cannot be resumed with this config: ", directory->path);
}

/* ---- from which file? ----------------------------------------------------------------------------------- */

/* Sets the size of timing.csv up to the row of state->epoch: no checkpoint holds it, since equal runs are to leave
 * equal checkpoints. */
static bool measure_timing(const RunDirectory *directory, RunState *state, Error *err) {
    char path[PATH_BYTES], *text;
    size_t size;
    if (!path_join(path, directory->path, log_file_name[LOG_TIMING], err) || !file_read(path, &text, &size, err))
        return false;
    char *at = text;
    for (int64_t line = 0; line < state->epoch + 2; line++) {
        char *end = memchr(at, '\n', size - (size_t)(at - text));
        if (!end) break;
        at = end + 1;
    }
    state->log_size[LOG_TIMING] = at - text;
    free(text);
    return true;
}

/* A checkpoint whose logs are shorter than it saw them is as good as damaged: a power cut can leave it so. */
static bool load(const RunDirectory *directory, RunFile file, Trainer *trainer, uint64_t data_hash, RunState *state,
                 Error *err) {
    char path[PATH_BYTES];
    run_directory_file(directory, file, path);
    Error inner = {0};
    RunState loaded = run_state_start();
    LogPlan logs = settings_log_plan(trainer->settings, trainer->data);
    bool ok = checkpoint_load(path, &trainer->network, step_vectors(&trainer->step), trainer->optimizer_state,
                              &loaded, data_hash, &inner) &&
              measure_timing(directory, &loaded, &inner) &&
              writer_reaches(directory->path, &logs, loaded.log_size, &inner);
    if (ok) *state = loaded;
    error_move(err, &inner);
    return ok;
}

/* The newest file that is whole; one that is damaged is passed over for the one before it. */
static ResumeResult load_newest(const RunDirectory *directory, Trainer *trainer, uint64_t data_hash, Resume *resume,
                                Error *err) {
    static const RunFile files[] = {RUN_CHECKPOINT, RUN_FINAL, RUN_CHECKPOINT_PREVIOUS};
    Error seen = {0};
    bool any = false;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (!run_directory_has(directory, files[i])) continue;
        any = true;
        if (!load(directory, files[i], trainer, data_hash, &resume->state, &seen)) continue;
        resume->damaged = seen.count > 0;
        error_move(&resume->notes, &seen);
        if (resume->damaged)
            fail(&resume->notes, "%s: going on from the checkpoint of epoch %lld", directory->path,
                 (long long)resume->state.epoch);
        return RESUME_GO_ON;
    }
    if (!any && !run_directory_has(directory, RUN_SUMMARY)) return RESUME_START;
    if (!any)
        fail(err,
             "%s: the run is complete but its final.safetensors is missing; restore it, or start again with --force",
             directory->path);
    error_move(err, &seen);
    return RESUME_REFUSED;
}

/* ---- what is left to do? --------------------------------------------------------------------------------- */

static bool check_epochs(const RunDirectory *directory, const RunState *state, int64_t epochs, int64_t before,
                         Error *err) {
    if (epochs < state->epoch)
        return fail(err, "%s: train.epochs: %lld is fewer than the %lld epochs done; give at least as many",
                    directory->path, (long long)epochs, (long long)state->epoch);
    if (epochs > before && state->status == RUN_DIVERGED)
        return fail(err, "%s: the run diverged in epoch %lld and cannot be extended; start again with --force",
                    directory->path, (long long)state->diverged_epoch);
    return true;
}

/* A run that has ended goes on again when there are more epochs to do than it was given. */
static void reopen(RunState *state, int64_t epochs, int64_t before) {
    bool more = epochs > state->epoch && (state->status == RUN_FINISHED || epochs > before);
    if (state->status == RUN_RUNNING || !more) return;
    if (state->status == RUN_STOPPED_EARLY) state->since_better = 0; /* patience begins anew */
    state->status = RUN_RUNNING;
}

/* What has been laid out over another length is no run over the new one, whether it goes on or ends here. */
static void note_schedule(const RunDirectory *directory, const Trainer *trainer, const RunState *state,
                          int64_t before, Error *notes) {
    const TrainSettings *train = &trainer->settings->train;
    const Choice *schedule = &train->schedule;
    int64_t steps = trainer->steps_per_epoch, done = state->epoch, now = train->epochs;
    if (before == now || done > before ||
        schedule_same_start(schedule, &train->warmup, &state->schedule, steps, done, before, now))
        return;
    char rest[128] = "";
    if (done < now)
        snprintf(rest, sizeof rest, ", those to come have it over %lld, and lr goes on at %.3g after %.3g",
                 (long long)now,
                 schedule_rate(schedule, &train->warmup, &state->schedule, train->lr, state->step, steps, now),
                 state->last.lr);
    fail(notes,
         "%s: train.schedule '%s' goes by train.epochs: the %lld epoch%s done had it over %lld%s; for a run that has "
         "it over %lld from its start use --force",
         directory->path, schedule->variant->name, (long long)done, done == 1 ? "" : "s", (long long)before, rest,
         (long long)now);
}

ResumeResult resume_load(const RunDirectory *directory, Trainer *trainer, const Json *config, uint64_t data_hash,
                         Resume *resume, Error *err) {
    int64_t epochs = trainer->settings->train.epochs, before;
    RunState *state = &resume->state;
    *resume = (Resume){.state = run_state_start()};
    if (!same_experiment(directory, config, &before, err)) return RESUME_REFUSED;
    ResumeResult result = load_newest(directory, trainer, data_hash, resume, err);
    if (result != RESUME_GO_ON) return result;
    if (!check_epochs(directory, state, epochs, before, err)) return RESUME_REFUSED;
    bool ended = state->status != RUN_RUNNING;
    reopen(state, epochs, before);
    if (ended && state->status != RUN_RUNNING && run_directory_has(directory, RUN_SUMMARY)) return RESUME_COMPLETE;
    if (state->status == RUN_RUNNING && epochs == state->epoch) state->status = RUN_FINISHED;
    note_schedule(directory, trainer, state, before, &resume->notes);
    return RESUME_GO_ON;
}
