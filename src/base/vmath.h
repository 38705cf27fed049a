/* vmath: exp, expm1, log, log1p, tanh, erf, sigmoid as branch-free inline functions, so that plain loops over
 * arrays vectorise without fast-math (libm's tanhf costs 17 ns an element, these about half a nanosecond).
 * nan in, nan out; infinities give the right limits. Float results are within a few ulp of libm
 * (tests/unit/test_vmath.c has the bounds); with REAL_IS_DOUBLE they are libm's own. */
#ifndef NNEXP_BASE_VMATH_H
#define NNEXP_BASE_VMATH_H

#include "base/real.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline real vmath_exp(real x);
static inline real vmath_expm1(real x);
static inline real vmath_log(real x);   /* x > 0; log(0) = -inf */
static inline real vmath_log1p(real x); /* x > -1; log1p(-1) = -inf */
static inline real vmath_tanh(real x);
static inline real vmath_erf(real x);
static inline real vmath_sigmoid(real x); /* 1 / (1 + exp(-x)) */

#ifdef REAL_IS_DOUBLE

static inline real vmath_exp(real x) { return exp(x); }
static inline real vmath_expm1(real x) { return expm1(x); }
static inline real vmath_log(real x) { return log(x); }
static inline real vmath_log1p(real x) { return log1p(x); }
static inline real vmath_tanh(real x) { return tanh(x); }
static inline real vmath_erf(real x) { return erf(x); }
/* Without overflow, and without loss where the result is tiny. */
static inline real vmath_sigmoid(real x) { return (x < 0 ? exp(x) : 1) / (1 + exp(-fabs(x))); }

#else

/* The coefficients come from tests/reference/vmath_fit.py; selects `x < c ? c : x` let nan pass. */

static inline uint32_t vmath_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float vmath_float(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2^k for -126 <= k <= 127, built from its exponent bits. */
static inline float vmath_power2(int32_t k) { return vmath_float((uint32_t)(k + 127) << 23); }

/* x = k ln 2 + r with |r| <= ln 2 / 2, for |x| <= 104; returns e^r - 1. Adding 1.5 * 2^23 rounds to an
 * integer, which then stands in the low bits. ln 2 is taken off in two parts, the first of them exact times
 * any k. */
static inline float vmath_reduced_expm1(float x, int32_t *k) {
    float shifted = x * 0x1.715476p0f + 0x1.8p23f, rounded = shifted - 0x1.8p23f;
    float r = (x - rounded * 0x1.62e4p-1f) - rounded * 0x1.7f7d1cp-20f;
    *k = (int32_t)(vmath_bits(shifted) - vmath_bits(0x1.8p23f));
    /* relative error 1.8e-8 */
    float p = 0.00139464519f;
    p = p * r + 0.00836658385f;
    p = p * r + 0.0416662805f;
    p = p * r + 0.166665435f;
    p = p * r + 0.5f;
    return r * r * p + r;
}

static inline float vmath_exp(float x) {
    int32_t k;
    x = x < -104.0f ? -104.0f : x;
    x = x > 89.0f ? 89.0f : x;
    float e = vmath_reduced_expm1(x, &k) + 1;
    int32_t half = k >> 1; /* two factors: 2^k itself may be subnormal, or 2^128 */
    return e * vmath_power2(half) * vmath_power2(k - half);
}

/* e^x - 1 = 2 (2^(k-1) (e^r - 1) + 2^(k-1) - 1/2), for -25 <= x <= 89: no 2^128 comes up. */
static inline float vmath_expm1_inside(float x) {
    int32_t k;
    float e = vmath_reduced_expm1(x, &k), half_power = vmath_power2(k - 1);
    return 2 * (half_power * e + (half_power - 0.5f));
}

static inline float vmath_expm1(float x) {
    float inside = x < -25.0f ? -25.0f : x;
    inside = inside > 89.0f ? 89.0f : inside;
    float y = vmath_expm1_inside(inside);
    return fabsf(x) < 0x1p-25f ? x : y; /* keeps subnormals, and the sign of zero */
}

/* tanh |x| = e / (e + 2) with e = e^(2|x|) - 1; 1 from |x| = 9.02 on. */
static inline float vmath_tanh(float x) {
    float size = fabsf(x);
    float e = vmath_expm1_inside(size > 10.0f ? 20.0f : 2 * size);
    return copysignf(e / (e + 2), x);
}

/* e^-|x| neither overflows nor cancels. */
static inline float vmath_sigmoid(float x) {
    float e = vmath_exp(-fabsf(x));
    return (x < 0 ? e : 1.0f) / (1 + e);
}

/* The k for which x / 2^k lies in [sqrt(1/2), sqrt(2)), of a normal x > 0. */
static inline int32_t vmath_exponent(float x) { return (int32_t)(vmath_bits(x) - 0x3f3504f3u) >> 23; }

/* k ln 2 + log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)). */
static inline float vmath_log_sum(int32_t k, float f) {
    /* relative error 7.7e-9 */
    float p = -0.0785961226f;
    p = p * f + 0.128816471f;
    p = p * f - 0.131287545f;
    p = p * f + 0.141811922f;
    p = p * f - 0.166245535f;
    p = p * f + 0.200022861f;
    p = p * f - 0.250008106f;
    p = p * f + 0.333333164f;
    float y = f * f * (f * p) - 0.5f * (f * f);
    return (f + (y + (float)k * 0x1.7f7d1cp-20f)) + (float)k * 0x1.62e4p-1f;
}

static inline float vmath_log(float x) {
    float normal = x < FLT_MIN ? x * 0x1p23f : x;
    int32_t k = vmath_exponent(normal);
    float f = vmath_float(vmath_bits(normal) - ((uint32_t)k << 23)) - 1;
    float y = vmath_log_sum(x < FLT_MIN ? k - 23 : k, f);
    y = x > 0 ? y : (x == 0 ? -INFINITY : NAN);
    return x == INFINITY ? x : y;
}

/* f = x / 2^k - (1 - 2^-k), where 1 + x = 2^k (1 + f): what 1 + x rounds away is still in f. */
static inline float vmath_log1p(float x) {
    int32_t k = vmath_exponent(1 + x);
    float scale = vmath_power2(2 - k); /* 4 / 2^k: never subnormal */
    float y = vmath_log_sum(k, 0.25f * (x * scale) + (0.25f * scale - 1));
    y = x > -1 ? y : (x == -1 ? -INFINITY : NAN);
    return x == INFINITY ? x : y;
}

/* erf |x| = 1 - e^(-|x| S(|x|)), relative error 4.8e-8; 1 from |x| = 3.925 on. */
static inline float vmath_erf(float x) {
    float size = fabsf(x);
    size = size > 3.925f ? 3.925f : size;
    float s = 4.07077787e-05f;
    s = s * size - 0.000380999671f;
    s = s * size + 0.00125174422f;
    s = s * size + 0.000205718927f;
    s = s * size - 0.0193217173f;
    s = s * size + 0.102814414f;
    s = s * size + 0.636616468f;
    s = s * size + 1.12837923f;
    return copysignf(vmath_expm1_inside(-size * s), x);
}

#endif

#endif
