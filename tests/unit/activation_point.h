/* activation_point: single values and slopes of activations, and their comparison with PyTorch's, for the
 * float and the double test. */
#ifndef NNEXP_TESTS_ACTIVATION_POINT_H
#define NNEXP_TESTS_ACTIVATION_POINT_H

#include "../reference/reference.h"
#include "nn/activation.h"

enum { MOST_PIECES = 16 };

/* "NAME FIELD=VALUE …" as a choice. */
static inline Choice choice_from(const char *head) {
    char copy[256];
    snprintf(copy, sizeof copy, "%s", head);
    return reference_choice(&activations, copy);
}

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

/* Compares every point of the committed reference: within tolerance of 1, or of larger values. */
static inline void check_pytorch(double tolerance) {
    FILE *file = reference_open("tests/reference/activation.txt");
    ReferenceCase it;
    int points = 0;
    while (reference_next(file, &activations, &it)) {
        const ReferenceList *z = reference_list(&it, "z");
        for (int i = 0; i < z->count; i++, points++) {
            const Point seen = evaluate(&it.choice, z->number[i]);
            const double value = reference_list(&it, "value")->number[i];
            const double slope = reference_list(&it, "slope")->number[i];
            reference_near(&it, "value", i, (double)seen.a, value, tolerance, 1);
            reference_near(&it, "slope", i, (double)seen.d[0], slope, tolerance, 1);
        }
    }
    fclose(file);
    assert_int_equal(points, 25 * 29);
}

#endif
