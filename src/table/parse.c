/* parse: see parse.h. The cells' ends are found 64 bytes at a time, and the usual number between two of them is read
 * without a loop (decimal.h); all else goes through cells.c. */
#include "table/parse.h"

#include "base/text.h"
#include "table/cells.h"
#include "table/decimal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)FEED_ROOM >= (int)DECIMAL_REACH && FEED_ROOM > 64, "blocks are read beyond their ends");

bool parse_is_missing(const char *text, size_t length) {
    switch (length) {
    case 0: return true;
    case 1: return text[0] == '?';
    case 2: return memcmp(text, "NA", 2) == 0;
    case 3: return memcmp(text, "NaN", 3) == 0 || memcmp(text, "nan", 3) == 0;
    case 4: return memcmp(text, "null", 4) == 0;
    default: return false;
    }
}

bool parse_is_number_like(const char *text, size_t length) {
    char copy[512], *end;
    if (length == 0 || length >= sizeof copy) return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    strtod(copy, &end);
    return end == copy + length;
}

/* ---- ends of cells ----------------------------------------------------------------------------------- */

/* Walks over delimiters and line ends. */
typedef struct Ends {
    const char *window; /* 64 bytes */
    uint64_t mask;      /* bit i: window[i] ends a cell, and was not yet walked over */
    uint64_t delimiter; /* in each byte */
} Ends;

/* Bit i: byte i of the eight ends a cell. The product moves the eight high bits together. */
static inline uint64_t ends_of_eight(const char *at, uint64_t delimiter) {
    uint64_t word = decimal_load(at);
    uint64_t found = decimal_zero_bytes(word ^ delimiter) | decimal_zero_bytes(word ^ DECIMAL_EACH('\n')) |
                     decimal_zero_bytes(word ^ DECIMAL_EACH('\r'));
    return ((found >> 7) * 0x0102040810204080u) >> 56;
}

static inline void ends_from(Ends *ends, const char *at) {
    ends->window = at;
    ends->mask = 0;
    for (int i = 0; i < 8; i++) ends->mask |= ends_of_eight(at + 8 * i, ends->delimiter) << 8 * i;
}

/* The next one; the caller knows that there is one. */
static inline const char *ends_next(Ends *ends) {
    while (ends->mask == 0) ends_from(ends, ends->window + 64);
    const char *end = ends->window + __builtin_ctzll(ends->mask);
    ends->mask &= ends->mask - 1;
    return end;
}

/* ---- problems ---------------------------------------------------------------------------------------- */

/* What a column's cells are for, close together. */
typedef struct Plan {
    CsvUse use;
    int place;
} Plan;

typedef struct Parser {
    Part *part;
    const char *at;
    Ends ends;
    const Plan *plan; /* [columns + 1]: behind the last column cells are ignored */
    int columns;
    uint32_t line; /* on which `at` stands */
    real *feature; /* of the row at hand */
    double *number;
    int32_t *code;
    bool drop;     /* the row has a missing cell and is left out */
    bool beyond;   /* the cell behind the last column is filled */
    Problem extra; /* and this is it */
    char unquoted[CELL_MOST];
} Parser;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_weighty(const Problem *problem) { return problem->kind != PROBLEM_NOT_UTF8; }

static void add_problem(Part *part, const Problem *problem) {
    if (is_weighty(problem) && part->weighty >= PARSE_MOST_PROBLEMS) return;
    if (part->problems == part->problem_room) {
        int room = part->problem_room ? 2 * part->problem_room : PARSE_MOST_PROBLEMS;
        Problem *more = realloc(part->problem, (size_t)room * sizeof *more);
        if (!more) {
            part->out_of_memory = true;
            return;
        }
        part->problem = more;
        part->problem_room = room;
    }
    part->problem[part->problems++] = *problem;
    part->weighty += is_weighty(problem);
}

/* Cuts what is long and hides what would break the line. */
static void show(const Cell *cell, char out[PARSE_SHOWN + 4]) {
    size_t length = cell->length < PARSE_SHOWN ? cell->length : PARSE_SHOWN;
    while (length < cell->length && length > 0 && (cell->text[length] & 0xC0) == 0x80) length--;
    for (size_t i = 0; i < length; i++) out[i] = (unsigned char)cell->text[i] < ' ' ? ' ' : cell->text[i];
    strcpy(out + length, length < cell->length ? "..." : "");
}

static Problem problem_of(ProblemKind kind, int column, const Cell *cell) {
    Problem problem = {.kind = kind, .line = cell->line, .column = column};
    show(cell, problem.seen);
    return problem;
}

static bool is_decimal_text(const Cell *cell) {
    for (size_t i = 0; i < cell->length; i++)
        if (!strchr("+-.0123456789eE", cell->text[i])) return false;
    return true;
}

static void complain(Parser *parser, int column, const Cell *cell) {
    ProblemKind kind = PROBLEM_NOT_NUMBER;
    if (parse_is_missing(cell->text, cell->length)) kind = PROBLEM_MISSING;
    else if (parse_is_number_like(cell->text, cell->length))
        kind = is_decimal_text(cell) ? PROBLEM_RANGE : PROBLEM_NOT_FINITE;
    Problem problem = problem_of(kind, column, cell);
    add_problem(parser->part, &problem);
}

/* Digits joined as in 12:30, 2024-01-01, 1/2/2024, 1.2.2024. */
static bool is_time_like(const char *text) {
    int joints = 0;
    if (text[strspn(text, "0123456789:-/. +TZAPMapm")]) return false;
    for (const char *at = text; *at; at++)
        if (at > text && is_digit(at[-1]) && is_digit(at[1])) joints += strchr(":-/", *at) ? 2 : *at == '.';
    return joints >= 2;
}

/* What may be meant by a cell that is no number, where the config can say so. */
static const char *advice(const Csv *csv, const CsvColumn *column, const char *seen) {
    if (csv->purpose != CSV_SETTLES || !column || column->use != CSV_FEATURE) return "";
    if (is_time_like(seen)) return "; put dates and times into data.ignore or data.categorical";
    return "; if this is the label column, set data.label";
}

void problem_tell(const Csv *csv, const Problem *problem, Error *err) {
    char place[32];
    const char *path = csv->path, *seen = problem->seen;
    int column = problem->column;
    const CsvColumn *at = column < csv->columns ? &csv->column[column] : NULL;
    const char *name = at ? at->name : "";
    snprintf(place, sizeof place, "%u:%d", problem->line, column + 1);
    switch (problem->kind) {
    case PROBLEM_MISSING:
        fail(err, "%s:%s: missing value '%s' in column '%s'; set data.missing to mean or drop_row", path, place, seen,
             name);
        return;
    case PROBLEM_RANGE:
        fail(err, "%s:%s: '%s' in column '%s' is beyond the range of numbers", path, place, seen, name);
        return;
    case PROBLEM_NOT_FINITE:
        fail(err, "%s:%s: expected a finite decimal number in column '%s', got '%s'", path, place, name, seen);
        return;
    case PROBLEM_NOT_NUMBER:
        fail(err, "%s:%s: expected a number in column '%s', got '%s'%s", path, place, name, seen,
             advice(csv, at, seen));
        return;
    case PROBLEM_NOT_UTF8:
        fail(err, "%s:%s: the text in column '%s' is not UTF-8; convert the file, as with iconv", path, place, name);
        return;
    case PROBLEM_RAGGED:
        fail(err, "%s:%u: %d field%s, the %s has %d", path, problem->line, column, column == 1 ? "" : "s",
             csv->has_header ? "header" : "first row", csv->columns);
        return;
    case PROBLEM_BEYOND:
        fail(err, "%s:%s: '%s' in a last column that is empty above; name it in the header, or remove it", path,
             place, seen);
        return;
    case PROBLEM_BROKEN: fail(err, "%s:%s: %s", path, place, problem->wrong); return;
    }
}

/* ---- cells ------------------------------------------------------------------------------------------- */

static void take_missing(Parser *parser, int column, const Plan *plan, const Cell *cell) {
    CsvMissing missing = parser->part->missing;
    if (missing == CSV_MISSING_ERROR) complain(parser, column, cell);
    parser->drop |= missing == CSV_MISSING_DROP_ROW;
    if (plan->use == CSV_FEATURE) parser->feature[plan->place] = NAN;
    else if (plan->use == CSV_NUMBER) parser->number[plan->place] = NAN;
    else parser->code[plan->place] = -1;
}

static void take_text(Parser *parser, int column, const Plan *plan, const Cell *cell) {
    Part *part = parser->part;
    Texts *texts = &part->text[plan->place];
    int seen = texts->count;
    int32_t code = texts_index_of(texts, cell->text, cell->length);
    if (code < 0) part->out_of_memory = true;
    else if (code == seen && !text_is_utf8(texts->text[code])) { /* asked once for each distinct text */
        Problem problem = problem_of(PROBLEM_NOT_UTF8, column, cell);
        problem.code = code;
        add_problem(part, &problem);
    }
    parser->code[plan->place] = code;
}

static void take_cell(Parser *parser, int column, const Cell *cell) {
    if (column >= parser->columns) {
        if (cell->length == 0 || column > parser->columns) return;
        parser->beyond = true;
        parser->extra = problem_of(PROBLEM_BEYOND, column, cell);
        return;
    }
    const Plan *plan = &parser->plan[column];
    const char *text = cell->text;
    if (plan->use == CSV_IGNORED) return;
    if (parse_is_missing(text, cell->length)) {
        take_missing(parser, column, plan, cell);
    } else if (plan->use == CSV_TEXT) {
        take_text(parser, column, plan, cell);
    } else if (plan->use == CSV_FEATURE) {
        real *value = &parser->feature[plan->place];
        if (!decimal_read(text, cell->length, value) || !isfinite(*value)) complain(parser, column, cell);
    } else {
        double *value = &parser->number[plan->place];
        if (!decimal_read_double(text, cell->length, value) || !isfinite(*value)) complain(parser, column, cell);
    }
}

/* A cell without quotes between `at` and its end; false where cells.c has to look. */
static bool bare_cell(const Parser *parser, const char *at, const char *end, Cell *cell) {
    char delimiter = parser->part->delimiter;
    while (at < end && cells_is_blank(*at, delimiter)) at++;
    while (end > at && cells_is_blank(end[-1], delimiter)) end--;
    size_t length = (size_t)(end - at);
    if (length > CELL_MOST || (length > 0 && (*at == '"' || memchr(at, '\0', length)))) return false;
    *cell = (Cell){.text = at, .length = length, .line = parser->line};
    return true;
}

/* Takes any cell. Returns what ends it, which is not `end` when that stands in quotes; NULL: no reading on. */
static const char *take_any(Parser *parser, int column, const char *at, const char *end) {
    Cell cell;
    if (!bare_cell(parser, at, end, &cell)) {
        Part *part = parser->part;
        Cells cells = {at, part->block.end, part->delimiter, parser->line, parser->unquoted};
        const char *wrong = cells_next(&cells, &cell);
        if (wrong) {
            Problem problem = {.kind = PROBLEM_BROKEN, .line = cell.line, .column = column, .wrong = wrong};
            add_problem(part, &problem);
            part->broken = true;
            return NULL;
        }
        parser->line = cells.line;
        end = cells.at;
        ends_from(&parser->ends, end + 1);
    }
    take_cell(parser, column, &cell);
    return end;
}

/* ---- rows -------------------------------------------------------------------------------------------- */

static inline bool take_exact(Parser *parser, const Plan *plan, const char *at, const char *end) {
    if (plan->use == CSV_FEATURE) return decimal_exact_real(at, end, &parser->feature[plan->place]);
    if (plan->use == CSV_NUMBER) return decimal_exact(at, end, &parser->number[plan->place]);
    return false;
}

/* Takes the cells of a row; how many there are, or -1 when there is no reading on. */
static int take_cells(Parser *parser) {
    const char *at = parser->at, delimiter = parser->part->delimiter;
    const Plan *plan = parser->plan;
    for (int column = 0;; column++) {
        const char *end = ends_next(&parser->ends);
        if (!take_exact(parser, plan, at, end)) {
            end = take_any(parser, column, at, end);
            if (!end) return -1;
        }
        plan += column < parser->columns;
        at = end + 1;
        if (*end == delimiter) continue;
        if (*end == '\r' && at < parser->part->block.end && *at == '\n') {
            at++;
            ends_next(&parser->ends);
        }
        parser->at = at;
        parser->line++;
        return column + 1;
    }
}

/* A row may end with a delimiter: that is one more cell, and it is empty. */
static bool count_fits(const Parser *parser, int count) {
    return count == parser->columns || (count == parser->columns + 1 && !parser->beyond);
}

/* Cells stand in wrong columns: what else is wrong with them says nothing. */
static void complain_of_count(Parser *parser, int count, uint32_t line, int problems, int weighty) {
    Part *part = parser->part;
    Problem problem = {.kind = PROBLEM_RAGGED, .line = line, .column = count};
    if (count == parser->columns + 1 && part->csv->trailing) problem = parser->extra;
    part->problems = problems;
    part->weighty = weighty;
    add_problem(part, &problem);
}

static void place_row(Parser *parser) {
    const Part *part = parser->part;
    const Csv *csv = part->csv;
    size_t row = part->first + part->rows;
    parser->feature = csv->feature + row * (size_t)csv->features;
    parser->number = csv->number + row * (size_t)csv->numbers;
    parser->code = csv->code + row * (size_t)csv->texts;
    csv->line[row] = parser->line;
}

static void take_row(Parser *parser) {
    Part *part = parser->part;
    uint32_t line = parser->line;
    int problems = part->problems, weighty = part->weighty;
    place_row(parser);
    parser->drop = parser->beyond = false;
    int count = take_cells(parser);
    if (count < 0) return;
    if (!count_fits(parser, count)) complain_of_count(parser, count, line, problems, weighty);
    part->rows += part->problems == problems && !parser->drop;
}

static void skip_blank_lines(Parser *parser) {
    const Part *part = parser->part;
    Cells cells = {.at = parser->at, .end = part->block.end, .delimiter = part->delimiter, .line = parser->line};
    cells_row(&cells);
    if (cells.at == parser->at) return; /* a row that begins with a blank */
    parser->at = cells.at;
    parser->line = cells.line;
    ends_from(&parser->ends, parser->at);
}

static Plan *make_plan(const Csv *csv) {
    Plan *plan = malloc(((size_t)csv->columns + 1) * sizeof *plan);
    if (!plan) return NULL;
    for (int i = 0; i < csv->columns; i++) plan[i] = (Plan){csv->column[i].use, csv->column[i].place};
    plan[csv->columns] = (Plan){.use = CSV_IGNORED};
    return plan;
}

void parse_block(Part *part) {
    Plan *plan = make_plan(part->csv);
    Parser *parser = malloc(sizeof *parser);
    part->text = calloc((size_t)part->csv->texts + 1, sizeof *part->text);
    part->out_of_memory = !plan || !parser || !part->text;
    if (!part->out_of_memory) {
        parser->part = part;
        parser->at = part->block.begin;
        parser->plan = plan;
        parser->columns = part->csv->columns;
        parser->line = part->line;
        parser->ends.delimiter = DECIMAL_EACH((unsigned char)part->delimiter);
        ends_from(&parser->ends, parser->at);
    }
    while (!part->out_of_memory && !part->broken && part->weighty < PARSE_MOST_PROBLEMS &&
           parser->at < part->block.end) {
        char first = *parser->at;
        if (cells_is_line_end(first) || cells_is_blank(first, part->delimiter)) skip_blank_lines(parser);
        if (parser->at < part->block.end) take_row(parser);
    }
    free(plan);
    free(parser);
}

void part_free(Part *part) {
    for (int i = 0; part->text && i < part->csv->texts; i++) texts_free(&part->text[i]);
    free(part->text);
    free(part->problem);
    *part = (Part){0};
}
