/* csv: see csv.h. The header; the rows are csv_read.c's. */
#include "table/csv.h"

#include "base/text.h"
#include "table/cells.h"
#include "table/feed.h"
#include "table/parse.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ERRORS = 20 };

static bool out_of_memory(const char *path, Error *err) {
    return fail(err, "%s: needs more memory than the system gives", path);
}

/* ---- the first two rows ------------------------------------------------------------------------------ */

/* A walk over the rows that were read with the opening. */
static Cells first_cells(const Feed *feed, char *unquoted) {
    const Portion *portion = &feed->portion[0];
    return (Cells){.at = portion->data + portion->begin,
                   .end = portion->data + portion->complete,
                   .delimiter = feed->delimiter,
                   .line = 1 + feed->blank,
                   .unquoted = unquoted};
}

/* Whether two rows are there, or something that cannot be read. *row … *behind: the first one; NULL: there is none. */
static bool has_two_rows(const Feed *feed, char *unquoted, const char **row, const char **behind) {
    Cells cells = first_cells(feed, unquoted);
    Cell cell;
    *row = *behind = NULL;
    for (int seen = 0; seen < 2; seen++) {
        if (!cells_row(&cells)) return false;
        if (seen == 0) *row = cells.at;
        do
            if (cells_next(&cells, &cell)) return true;
        while (!cells_end(&cells));
        if (seen == 0) *behind = cells.at;
    }
    return true;
}

static bool add_column(Csv *csv, const Cell *cell, Error *err) {
    if ((csv->columns & (csv->columns - 1)) == 0) { /* room for the next power of two */
        size_t capacity = csv->columns ? 2 * (size_t)csv->columns : 1;
        CsvColumn *column = realloc(csv->column, capacity * sizeof *column);
        if (!column) return out_of_memory(csv->path, err);
        csv->column = column;
    }
    char *copy = strndup(cell->text, cell->length);
    if (!copy) return out_of_memory(csv->path, err);
    csv->column[csv->columns] = (CsvColumn){.name = copy, .place = csv->columns};
    csv->columns++;
    return true;
}

static bool next_cell(Cells *cells, const char *path, int column, Cell *cell, Error *err) {
    const char *wrong = cells_next(cells, cell);
    return !wrong || fail(err, "%s:%u:%d: %s", path, cell->line, column + 1, wrong);
}

/* Reads the first row as the columns' names. */
static bool read_first_row(Cells *cells, Csv *csv, Error *err) {
    Cell cell;
    csv->first_line = cells->line;
    do
        if (!next_cell(cells, csv->path, csv->columns, &cell, err) || !add_column(csv, &cell, err)) return false;
    while (!cells_end(cells));
    return true;
}

/* What the second row says of the first. */
typedef struct Second {
    bool text_over_number;
    bool ends_filled; /* its cell in the last column has something in it */
} Second;

static bool read_second_row(Cells *cells, const Csv *csv, Second *second, Error *err) {
    Cell cell;
    int column = 0;
    if (!cells_row(cells)) return true;
    do {
        if (!next_cell(cells, csv->path, column, &cell, err)) return false;
        if (column == csv->columns - 1) second->ends_filled = cell.length > 0;
        if (column >= csv->columns) continue;
        const char *above = csv->column[column].name;
        size_t length = strlen(above);
        second->text_over_number |= parse_is_number_like(cell.text, cell.length) &&
                                    !parse_is_number_like(above, length) && !parse_is_missing(above, length);
        column++;
    } while (!cells_end(cells));
    return true;
}

/* 0, 1, 2, …, perhaps behind an unnamed index: what pandas writes for columns without names. */
static bool counts_columns(const Csv *csv) {
    bool index = csv->columns > 0 && !*csv->column[0].name;
    for (int i = index; i < csv->columns; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i - index);
        if (strcmp(csv->column[i].name, number) != 0) return false;
    }
    return csv->columns - index >= 3;
}

/* The rule of CSV_HEADER_AUTO: see csv.h. */
static bool guess_header(const Csv *csv, const Second *second) {
    bool any_number = false;
    for (int i = 0; i < csv->columns; i++)
        any_number |= parse_is_number_like(csv->column[i].name, strlen(csv->column[i].name));
    return second->text_over_number || !any_number || counts_columns(csv);
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

/* Rows that end with a delimiter have one cell more, without a name or anything else in it. */
static void drop_last_column(Csv *csv, const Second *second) {
    int last = csv->columns - 1;
    csv->trailing = last > 0 && !*csv->column[last].name && !second->ends_filled;
    if (!csv->trailing) return;
    free(csv->column[last].name);
    csv->columns = last;
}

static bool read_header(const CsvOptions *options, char *unquoted, Csv *csv, Error *err) {
    Cells cells = first_cells(csv->feed, unquoted);
    Second second = {0};
    if (!cells_row(&cells)) return fail(err, "%s: empty; it needs a row of names and rows of data", csv->path);
    const char *first = cells.at;
    if (!read_first_row(&cells, csv, err)) return false;
    const char *behind = cells.at;
    csv->next_line = cells.line;
    if (!read_second_row(&cells, csv, &second, err)) return false;
    drop_last_column(csv, &second);
    csv->has_header = options->header == CSV_HEADER_YES;
    if (options->header == CSV_HEADER_AUTO) csv->has_header = guess_header(csv, &second);
    if (csv->has_header) csv->next_line += csv->feed->portion[0].gap_lines;
    else csv->next_line = csv->first_line;
    if (!feed_skip(csv->feed, csv->has_header ? behind : first)) return out_of_memory(csv->path, err);
    return csv->has_header || number_columns(csv, err);
}

/* ---- public ------------------------------------------------------------------------------------------ */

static bool open_feed(const char *path, const CsvOptions *options, size_t block_bytes, Csv *out, Error *err) {
    Feed *feed = out->feed = feed_open(path, options->delimiter, block_bytes, err);
    if (!feed) return false;
    out->path = strdup(source_name(feed->source));
    char *unquoted = malloc(CELL_MOST);
    bool done = (out->path && unquoted) || out_of_memory(path, err);
    const char *row, *behind;
    while (done && !has_two_rows(feed, unquoted, &row, &behind) && feed_more(feed, row, behind)) continue;
    if (feed->failure.count) {
        error_move(err, &feed->failure);
        done = false;
    }
    done = done && read_header(options, unquoted, out, err);
    free(unquoted);
    return done;
}

bool csv_open_in_blocks(const char *path, const CsvOptions *options, size_t block_bytes, Csv *out, Error *err) {
    *out = (Csv){0};
    if (strchr("+-.0123456789eE\"\r\n", options->delimiter))
        return fail(err, "%s: delimiter '%c' cannot be told from data; use ',', ';', '|' or a tab", path,
                    options->delimiter);
    if (open_feed(path, options, block_bytes, out, err)) return true;
    csv_free(out);
    return false;
}

bool csv_open(const char *path, const CsvOptions *options, Csv *out, Error *err) {
    return csv_open_in_blocks(path, options, FEED_BLOCK, out, err);
}

bool csv_check_names(const Csv *csv, Error *err) {
    if (!csv->has_header) return true;
    Texts seen = {0};
    int before = err->count;
    for (int i = 0; i < csv->columns && err->count - before < MOST_ERRORS; i++) {
        const char *name = csv->column[i].name;
        int count = seen.count;
        if (!text_is_utf8(name))
            fail(err, "%s:%u:%d: the column's name is not UTF-8; convert the file, as with iconv", csv->path,
                 csv->first_line, i + 1);
        else if (csv->column[i].use == CSV_IGNORED) continue;
        else if (!*name)
            fail(err, "%s:%u:%d: a column without a name; name it, or put %d into data.ignore", csv->path,
                 csv->first_line, i + 1, i);
        else if (texts_index(&seen, name) < 0) out_of_memory(csv->path, err);
        else if (seen.count == count)
            fail(err, "%s:%u:%d: a second column named '%s'; give each column a name of its own", csv->path,
                 csv->first_line, i + 1, name);
    }
    texts_free(&seen);
    return err->count == before;
}

int csv_find(const Csv *csv, const char *name) {
    for (int i = 0; i < csv->columns; i++)
        if (strcmp(csv->column[i].name, name) == 0) return i;
    return -1;
}

void csv_free(Csv *csv) {
    for (int i = 0; i < csv->columns; i++) free(csv->column[i].name);
    for (int i = 0; csv->text && i < csv->texts; i++) texts_free(&csv->text[i]);
    feed_close(csv->feed);
    free(csv->path);
    free(csv->column);
    free(csv->feature);
    free(csv->number);
    free(csv->code);
    free(csv->text);
    free(csv->line);
    *csv = (Csv){0};
}
