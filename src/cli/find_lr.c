/* find-lr: nnexp find-lr: a learning-rate range test into a directory of its own. */
#include "cli/options.h"
#include "cli/signals.h"
#include "experiment/prepare.h"
#include "search/range_report.h"

#include <stdlib.h>

static int test_and_write(const Options *options, const Settings *settings, const Dataset *data,
                          const RangePlan *plan, Pool *pool, Error *err) {
    char usual[PATH_BYTES];
    RunDirectory directory;
    RangeTest *test = malloc(sizeof *test);
    const StopRequest *stop = signals_catch();
    int status = EXIT_REFUSED;
    snprintf(usual, sizeof usual, "runs/%s.find-lr", settings->name);
    if (test && range_report_claim(&directory, options->out ? options->out : usual, options->force, err)) {
        if (range_test_run(plan, settings, data, options->config, pool, stop, test, err)) {
            status = range_report_write(&directory, test, err) ? EXIT_DONE : EXIT_FAILED;
            if (status == EXIT_DONE) range_report_print(test, stdout);
            if (status == EXIT_DONE && !options->quiet)
                fprintf(stderr, "  curves and verdict are in %s\n", directory.path);
            range_test_free(test);
        } else if (stop->count > 0) {
            status = EXIT_SIGNALLED + (int)stop->signal;
        }
        run_directory_release(&directory);
    }
    free(test);
    return status;
}

static int find(const Options *options, Settings *settings, Error *err) {
    Dataset data;
    int status = EXIT_REFUSED;
    RangePlan plan = {.low = options->low,
                      .high = options->high,
                      .steps = options->steps,
                      .seeds = options->seeds ? options->seeds : RANGE_SEEDS,
                      .confirm = options->confirm};
    Error inner = {0};
    if (!options_load_settings(options, settings, err)) return status;
    if (!range_test_check(&plan, settings, &inner)) {
        error_prefix(&inner, "%s: ", options->config);
        error_move(err, &inner);
        return status;
    }
    Pool *pool = options_pool(options, err);
    if (pool && prepare_data(settings, options->config, pool, &data, err)) {
        status = test_and_write(options, settings, &data, &plan, pool, err);
        dataset_free(&data);
    }
    pool_free(pool);
    return status;
}

static int find_lr(const Options *options, Error *err) {
    Settings *settings = malloc(sizeof *settings);
    int status = settings ? find(options, settings, err) : EXIT_REFUSED;
    free(settings);
    return status;
}

const Command find_lr_command = {
    .name = "find-lr",
    .usage = "--config FILE [--set KEY=VALUE]... [options]",
    .help = "suggests a learning rate: a range test, then short runs that confirm it",
    .takes = "csot<>#*+qF",
    .run = find_lr,
};
