/* csv_out: writing a CSV cell by cell. A named file appears whole or not at all: it is written beside its place and moved
 * there at the end; a device or a pipe is written to as it stands. Reads nothing. */
#ifndef NNEXP_BASE_CSV_OUT_H
#define NNEXP_BASE_CSV_OUT_H

#include "base/file.h"

#include <stdio.h>

typedef struct CsvOut {
    FILE *file;
    const char *path;           /* NULL: standard output */
    char temporary[PATH_BYTES]; /* the file until it is whole; "": written in its place */
    bool begun;                 /* the row has a cell */
} CsvOut;

/* `path` must outlive it; NULL is standard output. */
bool csv_out_open(CsvOut *out, const char *path, Error *err);
/* Closes the file and, with `whole`, gives it its name; else removes it. */
bool csv_out_close(CsvOut *out, bool whole, Error *err);

/* A cell of prefix, text and suffix, quoted where RFC 4180, or a reader that trims blanks, wants it. */
void csv_out_text(CsvOut *out, const char *prefix, const char *text, const char *suffix);
void csv_out_number(CsvOut *out, double value); /* %.9g, nan, inf, -inf */
void csv_out_end_row(CsvOut *out);

#endif
