/* parse: one block of rows → its own rows of a table. Blocks know nothing of one another, so that they can be parsed
 * side by side: texts are numbered, and what is wrong is kept, by block; csv_read.c joins them in order. */
#ifndef NNEXP_TABLE_PARSE_H
#define NNEXP_TABLE_PARSE_H

#include "table/csv.h"
#include "table/feed.h"

enum { PARSE_MOST_PROBLEMS = 20, PARSE_SHOWN = 40 };

typedef enum ProblemKind {
    PROBLEM_MISSING,
    PROBLEM_RANGE,
    PROBLEM_NOT_FINITE,
    PROBLEM_NOT_NUMBER,
    PROBLEM_NOT_UTF8,
    PROBLEM_RAGGED,
    PROBLEM_BEYOND, /* a filled cell behind the last column */
    PROBLEM_BROKEN  /* there is no reading on */
} ProblemKind;

typedef struct Problem {
    ProblemKind kind;
    uint32_t line;
    int column;                 /* from 0; of PROBLEM_RAGGED: how many cells there are */
    int32_t code;               /* of PROBLEM_NOT_UTF8: the text's number in the block */
    const char *wrong;          /* of PROBLEM_BROKEN: static text */
    char seen[PARSE_SHOWN + 4]; /* the cell, cut and without control characters */
} Problem;

/* Owns texts and problems. */
typedef struct Part {
    const Csv *csv; /* its matrices have room for the block's rows from `first` on, and one that is refused */
    CsvMissing missing;
    char delimiter;
    Block block;
    uint32_t line; /* on which the block begins */
    size_t first;
    size_t rows;      /* parsed: without blank lines, wrong rows and dropped ones */
    Texts *text;      /* [csv->texts] */
    Problem *problem; /* [problems], in order; parsing stops at PARSE_MOST_PROBLEMS that are not NOT_UTF8 */
    int problems, problem_room, weighty;
    bool broken;        /* the rest was not read */
    bool out_of_memory; /* likewise */
} Part;

void parse_block(Part *part);
/* Empties a part and frees what it owns. */
void part_free(Part *part);
/* The message of a problem. */
void problem_tell(const Csv *csv, const Problem *problem, Error *err);

/* Whether text[0 … length) stands for a missing value: empty, NA, NaN, null, ? */
bool parse_is_missing(const char *text, size_t length);
/* Whether the text is meant as a number, be it one that is refused: inf, nan, hex. */
bool parse_is_number_like(const char *text, size_t length);

#endif
