/* cells: the bytes of a CSV file → its cells, one after another. Knows no columns, headers or numbers.
 *
 * RFC 4180: a cell may stand in quotes, "" is a quote inside them, and quoted cells may hold delimiters and
 * line ends. Beside: CRLF, LF or CR end a row, a BOM and blank lines are skipped, the last row needs no line
 * end, and spaces and tabs around a cell that has no quotes are not part of it. Reads through one fixed
 * buffer. */
#ifndef NNEXP_DATA_CELLS_H
#define NNEXP_DATA_CELLS_H

#include "base/error.h"

#include <stdint.h>

enum { CELL_MOST = 1 << 16, CELLS_BUFFER = 1 << 18 };

typedef struct Cells {
    int file;    /* descriptor */
    int failure; /* errno of a read that failed; the file then seems to end */
    bool ended;  /* nothing more to read */
    char delimiter;
    uint32_t line;       /* on which `at` stands, from 1 */
    uint64_t read, size; /* bytes read so far; bytes of the file */
    char *at, *end;      /* what is not yet taken; *end = '\0' */
    char buffer[CELLS_BUFFER + 1];
} Cells;

/* Borrowed from the buffer until the next call. NUL-terminated. */
typedef struct Cell {
    char *text;
    size_t length;
    uint32_t line; /* on which it begins */
    bool last;     /* of its row */
} Cell;

/* NULL on failure: an unreadable path, or one that is no regular file. */
Cells *cells_open(const char *path, char delimiter, Error *err);
void cells_close(Cells *cells); /* NULL allowed */

/* Makes sure that the next cell and what ends it lie in the buffer. */
void cells_refill(Cells *cells);
static inline void cells_ready(Cells *cells) {
    if (cells->end - cells->at <= CELL_MOST + 16 && !cells->ended) cells_refill(cells);
}

/* Skips blank lines; whether a row follows. */
bool cells_row(Cells *cells);
/* Takes the next cell of a row. Fails (what is wrong, without the place) on a NUL byte, a quote that is never
 * closed or text after one, and on a cell of more than CELL_MOST bytes: there is no reading on then. */
bool cells_next(Cells *cells, Cell *cell, Error *err);

#endif
