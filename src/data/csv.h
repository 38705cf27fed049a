/* csv: a CSV file → a table of columns. Knows no labels, splits or tasks.
 * RFC 4180 with CRLF or LF, quoted fields, a BOM. A number is a decimal (text_number); every value equals
 * strtof's. Read in chunks; memory is the matrix and little beside. */
#ifndef NNEXP_DATA_CSV_H
#define NNEXP_DATA_CSV_H

#include "base/error.h"
#include "base/real.h"

#include <stdint.h>

typedef enum CsvHeader { CSV_HEADER_AUTO, CSV_HEADER_YES, CSV_HEADER_NO } CsvHeader;
typedef enum CsvMissing { CSV_MISSING_ERROR, CSV_MISSING_MEAN, CSV_MISSING_DROP_ROW } CsvMissing;

/* What the reader does with a column's cells. */
typedef enum CsvUse { CSV_FEATURE, CSV_TEXT, CSV_NUMBER, CSV_IGNORED } CsvUse;

typedef struct CsvOptions {
    CsvHeader header;
    char delimiter;
    CsvMissing missing;
} CsvOptions;

typedef struct CsvColumn {
    char *name; /* of the header; "c0", "c1", … without one */
    CsvUse use;
    int place; /* among the features, texts or numbers */
} CsvColumn;

/* A table owns all it points at. Missing cells hold NAN in features and numbers, -1 in codes. */
typedef struct Csv {
    char *path;
    bool has_header;
    int columns;
    CsvColumn *column;
    size_t rows;
    int features;         /* columns of use CSV_FEATURE */
    real *feature;        /* [rows][features] */
    int numbers;          /* columns of use CSV_NUMBER: regression targets, weights */
    double *number;       /* [rows][numbers] */
    int texts;            /* columns of use CSV_TEXT: labels, categories */
    int32_t *code;        /* [rows][texts]: which of the column's distinct texts */
    struct CsvTexts *text; /* [texts] */
    uint32_t *line;       /* [rows]: the line of the file on which each row begins */
} Csv;

/* The distinct texts of a column in order of first appearance. */
typedef struct CsvTexts {
    int count, capacity;
    char **text;
    uint32_t *slot; /* private: hash table */
    int slots;
} CsvTexts;

/* Opens a file and reads its header alone, so that the caller can say what each column is for; all columns are
 * CSV_FEATURE then. Fails on an unreadable or empty file, and on doubled or empty header names. */
bool csv_open(const char *path, const CsvOptions *options, Csv *out, Error *err);
/* Reads the rows by the columns' uses. Errors are `PATH:LINE:COLUMN: …` (column counts fields from 1), with the
 * column's name and what was seen. */
bool csv_read(const CsvOptions *options, Csv *csv, Error *err);
void csv_free(Csv *csv);
/* The column of that name, or -1. */
int csv_find(const Csv *csv, const char *name);

#endif
