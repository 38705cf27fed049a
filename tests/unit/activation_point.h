/* activation_point: single values and slopes of activations, and their comparison with PyTorch's, for the
 * float and the double test. */
#ifndef NNEXP_TESTS_ACTIVATION_POINT_H
#define NNEXP_TESTS_ACTIVATION_POINT_H

#include "cases.h"
#include "nn/activation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MOST_PIECES = 16 };

/* f(z), or f'(z), of one entry; maxout gets z in its first piece and less in the others. */
typedef struct Point {
    real z[MOST_PIECES], a, d[MOST_PIECES];
} Point;

static inline Point evaluate(const Choice *choice, double z) {
    const Activation *row = activation_of(choice);
    const void *p = choice_params(choice);
    Point point = {.z = {(real)z}, .d = {1}};
    real w[1] = {0};
    for (int k = 1; k < MOST_PIECES; k++) point.z[k] = (real)(z - k);
    if (row->learned) row->learned_start(p, w);
    row->forward(p, w, 1, 1, point.z, &point.a);
    row->backward(p, w, 1, 1, point.z, &point.a, point.d);
    return point;
}

static inline double value_at(const Choice *choice, double z) { return (double)evaluate(choice, z).a; }
static inline double slope_at(const Choice *choice, double z) { return (double)evaluate(choice, z).d[0]; }

static inline double max_slope(const Choice *choice) {
    const Activation *row = activation_of(choice);
    real w[1] = {0};
    if (row->learned) row->learned_start(choice_params(choice), w);
    return row->max_slope(choice_params(choice), w);
}

static inline bool near(double got, double want, double tolerance) {
    return got == want || fabs(got - want) <= tolerance * fmax(1, fabs(want));
}

/* Compares every point of the committed reference. */
static inline void check_pytorch(double tolerance) {
    FILE *file = case_file("activation.txt");
    char line[256], head[256] = "";
    Choice choice = {0};
    int points = 0;
    while (fgets(line, sizeof line, file)) {
        double z, value, slope;
        if (sscanf(line, "%lf %lf %lf", &z, &value, &slope) != 3) {
            snprintf(head, sizeof head, "%s", line);
            choice = case_choice(&activations, head);
            continue;
        }
        points++;
        const double got_value = value_at(&choice, z), got_slope = slope_at(&choice, z);
        if (!near(got_value, value, tolerance) || !near(got_slope, slope, tolerance))
            fail_msg("z %.9g: f %.9g for %.9g, f' %.9g for %.9g of %s", z, got_value, value, got_slope, slope,
                     head);
    }
    fclose(file);
    assert_int_equal(points, 25 * 29);
}

#endif
