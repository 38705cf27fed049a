/* random: see random.h. */
#include "base/random.h"

#include <math.h>
#include <Random123/philox.h>
#include <string.h>

Stream random_stream(uint64_t seed, Purpose purpose, uint32_t epoch, uint32_t index) {
    return (Stream){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)}, .counter = {0, index, epoch, (uint32_t)purpose}};
}

static void refill(Stream *stream) {
    philox4x32_ctr_t counter;
    philox4x32_key_t key;
    memcpy(counter.v, stream->counter, sizeof counter.v);
    memcpy(key.v, stream->key, sizeof key.v);
    philox4x32_ctr_t block = philox4x32_R(10, counter, key);
    memcpy(stream->block, block.v, sizeof stream->block);
    stream->counter[0]++;
    stream->left = 4;
}

uint32_t random_u32(Stream *stream) {
    if (stream->left == 0) refill(stream);
    return stream->block[4 - stream->left--];
}

double random_uniform(Stream *stream) {
    uint64_t high = random_u32(stream), low = random_u32(stream);
    return (double)((high << 32 | low) >> 11) * 0x1p-53;
}

double random_normal(Stream *stream) {
    const double two_pi = 6.283185307179586476925;
    double u = 1 - random_uniform(stream); /* in (0, 1]: the logarithm is finite */
    double v = random_uniform(stream);
    return sqrt(-2 * log(u)) * cos(two_pi * v);
}

uint32_t random_below(Stream *stream, uint32_t n) {
    uint64_t product = (uint64_t)random_u32(stream) * n;
    if ((uint32_t)product < n) {
        uint32_t threshold = -n % n;
        while ((uint32_t)product < threshold) product = (uint64_t)random_u32(stream) * n;
    }
    return (uint32_t)(product >> 32);
}

void random_shuffle(Stream *stream, size_t n, uint32_t *entries) {
    for (size_t i = n; i > 1; i--) {
        size_t j = random_below(stream, (uint32_t)i);
        uint32_t swapped = entries[i - 1];
        entries[i - 1] = entries[j];
        entries[j] = swapped;
    }
}

void random_fill_uniform(Stream *stream, size_t n, real *out) {
    for (size_t i = 0; i < n; i++) out[i] = (real)(random_u32(stream) >> 8) * (real)0x1p-24;
}
