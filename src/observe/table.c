/* table: see table.h. Strict, because only nnexp writes what it reads: a row of another width or a last line
 * without its newline is an error. */
#include "observe/table.h"

#include "base/file.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double number_of(const char *text, size_t length) {
    double value;
    if (text_number(text, length, &value)) return value;
    if (strcmp(text, "inf") == 0) return INFINITY;
    return strcmp(text, "-inf") == 0 ? -INFINITY : NAN;
}

static int commas(const char *line, const char *end) {
    int count = 0;
    for (; line < end; line++) count += *line == ',';
    return count;
}

/* Counts columns and rows, and sees that all rows have one width. */
static bool measure(const char *path, const char *text, size_t size, Table *out, Error *err) {
    size_t lines = 0;
    if (size == 0) return fail(err, "%s: is empty; expected a log that nnexp wrote", path);
    if (memchr(text, '\0', size)) return fail(err, "%s: holds a zero byte; expected a log that nnexp wrote", path);
    for (const char *line = text, *end; line < text + size; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + size - line));
        if (!end) return fail(err, "%s:%zu: ends without a newline; the file was cut off", path, lines + 1);
        int cells = commas(line, end) + 1;
        if (++lines == 1) out->columns = cells;
        if (cells != out->columns)
            return fail(err, "%s:%zu: has %d cells, the header has %d; expected a log that nnexp wrote", path, lines,
                        cells, out->columns);
    }
    out->rows = lines - 1;
    return true;
}

/* Ends the cell that starts at `text` with a NUL in place of its comma or newline; returns the next cell. */
static char *end_cell(char *text) {
    char *end = text + strcspn(text, ",\n");
    *end = '\0';
    return end + 1;
}

/* One block: cells, the two tables of pointers, the text they point into. */
static bool place(const char *text, size_t size, Table *out) {
    size_t columns = (size_t)out->columns, cells = columns * out->rows;
    char *block = malloc(cells * (sizeof(double) + sizeof(char *)) + columns * sizeof(char *) + size + 1);
    if (!block) return false;
    out->memory = block;
    out->cell = (double *)block;
    out->text = (char **)(out->cell + cells);
    out->name = out->text + cells;
    char *at = memcpy(out->name + columns, text, size);
    at[size] = '\0';
    for (size_t i = 0; i < columns; i++, at = end_cell(at)) out->name[i] = at;
    for (size_t i = 0; i < cells; i++) {
        out->text[i] = at;
        at = end_cell(at);
        out->cell[i] = number_of(out->text[i], (size_t)(at - 1 - out->text[i]));
    }
    return true;
}

bool table_read(const char *path, Table *out, Error *err) {
    char *text;
    size_t size;
    *out = (Table){0};
    if (!file_read(path, &text, &size, err)) return false;
    bool ok = measure(path, text, size, out, err);
    if (ok && !place(text, size, out)) ok = fail(err, "%s: no memory for %zu rows", path, out->rows);
    free(text);
    if (!ok) *out = (Table){0};
    return ok;
}

void table_free(Table *table) {
    free(table->memory);
    *table = (Table){0};
}

int table_column(const Table *table, const char *name) {
    for (int i = 0; i < table->columns; i++)
        if (strcmp(table->name[i], name) == 0) return i;
    return -1;
}

double table_cell(const Table *table, size_t row, const char *column) {
    int i = table_column(table, column);
    return i < 0 ? NAN : table->cell[row * (size_t)table->columns + (size_t)i];
}

const char *table_text(const Table *table, size_t row, const char *column) {
    int i = table_column(table, column);
    return i < 0 ? "" : table->text[row * (size_t)table->columns + (size_t)i];
}
