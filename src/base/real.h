/* real: the one floating-point type of tensors.
 * REAL_IS_DOUBLE (the gradient tests) is the only compile-time switch of the sources. */
#ifndef NNEXP_BASE_REAL_H
#define NNEXP_BASE_REAL_H

#include <float.h>

#ifdef REAL_IS_DOUBLE
typedef double real;
#define REAL_EPSILON DBL_EPSILON
#define REAL_MAX DBL_MAX
#else
typedef float real;
#define REAL_EPSILON FLT_EPSILON
#define REAL_MAX FLT_MAX
#endif

#endif
