/* random: streams of random numbers addressed by (seed, purpose, epoch, index) over Philox4x32-10
 * (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; Random123). A stream is a plain value:
 * nothing is shared and nothing has to be saved, the address alone says what it will draw. */
#ifndef NNEXP_BASE_RANDOM_H
#define NNEXP_BASE_RANDOM_H

#include "base/real.h"

#include <stddef.h>
#include <stdint.h>

/* What a stream is for. Numbers are part of the file format of every result: append, never renumber. */
typedef enum Purpose {
    PURPOSE_INIT = 1,     /* index: layer */
    PURPOSE_BIAS = 2,     /* index: layer */
    PURPOSE_ORDER = 3,    /* epoch */
    PURPOSE_DROPOUT = 4,  /* + PURPOSE_LAYER · layer; epoch, index: batch */
    PURPOSE_SPLIT = 5,    /* index: class */
    PURPOSE_PROBE = 6,    /* index: class */
    PURPOSE_SUBSET = 7,   /* index: class; data.train_rows */
    PURPOSE_GENERATE = 8, /* index: row of the synthetic set */
    PURPOSE_TEST = 9,
    PURPOSE_AUGMENT = 10, /* + PURPOSE_LAYER · place in the list; epoch, index: training row */
    PURPOSE_SWEEP = 11,   /* epoch: attempt, index: draw of a random sweep */
    PURPOSE_LAYER = 256,  /* added once a layer where a purpose is drawn layer by layer */
} Purpose;

typedef struct Stream {
    uint32_t key[2], counter[4], block[4];
    int left; /* words of block not yet drawn */
} Stream;

Stream random_stream(uint64_t seed, Purpose purpose, uint32_t epoch, uint32_t index);

uint32_t random_u32(Stream *stream);
/* Uniform in [0, 1): 53 bits. */
double random_uniform(Stream *stream);
/* N(0, 1) by Box and Muller, one draw a call (the second is thrown away: a draw has one address). */
double random_normal(Stream *stream);
/* Uniform in 0 … n-1 without bias (Lemire 2019); n > 0. */
uint32_t random_below(Stream *stream, uint32_t n);
/* Fisher and Yates' shuffle of n entries. */
void random_shuffle(Stream *stream, size_t n, uint32_t *entries);
/* n uniforms in [0, 1) of 24 bits each, for masks. */
void random_fill_uniform(Stream *stream, size_t n, real *out);

#endif
