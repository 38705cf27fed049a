/* cells: see cells.h. */
#include "table/cells.h"

#define TEXT_OF(x) #x
#define NUMBER_TEXT(x) TEXT_OF(x)
#define CELL_MOST_TEXT 65536
_Static_assert(CELL_MOST == CELL_MOST_TEXT, "the message says how long a cell may be");

static const char too_long[] =
    "more than " NUMBER_TEXT(CELL_MOST_TEXT) " bytes in one cell; is a quote never closed?";
static const char has_nul[] = "a NUL byte; save the file as UTF-8 text";

/* Steps over CR, LF or CRLF. */
static void end_line(Cells *cells) {
    bool pair = cells->at[0] == '\r' && cells->at + 1 < cells->end && cells->at[1] == '\n';
    cells->at += pair ? 2 : 1;
    cells->line++;
}

static void skip_blanks(Cells *cells) {
    while (cells->at < cells->end && cells_is_blank(*cells->at, cells->delimiter)) cells->at++;
}

bool cells_row(Cells *cells) {
    while (cells->at < cells->end) {
        const char *begin = cells->at;
        skip_blanks(cells);
        if (cells->at < cells->end && !cells_is_line_end(*cells->at)) {
            cells->at = begin;
            return true;
        }
        if (cells->at < cells->end) end_line(cells);
    }
    return false;
}

static const char *take_bare(Cells *cells, Cell *cell) {
    const char *at = cells->at;
    while (at < cells->end && *at != cells->delimiter && !cells_is_line_end(*at) && *at) at++;
    if (at - cells->at > CELL_MOST) return too_long;
    if (at < cells->end && !*at) return has_nul;
    cell->text = cells->at;
    cells->at = at;
    while (at > cell->text && cells_is_blank(at[-1], cells->delimiter)) at--;
    cell->length = (size_t)(at - cell->text);
    return NULL;
}

/* Finds the closing quote: *close, and how many "" stand before it. */
static const char *find_close(Cells *cells, const char **close, size_t *doubled) {
    *doubled = 0;
    for (const char *at = cells->at + 1;; at++) {
        if (at - cells->at > CELL_MOST) return too_long;
        if (at >= cells->end) return "a quote that is never closed";
        if (!*at) return has_nul;
        if (*at == '\n' || (*at == '\r' && !(at + 1 < cells->end && at[1] == '\n'))) cells->line++;
        if (*at != '"') continue;
        *close = at;
        if (at + 1 >= cells->end || at[1] != '"') return NULL;
        ++*doubled;
        at++;
    }
}

static const char *take_quoted(Cells *cells, Cell *cell) {
    const char *close, *text = cells->at + 1;
    size_t doubled;
    const char *wrong = find_close(cells, &close, &doubled);
    if (wrong) return wrong;
    cell->text = text;
    cell->length = (size_t)(close - text) - doubled;
    if (doubled) {
        char *to = cells->unquoted;
        for (const char *from = text; from < close; from++) {
            *to++ = *from;
            from += *from == '"';
        }
        cell->text = cells->unquoted;
    }
    cells->at = close + 1;
    skip_blanks(cells);
    if (cells->at < cells->end && *cells->at != cells->delimiter && !cells_is_line_end(*cells->at))
        return "text after the closing quote; write a quote inside a quoted cell twice";
    return NULL;
}

const char *cells_next(Cells *cells, Cell *cell) {
    cell->line = cells->line;
    skip_blanks(cells);
    bool quoted = cells->at < cells->end && *cells->at == '"';
    return quoted ? take_quoted(cells, cell) : take_bare(cells, cell);
}

bool cells_end(Cells *cells) {
    if (cells->at >= cells->end) return true;
    if (*cells->at == cells->delimiter) {
        cells->at++;
        return false;
    }
    end_line(cells);
    return true;
}
