/* check: nnexp check: validates config and data, prints the resolved config, trains nothing. */
#include "base/file.h"
#include "base/terminal.h"
#include "cli/options.h"
#include "experiment/inspect.h"
#include "experiment/prepare.h"
#include "experiment/prepared.h"
#include "experiment/preview.h"
#include "experiment/run.h"
#include "experiment/schedule_preview.h"
#include "experiment/trainer.h"

#include <stdlib.h>
#include <string.h>

static void print_settings(const Settings *settings) {
    Json *json = settings_show(settings);
    char *text = json_print(json, true);
    fputs(text, stdout);
    free(text);
    json_free(json);
}

/* A file that is asked for must not take the place of one that is read. */
static bool check_output(const char *option, const char *path, const Options *options, const Settings *settings,
                         Error *err) {
    const DataSettings *data = &settings->data;
    const char *const read[] = {options->config, data->file, data->validation.text, data->test, settings->model.from};
    if (!path) return true;
    if (strcmp(path, "-") == 0)
        return fail(err, "%s: standard output holds the %s; give a file", option,
                    options->schedule ? "drawing" : "config");
    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++)
        if (file_same(path, read[i])) return fail(err, "%s: %s is a file that is read; give another", option, path);
    return true;
}

static bool check_outputs(const Options *options, const Settings *settings, Error *err) {
    const struct {
        const char *option, *path;
    } file[] = {{"--preprocessed", options->preprocessed},
                {"--preview", options->preview},
                {"--schedule", options->schedule_csv}};
    for (int i = 0; i < 3; i++) {
        if (!file[i].path) continue;
        if (!check_output(file[i].option, file[i].path, options, settings, err)) return false;
        for (int j = 0; j < i; j++)
            if (file[j].path && (strcmp(file[i].path, file[j].path) == 0 || file_same(file[i].path, file[j].path)))
                return fail(err, "%s: %s is %s's; give another", file[i].option, file[i].path, file[j].option);
    }
    return true;
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

/* What --schedule asks for; a preview without updates where nobody has asked. */
static bool preview_schedule(const Settings *settings, const Options *options, size_t rows, SchedulePreview *out,
                             Error *err) {
    Error inner = {0};
    if (!options->schedule) return true;
    bool ok = schedule_preview(settings, rows, out, &inner);
    error_prefix(&inner, "%s: ", options->config);
    error_move(err, &inner);
    return ok && (!options->schedule_csv || schedule_preview_write(out, options->schedule_csv, err));
}

/* Reads the data, each file once, and looks at them before preprocessing does: remarks are told on stderr when
 * nothing is refused. */
static bool check_data(Settings *settings, const Options *options, Pool *pool, FILE *remarks,
                       SchedulePreview *schedule, Error *err) {
    Dataset data;
    if (!prepare_read(settings, pool, &data, err)) return false;
    if (!options->quiet && !inspect_data(settings, &data, pool, remarks, err)) {
        dataset_free(&data);
        return false;
    }
    Preview preview = {0};
    bool ok = !options->preview || preview_draw(settings, options->config, &data, &preview, err);
    if (!ok) dataset_free(&data);
    if (ok && (ok = prepare_rest(settings, options->config, pool, &data, err))) {
        ok = check_network(settings, &data, options, err) &&
             (!options->preprocessed || prepared_write(&data, options->preprocessed, err)) &&
             (!options->preview || preview_save(&preview, options->preview, err)) &&
             preview_schedule(settings, options, data.train.rows, schedule, err);
        dataset_free(&data);
    }
    preview_free(&preview);
    return ok;
}

static bool check_with_data(Settings *settings, const Options *options, SchedulePreview *schedule, Error *err) {
    char *text = NULL;
    size_t size;
    FILE *remarks = open_memstream(&text, &size);
    Pool *pool = remarks ? options_pool(options, err) : NULL;
    bool ok = pool && check_data(settings, options, pool, remarks, schedule, err);
    if (remarks) fclose(remarks);
    else fail(err, "memory is out");
    if (ok) fputs(text, stderr);
    free(text);
    pool_free(pool);
    return ok;
}

/* The drawing where it was asked for, else the config. */
static bool print_answer(const Settings *settings, const Options *options, const SchedulePreview *schedule) {
    if (options->schedule)
        return schedule_preview_draw(schedule, terminal_page_columns(), terminal_is_utf8(), stdout);
    print_settings(settings);
    return true;
}

static int check(const Options *options, Error *err) {
    Settings *settings = malloc(sizeof *settings);
    SchedulePreview schedule = {0};
    bool ok = settings && options_load_settings(options, settings, err) && check_outputs(options, settings, err) &&
              check_with_data(settings, options, &schedule, err) && print_answer(settings, options, &schedule);
    schedule_preview_free(&schedule);
    free(settings);
    return ok ? EXIT_DONE : EXIT_REFUSED;
}

const Command check_command = {
    .name = "check",
    .usage = "--config FILE [--set KEY=VALUE]... [options]",
    .help = "validates config and data, remarks on the data, prints the resolved config, trains nothing",
    .takes = "cstqEVH",
    .run = check,
};
