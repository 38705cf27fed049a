/* check: nnexp check: validates config and data, prints the resolved config, trains nothing. */
#include "cli/options.h"
#include "experiment/prepare.h"
#include "experiment/preview.h"
#include "experiment/run.h"
#include "experiment/trainer.h"

#include <stdlib.h>

static void print_settings(const Settings *settings) {
    Json *json = settings_show(settings);
    char *text = json_print(json, true);
    fputs(text, stdout);
    free(text);
    json_free(json);
}

/* Builds the network, so that what does not fit is told. */
static bool check_network(const Settings *settings, const Dataset *data, const Options *options, Error *err) {
    Trainer *trainer = malloc(sizeof *trainer);
    Error inner = {0};
    bool ok = trainer && trainer_create(trainer, settings, data, NULL, &inner) &&
              (trainer_load_from(trainer, &inner) || (trainer_free(trainer), false));
    if (ok) trainer_free(trainer);
    error_prefix(&inner, "%s: ", options->config);
    error_move(err, &inner);
    free(trainer);
    return ok;
}

static bool check_with_data(Settings *settings, const Options *options, Error *err) {
    Dataset data;
    Pool *pool = options_pool(options, err);
    bool ok = pool && prepare_data(settings, options->config, pool, &data, err);
    if (ok) {
        ok = check_network(settings, &data, options, err);
        dataset_free(&data);
        if (ok && options->preview) ok = preview_write(settings, options->config, pool, options->preview, err);
    }
    pool_free(pool);
    return ok;
}

static int check(const Options *options, Error *err) {
    Settings *settings = malloc(sizeof *settings);
    bool ok = settings && options_load_settings(options, settings, err) && check_with_data(settings, options, err);
    if (ok) print_settings(settings);
    free(settings);
    return ok ? EXIT_DONE : EXIT_REFUSED;
}

const Command check_command = {
    .name = "check",
    .usage = "--config FILE [--set KEY=VALUE]... [--preview FILE]",
    .help = "validates config and data, prints the resolved config, trains nothing",
    .takes = "cstP",
    .run = check,
};
