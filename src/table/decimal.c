/* decimal: see decimal.h. */
#include "table/decimal.h"

#include <stdlib.h>

enum { MOST_DIGITS = 19 }; /* what 64 bits hold for certain */

/* clang-format off */
const double decimal_power[DECIMAL_POWERS + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
const uint64_t decimal_whole_power[DECIMAL_SHORT + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
    1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000};
/* clang-format on */

static const char *digits(const char *at, const char *end, uint64_t *mantissa) {
    for (; at < end && (unsigned char)(*at - '0') < 10; at++) *mantissa = *mantissa * 10 + (uint64_t)(*at - '0');
    return at;
}

/* Reads what follows the e, to the end; false when there are no digits, or more than any exponent needs. */
static bool exponent(const char *at, const char *end, int *power) {
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    uint64_t value = 0;
    if (at == end || end - at > 4 || digits(at, end, &value) != end) return false;
    *power += negative ? -(int)value : (int)value;
    return true;
}

/* Up to 2^53 · 10^22 one division or product rounds correctly, as in decimal_exact. All values are 0 or
 * 1e-22 … 9e37. */
bool decimal_quick(const char *text, const char *end, double *value) {
    const char *at = text;
    if (at < end && (*at == '-' || *at == '+')) at++;
    uint64_t mantissa = 0;
    const char *start = at;
    int power = 0;
    at = digits(at, end, &mantissa);
    long count = at - start;
    if (at < end && *at == '.') {
        const char *point = ++at;
        at = digits(at, end, &mantissa);
        power = -(int)(at - point);
        count += at - point;
    }
    if (count == 0 || count > MOST_DIGITS) return false;
    if (at < end && (*at == 'e' || *at == 'E') && exponent(at + 1, end, &power)) at = end;
    if (at != end || mantissa > 1ull << 53 || power < -DECIMAL_POWERS || power > DECIMAL_POWERS) return false;
    double exact = (double)mantissa;
    if (power != 0) exact = power < 0 ? exact / decimal_power[-power] : exact * decimal_power[power];
    *value = *text == '-' ? -exact : exact;
    return true;
}

/* A copy that ends with a NUL, for strtod; false where the text is no decimal for certain. */
static bool copy(const char *text, size_t length, char *out) {
    static const char allowed[256] = {
        ['+'] = 1, ['-'] = 1, ['.'] = 1, ['e'] = 1, ['E'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1,
        ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1};
    if (length == 0 || length > DECIMAL_LONGEST) return false;
    for (size_t i = 0; i < length; i++)
        if (!allowed[(unsigned char)text[i]]) return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

bool decimal_read_double(const char *text, size_t length, double *value) {
    char number[DECIMAL_LONGEST + 1], *end;
    if (decimal_quick(text, text + length, value)) return true;
    if (!copy(text, length, number)) return false;
    *value = strtod(number, &end);
    return end == number + length;
}

bool decimal_read(const char *text, size_t length, real *value) {
    double exact;
    if (decimal_quick(text, text + length, &exact) && !decimal_in_doubt(exact)) {
        *value = (real)exact;
        return true;
    }
#ifdef REAL_IS_DOUBLE
    return decimal_read_double(text, length, value);
#else
    char number[DECIMAL_LONGEST + 1], *end;
    if (!copy(text, length, number)) return false;
    *value = strtof(number, &end);
    return end == number + length;
#endif
}
