/* check: nnexp check: validates config and data, prints the resolved config, trains nothing. */
#include "cli/options.h"
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

static bool check_with_data(Settings *settings, const Options *options, Error *err) {
    Dataset data;
    Trainer *trainer = malloc(sizeof *trainer);
    DataRequest *request = malloc(sizeof *request);
    Error inner = {0};
    bool ok = trainer && request;
    if (ok) *request = settings_data_request(settings);
    if (ok && (ok = dataset_build(request, &data, err))) {
        ok = settings_meet_data(settings, &data, &inner) && trainer_create(trainer, settings, &data, NULL, &inner) &&
             (trainer_load_from(trainer, &inner) || (trainer_free(trainer), false));
        if (ok) trainer_free(trainer);
        else error_prefix(&inner, "%s: ", options->config);
        error_move(err, &inner);
        dataset_free(&data);
    }
    free(trainer);
    free(request);
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
    .usage = "--config FILE [--set KEY=VALUE]...",
    .help = "validates config and data, prints the resolved config, trains nothing",
    .takes = "cs",
    .run = check,
};
