/* float_mode: how the calling thread rounds: whether subnormal numbers, floats nearer to 0 than 1.2e-38, are kept or
 * taken for 0. Processors are up to a hundred times slower with them, and training is full of them once velocities fade
 * or probabilities vanish: a quarter of a small net's epoch went there. x86-64 and AArch64; elsewhere both modes are
 * one. A new thread has its maker's mode; pool.h hands the caller's to its workers. */
#ifndef NNEXP_BASE_FLOAT_MODE_H
#define NNEXP_BASE_FLOAT_MODE_H

#include <stdint.h>

typedef struct FloatMode {
    uint64_t bits; /* of the processor's control register */
} FloatMode;

FloatMode float_mode(void);
void float_mode_set(FloatMode mode);
/* From now on subnormal operands and results are 0 of their sign. Returns the mode before, for float_mode_set. */
FloatMode float_mode_flush(void);

#endif
