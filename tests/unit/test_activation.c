/* Activations against PyTorch's values and derivatives, and what their table promises: largest slopes, kinks,
 * nan and infinity, maxout's pieces, gains. */
#include "activation_point.h"
static const Activation *row_at(int i) { return (const Activation *)family_row(&activations, i); }

static void pytorch_values_and_derivatives(void **state) {
    (void)state;
    check_pytorch(1e-6); /* a few roundings of numbers about 1 */
}

/* The rows that PyTorch has are compared with it. A row added since is held to the loops over the table. */
static void rows_of_pytorch_have_reference_values(void **state) {
    (void)state;
    enum { ROWS_OF_PYTORCH = 18 };
    int covered = 0;
    for (int i = 0; i < activations.count; i++) {
        bool found = false;
        FILE *file = reference_open("tests/reference/activation.txt");
        for (ReferenceCase it; reference_next(file, &activations, &it);)
            found |= it.choice.variant == family_row(&activations, i);
        fclose(file);
        covered += found;
    }
    assert_true(covered >= ROWS_OF_PYTORCH);
}

static void every_row_has_help_and_functions(void **state) {
    (void)state;
    for (int i = 0; i < activations.count; i++) {
        const Activation *row = row_at(i);
        assert_true(row->head.help && strlen(row->head.help) > 0 && !strchr(row->head.help, '\n'));
        assert_true(row->forward && row->backward && row->max_slope && row->gain > 0);
        assert_true(!row->learned || (row->learned_start && row->learned_grad));
        for (const Field *field = row->head.fields; field && field->name; field++)
            assert_non_null(field->help);
    }
}

/* Cases of parameters other than the defaults, for the scans below. */
static const char *const scanned[] = {"identity",
                                      "sigmoid",
                                      "tanh",
                                      "relu",
                                      "leaky_relu",
                                      "leaky_relu slope=1",
                                      "prelu",
                                      "prelu start=-3",
                                      "elu",
                                      "elu alpha=0",
                                      "elu alpha=4",
                                      "celu",
                                      "celu alpha=0.1",
                                      "selu",
                                      "gelu",
                                      "gelu approximate=tanh",
                                      "silu",
                                      "mish",
                                      "softplus",
                                      "softplus beta=9",
                                      "softsign",
                                      "relu6",
                                      "hardtanh",
                                      "hardtanh min=-0.2 max=3",
                                      "hardsigmoid",
                                      "hardswish",
                                      "maxout",
                                      "maxout pieces=5"};
enum { SCANNED = sizeof scanned / sizeof scanned[0] };

/* The largest abs(f') over a fine scan and just beside each kink. */
static double scan_slope(const Choice *choice) {
    double most = 0, kinks[ACTIVATION_MOST_KINKS];
    real w[1] = {0};
    const Activation *row = activation_of(choice);
    if (row->learned) row->learned_start(choice_params(choice), w);
    for (int i = -40000; i <= 40000; i++) most = fmax(most, fabs(slope_at(choice, i * 1e-3)));
    int count = row->kinks ? row->kinks(choice_params(choice), w, kinks) : 0;
    for (int k = 0; k < count; k++)
        most = fmax(most,
                    fmax(fabs(slope_at(choice, kinks[k] - 1e-6)), fabs(slope_at(choice, kinks[k] + 1e-6))));
    return most;
}

static void max_slope_is_the_largest(void **state) {
    (void)state;
    for (int i = 0; i < SCANNED; i++) {
        Choice choice = choice_from(scanned[i]);
        double promised = max_slope(&choice), found = scan_slope(&choice);
        if (!near(found, promised, 2e-6))
            fail_msg("%s: max_slope %.9g, found %.9g", scanned[i], promised, found);
    }
}

/* f' jumps by more than 1e-3 over 2e-4 at the promised places, and nowhere else in a fine scan. */
static void kinks_are_where_slopes_jump(void **state) {
    (void)state;
    const double h = 1e-4;
    for (int i = 0; i < SCANNED; i++) {
        Choice choice = choice_from(scanned[i]);
        const Activation *row = activation_of(&choice);
        real w[1] = {0};
        double kinks[ACTIVATION_MOST_KINKS];
        if (row->learned) row->learned_start(choice_params(&choice), w);
        int count = row->kinks ? row->kinks(choice_params(&choice), w, kinks) : 0, jumps = 0;
        for (int k = 0; k < count; k++)
            if (fabs(slope_at(&choice, kinks[k] + h) - slope_at(&choice, kinks[k] - h)) < 1e-2)
                fail_msg("%s: no kink at %g", scanned[i], kinks[k]);
        for (int k = -100000; k < 100000; k++)
            jumps += fabs(slope_at(&choice, (k + 0.5) * h) - slope_at(&choice, (k - 0.5) * h)) > 1e-2;
        if (jumps != count) fail_msg("%s: %d kinks promised, %d found", scanned[i], count, jumps);
    }
}

static void bounded_rows_have_bounds(void **state) {
    (void)state;
    for (int i = 0; i < SCANNED; i++) {
        Choice choice = choice_from(scanned[i]);
        bool low = fabs(value_at(&choice, -1e6)) < 100, high = fabs(value_at(&choice, 1e6)) < 100;
        if (activation_of(&choice)->bounded != (low && high)) fail_msg("%s: wrong .bounded", scanned[i]);
    }
}

static void nan_comes_through(void **state) {
    (void)state;
    for (int i = 0; i < SCANNED; i++) {
        Choice choice = choice_from(scanned[i]);
        if (!isnan(value_at(&choice, NAN))) fail_msg("%s: f(nan) is a number", scanned[i]);
        const Activation *row = activation_of(&choice);
        real z[MOST_PIECES] = {-200}, a = 0, w[1] = {0}, d[MOST_PIECES] = {NAN};
        for (int k = 1; k < MOST_PIECES; k++) z[k] = -300;
        row->backward(choice_params(&choice), w, 1, 1, z, &a, d);
        if (!isnan(d[0])) fail_msg("%s: a nan gradient ends where it is saturated", scanned[i]);
    }
}

/* No finite z, however large, gives nan; infinity gives the limit where PyTorch's does. */
static void large_values_are_safe(void **state) {
    (void)state;
    for (int i = 0; i < SCANNED; i++) {
        Choice choice = choice_from(scanned[i]);
        for (double z = 1; z < 1e38; z *= 3)
            for (int sign = -1; sign <= 1; sign += 2)
                if (!isfinite(value_at(&choice, sign * z)) || !isfinite(slope_at(&choice, sign * z)))
                    fail_msg("%s: not finite at z = %g", scanned[i], sign * z);
        if (strcmp(choice.variant->name, "softsign") != 0) {
            const double up = value_at(&choice, INFINITY);
            if (activation_of(&choice)->bounded ? !(fabs(up) < 100) : !(up == INFINITY))
                fail_msg("%s: f(inf) = %g", scanned[i], up);
        }
    }
}

/* Never -0, which would print as "-0", and PyTorch's slope at 0. */
static void relu_is_exactly_zero_below(void **state) {
    (void)state;
    const double below[] = {-0.0, 0, -1e-30, -1e-4, -3, -1e30};
    Choice choice = choice_of(&activations, "relu");
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
        assert_true(value_at(&choice, below[i]) == 0 && !signbit(value_at(&choice, below[i])));
        assert_true(slope_at(&choice, below[i]) == 0);
    }
}

/* Arrays give what single entries give: the loops do not depend on length or place. */
static void arrays_equal_single_entries(void **state) {
    (void)state;
    enum { ROWS = 7, UNITS = 19, N = ROWS * UNITS };
    for (int i = 0; i < activations.count; i++) {
        Choice choice = choice_of(&activations, row_at(i)->head.name);
        if (activation_pieces(&choice) > 1) continue;
        real z[N], a[N], d[N], w[1] = {0};
        if (row_at(i)->learned) row_at(i)->learned_start(choice_params(&choice), w);
        for (int k = 0; k < N; k++) z[k] = (real)((k - N / 2) * 0.11), d[k] = (real)(1 + k);
        row_at(i)->forward(choice_params(&choice), w, ROWS, UNITS, z, a);
        row_at(i)->backward(choice_params(&choice), w, ROWS, UNITS, z, a, d);
        for (int k = 0; k < N; k++) {
            assert_true(near((double)a[k], value_at(&choice, z[k]), 1e-6));
            assert_true(near((double)d[k], (1 + k) * slope_at(&choice, z[k]), 1e-6));
        }
    }
}

static void maxout_takes_the_first_largest_piece(void **state) {
    (void)state;
    Choice choice = choice_from("maxout pieces=3");
    const Activation *row = activation_of(&choice);
    const real z[2 * 2 * 3] = {1, 3, 2, /**/ -1, -1, -2, /**/ 0, 0, 0, /**/ -7, -6, -5};
    real a[4], d[12] = {10, 20, 30, 40}, chosen[4], chosen_delta[4];
    const real want_a[4] = {3, -1, 0, -5}, want_d[12] = {0, 10, 0, 20, 0, 0, 30, 0, 0, 0, 0, 40};
    row->forward(choice_params(&choice), NULL, 2, 2, z, a);
    assert_memory_equal(a, want_a, sizeof a);
    row->backward(choice_params(&choice), NULL, 2, 2, z, a, d);
    assert_memory_equal(d, want_d, sizeof d);
    activation_chosen(&choice, 2, 2, z, chosen);
    assert_memory_equal(chosen, want_a, sizeof chosen);
    activation_chosen_delta(&choice, 2, 2, z, d, chosen_delta);
    const real want_delta[4] = {10, 20, 30, 40};
    assert_memory_equal(chosen_delta, want_delta, sizeof chosen_delta);
}

static void maxout_lets_any_nan_through(void **state) {
    (void)state;
    Choice choice = choice_from("maxout pieces=3");
    for (int at = 0; at < 3; at++) {
        real z[3] = {1, 2, 3}, a = 0;
        z[at] = NAN;
        activation_of(&choice)->forward(choice_params(&choice), NULL, 1, 1, z, &a);
        assert_true(isnan(a));
    }
}

static void one_piece_is_chosen_as_it_stands(void **state) {
    (void)state;
    Choice choice = choice_of(&activations, "relu");
    const real z[4] = {-1, 2, -0.5, 4}, d[4] = {1, 2, 3, 4};
    real chosen[4], delta[4];
    assert_int_equal(activation_pieces(&choice), 1);
    activation_chosen(&choice, 2, 2, z, chosen);
    activation_chosen_delta(&choice, 2, 2, z, d, delta);
    assert_memory_equal(chosen, z, sizeof z);
    assert_memory_equal(delta, d, sizeof d);
}

/* dL/dw sums d·z over the entries below 0, and those alone; many entries without loss of precision. */
static void prelu_learns_one_slope(void **state) {
    (void)state;
    enum { N = 50000 };
    static real z[N], d[N];
    Choice choice = choice_from("prelu start=0.5");
    const Activation *row = activation_of(&choice);
    real w[1], grad[1];
    double want = 0;
    row->learned_start(choice_params(&choice), w);
    assert_true(w[0] == (real)0.5);
    for (int i = 0; i < N; i++) {
        z[i] = (real)((i * 7919 % 101) / 50.0 - 1), d[i] = (real)((i * 7907 % 89) / 40.0);
        if (z[i] < 0) want += (double)z[i] * (double)d[i];
    }
    row->learned_grad(choice_params(&choice), w, N / 100, 100, z, d, grad);
    assert_true(fabs(want) > 1000 && fabs(grad[0] / want - 1) < 4 * (double)REAL_EPSILON);
}

/* torch.nn.init.calculate_gain. */
static void gains(void **state) {
    (void)state;
    const struct {
        const char *name;
        double gain;
    } known[] = {
        {"identity",   1                          },
        {"sigmoid",    1                          },
        {"tanh",       5.0 / 3                    },
        {"relu",       sqrt(2)                    },
        {"selu",       3.0 / 4                    },
        {"leaky_relu", sqrt(2 / (1 + 0.01 * 0.01))}
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        Choice choice = choice_of(&activations, known[i].name);
        assert_true(near(activation_of(&choice)->gain, known[i].gain, 1e-15));
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pytorch_values_and_derivatives),
        cmocka_unit_test(rows_of_pytorch_have_reference_values),
        cmocka_unit_test(every_row_has_help_and_functions),
        cmocka_unit_test(max_slope_is_the_largest),
        cmocka_unit_test(kinks_are_where_slopes_jump),
        cmocka_unit_test(bounded_rows_have_bounds),
        cmocka_unit_test(nan_comes_through),
        cmocka_unit_test(large_values_are_safe),
        cmocka_unit_test(relu_is_exactly_zero_below),
        cmocka_unit_test(arrays_equal_single_entries),
        cmocka_unit_test(maxout_takes_the_first_largest_piece),
        cmocka_unit_test(maxout_lets_any_nan_through),
        cmocka_unit_test(one_piece_is_chosen_as_it_stands),
        cmocka_unit_test(prelu_learns_one_slope),
        cmocka_unit_test(gains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
