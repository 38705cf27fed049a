/* train: nnexp train: one experiment into one run directory. */
#include "base/file.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "experiment/prepare.h"
#include "experiment/run.h"

#include <stdlib.h>
#include <string.h>

/* Whether --force would clear the file that model.from names. */
static bool holds(const char *directory, const char *from, Error *err) {
    char whole[PATH_BYTES];
    if (!*from || !path_absolute(whole, directory, err)) return false;
    size_t length = strlen(whole);
    if (strncmp(whole, from, length) != 0 || from[length] != '/') return false;
    fail(err, "%s: model.from lies in it, and --force clears it; copy that file elsewhere", directory);
    return true;
}

static bool claim(const Options *options, const Settings *settings, RunDirectory *directory, Error *err) {
    char usual[PATH_BYTES];
    snprintf(usual, sizeof usual, "runs/%s", settings->name);
    const char *path = options->out ? options->out : usual;
    if (options->force && options->resume)
        return fail(err, "--force: replaces the run that --resume would go on with; give one of them");
    if (options->force && holds(path, settings->model.from, err)) return false;
    ClaimMode mode = options->force ? CLAIM_FORCE : options->resume ? CLAIM_RESUME : CLAIM_NEW;
    return run_directory_claim(directory, path, mode, err);
}

static int train_in(Settings *settings, const Options *options, RunDirectory *directory, Error *err) {
    Dataset data;
    int status = EXIT_REFUSED;
    Pool *pool = options_pool(options, err);
    if (pool && prepare_data(settings, options->config, pool, &data, err)) {
        const StopRequest *stop = signals_catch(); /* from here on there is something to save */
        RunOptions run_options = {.resume = options->resume,
                                  .config = options->config,
                                  .quiet = options->quiet,
                                  .watch = options->watch,
                                  .pool = pool,
                                  .stop = stop};
        status = run_experiment(settings, &data, directory, &run_options, err);
        dataset_free(&data);
    }
    pool_free(pool);
    return status;
}

static int train(const Options *options, Error *err) {
    Settings *settings = malloc(sizeof *settings);
    RunDirectory directory;
    int status = EXIT_REFUSED;
    if (settings && options_load_settings(options, settings, err) && claim(options, settings, &directory, err)) {
        status = train_in(settings, options, &directory, err);
        run_directory_release(&directory);
    }
    free(settings);
    return status;
}

const Command train_command = {
    .name = "train",
    .usage = "--config FILE [--set KEY=VALUE]... [options]",
    .help = "one experiment into one run directory (the default command)",
    .takes = "csotqFRW",
    .run = train,
};
