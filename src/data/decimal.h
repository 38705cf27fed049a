/* decimal: text → number, every value bit-equal to strtof's, and of doubles to strtod's. Texts need no NUL at
 * their end. */
#ifndef NNEXP_DATA_DECIMAL_H
#define NNEXP_DATA_DECIMAL_H

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

/* The number that the 0 to 8 digits before `end` spell; false when one of them is no digit. The digits are added
 * up in pairs, fours and eights, each step one product. */
static inline bool decimal_eight(const char *end, size_t count, uint64_t *value) {
    uint64_t digits = decimal_load(end - 8) ^ DECIMAL_EACH('0');
    unsigned before = 8 * (8 - (unsigned)count);
    digits = count ? digits >> before << before : 0;
    bool good = (((digits + DECIMAL_EACH(0x76)) | digits) & DECIMAL_EACH(0x80)) == 0; /* 10 + 0x76 = 0x80 */
    digits = (digits * (10 * 0x100u + 1)) >> 8 & 0x00ff00ff00ff00ffu;
    digits = (digits * (100 * 0x10000u + 1)) >> 16 & 0x0000ffff0000ffffu;
    *value = (digits * (10000 * 0x100000000u + 1)) >> 32;
    return good;
}

/* The same for 0 to 16 digits. */
static inline bool decimal_sixteen(const char *end, size_t count, uint64_t *value) {
    if (count <= 8) return decimal_eight(end, count, value);
    uint64_t high, low;
    bool good = decimal_eight(end, 8, &low) & decimal_eight(end - 8, count - 8, &high);
    *value = high * 100000000u + low;
    return good;
}

/* Digits after the point among the last 16 bytes; 16 or more where there is none. */
static inline size_t decimal_fraction(const char *end) {
    uint64_t near = decimal_zero_bytes(decimal_load(end - 8) ^ DECIMAL_EACH('.'));
    if (near) return (size_t)__builtin_clzll(near) / 8;
    uint64_t far = decimal_zero_bytes(decimal_load(end - 16) ^ DECIMAL_EACH('.'));
    return far ? 8 + (size_t)__builtin_clzll(far) / 8 : 16;
}

/* The usual cell, [begin, end), as strtod reads it: a sign or none, at most 16 digits and point, no exponent. May
 * read DECIMAL_REACH bytes before `end`. Up to 2^53 · 10^22 digits and power are exact doubles, so that their
 * quotient is rounded once (Clinger 1990). False where this way does not lead; *value is then undefined. */
static inline bool decimal_exact(const char *begin, const char *end, double *value) {
    uint64_t whole, part = 0;
    if ((size_t)(end - begin) - 1 < 8 && decimal_eight(end, (size_t)(end - begin), &whole)) {
        *value = (double)whole;
        return true;
    }
    if (begin == end) return false;
    uint64_t minus = *begin == '-';
    begin += (*begin == '-') | (*begin == '+');
    size_t count = (size_t)(end - begin), fraction = 0;
    if (count - 1 >= DECIMAL_SHORT) return false;
    bool good = true;
    size_t after = decimal_fraction(end);
    if (after < count) {
        if (--count == 0) return false;
        fraction = after;
        good = decimal_sixteen(end, fraction, &part);
        good &= decimal_sixteen(end - fraction - 1, count - fraction, &whole);
    } else good = decimal_sixteen(end, count, &whole);
    uint64_t mantissa = whole * decimal_whole_power[fraction] + part, bits;
    if (!good || mantissa > 1ull << 53) return false;
    double exact = (double)mantissa / decimal_power[fraction];
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
