/* Inits: moments against the stated variance and PyTorch's, exact bounds, orthogonality, zeros, lsuv. */
#include "base/linalg.h"
#include "nn/init.h"
#include "nn/network.h"

#include "../reference/reference.h" /* after base/error.h: cmocka makes fail a macro */

/* The shape of the reference: a [512 in][768 out] weight. */
enum { IN = 512, OUT = 768, N = IN * OUT };
static const InitShape shape = {.rows = IN, .columns = OUT, .fan_in = IN, .fan_out = OUT};
static real weight[N];

static const Init *row_at(int i) { return (const Init *)family_row(&inits, i); }

static void fill_shape(const Choice *choice, const InitShape *of, uint64_t seed, real *w) {
    Stream stream = random_stream(seed, PURPOSE_TEST, 0, 0);
    Error err = {0};
    bool ok = init_of(choice)->fill(choice_params(choice), &stream, of, w, &err);
    if (!ok) error_print(&err, stderr);
    assert_true(ok && err.count == 0);
}

/* "NAME FIELD=VALUE …" as a choice. */
static Choice choice_from(const char *head) {
    char copy[256];
    snprintf(copy, sizeof copy, "%s", head);
    return reference_choice(&inits, copy);
}

static Choice fill(const char *head) {
    Choice choice = choice_from(head);
    fill_shape(&choice, &shape, 1, weight);
    return choice;
}

typedef struct Moments {
    double mean, variance, kurtosis, zeros, low, high;
} Moments;

static Moments moments(size_t n, const real *w) {
    Moments m = {.low = INFINITY, .high = -INFINITY};
    double fourth = 0;
    for (size_t i = 0; i < n; i++) {
        m.mean += (double)w[i] / (double)n, m.zeros += (w[i] == 0) / (double)n;
        m.low = fmin(m.low, (double)w[i]), m.high = fmax(m.high, (double)w[i]);
    }
    for (size_t i = 0; i < n; i++) {
        const double square = ((double)w[i] - m.mean) * ((double)w[i] - m.mean);
        m.variance += square / (double)n, fourth += square * square / (double)n;
    }
    m.kurtosis = fourth / (m.variance * m.variance);
    return m;
}

static void every_row_has_help_and_functions(void **state) {
    (void)state;
    for (int i = 0; i < inits.count; i++) {
        assert_true(row_at(i)->head.help && strlen(row_at(i)->head.help) > 0);
        assert_true(row_at(i)->fill && row_at(i)->variance);
        for (const Field *field = row_at(i)->head.fields; field && field->name; field++)
            assert_true(field->help && strlen(field->help) > 0);
    }
}

/* Over 393,216 draws a variance is known to 0.23 % (one deviation), a kurtosis to 0.008. */
static void pytorch_moments(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/init.txt");
    int cases = 0;
    for (ReferenceCase it; reference_next(file, &inits, &it); cases++) {
        fill_shape(&it.choice, &shape, 1, weight);
        const Moments m = moments(N, weight);
        reference_near(&it, "variance", 0, m.variance, reference_number(&it, "variance"), 0.015, 0);
        reference_near(&it, "kurtosis", 0, m.kurtosis, reference_number(&it, "kurtosis"), 0.02, 0);
        reference_near(&it, "zeros", 0, m.zeros, reference_number(&it, "zeros"), 1e-6, 1);
    }
    fclose(file);
    assert_int_equal(cases, 15);
}

/* Each scaled row in every distribution and fan, with the formulas of the contract written out. */
static void scaled_rows_have_the_stated_variance(void **state) {
    (void)state;
    const char *const distributions[] = {"normal", "uniform", "truncated"}, *const fans[] = {"in", "out",
                                                                                             "avg"};
    const double fan[] = {IN, OUT, (IN + OUT) / 2.0};
    const struct {
        const char *head;
        double scale;
    } known[] = {
        {"xavier",                     1 },
        {"lecun",                      1 },
        {"glorot",                     1 },
        {"he",                         2 },
        {"he gain=0.5",                .5},
        {"variance_scaling scale=0.5", .5}
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
        for (int at = 0; at < 9; at++) {
            char head[128];
            snprintf(head, sizeof head, "%s distribution=%s fan=%s", known[k].head, distributions[at / 3],
                     fans[at % 3]);
            Choice choice = fill(head);
            const double want = known[k].scale / fan[at % 3];
            const double stated = init_of(&choice)->variance(choice_params(&choice), &shape);
            const Moments m = moments(N, weight);
            if (fabs(stated / want - 1) > 1e-12) fail_msg("%s states variance %g for %g", head, stated, want);
            if (fabs(m.variance / want - 1) > 0.012)
                fail_msg("%s has variance %g for %g", head, m.variance, want);
            if (fabs(m.mean) > 4 * sqrt(want / N)) fail_msg("%s has mean %g", head, m.mean);
        }
}

static void stated_variance(const char *head, double want) {
    Choice choice = choice_from(head);
    const double stated = init_of(&choice)->variance(choice_params(&choice), &shape);
    if (isnan(want) ? !isnan(stated) : fabs(stated - want) > 1e-12 * want)
        fail_msg("%s states %g", head, stated);
}

static void default_fans_and_variances(void **state) {
    (void)state;
    stated_variance("zeros", 0);
    stated_variance("constant", 0);
    stated_variance("gaussian", 1e-4);
    stated_variance("uniform low=-1 high=2", 0.75);
    stated_variance("xavier", 1.0 / IN);
    stated_variance("lecun", 1.0 / IN);
    stated_variance("glorot", 2.0 / (IN + OUT));
    stated_variance("he", 2.0 / IN);
    stated_variance("variance_scaling", 1.0 / IN);
    stated_variance("orthogonal", NAN);
    stated_variance("sparse", NAN);
    stated_variance("lsuv", NAN);
}

static void constants_are_constant(void **state) {
    (void)state;
    fill("zeros");
    for (int i = 0; i < N; i++) assert_true(weight[i] == 0);
    fill("constant value=-0.75");
    for (int i = 0; i < N; i++) assert_true(weight[i] == (real)-0.75);
    fill("gaussian mean=3 std=0.5");
    assert_true(fabs(moments(N, weight).mean - 3) < 0.004);
}

/* Bounds are reached nearly and never passed. */
static void within(const char *head, double low, double high, double reach) {
    fill(head);
    const Moments m = moments(N, weight);
    if (m.low < (double)(real)low || m.high > (double)(real)high)
        fail_msg("%s: %g to %g", head, m.low, m.high);
    if (m.low > low + reach || m.high < high - reach) fail_msg("%s: only %g to %g", head, m.low, m.high);
}

static void bounds_are_exact(void **state) {
    (void)state;
    const double he = sqrt(6.0 / IN), glorot = sqrt(6.0 / (IN + OUT));
    const double truncated = 2 * sqrt(1.0 / IN) / 0.87962566103423978;
    within("uniform low=-0.25 high=0.5", -0.25, 0.5, 1e-4);
    within("he distribution=uniform", -he, he, 1e-4);
    within("glorot distribution=uniform", -glorot, glorot, 1e-4);
    within("lecun distribution=truncated", -truncated, truncated, 1e-3);
}

/* Largest error of WᵀW = gain² (columns no more than rows) or WWᵀ = gain². */
static double orthogonality_error(const InitShape *of, double gain, const real *w) {
    const bool wide = of->rows < of->columns;
    const int n = wide ? of->rows : of->columns, m = wide ? of->columns : of->rows;
    const int step = wide ? 1 : of->columns, from = wide ? of->columns : 1;
    double worst = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double dot = 0;
            for (int k = 0; k < m; k++)
                dot += (double)w[i * from + k * step] * (double)w[j * from + k * step];
            worst = fmax(worst, fabs(dot - (i == j) * gain * gain));
        }
    return worst;
}

static void orthogonal_is_orthogonal(void **state) {
    (void)state;
    const int sides[][2] = {
        {1,  1 },
        {40, 40},
        {60, 20},
        {20, 60},
        {1,  30},
        {30, 1 }
    };
    Choice choice = choice_from("orthogonal gain=1.5");
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        const InitShape of = {sides[i][0], sides[i][1], sides[i][0], sides[i][1]};
        fill_shape(&choice, &of, i, weight);
        if (orthogonality_error(&of, 1.5, weight) > 1e-5) fail_msg("%d x %d", of.rows, of.columns);
    }
}

/* ceil(sparsity · fan_in) zeros in each unit's column, at places that differ from unit to unit. */
static void sparse_counts_its_zeros(void **state) {
    (void)state;
    const double sparsity[] = {0, 0.1, 0.5, 0.93, 1};
    for (size_t s = 0; s < sizeof sparsity / sizeof sparsity[0]; s++) {
        char head[64];
        int first_input = 0;
        snprintf(head, sizeof head, "sparse sparsity=%g std=0.3", sparsity[s]);
        fill(head);
        for (int c = 0; c < OUT; c++) {
            int zeros = 0;
            for (int r = 0; r < IN; r++) zeros += weight[r * OUT + c] == 0;
            if (zeros != (int)ceil(sparsity[s] * IN)) fail_msg("%s: %d zeros in a unit", head, zeros);
            first_input += weight[c] == 0;
        }
        assert_true(fabs((double)first_input / OUT - sparsity[s]) < 0.06);
    }
}

static void same_stream_same_bytes(void **state) {
    (void)state;
    enum { M = 24 * 17 };
    const InitShape of = {24, 17, 24, 17};
    for (int i = 0; i < inits.count; i++) {
        real first[M], again[M], other[M];
        Choice choice = choice_of(&inits, row_at(i)->head.name);
        fill_shape(&choice, &of, 5, first);
        fill_shape(&choice, &of, 5, again);
        fill_shape(&choice, &of, 6, other);
        assert_memory_equal(first, again, sizeof first);
        const bool draws = strcmp(choice.variant->name, "zeros") && strcmp(choice.variant->name, "constant");
        assert_int_equal(memcmp(first, other, sizeof first) != 0, draws);
    }
}

/* A bias is one row, scaled by its weight's fans. */
static void biases_use_the_fans_of_their_weight(void **state) {
    (void)state;
    const InitShape bias = {.rows = 1, .columns = 50000, .fan_in = 25, .fan_out = 50000};
    for (int i = 0; i < inits.count; i++) {
        if (row_at(i)->matrix_only) continue;
        Choice choice = choice_of(&inits, row_at(i)->head.name);
        fill_shape(&choice, &bias, 1, weight);
        const double want = row_at(i)->variance(choice_params(&choice), &bias);
        assert_true(fabs(moments(50000, weight).variance - want) <= 0.03 * want + 1e-12);
    }
    Choice he = choice_of(&inits, "he");
    assert_true(init_of(&he)->variance(choice_params(&he), &bias) == 2.0 / 25);
}

static void only_matrices_are_orthogonal_sparse_or_lsuv(void **state) {
    (void)state;
    for (int i = 0; i < inits.count; i++) {
        const char *name = row_at(i)->head.name;
        const bool matrix = !strcmp(name, "orthogonal") || !strcmp(name, "sparse") || !strcmp(name, "lsuv");
        assert_int_equal(row_at(i)->matrix_only, matrix);
    }
}

static void uniform_refuses_an_empty_range(void **state) {
    (void)state;
    Choice choice = choice_from("uniform low=2 high=0.5");
    Stream stream = random_stream(1, PURPOSE_TEST, 0, 0);
    Error err = {0};
    assert_false(init_of(&choice)->fill(choice_params(&choice), &stream, &shape, weight, &err));
    assert_int_equal(err.count, 1);
    assert_string_equal(err.text, "uniform: low 2 is not below high 0.5; give low < high");
}

/* ---- lsuv: on a network of two layers, put together by hand ------------------------------------------- */

enum { ROWS = 200, FEATURES = 12, HIDDEN = 30, UNITS = 20, BIAS = FEATURES * HIDDEN + HIDDEN * UNITS };

typedef struct Bench {
    Network network;
    Workspace work;
    real theta[BIAS + UNITS], x[ROWS * FEATURES], hidden[ROWS * HIDDEN], z[ROWS * HIDDEN];
} Bench;

/* Stands in for nn/network.c, so that lsuv alone is tested here: leaves relu(x·W) in the first layer's a. */
real *network_forward_to(const Network *network, Workspace *work, int upto, int rows, const real *x,
                         PassMode mode, const PassAddress *address) {
    real *a = work->layer[0].a;
    assert_true(upto == 2 && rows == ROWS && mode == PASS_PROBE && !address);
    multiply(NULL, ROWS, HIDDEN, FEATURES, x, network->theta, false, a);
    for (int i = 0; i < ROWS * HIDDEN; i++) a[i] = a[i] > 0 ? a[i] : 0;
    return NULL;
}

/* Weights of layer 0 by he, of layer 1 by lsuv's fill; biases of layer 1 alone, N(0, bias_std). */
static Bench *bench_start(const Choice *lsuv, double bias_std) {
    static Bench bench;
    memset(&bench, 0, sizeof bench);
    Network *network = &bench.network;
    const Choice he = choice_of(&inits, "he");
    const InitShape below = {FEATURES, HIDDEN, FEATURES, HIDDEN}, above = {HIDDEN, UNITS, HIDDEN, UNITS};
    Stream stream = random_stream(3, PURPOSE_TEST, 0, 0);
    network->theta = bench.theta;
    network->layers = 2, network->segments = 3;
    network->layer[0] = (Layer){
        .fan_in = FEATURES, .units = HIDDEN, .columns = HIDDEN, .segment = {0, -1, -1, -1, -1}
    };
    network->layer[1] = (Layer){
        .fan_in = HIDDEN, .units = UNITS, .columns = UNITS, .segment = {1, 2, -1, -1, -1}
    };
    network->segment[1].offset = FEATURES * HIDDEN, network->segment[2].offset = BIAS;
    bench.work.layer[0] = (LayerWork){.z = bench.z, .a = bench.hidden};
    bench.work.layer[1] = (LayerWork){.z = bench.z};
    fill_shape(&he, &below, 1, bench.theta);
    fill_shape(lsuv, &above, 2, bench.theta + FEATURES * HIDDEN);
    for (int i = 0; i < UNITS; i++) bench.theta[BIAS + i] = (real)(bias_std * random_normal(&stream));
    for (int i = 0; i < ROWS * FEATURES; i++) bench.x[i] = (real)(1 + 2 * random_normal(&stream));
    return &bench;
}

static bool calibrate(Bench *bench, const Choice *lsuv, int layer, Error *err) {
    return init_of(lsuv)->calibrate(choice_params(lsuv), &bench->network, layer, ROWS, bench->x, &bench->work,
                                    err);
}

/* Variance of the second layer's x·W + b, in plain double loops. */
static double variance_above(const Bench *bench) {
    double sum = 0, squares = 0;
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < UNITS; c++) {
            double z = (double)bench->theta[BIAS + c];
            for (int k = 0; k < HIDDEN; k++)
                z += (double)bench->hidden[r * HIDDEN + k] *
                     (double)bench->theta[FEATURES * HIDDEN + k * UNITS + c];
            sum += z, squares += z * z;
        }
    const double mean = sum / (ROWS * UNITS);
    return squares / (ROWS * UNITS) - mean * mean;
}

static double calibrated_variance(const char *head, double bias_std) {
    Error err = {0};
    Choice lsuv = choice_from(head);
    Bench *bench = bench_start(&lsuv, bias_std);
    assert_true(calibrate(bench, &lsuv, 1, &err));
    return variance_above(bench);
}

static void lsuv_reaches_its_variance(void **state) {
    (void)state;
    assert_true(fabs(calibrated_variance("lsuv", 0) - 1) < 1e-5);
    assert_true(fabs(calibrated_variance("lsuv variance=4", 0) / 4 - 1) < 1e-5);
    assert_true(fabs(calibrated_variance("lsuv tolerance=0.0001", 0.5) - 1) < 1.1e-4);
    assert_true(fabs(calibrated_variance("lsuv iterations=1", 0.5) - 1) >
                0.02); /* the biases want more rounds */
}

static void lsuv_only_scales(void **state) {
    (void)state;
    Error err = {0};
    Choice lsuv = choice_of(&inits, "lsuv");
    Bench *bench = bench_start(&lsuv, 0);
    const InitShape above = {HIDDEN, UNITS, HIDDEN, UNITS};
    assert_true(orthogonality_error(&above, 1, bench->theta + FEATURES * HIDDEN) < 1e-5);
    const real before = bench->theta[FEATURES * HIDDEN];
    assert_true(calibrate(bench, &lsuv, 1, &err));
    const double factor = (double)(bench->theta[FEATURES * HIDDEN] / before);
    assert_true(fabs(factor - 1) > 0.1);
    assert_true(orthogonality_error(&above, factor, bench->theta + FEATURES * HIDDEN) <
                1e-5 * factor * factor);
}

static void lsuv_leaves_what_is_near_enough(void **state) {
    (void)state;
    Error err = {0};
    Choice lsuv = choice_from("lsuv tolerance=0.1");
    Bench *bench = bench_start(&lsuv, 0);
    real before[BIAS + UNITS];
    assert_true(calibrate(bench, &lsuv, 1, &err));
    for (int i = 0; i < HIDDEN * UNITS; i++) bench->theta[FEATURES * HIDDEN + i] *= (real)1.04;
    memcpy(before, bench->theta, sizeof before);
    assert_true(calibrate(bench, &lsuv, 1, &err));
    assert_memory_equal(bench->theta, before, sizeof before);
}

static void lsuv_calibrates_the_first_layer_on_the_rows(void **state) {
    (void)state;
    Error err = {0};
    Choice lsuv = choice_of(&inits, "lsuv");
    Bench *bench = bench_start(&lsuv, 0);
    assert_true(calibrate(bench, &lsuv, 0, &err));
    multiply(NULL, ROWS, HIDDEN, FEATURES, bench->x, bench->theta, false, bench->z);
    assert_true(fabs(moments(ROWS * HIDDEN, bench->z).variance - 1) < 1e-5);
}

static void lsuv_refuses_what_it_cannot_scale(void **state) {
    (void)state;
    Error zero = {0}, not_finite = {0};
    Choice lsuv = choice_of(&inits, "lsuv");
    Bench *bench = bench_start(&lsuv, 0);
    memset(bench->x, 0, sizeof bench->x);
    assert_false(calibrate(bench, &lsuv, 1, &zero));
    assert_string_equal(zero.text,
                        "lsuv: z has variance 0 over 200 rows; check the inputs, or use another init");
    bench->x[7] = INFINITY;
    assert_false(calibrate(bench, &lsuv, 0, &not_finite));
    assert_string_equal(not_finite.text,
                        "lsuv: z has variance nan over 200 rows; check the inputs, or use another init");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_help_and_functions),
        cmocka_unit_test(pytorch_moments),
        cmocka_unit_test(scaled_rows_have_the_stated_variance),
        cmocka_unit_test(default_fans_and_variances),
        cmocka_unit_test(constants_are_constant),
        cmocka_unit_test(bounds_are_exact),
        cmocka_unit_test(orthogonal_is_orthogonal),
        cmocka_unit_test(sparse_counts_its_zeros),
        cmocka_unit_test(same_stream_same_bytes),
        cmocka_unit_test(biases_use_the_fans_of_their_weight),
        cmocka_unit_test(only_matrices_are_orthogonal_sparse_or_lsuv),
        cmocka_unit_test(uniform_refuses_an_empty_range),
        cmocka_unit_test(lsuv_reaches_its_variance),
        cmocka_unit_test(lsuv_only_scales),
        cmocka_unit_test(lsuv_leaves_what_is_near_enough),
        cmocka_unit_test(lsuv_calibrates_the_first_layer_on_the_rows),
        cmocka_unit_test(lsuv_refuses_what_it_cannot_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
