/* convert: nnexp convert: writes the binary files of image sets as CSV. */
#include "cli/options.h"
#include "experiment/conversion.h"
#include "experiment/run.h"

static int convert(const Options *options, Error *err) {
    if (options->words == 0) {
        fail(err, "convert: which files? give IDX images and their labels, or CIFAR-10 batches");
        return EXIT_REFUSED;
    }
    if (!conversion_check(options->word, options->words, err)) return EXIT_REFUSED;
    return conversion_write(options->word, options->words, stdout, err) ? EXIT_DONE : EXIT_FAILED;
}

const Command convert_command = {
    .name = "convert",
    .usage = "IMAGES LABELS | BATCH...",
    .help = "writes IDX (MNIST) or CIFAR-10 binary files as CSV to standard output",
    .takes = "",
    .takes_words = true,
    .run = convert,
};
