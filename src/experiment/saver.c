/* saver: see saver.h. */
#include "experiment/saver.h"

#include "base/clock.h"

#include <string.h>

static const double sync_seconds = 1;

Saver saver_start(const RunDirectory *directory, const Trainer *trainer, const char *config, const char *encoding,
                  uint64_t data_hash) {
    return (Saver){.directory = directory,
                   .trainer = trainer,
                   .source = {.network = &trainer->network,
                              .data = trainer->data,
                              .config = config,
                              .encoding = encoding,
                              .scratch = trainer->network.grad,
                              .sync = true},
                   .data_hash = data_hash,
                   .checkpoint_synced = true};
}

bool saver_config(const Saver *saver, Error *err) {
    char path[PATH_BYTES];
    run_directory_file(saver->directory, RUN_CONFIG, path);
    return file_write_atomic(path, saver->source.config, strlen(saver->source.config), err);
}

static bool save_model(Saver *saver, RunFile file, bool sync, Error *err) {
    char path[PATH_BYTES];
    run_directory_file(saver->directory, file, path);
    saver->source.sync = sync;
    return model_file_save(path, &saver->source, err);
}

bool saver_best(Saver *saver, Error *err) {
    saver->best_waits = true;
    return save_model(saver, RUN_BEST, false, err);
}

static bool sync_best(Saver *saver, Error *err) {
    char path[PATH_BYTES];
    if (!saver->best_waits) return true;
    run_directory_file(saver->directory, RUN_BEST, path);
    saver->best_waits = false;
    return file_sync(path, err);
}

/* A checkpoint that is synced stands back for the next, so that there is one to fall back on. */
static bool make_room(const Saver *saver, Error *err) {
    return !saver->checkpoint_synced || !run_directory_has(saver->directory, RUN_CHECKPOINT) ||
           run_directory_rename(saver->directory, RUN_CHECKPOINT, RUN_CHECKPOINT_PREVIOUS, err);
}

bool saver_checkpoint(Saver *saver, Writer *writer, RunState *state, bool last, Error *err) {
    char path[PATH_BYTES];
    bool sync = last || clock_seconds() - saver->synced >= sync_seconds;
    if (!writer_flush(writer, sync, err) || (sync && !sync_best(saver, err)) || !make_room(saver, err)) return false;
    writer_sizes(writer, state->log_size);
    run_directory_file(saver->directory, RUN_CHECKPOINT, path);
    saver->source.sync = sync;
    if (!checkpoint_save(path, &saver->source, step_vectors(&saver->trainer->step), saver->trainer->optimizer_state,
                         state, saver->data_hash, err))
        return false;
    saver->checkpoint_synced = sync;
    if (sync) saver->synced = clock_seconds();
    return true;
}

bool saver_finish(Saver *saver, Error *err) {
    const RunDirectory *directory = saver->directory;
    return save_model(saver, RUN_MODEL, true, err) && sync_best(saver, err) &&
           (!run_directory_has(directory, RUN_CHECKPOINT) ||
            run_directory_rename(directory, RUN_CHECKPOINT, RUN_FINAL, err)) &&
           run_directory_remove(directory, RUN_CHECKPOINT_PREVIOUS, err);
}
