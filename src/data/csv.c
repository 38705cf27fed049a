/* csv: see csv.h. The header and the rows; the bytes are cells.c's, the numbers decimal.c's. */
#include "data/csv.h"

#include "base/arena.h"
#include "base/text.h"
#include "data/cells.h"
#include "data/decimal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ERRORS = 20, SHOWN_BYTES = 40, FIRST_ROWS = 16 };

static bool out_of_memory(const char *path, Error *err) {
    return fail(err, "%s: needs more memory than the system gives", path);
}

/* ---- header ---------------------------------------------------------------------------------------- */

static bool is_missing(const char *text) {
    static const char *const tokens[] = {"", "NA", "NaN", "null", "?"};
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        if (strcmp(text, tokens[i]) == 0) return true;
    return false;
}

/* Whether the text is meant as a number, be it one that is refused: inf, nan, hex. */
static bool is_number_like(const char *text) {
    char *end;
    strtod(text, &end);
    return end != text && *end == '\0';
}

static bool add_column(Csv *csv, const char *name, Error *err) {
    if ((csv->columns & (csv->columns - 1)) == 0) { /* room for the next power of two */
        size_t capacity = csv->columns ? 2 * (size_t)csv->columns : 1;
        CsvColumn *column = realloc(csv->column, capacity * sizeof *column);
        if (!column) return out_of_memory(csv->path, err);
        csv->column = column;
    }
    char *copy = strdup(name);
    if (!copy) return out_of_memory(csv->path, err);
    csv->column[csv->columns] = (CsvColumn){.name = copy, .place = csv->columns};
    csv->columns++;
    return true;
}

static bool next_cell(Cells *cells, const char *path, int column, Cell *cell, Error *err) {
    Error wrong = {0};
    if (cells_next(cells, cell, &wrong)) return true;
    error_prefix(&wrong, "%s:%u:%d: ", path, cell->line, column + 1);
    error_move(err, &wrong);
    return false;
}

/* Reads the first row as the columns' names. */
static bool read_first_row(Cells *cells, Csv *csv, uint32_t *line, Error *err) {
    Cell cell = {0};
    *line = cells->line;
    while (!cell.last) {
        if (!next_cell(cells, csv->path, csv->columns, &cell, err)) return false;
        if (!add_column(csv, cell.text, err)) return false;
    }
    return true;
}

/* The rule of CSV_HEADER_AUTO, which reads the second row: see csv.h. */
static bool guess_header(Cells *cells, Csv *csv, bool *is_header, Error *err) {
    bool any_number = false, text_over_number = false;
    for (int i = 0; i < csv->columns; i++) any_number |= is_number_like(csv->column[i].name);
    if (any_number && cells_row(cells)) {
        Cell cell = {0};
        for (int i = 0; !cell.last; i++) {
            if (!next_cell(cells, csv->path, i, &cell, err)) return false;
            if (i >= csv->columns) continue;
            const char *above = csv->column[i].name;
            text_over_number |= is_number_like(cell.text) && !is_number_like(above) && !is_missing(above);
        }
    }
    *is_header = text_over_number || !any_number;
    return true;
}

static bool check_names(const Csv *csv, uint32_t line, Error *err) {
    Texts seen = {0};
    int before = err->count;
    for (int i = 0; i < csv->columns && err->count - before < MOST_ERRORS; i++) {
        const char *name = csv->column[i].name;
        int count = seen.count;
        if (!*name)
            fail(err, "%s:%u:%d: a column without a name; name it, or set data.header to false", csv->path, line,
                 i + 1);
        else if (!text_is_utf8(name))
            fail(err, "%s:%u:%d: the column's name is not UTF-8; convert the file, as with iconv", csv->path, line,
                 i + 1);
        else if (texts_index(&seen, name) < 0) out_of_memory(csv->path, err);
        else if (seen.count == count)
            fail(err, "%s:%u:%d: a second column named '%s'; give each column a name of its own", csv->path, line,
                 i + 1, name);
    }
    texts_free(&seen);
    return err->count == before;
}

static bool number_columns(Csv *csv, Error *err) {
    for (int i = 0; i < csv->columns; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", i);
        char *copy = strdup(name);
        if (!copy) return out_of_memory(csv->path, err);
        free(csv->column[i].name);
        csv->column[i].name = copy;
    }
    return true;
}

static bool read_header(Cells *cells, const CsvOptions *options, Csv *csv, Error *err) {
    uint32_t line;
    if (!cells_row(cells)) {
        if (cells->failure) return fail(err, "%s: cannot read: %s", csv->path, strerror(cells->failure));
        return fail(err, "%s: empty; it needs a row of names and rows of data", csv->path);
    }
    if (!read_first_row(cells, csv, &line, err)) return false;
    csv->has_header = options->header == CSV_HEADER_YES;
    if (options->header == CSV_HEADER_AUTO && !guess_header(cells, csv, &csv->has_header, err)) return false;
    return csv->has_header ? check_names(csv, line, err) : number_columns(csv, err);
}

bool csv_open(const char *path, const CsvOptions *options, Csv *out, Error *err) {
    *out = (Csv){0};
    if (strchr("+-.0123456789eE\"\r\n", options->delimiter))
        return fail(err, "%s: delimiter '%c' cannot be told from data; use ',', ';', '|' or a tab", path,
                    options->delimiter);
    Cells *cells = cells_open(path, options->delimiter, err);
    if (!cells) return false;
    out->path = strdup(path);
    bool done = out->path ? read_header(cells, options, out, err) : out_of_memory(path, err);
    cells_close(cells);
    if (!done) csv_free(out);
    return done;
}

int csv_find(const Csv *csv, const char *name) {
    for (int i = 0; i < csv->columns; i++)
        if (strcmp(csv->column[i].name, name) == 0) return i;
    return -1;
}

void csv_free(Csv *csv) {
    for (int i = 0; i < csv->columns; i++) free(csv->column[i].name);
    for (int i = 0; csv->text && i < csv->texts; i++) texts_free(&csv->text[i]);
    free(csv->path);
    free(csv->column);
    free(csv->feature);
    free(csv->number);
    free(csv->code);
    free(csv->text);
    free(csv->line);
    *csv = (Csv){0};
}

/* ---- rows ------------------------------------------------------------------------------------------ */

typedef struct Reader {
    Csv *csv;
    CsvMissing missing;
    Cells *cells;
    size_t capacity; /* rows there is room for */
    bool drop;       /* the row has a missing cell and is left out */
    bool broken;     /* there is no reading on */
    Error row, all;  /* of the row at hand; of the rows before */
} Reader;

static size_t row_bytes(const Csv *csv) {
    return (size_t)csv->features * sizeof *csv->feature + (size_t)csv->numbers * sizeof *csv->number +
           (size_t)csv->texts * sizeof *csv->code + sizeof *csv->line;
}

static bool resize(void **block, size_t rows, size_t bytes) {
    size_t size = rows * bytes;
    void *moved = realloc(*block, size > 0 ? size : 1);
    if (moved) *block = moved;
    return moved;
}

static bool set_capacity(Reader *reader, size_t rows) {
    Csv *csv = reader->csv;
    reader->capacity = rows;
    return resize((void **)&csv->feature, rows, (size_t)csv->features * sizeof *csv->feature) &&
           resize((void **)&csv->number, rows, (size_t)csv->numbers * sizeof *csv->number) &&
           resize((void **)&csv->code, rows, (size_t)csv->texts * sizeof *csv->code) &&
           resize((void **)&csv->line, rows, sizeof *csv->line);
}

/* Makes room for one more row: for as many as the file will have if it goes on as it began. Large blocks grow
 * without a copy (mremap), and their untouched pages cost nothing. */
static bool make_room(Reader *reader) {
    Csv *csv = reader->csv;
    if (csv->rows < reader->capacity) return true;
    if (csv->rows == UINT32_MAX) return fail(&reader->all, "%s: more than %u rows", csv->path, UINT32_MAX);
    const Cells *cells = reader->cells;
    double taken = (double)(cells->read - (uint64_t)(cells->end - cells->at)) + 1;
    double guess = 1.02 * (double)csv->rows * (double)cells->size / taken;
    size_t least = csv->rows + csv->rows / 8 + FIRST_ROWS, most = csv->rows * 16 + FIRST_ROWS;
    size_t rows = guess < (double)least ? least : guess > (double)most ? most : (size_t)guess;
    Error wrong = {0};
    if (!memory_check((rows - csv->rows) * row_bytes(csv), &wrong)) {
        error_prefix(&wrong, "%s: ", csv->path);
        error_move(&reader->all, &wrong);
        return false;
    }
    return set_capacity(reader, rows) || out_of_memory(csv->path, &reader->all);
}

/* Cuts what is long and hides what would break the line. */
static const char *shown(const Cell *cell, char out[SHOWN_BYTES + 4]) {
    size_t length = cell->length < SHOWN_BYTES ? cell->length : SHOWN_BYTES;
    while (length < cell->length && length > 0 && (cell->text[length] & 0xC0) == 0x80) length--;
    for (size_t i = 0; i < length; i++) out[i] = (unsigned char)cell->text[i] < ' ' ? ' ' : cell->text[i];
    strcpy(out + length, length < cell->length ? "..." : "");
    return out;
}

static void complain(Reader *reader, int column, const Cell *cell) {
    const Csv *csv = reader->csv;
    const CsvColumn *at = &csv->column[column];
    char place[32], seen[SHOWN_BYTES + 4];
    snprintf(place, sizeof place, "%u:%d", cell->line, column + 1);
    shown(cell, seen);
    if (is_missing(cell->text))
        fail(&reader->row, "%s:%s: missing value '%s' in column '%s'; set data.missing to mean or drop_row",
             csv->path, place, seen, at->name);
    else if (strspn(cell->text, "+-.0123456789eE") == cell->length && is_number_like(cell->text))
        fail(&reader->row, "%s:%s: '%s' in column '%s' is beyond the range of numbers", csv->path, place, seen,
             at->name);
    else if (is_number_like(cell->text))
        fail(&reader->row, "%s:%s: expected a finite decimal number in column '%s', got '%s'", csv->path, place,
             at->name, seen);
    else
        fail(&reader->row, "%s:%s: expected a number in column '%s', got '%s'%s", csv->path, place, at->name, seen,
             at->use == CSV_FEATURE ? "; if this is the label column, set data.label" : "");
}

static void take_missing(Reader *reader, int column, const Cell *cell) {
    Csv *csv = reader->csv;
    const CsvColumn *at = &csv->column[column];
    if (reader->missing == CSV_MISSING_ERROR) complain(reader, column, cell);
    reader->drop |= reader->missing == CSV_MISSING_DROP_ROW;
    if (at->use == CSV_FEATURE) csv->feature[csv->rows * (size_t)csv->features + (size_t)at->place] = NAN;
    else if (at->use == CSV_NUMBER) csv->number[csv->rows * (size_t)csv->numbers + (size_t)at->place] = NAN;
    else csv->code[csv->rows * (size_t)csv->texts + (size_t)at->place] = -1;
}

static void take_text(Reader *reader, int column, const Cell *cell) {
    Csv *csv = reader->csv;
    const CsvColumn *at = &csv->column[column];
    int seen = csv->text[at->place].count;
    int32_t code = texts_index(&csv->text[at->place], cell->text);
    if (code == seen && !text_is_utf8(cell->text)) /* asked once for each distinct text */
        fail(&reader->row, "%s:%u:%d: the text in column '%s' is not UTF-8; convert the file, as with iconv",
             csv->path, cell->line, column + 1, at->name);
    if (code < 0) reader->broken = !out_of_memory(csv->path, &reader->row);
    csv->code[csv->rows * (size_t)csv->texts + (size_t)at->place] = code;
}

static void take_cell(Reader *reader, int column, const Cell *cell) {
    Csv *csv = reader->csv;
    const CsvColumn *at = &csv->column[column];
    if (at->use == CSV_IGNORED) return;
    if (is_missing(cell->text)) {
        take_missing(reader, column, cell);
    } else if (at->use == CSV_TEXT) {
        take_text(reader, column, cell);
    } else if (at->use == CSV_FEATURE) {
        real *value = &csv->feature[csv->rows * (size_t)csv->features + (size_t)at->place];
        if (!decimal_read(cell->text, cell->length, value) || !isfinite(*value)) complain(reader, column, cell);
    } else {
        double *value = &csv->number[csv->rows * (size_t)csv->numbers + (size_t)at->place];
        if (!text_number(cell->text, cell->length, value) || !isfinite(*value)) complain(reader, column, cell);
    }
}

/* The usual cell: a bare number and behind it the delimiter or a newline. */
static inline bool take_quick(Cells *cells, real *value, bool *last) {
    cells_ready(cells);
    const char *end = decimal_quick(cells->at, value);
    if (!end || (*end != cells->delimiter && *end != '\n')) return false;
    *last = *end == '\n';
    cells->line += *last;
    cells->at += end + 1 - cells->at;
    return true;
}

/* Reads the cells of a row; how many there are, or -1 when there is no reading on. */
static int read_cells(Reader *reader) {
    const Csv *csv = reader->csv;
    real *feature = csv->feature + csv->rows * (size_t)csv->features;
    bool last = false;
    int column = 0;
    for (; !last; column++) {
        const CsvColumn *at = column < csv->columns ? &csv->column[column] : NULL;
        if (at && at->use == CSV_FEATURE && take_quick(reader->cells, &feature[at->place], &last)) continue;
        Cell cell;
        if (!next_cell(reader->cells, csv->path, column, &cell, &reader->row)) return -1;
        last = cell.last;
        if (at) take_cell(reader, column, &cell);
    }
    return column;
}

static void read_row(Reader *reader) {
    Csv *csv = reader->csv;
    uint32_t line = reader->cells->line;
    csv->line[csv->rows] = line;
    reader->drop = false;
    int count = read_cells(reader);
    if (count < 0) reader->broken = true;
    else if (count != csv->columns) { /* its cells stand in the wrong columns: what is wrong with them says nothing */
        reader->row = (Error){0};
        fail(&reader->row, "%s:%u: %d field%s, the %s has %d", csv->path, line, count, count == 1 ? "" : "s",
             csv->has_header ? "header" : "first row", csv->columns);
    }
    if (reader->row.count) error_move(&reader->all, &reader->row);
    else if (!reader->drop) csv->rows++;
}

static bool read_rows(Reader *reader) {
    Csv *csv = reader->csv;
    if (csv->has_header) {
        cells_row(reader->cells);
        Cell cell = {0};
        for (int i = 0; !cell.last; i++)
            if (!next_cell(reader->cells, csv->path, i, &cell, &reader->all)) return false;
    }
    while (!reader->broken && cells_row(reader->cells)) {
        if (!make_room(reader)) return false;
        read_row(reader);
        if (reader->all.count >= MOST_ERRORS)
            return fail(&reader->all, "%s: stopped reading at %d errors", csv->path, MOST_ERRORS);
    }
    if (reader->cells->failure)
        fail(&reader->all, "%s: cannot read: %s", csv->path, strerror(reader->cells->failure));
    return reader->all.count == 0 && set_capacity(reader, csv->rows);
}

static void count_uses(Csv *csv) {
    csv->features = csv->numbers = csv->texts = 0;
    for (int i = 0; i < csv->columns; i++) {
        csv->features += csv->column[i].use == CSV_FEATURE;
        csv->numbers += csv->column[i].use == CSV_NUMBER;
        csv->texts += csv->column[i].use == CSV_TEXT;
    }
}

bool csv_read(const CsvOptions *options, Pool *pool, Csv *csv, Error *err) {
    (void)pool;
    assert(csv->rows == 0 && !csv->feature);
    count_uses(csv);
    csv->text = calloc((size_t)csv->texts + 1, sizeof *csv->text);
    if (!csv->text) return out_of_memory(csv->path, err);
    Cells *cells = cells_open(csv->path, options->delimiter, err);
    if (!cells) return false;
    Reader reader = {.csv = csv, .missing = options->missing, .cells = cells};
    bool done = read_rows(&reader);
    error_move(err, &reader.all);
    cells_close(cells);
    return done;
}
