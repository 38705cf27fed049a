/* test_vmath: every function over its whole range against libm in double, and at the special values. */
#include "base/vmath.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

typedef struct Function {
    const char *name;
    float (*tested)(float);
    double (*exact)(double);
    double ulps;     /* the largest error allowed; every 11th float was tried once, the worst is in the comment */
    float low, high; /* of the results */
} Function;

static double exact_sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }

/* clang-format off */
static const Function functions[] = {
    {"exp",     vmath_exp,     exp,           1.1, 0,         INFINITY}, /* 1.02 */
    {"expm1",   vmath_expm1,   expm1,         1.8, -1,        INFINITY}, /* 1.71 */
    {"log",     vmath_log,     log,           1,   -INFINITY, INFINITY}, /* 0.90 */
    {"log1p",   vmath_log1p,   log1p,         1.5, -INFINITY, INFINITY}, /* 1.44 */
    {"tanh",    vmath_tanh,    tanh,          2.7, -1,        1},        /* 2.55 */
    {"erf",     vmath_erf,     erf,           3.3, -1,        1},        /* 3.14 */
    {"sigmoid", vmath_sigmoid, exact_sigmoid, 2.5, 0,         1},        /* 2.35 */
};
/* clang-format on */
enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

/* The distance of floats at x; of subnormals all the same. */
static double ulp(double x) {
    int exponent;
    frexp(fmax(fabs(x), FLT_MIN), &exponent);
    return ldexp(1, exponent - 24);
}

static bool agrees(const Function *f, float x) {
    double exact = f->exact((double)x);
    float nearest = (float)exact, seen = f->tested(x);
    if (isnan(exact)) return isnan(seen);
    if (!(seen >= f->low && seen <= f->high)) return false;
    if (isinf(nearest)) return seen == nearest;
    return fabs((double)seen - exact) <= f->ulps * ulp(exact);
}

static void assert_agrees(const Function *f, float x) {
    if (agrees(f, x)) return;
    fail_msg("%s(%a) is %a, not %a", f->name, (double)x, (double)f->tested(x), f->exact((double)x));
}

/* Every 1009th of all floats, infinities and nans among them. */
static void the_whole_range_is_near_libm(void **state) {
    (void)state;
    for (int i = 0; i < FUNCTIONS; i++)
        for (uint64_t bits = 0; bits <= UINT32_MAX; bits += 1009)
            assert_agrees(&functions[i], vmath_float((uint32_t)bits));
}

/* Where the pieces meet: multiples of ln 2 / 2, powers of sqrt 2, the clamps. */
static void seams_are_near_libm(void **state) {
    (void)state;
    static const float clamps[] = {-104,      -25,         10,         20,      89,     3.925f,
                                   88.72283f, 0.70710678f, 1.4142135f, FLT_MIN, FLT_MAX};
    for (int i = 0; i < FUNCTIONS; i++) {
        for (int k = -320; k <= 320; k++)
            for (int step = -40; step <= 40; step++) {
                float x = (float)k * 0.34657359f;
                assert_agrees(&functions[i], vmath_float(vmath_bits(x) + (uint32_t)step));
            }
        for (size_t c = 0; c < sizeof clamps / sizeof clamps[0]; c++)
            for (int step = -40; step <= 40; step++)
                for (int sign = -1; sign <= 1; sign += 2)
                    assert_agrees(&functions[i], (float)sign * vmath_float(vmath_bits(clamps[c]) + (uint32_t)step));
    }
}

static void erf_is_within_1e_7(void **state) {
    (void)state;
    for (int i = -500000; i <= 500000; i++) {
        float x = (float)i * 1e-5f;
        assert_true(fabs((double)vmath_erf(x) - erf((double)x)) < 1e-7);
    }
}

static void nan_stays_nan(void **state) {
    (void)state;
    for (int i = 0; i < FUNCTIONS; i++) assert_true(isnan(functions[i].tested(NAN)));
}

static void limits_are_exact(void **state) {
    (void)state;
    assert_true(vmath_exp(-INFINITY) == 0 && vmath_exp(INFINITY) == INFINITY && vmath_exp(0) == 1);
    assert_true(vmath_exp(-200) == 0 && vmath_exp(89) == INFINITY && vmath_exp(-100) > 0);
    assert_true(vmath_expm1(-INFINITY) == -1 && vmath_expm1(INFINITY) == INFINITY);
    assert_true(vmath_log(0) == -INFINITY && vmath_log(INFINITY) == INFINITY && vmath_log(1) == 0);
    assert_true(isnan(vmath_log(-1)) && isnan(vmath_log(-INFINITY)) && isnan(vmath_log1p(-2)));
    assert_true(vmath_log1p(-1) == -INFINITY && vmath_log1p(INFINITY) == INFINITY && vmath_log1p(0) == 0);
    assert_true(vmath_tanh(INFINITY) == 1 && vmath_tanh(-INFINITY) == -1 && vmath_tanh(FLT_MAX) == 1);
    assert_true(vmath_erf(INFINITY) == 1 && vmath_erf(-INFINITY) == -1 && vmath_erf(4) == 1);
    assert_true(vmath_sigmoid(INFINITY) == 1 && vmath_sigmoid(-INFINITY) == 0 && vmath_sigmoid(0) == 0.5f);
    assert_true(vmath_sigmoid(-90) > 0);
}

static void odd_functions_are_odd(void **state) {
    (void)state;
    assert_true(signbit(vmath_tanh(-0.0f)) && signbit(vmath_erf(-0.0f)) && signbit(vmath_expm1(-0.0f)));
    for (int i = 1; i < 1000; i++) {
        float x = (float)i * 0.01f;
        assert_true(vmath_tanh(-x) == -vmath_tanh(x) && vmath_erf(-x) == -vmath_erf(x));
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_range_is_near_libm),
        cmocka_unit_test(seams_are_near_libm),
        cmocka_unit_test(erf_is_within_1e_7),
        cmocka_unit_test(nan_stays_nan),
        cmocka_unit_test(limits_are_exact),
        cmocka_unit_test(odd_functions_are_odd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
