/* generate: nnexp generate: writes a synthetic data set as CSV. */
#include "cli/options.h"
#include "experiment/run.h"
#include "experiment/synthesis.h"

static int generate(const Options *options, Error *err) {
    Choice generator;
    if (!options->argument) {
        fail(err, "generate: which set? nnexp list generator names them");
        return EXIT_REFUSED;
    }
    if (!synthesis_choose(options->argument, options->set, options->sets, &generator, err)) return EXIT_REFUSED;
    if (synthesis_write(&generator, options->rows, (uint64_t)options->seed, stdout, err)) return EXIT_DONE;
    error_prefix(err, "standard output: ");
    return EXIT_FAILED;
}

const Command generate_command = {
    .name = "generate",
    .usage = "SET [--rows N] [--seed N] [--set PARAMETER=VALUE]...",
    .help = "writes a synthetic data set as CSV to standard output",
    .takes = "sND",
    .advice = "a set's own parameters are given as --set NAME=VALUE, and nnexp list generator has them",
    .takes_argument = true,
    .run = generate,
};
