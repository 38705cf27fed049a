/* vmath: exp, expm1, log1p, tanh, erf, sigmoid as branch-free inline functions, so that plain loops over arrays
 * vectorise without fast-math (libm's tanhf costs 17 ns an element, these about half a nanosecond). nan in, nan
 * out; infinities give the right limits. Float results are within a few ulp of libm (tests/unit/test_vmath.c has
 * the bounds); with REAL_IS_DOUBLE they are libm's own. */
#ifndef NNEXP_BASE_VMATH_H
#define NNEXP_BASE_VMATH_H

#include "base/real.h"

static inline real vmath_exp(real x);
static inline real vmath_expm1(real x);
static inline real vmath_log(real x);   /* x > 0; log(0) = -inf */
static inline real vmath_log1p(real x); /* x >= 0 suffices here */
static inline real vmath_tanh(real x);
static inline real vmath_erf(real x);
static inline real vmath_sigmoid(real x); /* 1 / (1 + exp(-x)) */

/* (bodies follow here) */

#endif
