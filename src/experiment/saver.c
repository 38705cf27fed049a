/* saver: see saver.h. */
#include "experiment/saver.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

static const double seconds_apart = 1;

/* ---- the best weights in memory -------------------------------------------------------------------------- */

static size_t best_entries(const Network *network) { return network->parameters + network->running; }

static bool keeps_best(const Saver *saver) {
    return saver->directory->light && saver->trainer->data->validation.rows > 0;
}

static void copy_best(Saver *saver) {
    const Network *network = &saver->trainer->network;
    memcpy(saver->best, network->theta, network->parameters * sizeof *saver->best);
    if (network->running)
        memcpy(saver->best + network->parameters, network->running_stats, network->running * sizeof *saver->best);
}

static void exchange(size_t n, real *restrict a, real *restrict b) {
    for (size_t i = 0; i < n; i++) {
        real kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

static void exchange_best(Saver *saver) {
    const Network *network = &saver->trainer->network;
    exchange(network->parameters, saver->best, network->theta);
    exchange(network->running, saver->best + network->parameters, network->running_stats);
}

/* ---- files ----------------------------------------------------------------------------------------------- */

bool saver_start(Saver *saver, const RunDirectory *directory, const Trainer *trainer, const char *config,
                 const char *encoding, uint64_t data_hash, Error *err) {
    *saver = (Saver){.directory = directory,
                     .trainer = trainer,
                     .source = {.network = &trainer->network,
                                .data = trainer->data,
                                .config = config,
                                .encoding = encoding,
                                .scratch = trainer->network.grad,
                                .sync = !directory->light},
                     .data_hash = data_hash,
                     .saved = directory->light ? clock_seconds() : 0,
                     .checkpoint_synced = !directory->light};
    if (!keeps_best(saver)) return true;
    size_t entries = best_entries(&trainer->network);
    saver->best = malloc(entries * sizeof *saver->best);
    return saver->best || fail(err, "no memory for the best weights, %zu numbers", entries);
}

void saver_free(Saver *saver) {
    free(saver->best);
    saver->best = NULL;
}

bool saver_config(const Saver *saver, Error *err) {
    return run_directory_write(saver->directory, RUN_CONFIG, saver->source.config, strlen(saver->source.config), err);
}

static bool save_model(Saver *saver, RunFile file, bool sync, Error *err) {
    char path[PATH_BYTES];
    run_directory_file(saver->directory, file, path);
    saver->source.sync = sync;
    return model_file_save(path, &saver->source, err);
}

bool saver_best(Saver *saver, Error *err) {
    saver->best_waits = true;
    if (!saver->best) return save_model(saver, RUN_BEST, false, err);
    copy_best(saver);
    return true;
}

static bool sync_best(Saver *saver, Error *err) {
    char path[PATH_BYTES];
    run_directory_file(saver->directory, RUN_BEST, path);
    saver->best_waits = false;
    return file_sync(path, err);
}

static bool write_best(Saver *saver, Error *err) {
    exchange_best(saver);
    bool ok = save_model(saver, RUN_BEST, false, err);
    exchange_best(saver);
    saver->best_waits = !ok;
    return ok;
}

/* Best weights that wait come before the checkpoint that knows of them. */
static bool settle_best(Saver *saver, bool sync, Error *err) {
    if (!saver->best_waits) return true;
    if (saver->best) return write_best(saver, err);
    return !sync || sync_best(saver, err);
}

/* A checkpoint that is synced stands back for the next, so that there is one to fall back on. */
static bool make_room(const Saver *saver, Error *err) {
    return !saver->checkpoint_synced || !run_directory_has(saver->directory, RUN_CHECKPOINT) ||
           run_directory_rename(saver->directory, RUN_CHECKPOINT, RUN_CHECKPOINT_PREVIOUS, err);
}

static bool long_ago(const Saver *saver) { return clock_seconds() - saver->saved >= seconds_apart; }

bool saver_is_due(const Saver *saver) { return !saver->directory->light || long_ago(saver); }

bool saver_checkpoint(Saver *saver, Writer *writer, RunState *state, bool last, Error *err) {
    char path[PATH_BYTES];
    bool light = saver->directory->light, sync = !light && (last || long_ago(saver));
    if (!writer_flush(writer, sync, err) || !settle_best(saver, sync, err) || !make_room(saver, err)) return false;
    writer_sizes(writer, state->log_size);
    run_directory_file(saver->directory, RUN_CHECKPOINT, path);
    saver->source.sync = sync;
    if (!checkpoint_save(path, &saver->source, step_vectors(&saver->trainer->step), saver->trainer->optimizer_state,
                         state, saver->data_hash, err))
        return false;
    saver->checkpoint_synced = sync;
    if (sync || light) saver->saved = clock_seconds();
    return true;
}

bool saver_finish(Saver *saver, Error *err) {
    const RunDirectory *directory = saver->directory;
    return save_model(saver, RUN_MODEL, !directory->light, err) && settle_best(saver, !directory->light, err) &&
           (!run_directory_has(directory, RUN_CHECKPOINT) ||
            run_directory_rename(directory, RUN_CHECKPOINT, RUN_FINAL, err)) &&
           run_directory_remove(directory, RUN_CHECKPOINT_PREVIOUS, err);
}
