/* csv: a CSV file → a table of columns. Knows no labels, splits or tasks.
 * RFC 4180 and what cells.h adds. A number is a decimal; every feature equals strtof's. Missing values are
 * the cells that are empty or read NA, NaN, nan, null or ? (in this case, quoted or not); inf and hex are
 * refused. A last column that has neither a name nor values is left out: rows may end with a delimiter. Read in
 * portions (feed.h), whose blocks are parsed side by side (parse.h): the same table whatever the number of threads;
 * memory is the matrix and a few megabytes beside. */
#ifndef NNEXP_TABLE_CSV_H
#define NNEXP_TABLE_CSV_H

#include "base/error.h"
#include "base/pool.h"
#include "base/real.h"
#include "table/texts.h"

#include <stdint.h>

/* AUTO takes the first row for a header when one of its fields is text where the second row has a number, or
 * when none of its fields is a number, or when they count the columns: 0, 1, 2 and on. */
typedef enum CsvHeader { CSV_HEADER_AUTO, CSV_HEADER_YES, CSV_HEADER_NO } CsvHeader;
typedef enum CsvMissing { CSV_MISSING_ERROR, CSV_MISSING_MEAN, CSV_MISSING_DROP_ROW } CsvMissing;

/* What the reader does with a column's cells. */
typedef enum CsvUse { CSV_FEATURE, CSV_TEXT, CSV_NUMBER, CSV_IGNORED } CsvUse;

/* What a file's columns were given their uses by, and so what a message can advise. */
typedef enum CsvPurpose {
    CSV_SETTLES,  /* the config: it is the training file */
    CSV_FOLLOWS,  /* the training file: it is the run's test or validation file */
    CSV_PREDICTED /* a trained run: there is no config to change */
} CsvPurpose;

typedef struct CsvOptions {
    CsvHeader header;
    char delimiter;
    CsvMissing missing;
} CsvOptions;

typedef struct CsvColumn {
    char *name; /* of the header; without one "c0", "c1", …, or the training file's (columns_match) */
    CsvUse use;
    int place; /* among the features, numbers or texts: where in a row of them it is kept */
} CsvColumn;

/* A table owns all it points at. Missing cells hold NAN in features and numbers, -1 in codes. */
typedef struct Csv {
    char *path; /* or "standard input" */
    CsvPurpose purpose;
    bool has_header;
    bool trailing; /* there is an empty last column, which is not counted */
    int columns;
    CsvColumn *column;
    size_t rows;
    int features;                   /* columns of use CSV_FEATURE */
    real *feature;                  /* [rows][features] */
    int numbers;                    /* columns of use CSV_NUMBER: regression targets, weights */
    double *number;                 /* [rows][numbers] */
    int texts;                      /* columns of use CSV_TEXT: labels, categories */
    int32_t *code;                  /* [rows][texts]: which of the column's distinct texts */
    Texts *text;                    /* [texts]: the distinct texts of each */
    uint32_t *line;                 /* [rows]: the line of the file on which each row begins */
    struct Feed *feed;              /* private: the file, open until it is read */
    uint32_t first_line, next_line; /* private: of the first row; behind it or, if it holds data, before it */
} Csv;

/* Opens a file, gzip file or, for "-", standard input, and reads its header alone, so that the caller can say what
 * each column is for; all columns are CSV_FEATURE then. Fails on an unreadable or empty file. */
bool csv_open(const char *path, const CsvOptions *options, Csv *out, Error *err);
/* The same with blocks of a size that is not the usual one: for tests. */
bool csv_open_in_blocks(const char *path, const CsvOptions *options, size_t block_bytes, Csv *out, Error *err);
/* Fails on a header's names that are not UTF-8 and, but for the columns that are CSV_IGNORED, doubled or empty. */
bool csv_check_names(const Csv *csv, Error *err);
/* Reads the rows by the columns' uses and places, which the caller sets: the places of a use are 0, 1, …,
 * each once, in any order. Once only: what was opened may be a pipe. At most 20 errors, then it stops; of a file that
 * cannot be read to its end, or changed meanwhile, that error alone. Errors are `PATH:LINE:COLUMN: …` (column counts
 * fields from 1), with the column's name and what was seen. pool may be NULL. */
bool csv_read(const CsvOptions *options, Pool *pool, Csv *csv, Error *err);
void csv_free(Csv *csv);
/* The column of that name, or -1. */
int csv_find(const Csv *csv, const char *name);

#endif
