/* csv_out: writing a CSV cell by cell, into an OutFile. */
#ifndef NNEXP_BASE_CSV_OUT_H
#define NNEXP_BASE_CSV_OUT_H

#include "base/out_file.h"

typedef struct CsvOut {
    OutFile out;
    bool begun; /* the row has a cell */
} CsvOut;

/* As out_file_open and out_file_close. */
bool csv_out_open(CsvOut *csv, const char *path, Error *err);
bool csv_out_close(CsvOut *csv, bool whole, Error *err);

/* Cells for a stream that is the caller's to open and close. */
CsvOut csv_out_on(FILE *file);

/* A cell of prefix, text and suffix, quoted where RFC 4180, or a reader that trims blanks, wants it. */
void csv_out_text(CsvOut *csv, const char *prefix, const char *text, const char *suffix);
void csv_out_number(CsvOut *csv, double value); /* %.9g, nan, inf, -inf */
void csv_out_end_row(CsvOut *csv);

#endif
