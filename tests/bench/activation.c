/* activation: nanoseconds an entry of every activation, forward and backward, as nnexp has them, and of the same functions
 * by libm, one call an entry. Prints CSV: the study of note 5 reads it. Median of the turns; one thread. */
#include "nn/activation.h"
#include "base/clock.h"
#include "base/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 32, UNITS = 256, ENTRIES = ROWS * UNITS, MOST_PIECES = 16, CALLS = 40, TURNS = 31 };

/* What is timed: z in, a out; d is overwritten by each backward call and laid anew. */
typedef struct Arrays {
    real *z /* [ROWS][UNITS * pieces] */, *a /* [ROWS][UNITS] */, *d /* [ROWS][UNITS * pieces] */;
} Arrays;

static real *array_of(size_t n, uint32_t index) {
    Stream stream = random_stream(1, PURPOSE_TEST, 0, index);
    real *values = aligned_alloc(64, n * sizeof *values);
    if (!values) exit(2);
    for (size_t i = 0; i < n; i++) values[i] = (real)random_normal(&stream);
    return values;
}

static int ascending(const void *a, const void *b) {
    return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b);
}

static double median(double *turn /* [TURNS] */) {
    qsort(turn, TURNS, sizeof *turn, ascending);
    return turn[TURNS / 2];
}

/* ---- by libm --------------------------------------------------------------------------------------------- */

static float sigmoid_by_libm(float z) { return 1 / (1 + expf(-z)); }
static float relu_one(float z) { return z > 0 ? z : 0; }
static float gelu_by_libm(float z) { return 0.5F * z * (1 + erff(z * 0.70710678F)); }

typedef struct Plain {
    const char *name;
    float (*function)(float);
} Plain;
static const Plain plain[] = {{"relu one by one", relu_one},
                              {"sigmoid by libm", sigmoid_by_libm},
                              {"tanh by libm", tanhf},
                              {"gelu by libm", gelu_by_libm}};

static double plain_ns(float (*volatile function)(float), const Arrays *arrays) {
    double turn[TURNS];
    for (int t = 0; t < TURNS; t++) {
        double started = clock_seconds();
        for (int i = 0; i < ENTRIES; i++) arrays->a[i] = function(arrays->z[i]);
        turn[t] = (clock_seconds() - started) / ENTRIES * 1e9;
    }
    return median(turn);
}

/* ---- nnexp's --------------------------------------------------------------------------------------------- */

static double forward_ns(const Activation *it, const void *p, const real *w, const Arrays *arrays) {
    double turn[TURNS];
    for (int t = 0; t < TURNS; t++) {
        double started = clock_seconds();
        for (int call = 0; call < CALLS; call++) it->forward(p, w, ROWS, UNITS, arrays->z, arrays->a);
        turn[t] = (clock_seconds() - started) / (CALLS * (double)ENTRIES) * 1e9;
    }
    return median(turn);
}

static double backward_ns(const Activation *it, const void *p, const real *w, const Arrays *arrays) {
    double turn[TURNS];
    for (int t = 0; t < TURNS; t++) {
        double seconds = 0;
        for (int call = 0; call < CALLS; call++) {
            for (int i = 0; i < ENTRIES; i++) arrays->d[i] = 1; /* slopes below 1 would leave denormal numbers */
            double started = clock_seconds();
            it->backward(p, w, ROWS, UNITS, arrays->z, arrays->a, arrays->d);
            seconds += clock_seconds() - started;
        }
        turn[t] = seconds / (CALLS * (double)ENTRIES) * 1e9;
    }
    return median(turn);
}

static void time_row(const char *name, const Arrays *arrays) {
    Choice choice = choice_of(&activations, name);
    const Activation *it = activation_of(&choice);
    const void *p = choice_params(&choice);
    real w[8] = {0};
    if (it->learned > 0) it->learned_start(p, w);
    double forward = forward_ns(it, p, w, arrays);
    printf("%s,%.3g,%.3g\n", name, forward, backward_ns(it, p, w, arrays));
}

int main(void) {
    Arrays arrays = {array_of((size_t)ENTRIES * MOST_PIECES, 0), array_of(ENTRIES, 1),
                     array_of((size_t)ENTRIES * MOST_PIECES, 2)};
    puts("activation,forward_ns,backward_ns");
    for (int i = 0; i < activations.count; i++) time_row(family_row(&activations, i)->name, &arrays);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        printf("%s,%.3g,nan\n", plain[i].name, plain_ns(plain[i].function, &arrays));
    return 0;
}
