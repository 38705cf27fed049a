/* explained: see explained.h. */
#include "experiment/explained.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_BYTES = 192 };
static const char header[] = "step,name,component,variance,share,cumulative,kept\n";

/* Appends the step's rows to text, which has room; returns its end. */
static char *put_step(char *text, int step, const FittedPreprocess *fitted, const FittedTensor *spectrum) {
    int kept = fitted_tensor(fitted, "components")->rows;
    double total = 0, sum = 0;
    for (int i = 0; i < spectrum->columns; i++) total += (double)spectrum->data[i];
    for (int i = 0; i < spectrum->columns; i++) {
        char variance[32], share[32], cumulative[32];
        sum += (double)spectrum->data[i];
        text_print(variance, sizeof variance, (double)spectrum->data[i]);
        text_print(share, sizeof share, (double)spectrum->data[i] / total);
        text_print(cumulative, sizeof cumulative, sum / total);
        text += snprintf(text, ROW_BYTES, "%d,%s,%d,%s,%s,%s,%d\n", step, fitted->choice.variant->name, i + 1,
                         variance, share, cumulative, i < kept);
    }
    return text;
}

bool explained_write(const RunDirectory *directory, const Chain *chain, Error *err) {
    size_t rows = 0;
    for (int k = 0; k < chain->steps; k++) {
        const FittedTensor *spectrum = fitted_tensor(&chain->step[k], "spectrum");
        rows += spectrum ? (size_t)spectrum->columns : 0;
    }
    if (rows == 0) return true;
    char path[PATH_BYTES], *text = malloc(sizeof header + rows * ROW_BYTES);
    run_directory_file(directory, RUN_PREPROCESS, path);
    if (!text) return fail(err, "%s: no memory for %zu rows", path, rows);
    char *end = stpcpy(text, header);
    for (int k = 0; k < chain->steps; k++) {
        const FittedTensor *spectrum = fitted_tensor(&chain->step[k], "spectrum");
        if (spectrum) end = put_step(end, k, &chain->step[k], spectrum);
    }
    bool done = file_write_atomic(path, text, (size_t)(end - text), err);
    free(text);
    return done;
}
