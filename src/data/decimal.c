/* decimal: see decimal.h.
 *
 * Up to 2^53 · 10^22 the digits and the power of ten are exact doubles, so that one division or product
 * rounds correctly to double (Clinger 1990). Rounding that to float errs only where the double is a midpoint
 * between two floats: midpoints are doubles themselves, so no other double can have crossed one. All are
 * normal floats: 0 or 1e-22 … 9e37. */
#include "data/decimal.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_POWER = 22, MOST_DIGITS = 19 };

static const double power_of_ten[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static inline bool is_digit(char c) { return (unsigned char)(c - '0') < 10; }

static inline const char *digits(const char *at, uint64_t *mantissa) {
    for (; is_digit(*at); at++) *mantissa = *mantissa * 10 + (uint64_t)(*at - '0');
    return at;
}

/* Reads what follows the e; NULL when there are no digits, or more than any exponent needs. */
static const char *exponent(const char *at, int *power) {
    bool negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    uint64_t value = 0;
    const char *end = digits(at, &value);
    if (end == at || end - at > 4) return NULL;
    *power += negative ? -(int)value : (int)value;
    return end;
}

/* Whether rounding to real may differ from rounding the exact number. */
static inline bool in_doubt(double value) {
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

const char *decimal_quick(const char *text, real *value) {
    const char *at = text;
    if (*at == '-' || *at == '+') at++;
    uint64_t mantissa = 0;
    const char *start = at;
    int power = 0;
    at = digits(at, &mantissa);
    long count = at - start;
    if (*at == '.') {
        const char *point = ++at;
        at = digits(at, &mantissa);
        power = -(int)(at - point);
        count += at - point;
    }
    if (count == 0 || count > MOST_DIGITS) return NULL;
    if (*at == 'e' || *at == 'E') {
        at = exponent(at + 1, &power);
        if (!at) return NULL;
    }
    if (mantissa > 1ull << 53 || power < -EXACT_POWER || power > EXACT_POWER) return NULL;
    double exact = (double)mantissa;
    if (power != 0) exact = power < 0 ? exact / power_of_ten[-power] : exact * power_of_ten[power];
    if (in_doubt(exact)) return NULL;
    *value = (real)(*text == '-' ? -exact : exact);
    return at;
}

bool decimal_read(const char *text, size_t length, real *value) {
    if (length == 0 || strspn(text, "+-.0123456789eE") != length) return false;
    char *end;
#ifdef REAL_IS_DOUBLE
    *value = strtod(text, &end);
#else
    *value = strtof(text, &end);
#endif
    return end == text + length;
}
