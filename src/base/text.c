/* text: see text.h. */
#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool text_copy(char *out, size_t size, const char *text) {
    int length = snprintf(out, size, "%s", text);
    return length >= 0 && (size_t)length < size;
}

bool text_append(char *out, size_t size, const char *format, ...) {
    size_t used = strlen(out);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(out + used, size - used, format, args);
    va_end(args);
    return length >= 0 && (size_t)length < size - used;
}

bool text_number(const char *text, size_t length, double *value) {
    char copy[512], *end;
    if (length == 0 || length >= sizeof copy) return false;
    for (size_t i = 0; i < length; i++)
        if (!strchr("+-.0123456789eE", text[i]) || !text[i]) return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *value = strtod(copy, &end);
    return *end == '\0';
}

int text_print(char *out, size_t size, double value) {
    if (isnan(value)) return snprintf(out, size, "nan");
    return snprintf(out, size, "%.9g", value);
}

int text_distance(const char *a, const char *b) {
    enum { MOST = 63 };
    int rows[3][MOST + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > MOST || m > MOST) return MOST + 1;
    for (size_t j = 0; j <= m; j++) rows[0][j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        int *row = rows[i % 3], *before = rows[(i + 2) % 3], *before2 = rows[(i + 1) % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            int best = before[j - 1] + (a[i - 1] != b[j - 1]);
            if (before[j] + 1 < best) best = before[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before2[j - 2] + 1 < best)
                best = before2[j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[n % 3][m];
}

void text_nearer(const char *word, const char *name, const char **nearest, int *distance) {
    size_t length = strlen(word), other = strlen(name), shorter = length < other ? length : other;
    int far = text_distance(word, name), limit = (int)length / 3 > 1 ? (int)length / 3 : 1;
    bool begins = shorter >= 3 && strncmp(word, name, shorter) == 0;
    if (far > limit && !begins) return;
    if (*nearest && far >= *distance) return;
    *nearest = name;
    *distance = far;
}

size_t text_utf8_length(const char *text, size_t left) {
    const unsigned char *s = (const unsigned char *)text;
    if (left == 0) return 0;
    if (s[0] < 0x80) return 1;
    size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || length > left) return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xED && s[1] > 0x9F, beyond = s[0] == 0xF4 && s[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

bool text_is_utf8(const char *text) {
    size_t left = strlen(text), step = 1;
    for (; left > 0 && (step = text_utf8_length(text, left)) > 0; left -= step) text += step;
    return step > 0;
}
