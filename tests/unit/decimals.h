/* decimals: random decimal texts of every kind, and what they must read as: glibc's strtof and strtod. */
#ifndef NNEXP_TESTS_DECIMALS_H
#define NNEXP_TESTS_DECIMALS_H

#include "table/decimal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DECIMAL_TEXT = 256 }; /* room for each text */

static uint64_t random_state = 88172645463325252u;
static inline uint32_t draw(uint32_t n) { /* xorshift64 */
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 11) % n;
}

static inline void assert_like_strtof(const char *text) {
    char room[DECIMAL_REACH + DECIMAL_TEXT] = ""; /* the quick way looks at what stands before a text */
    real value = -1;
    double exact;
    float expected = strtof(text, NULL);
    size_t length = strlen(text);
    const char *begin = strcpy(room + DECIMAL_REACH, text), *end = begin + length;
    assert_true(decimal_read(begin, length, &value));
    if (memcmp(&value, &expected, sizeof expected) != 0) fail_msg("%s reads as %.9g", text, (double)value);
    if (decimal_exact_real(begin, end, &value) && memcmp(&value, &expected, sizeof expected) != 0)
        fail_msg("%s reads exactly as %.9g", text, (double)value);
    double wanted = strtod(text, NULL);
    assert_true(decimal_read_double(begin, length, &exact));
    if (memcmp(&exact, &wanted, sizeof exact) != 0) fail_msg("%s reads as the double %.17g", text, exact);
    if (decimal_exact(begin, end, &exact) && memcmp(&exact, &wanted, sizeof exact) != 0)
        fail_msg("%s reads exactly as the double %.17g", text, exact);
}

static inline void random_decimal(char *out) {
    uint32_t whole = draw(12), part = draw(12);
    if (draw(3) == 0) *out++ = draw(2) ? '-' : '+';
    for (uint32_t i = 0; i < whole; i++) *out++ = (char)('0' + draw(10));
    if (whole == 0 || draw(2)) *out++ = '.';
    if (whole == 0 && part == 0) part = 1;
    if (out[-1] == '.')
        for (uint32_t i = 0; i < part; i++) *out++ = (char)('0' + draw(10));
    *out = '\0';
    if (draw(2)) sprintf(out, "%c%s%u", draw(2) ? 'e' : 'E', draw(2) ? "-" : draw(2) ? "+" : "", draw(50));
}

/* A midpoint between two adjacent floats, exactly (a double holds it; at most 25 bits and so many digits), and
 * decimals just beside it, whose difference stands behind the double's digits: rounding twice errs on these. Any
 * float, denormals too. */
static inline void near_midpoint(char *out) {
    uint32_t bits = draw(2) ? draw(0x7f7fffff) : (draw(60) + 97) << 23 | draw(1u << 23);
    float low;
    memcpy(&low, &bits, sizeof low);
    double middle = ((double)low + (double)nextafterf(low, INFINITY)) / 2;
    static const char *const forms[] = {"%.17g", "%.16g", "%.15g", "%.12e", "%.20g", "%.30g", "%.9g", "%.8g"};
    if (draw(2)) {
        sprintf(out, forms[draw(8)], draw(4) ? middle : nextafter(middle, draw(2) ? INFINITY : 0));
        return;
    }
    int length =
        snprintf(out, DECIMAL_TEXT - 40, "%.160e", middle); /* 160 digits hold every midpoint: 5^150 has 105 */
    char *e = memchr(out, 'e', (size_t)length), power[16];
    strcpy(power, e);
    if (draw(2)) { /* above: a digit behind the last one */
        sprintf(e, "%0*d%s", 1 + (int)draw(20), 1, power);
    } else if (draw(2)) { /* below: the last digit that is not 0 less one, and nines */
        char *last = e - 1;
        while (*last == '0') last--;
        if (*last == '.') return;
        --*last;
        sprintf(last + 1, "%.*s%s", 1 + (int)draw(20), "99999999999999999999", power);
    }
}

/* Long digit strings, exponents that cancel them, denormals, values about the largest float and beyond. */
static inline void extreme_decimal(char *out) {
    char *at = out;
    uint32_t digits = 1 + draw(draw(4) ? 25 : 120), point = draw(digits + 1);
    if (draw(4) == 0) *at++ = '-';
    for (uint32_t i = 0; i < digits; i++) {
        if (i == point) *at++ = '.';
        *at++ = (char)('0' + (draw(5) ? draw(10) : 0));
    }
    *at = '\0';
    switch (draw(5)) {
    case 0: sprintf(at, "e%d", (int)draw(30) - 60 - (int)point); break; /* about the smallest */
    case 1: sprintf(at, "E%d", 36 + (int)draw(5) - (int)point); break;  /* about the largest */
    case 2: sprintf(at, "e%+d", (int)draw(800) - 400); break;
    case 3: sprintf(at, "e%d", (int)draw(10) - (int)point); break;
    default: break;
    }
}

#endif
