/* decimal: text → real, every value bit-equal to strtof's (strtod's with REAL_IS_DOUBLE). */
#ifndef NNEXP_DATA_DECIMAL_H
#define NNEXP_DATA_DECIMAL_H

#include "base/real.h"

#include <stdbool.h>
#include <stddef.h>

/* The quick way: reads the decimal that `text` begins with and returns its end. NULL when there is none or
 * when the quick way cannot prove its result; then decimal_read decides. Values are finite. */
const char *decimal_quick(const char *text, real *value);

/* The whole of text[0 … length), text[length] = '\0', as a decimal: neither hex, inf nor nan, no spaces.
 * Returns false otherwise; 1e400 reads as infinity and returns true: the caller judges. */
bool decimal_read(const char *text, size_t length, real *value);

#endif
