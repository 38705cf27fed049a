/* cells: see cells.h. */
#include "data/cells.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void cells_refill(Cells *cells) {
    size_t left = (size_t)(cells->end - cells->at);
    memmove(cells->buffer, cells->at, left);
    cells->at = cells->buffer;
    cells->end = cells->buffer + left;
    while (!cells->ended && cells->end < cells->buffer + CELLS_BUFFER) {
        ssize_t got = read(cells->file, cells->end, (size_t)(cells->buffer + CELLS_BUFFER - cells->end));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) cells->failure = errno;
        if (got <= 0) cells->ended = true;
        else cells->end += got, cells->read += (uint64_t)got;
    }
    *cells->end = '\0';
}

static bool open_regular(const char *path, int *file, uint64_t *size, Error *err) {
    struct stat status;
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*file < 0) return fail(err, "%s: cannot read: %s", path, strerror(errno));
    if (fstat(*file, &status) == 0 && S_ISREG(status.st_mode)) {
        *size = (uint64_t)status.st_size;
        return true;
    }
    close(*file);
    return fail(err, "%s: not a regular file; give the path of a CSV file", path);
}

Cells *cells_open(const char *path, char delimiter, Error *err) {
    int file;
    uint64_t size = 0;
    if (!open_regular(path, &file, &size, err)) return NULL;
    Cells *cells = malloc(sizeof *cells);
    if (!cells) {
        close(file);
        fail(err, "%s: needs %zu bytes of memory, which the system refused", path, sizeof *cells);
        return NULL;
    }
    cells->file = file;
    cells->failure = 0;
    cells->ended = false;
    cells->delimiter = delimiter;
    cells->line = 1;
    cells->read = 0;
    cells->size = size;
    cells->at = cells->end = cells->buffer;
    cells_refill(cells);
    if (strncmp(cells->at, "\xEF\xBB\xBF", 3) == 0) cells->at += 3;
    return cells;
}

void cells_close(Cells *cells) {
    if (!cells) return;
    close(cells->file);
    free(cells);
}

/* Steps over CR, LF or CRLF. The byte behind is in the buffer, be it the NUL at its end. */
static void end_line(Cells *cells) {
    cells->at += cells->at[0] == '\r' && cells->at[1] == '\n' ? 2 : 1;
    cells->line++;
}

static bool is_line_end(char c) { return c == '\n' || c == '\r'; }

bool cells_row(Cells *cells) {
    cells_ready(cells);
    while (is_line_end(*cells->at)) {
        end_line(cells);
        cells_ready(cells);
    }
    return cells->at < cells->end;
}

static bool is_blank(const Cells *cells, char c) { return (c == ' ' || c == '\t') && c != cells->delimiter; }

static void skip_blanks(Cells *cells) {
    while (is_blank(cells, *cells->at)) cells->at++;
}

static bool too_long(Error *err) {
    return fail(err, "more than %d bytes in one cell; is a quote never closed?", CELL_MOST);
}

static bool take_bare(Cells *cells, Cell *cell, Error *err) {
    char *at = cells->at;
    cell->text = at;
    while (*at != cells->delimiter && !is_line_end(*at) && *at) at++;
    if (at - cells->at > CELL_MOST || (at == cells->end && !cells->ended)) return too_long(err);
    cells->at = at;
    while (at > cell->text && is_blank(cells, at[-1])) at--;
    cell->length = (size_t)(at - cell->text);
    return true;
}

/* Takes what stands between quotes, moving it together where "" stands for one. */
static bool take_quoted(Cells *cells, Cell *cell, Error *err) {
    char *from = cells->at + 1, *to = from;
    cell->text = from;
    for (;; from++) {
        if (from == cells->end && cells->ended) return fail(err, "a quote that is never closed");
        if (from - cells->at > CELL_MOST || from == cells->end) return too_long(err);
        if (*from == '"' && *++from != '"') break;
        if (!*from) return fail(err, "a NUL byte; save the file as UTF-8 text");
        if (*from == '\n' || (*from == '\r' && from[1] != '\n')) cells->line++;
        *to++ = *from;
    }
    cells->at = from;
    cell->length = (size_t)(to - cell->text);
    skip_blanks(cells);
    char next = *cells->at;
    if (next && next != cells->delimiter && !is_line_end(next))
        return fail(err, "text after the closing quote; write a quote inside a quoted cell twice");
    return true;
}

bool cells_next(Cells *cells, Cell *cell, Error *err) {
    cells_ready(cells);
    cell->line = cells->line;
    skip_blanks(cells);
    bool quoted = *cells->at == '"';
    if (!(quoted ? take_quoted(cells, cell, err) : take_bare(cells, cell, err))) return false;
    if (cells->at == cells->end && !cells->ended) return too_long(err);
    cell->last = true;
    if (*cells->at == cells->delimiter) cells->at++, cell->last = false;
    else if (*cells->at) end_line(cells);
    else if (cells->at < cells->end) return fail(err, "a NUL byte; save the file as UTF-8 text");
    cell->text[cell->length] = '\0';
    return true;
}
