/* cells: bytes in memory → one cell after another. Knows no columns, headers or numbers; never writes into the
 * bytes.
 *
 * RFC 4180: a cell may stand in quotes, "" is a quote inside them, and quoted cells may hold delimiters and
 * line ends. Beside: CRLF, LF or CR end a row, blank lines are skipped, and spaces and tabs around a cell are not
 * part of it, unless they stand in quotes. */
#ifndef NNEXP_TABLE_CELLS_H
#define NNEXP_TABLE_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CELL_MOST = 1 << 16 }; /* bytes, as they stand in the file */

/* What is not yet taken. The bytes end with a line end. */
typedef struct Cells {
    const char *at, *end;
    char delimiter;
    uint32_t line;  /* on which `at` stands, from 1 */
    char *unquoted; /* [CELL_MOST]: where a cell with "" in it is put together; borrowed */
} Cells;

/* Borrowed from the bytes, or from `unquoted` until the next call. */
typedef struct Cell {
    const char *text; /* [length], without a NUL */
    size_t length;
    uint32_t line; /* on which it begins */
} Cell;

static inline bool cells_is_line_end(char c) { return c == '\n' || c == '\r'; }
static inline bool cells_is_blank(char c, char delimiter) { return (c == ' ' || c == '\t') && c != delimiter; }

/* Skips blank lines, of spaces and tabs too; whether a row follows. */
bool cells_row(Cells *cells);
/* Takes the next cell of a row, up to what ends it: the delimiter or a line end. Returns NULL, or what is wrong
 * (static text): a NUL byte, a quote that is never closed or text after one, a cell of more than CELL_MOST bytes:
 * there is no reading on then. */
const char *cells_next(Cells *cells, Cell *cell);
/* Steps over what ended the cell; whether it was the last of its row. */
bool cells_end(Cells *cells);

#endif
