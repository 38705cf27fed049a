/* Activations in double: PyTorch's values to its last digits, and central differences away from kinks. */
#include "../unit/activation_point.h"

static void pytorch_values_and_derivatives(void **state) {
    (void)state;
    check_pytorch(1e-14);
}

/* Non-default parameters that are differentiated beside every row of the table. */
static const char *const varied[] = {"leaky_relu slope=0.3", "prelu start=-2",           "elu alpha=1.7",
                                     "celu alpha=0.4",       "gelu approximate=tanh",    "softplus beta=2.5",
                                     "maxout pieces=7",      "hardtanh min=-0.5 max=1.5"};
enum { VARIED = sizeof varied / sizeof varied[0] };

/* Case k: the rows with their defaults, so that a new one is differentiated too, then the variations. */
static int case_count(void) { return activations.count + VARIED; }
static const char *case_head(int k) {
    return k < activations.count ? family_row(&activations, k)->name : varied[k - activations.count];
}

enum { ROWS = 23, UNITS = 11, N = ROWS * UNITS, MOST_Z = N * MOST_PIECES };

/* A layer of entries from -8 to 8, none within 1e-3 of an integer or half, where all kinks are. */
typedef struct Layer {
    Choice choice;
    int z_count;
    real z[MOST_Z], a[N], d[MOST_Z], w[1];
} Layer;

static void layer_start(Layer *layer, const char *head) {
    memset(layer, 0, sizeof *layer);
    layer->choice = choice_from(head);
    layer->z_count = N * activation_pieces(&layer->choice);
    const Activation *row = activation_of(&layer->choice);
    if (row->learned) row->learned_start(choice_params(&layer->choice), layer->w);
    for (int i = 0; i < layer->z_count; i++) {
        real z = (real)(i * 7919 % 1601) / 100 - 8;
        layer->z[i] = fabs(z * 2 - round(z * 2)) < 0.01 ? z + 0.003 : z;
    }
}

/* Sum over entries of (1 + i/N)·a_i: a loss whose gradient differs from entry to entry. */
static double weighted_sum(Layer *layer) {
    double sum = 0;
    const Activation *row = activation_of(&layer->choice);
    row->forward(choice_params(&layer->choice), layer->w, ROWS, UNITS, layer->z, layer->a);
    for (int i = 0; i < N; i++) sum += (1 + (double)i / N) * layer->a[i];
    return sum;
}

static double central_difference(Layer *layer, real *at) {
    const double h = 1e-5, before = *at;
    *at = before + h;
    const double high = weighted_sum(layer);
    *at = before - h;
    const double low = weighted_sum(layer);
    *at = before;
    return (high - low) / (2 * h);
}

static void backward_of(Layer *layer) {
    const Activation *row = activation_of(&layer->choice);
    for (int i = 0; i < N; i++) layer->d[i] = 1 + (double)i / N;
    weighted_sum(layer);
    row->backward(choice_params(&layer->choice), layer->w, ROWS, UNITS, layer->z, layer->a, layer->d);
}

static void backward_is_the_central_difference(void **state) {
    (void)state;
    static Layer layer;
    for (int k = 0; k < case_count(); k++) {
        double largest = 0;
        layer_start(&layer, case_head(k));
        backward_of(&layer);
        for (int i = 0; i < layer.z_count; i++) {
            const double want = central_difference(&layer, &layer.z[i]);
            largest = fmax(largest, fabs(want));
            if (fabs(layer.d[i] - want) > 2e-7)
                fail_msg("%s at z = %g: %.9g, by differences %.9g", case_head(k), layer.z[i], layer.d[i],
                         want);
        }
        assert_true(largest > 0.1); /* zeros on both sides would agree too */
    }
}

static void learned_grad_is_the_central_difference(void **state) {
    (void)state;
    static Layer layer;
    int learned = 0;
    for (int k = 0; k < case_count(); k++) {
        layer_start(&layer, case_head(k));
        const Activation *row = activation_of(&layer.choice);
        if (!row->learned) continue;
        learned++;
        real grad[1];
        for (int i = 0; i < N; i++) layer.d[i] = 1 + (double)i / N;
        row->learned_grad(choice_params(&layer.choice), layer.w, ROWS, UNITS, layer.z, layer.d, grad);
        const double want = central_difference(&layer, &layer.w[0]);
        assert_true(fabs(want) > 1 && fabs(grad[0] / want - 1) < 1e-8);
    }
    assert_true(learned >= 2);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pytorch_values_and_derivatives),
        cmocka_unit_test(backward_is_the_central_difference),
        cmocka_unit_test(learned_grad_is_the_central_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
