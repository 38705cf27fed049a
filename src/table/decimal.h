/* decimal: text → number, every value bit-equal to strtof's, and of doubles to strtod's. Texts need no NUL at
 * their end. */
#ifndef NNEXP_TABLE_DECIMAL_H
#define NNEXP_TABLE_DECIMAL_H

#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    DECIMAL_SHORT = 16,       /* digits and point that decimal_exact takes */
    DECIMAL_REACH = 24,       /* bytes before the end of a text that it may look at */
    DECIMAL_POWERS = 22,      /* powers of ten that are exact doubles */
    DECIMAL_LONGEST = 1 << 16 /* bytes of a text; longer ones are no number */
};
extern const double decimal_power[DECIMAL_POWERS + 1];        /* 10^i */
extern const uint64_t decimal_whole_power[DECIMAL_SHORT + 1]; /* 10^i */

/* text[0 … length) as a decimal: neither hex, inf nor nan, no spaces. Returns false otherwise; 1e400 reads as
 * infinity and returns true: the caller judges. */
bool decimal_read(const char *text, size_t length, real *value);
bool decimal_read_double(const char *text, size_t length, double *value);

/* The quick way for any decimal of at most 19 digits whose exponent is small: the value that text[0 … end) has,
 * or false when there is none or the quick way cannot prove it; then decimal_read decides. */
bool decimal_quick(const char *text, const char *end, double *value);

/* Whether rounding a correctly rounded double to real may differ from rounding the exact number: only where the
 * double is a midpoint between two floats. Midpoints are doubles themselves, so no other double can have crossed
 * one. For normal floats. */
static inline bool decimal_in_doubt(double value) {
#ifdef REAL_IS_DOUBLE
    (void)value;
    return false;
#else
    const uint64_t below_float = (1u << 29) - 1, midpoint = 1u << 28; /* 52 - 23 bits */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & below_float) == midpoint;
#endif
}

/* ---- eight bytes at a time --------------------------------------------------------------------------- */

#define DECIMAL_EACH(byte) (0x0101010101010101u * (uint64_t)(byte))

/* Eight bytes, the first in the lowest place. */
static inline uint64_t decimal_load(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* 0x80 in each byte that is 0. */
static inline uint64_t decimal_zero_bytes(uint64_t word) {
    return ~(((word & DECIMAL_EACH(0x7f)) + DECIMAL_EACH(0x7f)) | word | DECIMAL_EACH(0x7f));
}

/* The number that eight bytes spell, each of them 0 to 9; false when one is more. The digits are added up in pairs,
 * fours and eights, each step one product. */
static inline bool decimal_join(uint64_t digits, uint64_t *value) {
    bool good = (((digits + DECIMAL_EACH(0x76)) | digits) & DECIMAL_EACH(0x80)) == 0; /* 10 + 0x76 = 0x80 */
    digits = (digits * (10 * 0x100u + 1)) >> 8 & 0x00ff00ff00ff00ffu;
    digits = (digits * (100 * 0x10000u + 1)) >> 16 & 0x0000ffff0000ffffu;
    *value = (digits * (10000 * 0x100000000u + 1)) >> 32;
    return good;
}

/* All bits of the last 0 to 8 bytes. */
static inline uint64_t decimal_last(size_t bytes) { return bytes ? ~(uint64_t)0 << (64 - 8 * bytes) : 0; }

static inline uint64_t decimal_digits(const char *end) { return decimal_load(end - 8) ^ DECIMAL_EACH('0'); }

/* The 0 to 16 digits before `end`. */
static inline bool decimal_whole(const char *end, size_t count, uint64_t *value) {
    uint64_t high = 0, low;
    bool good = decimal_join(decimal_digits(end) & decimal_last(count < 8 ? count : 8), &low);
    if (count > 8) good &= decimal_join(decimal_digits(end - 8) & decimal_last(count - 8), &high);
    *value = high * 100000000u + low;
    return good;
}

/* count digits and, before the last `fraction` of them, a point. Up to 8 digits are pushed together: of two words,
 * one a byte behind the other, each gives what stands on its side of the point. */
static inline bool decimal_pointed(const char *end, size_t count, size_t fraction, uint64_t *value) {
    uint64_t whole = 0, part;
    if (count <= 8) {
        uint64_t behind = decimal_last(fraction);
        uint64_t digits = (decimal_digits(end) & behind) | (decimal_digits(end - 1) & ~behind);
        return count > 0 && decimal_join(digits & decimal_last(count), value);
    }
    bool good = decimal_whole(end, fraction, &part) && decimal_whole(end - fraction - 1, count - fraction, &whole);
    *value = whole * decimal_whole_power[fraction] + part;
    return good;
}

/* The usual cell, [begin, end), as strtod reads it: a sign or none, at most 16 digits and point, no exponent. May
 * read DECIMAL_REACH bytes before `end`. Up to 2^53 · 10^22 digits and power are exact doubles, so that their
 * quotient is rounded once (Clinger 1990). False where this way does not lead; *value is then undefined. Its
 * branches ask for what the cells of a column have in common; a sign is not. */
static inline __attribute__((always_inline)) bool decimal_exact(const char *begin, const char *end, double *value) {
    uint64_t mantissa, bits;
    size_t count = (size_t)(end - begin), fraction = 0;
    bool digits = decimal_join(decimal_digits(end) & decimal_last(count < 8 ? count : 8), &mantissa);
    if ((int)digits & (count - 1 < 8)) { /* one branch: lengths vary */
        *value = (double)mantissa;
        return true;
    }
    if (count == 0) return false;
    uint64_t minus = *begin == '-';
    begin += (*begin == '-') | (*begin == '+');
    count = (size_t)(end - begin);
    if (count - 1 >= DECIMAL_SHORT) return false;
    uint64_t points = decimal_zero_bytes(decimal_load(end - 8) ^ DECIMAL_EACH('.'));
    points &= decimal_last(count < 8 ? count : 8);
    if (points) {
        fraction = (size_t)__builtin_clzll(points) / 8;
        if (!decimal_pointed(end, count - 1, fraction, &mantissa)) return false;
    } else if (count <= 8) {
        if (!decimal_join(decimal_digits(end) & decimal_last(count), &mantissa)) return false;
    } else {
        points = decimal_zero_bytes(decimal_load(end - 16) ^ DECIMAL_EACH('.')) & decimal_last(count - 8);
        if (points) fraction = 8 + (size_t)__builtin_clzll(points) / 8;
        bool good =
            points ? decimal_pointed(end, count - 1, fraction, &mantissa) : decimal_whole(end, count, &mantissa);
        if (!good) return false;
    }
    if (mantissa > 1ull << 53) return false;
    double exact = (double)mantissa;
    if (fraction) exact /= decimal_power[fraction];
    memcpy(&bits, &exact, sizeof bits);
    bits |= minus << 63;
    memcpy(value, &bits, sizeof bits);
    return true;
}

/* The same for a real. */
static inline bool decimal_exact_real(const char *begin, const char *end, real *value) {
    double exact;
    if (!decimal_exact(begin, end, &exact) || decimal_in_doubt(exact)) return false;
    *value = (real)exact;
    return true;
}

#endif
