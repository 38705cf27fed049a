/* json_scan: is a text JSON, strictly? RFC 8259 in UTF-8, with positions in its errors. Builds nothing. */
#ifndef NNEXP_BASE_JSON_SCAN_H
#define NNEXP_BASE_JSON_SCAN_H

#include "base/error.h"

enum { JSON_DEPTH = 100, JSON_NUMBER_BYTES = 63 };

/* Checks text[0 … length): the grammar, UTF-8, and what cJSON would misread: doubled keys, numbers beyond
 * double or longer than JSON_NUMBER_BYTES, \u0000, nesting deeper than JSON_DEPTH. On failure err holds
 * `LINE:COLUMN: what is wrong; what to do`, then the line and a caret below the place. */
bool json_scan(const char *text, size_t length, Error *err);

#endif
