/* predict: nnexp predict: applies a trained run to another CSV, or to the points of a plane. */
#include "experiment/predict.h"

#include "base/file.h"
#include "cli/options.h"
#include "experiment/run.h"

#include <string.h>

static bool read_pick(const char *text, ModelPick *out, Error *err) {
    *out = MODEL_AUTO;
    if (!text) return true;
    if (strcmp(text, "best") == 0) *out = MODEL_BEST;
    else if (strcmp(text, "last") == 0) *out = MODEL_LAST;
    else return fail(err, "--model: expected best or last, got '%s'", text);
    return true;
}

static bool check(const Options *options, Error *err) {
    int given = (options->data != NULL) + (options->grid[0] != NULL) + options->points;
    if (!options->run)
        return fail(err, "--run: which run? give its directory, as in nnexp predict --run runs/relu_he");
    if (given == 0) return fail(err, "--data: which rows? give a CSV file; or the two inputs of --grid");
    if (given > 1) return fail(err, "--data, --grid, --points: each asks for rows of its own; give one of them");
    if (options->grid_size && !options->grid[0])
        return fail(err, "--grid-size: there is no grid; give --grid X Y, or leave it out");
    if (options->out && options->data && file_same(options->out, options->data))
        return fail(err, "--out: %s is the file that is read; give another", options->out);
    return true;
}

static int predict_command_run(const Options *options, Error *err) {
    enum { GRID_SIZE = 200 };
    PredictPlan plan = {.run = options->run,
                        .out = options->out,
                        .data = options->data,
                        .grid = {options->grid[0], options->grid[1]},
                        .grid_size = options->grid_size ? options->grid_size : GRID_SIZE,
                        .points = options->points,
                        .quiet = options->quiet};
    if (plan.out && strcmp(plan.out, "-") == 0) plan.out = NULL;
    bool began = false, done = check(options, err) && read_pick(options->model, &plan.pick, err);
    if (done) done = (plan.pool = options_pool(options, err)) && predict(&plan, &began, err);
    pool_free(plan.pool);
    return done ? EXIT_DONE : began ? EXIT_FAILED : EXIT_REFUSED;
}

const Command predict_command = {
    .name = "predict",
    .usage = "--run DIR (--data FILE | --grid X Y | --points) [options]",
    .help = "applies a trained run to another CSV file",
    .takes = "rdLGZPOtq",
    .run = predict_command_run,
};
