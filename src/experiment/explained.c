/* explained: see explained.h. */
#include "experiment/explained.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_BYTES = 192 };
static const char header[] = "step,name,component,variance,share,cumulative,kept\n";

static double square(real x) { return (double)x * (double)x; }

/* Appends the step's rows to text, which has room; returns its end. */
static char *put_step(char *text, int step, const FittedPreprocess *fitted, const FittedTensor *deviation) {
    int kept = fitted_tensor(fitted, "components")->rows;
    double total = 0, sum = 0;
    for (int i = 0; i < deviation->columns; i++) total += square(deviation->data[i]);
    for (int i = 0; i < deviation->columns; i++) {
        char variance[32], share[32], cumulative[32];
        double here = square(deviation->data[i]);
        sum += here;
        text_print(variance, sizeof variance, here);
        text_print(share, sizeof share, here / total);
        text_print(cumulative, sizeof cumulative, sum / total);
        text += snprintf(text, ROW_BYTES, "%d,%s,%d,%s,%s,%s,%d\n", step, fitted->choice.variant->name, i + 1,
                         variance, share, cumulative, i < kept);
    }
    return text;
}

bool explained_write(const RunDirectory *directory, const Chain *chain, Error *err) {
    size_t rows = 0;
    for (int k = 0; k < chain->steps; k++) {
        const FittedTensor *deviation = fitted_tensor(&chain->step[k], "deviation");
        rows += deviation ? (size_t)deviation->columns : 0;
    }
    if (rows == 0) return true;
    char path[PATH_BYTES], *text = malloc(sizeof header + rows * ROW_BYTES);
    run_directory_file(directory, RUN_PREPROCESS, path);
    if (!text) return fail(err, "%s: no memory for %zu rows", path, rows);
    char *end = stpcpy(text, header);
    for (int k = 0; k < chain->steps; k++) {
        const FittedTensor *deviation = fitted_tensor(&chain->step[k], "deviation");
        if (deviation) end = put_step(end, k, &chain->step[k], deviation);
    }
    bool done = run_directory_write(directory, RUN_PREPROCESS, text, (size_t)(end - text), err);
    free(text);
    return done;
}
