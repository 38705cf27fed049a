/* generate: nnexp generate: writes a synthetic data set as CSV. */
#include "data/generate.h"
#include "cli/options.h"
#include "config/path.h"
#include "config/read.h"
#include "experiment/run.h"

/* The generator with its parameters: --set noise=0.1 sets those of the row. */
static bool choose(const Options *options, Choice *out, Error *err) {
    typedef struct Holder {
        Choice generator;
    } Holder;
    const Field fields[] = {FIELD_CHOICE(Holder, generator, .family = &generators, .required = true), {0}};
    Holder holder;
    bool ok = true;
    Json *document = json_new_object();
    json_set(document, "generator", json_new_text(options->argument));
    for (int i = 0; i < options->sets && ok; i++) {
        char assignment[512];
        snprintf(assignment, sizeof assignment, "generator.%s", options->set[i]);
        ok = config_set(document, assignment, err);
    }
    ok = ok && config_read(document, fields, "", &holder, err);
    if (ok) *out = holder.generator;
    json_free(document);
    return ok;
}

static int generate(const Options *options, Error *err) {
    Choice generator;
    if (!options->argument) {
        fail(err, "generate: which set? nnexp list generator names them");
        return EXIT_REFUSED;
    }
    if (!choose(options, &generator, err)) return EXIT_REFUSED;
    int64_t rows = options->rows > 0 ? options->rows : ((const Generator *)generator.variant)->rows;
    if (generate_csv(&generator, rows, (uint64_t)options->seed, stdout, err)) return EXIT_DONE;
    error_prefix(err, "standard output: ");
    return EXIT_FAILED;
}

const Command generate_command = {
    .name = "generate",
    .usage = "SET [--rows N] [--seed N] [--set PARAMETER=VALUE]...",
    .help = "writes a synthetic data set as CSV to standard output",
    .takes = "sND",
    .takes_argument = true,
    .run = generate,
};
