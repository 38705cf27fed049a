/* csv_read: the rows of a CSV file: see csv.h. Works in rounds: while the blocks of one portion are parsed, each into
 * rows of its own, the next portion is read; then the blocks are joined in the file's order. */
#include "base/arena.h"
#include "base/text.h"
#include "table/csv.h"
#include "table/feed.h"
#include "table/parse.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ERRORS = PARSE_MOST_PROBLEMS, FIRST_ROWS = 16 };

typedef struct Reader {
    Csv *csv;
    CsvMissing missing;
    Feed *feed;
    int portion; /* whose blocks are parsed */
    Part *part;  /* [parts] */
    int parts, part_room;
    size_t capacity; /* rows there is room for */
    size_t joined;   /* bytes of the blocks whose rows are joined */
    uint32_t line;   /* on which the next block begins */
    Error all;
} Reader;

static bool out_of_memory(Reader *reader) {
    return fail(&reader->all, "%s: needs more memory than the system gives", reader->csv->path);
}

/* ---- room -------------------------------------------------------------------------------------------- */

static size_t row_bytes(const Csv *csv) {
    return (size_t)csv->features * sizeof *csv->feature + (size_t)csv->numbers * sizeof *csv->number +
           (size_t)csv->texts * sizeof *csv->code + sizeof *csv->line;
}

static bool resize(void **block, size_t rows, size_t bytes) {
    size_t size;
    if (__builtin_mul_overflow(rows, bytes, &size)) return false;
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

/* Rows that a block can hold: no more than it has lines, and each, but for one that is refused, takes a byte a column:
 * of blank lines there may be millions. */
static size_t most_rows(const Csv *csv, const Block *block) {
    size_t fit = (size_t)(block->end - block->begin) / (size_t)csv->columns + 1;
    return block->lines < fit ? block->lines : fit;
}

/* Rows of the file if it goes on as the rows did that are joined; `needed` of them are there. */
static size_t guess_rows(const Reader *reader, size_t needed) {
    const Portion *portion = &reader->feed->portion[reader->portion];
    uint64_t taken, size = source_size(reader->feed->source, &taken);
    double read = (double)reader->joined + (double)(portion->have - portion->begin);
    double bytes = read * (double)size / ((double)taken + 1);
    double rows = reader->joined ? 1.02 * (double)reader->csv->rows * bytes / (double)reader->joined : 0;
    size_t least = needed + reader->csv->rows / 8 + FIRST_ROWS, most = needed * 64;
    return rows < (double)least ? least : rows > (double)most ? most : (size_t)rows;
}

/* Makes room for `more` rows, and for as many as the file is likely to have where memory can hold them. Large blocks
 * grow without a copy (mremap), and their untouched pages cost nothing. */
static bool make_room(Reader *reader, size_t more) {
    Csv *csv = reader->csv;
    size_t needed = csv->rows + more;
    if (needed <= reader->capacity) return true;
    if (needed > UINT32_MAX) return fail(&reader->all, "%s: more than %u rows", csv->path, UINT32_MAX);
    size_t likely = guess_rows(reader, needed);
    Error unused = {0}, wrong = {0};
    if (memory_check((likely - csv->rows) * row_bytes(csv), &unused) && set_capacity(reader, likely)) return true;
    if (!memory_check(more * row_bytes(csv), &wrong)) {
        error_prefix(&wrong, "%s: ", csv->path);
        error_move(&reader->all, &wrong);
        return false;
    }
    return set_capacity(reader, needed) || out_of_memory(reader);
}

/* ---- rounds ------------------------------------------------------------------------------------------ */

static bool plan_round(Reader *reader) {
    const Portion *portion = &reader->feed->portion[reader->portion];
    size_t slots = 0;
    if (portion->blocks > reader->part_room) {
        Part *part = realloc(reader->part, (size_t)portion->blocks * sizeof *part);
        if (!part) return out_of_memory(reader);
        reader->part = part;
        reader->part_room = portion->blocks;
    }
    reader->parts = portion->blocks;
    for (int i = 0; i < reader->parts; i++) {
        const Block *block = &portion->block[i];
        reader->part[i] = (Part){.csv = reader->csv,
                                 .missing = reader->missing,
                                 .delimiter = reader->feed->delimiter,
                                 .block = *block,
                                 .line = reader->line,
                                 .first = reader->csv->rows + slots};
        slots += most_rows(reader->csv, block);
        reader->line += block->lines;
    }
    return make_room(reader, slots);
}

/* Job 0 reads the next portion, the others parse a block each. */
static void round_job(void *context, int job) {
    Reader *reader = context;
    if (job == 0) feed_next(reader->feed, !reader->portion);
    else parse_block(&reader->part[job - 1]);
}

/* ---- joining ----------------------------------------------------------------------------------------- */

static void move_rows(void *matrix, size_t to, size_t from, size_t rows, size_t bytes) {
    if (to != from && bytes > 0) memmove((char *)matrix + to * bytes, (char *)matrix + from * bytes, rows * bytes);
}

/* Closes the gap that blank lines, wrong rows and dropped ones left before the part. */
static void close_up(Csv *csv, const Part *part) {
    move_rows(csv->feature, csv->rows, part->first, part->rows, (size_t)csv->features * sizeof *csv->feature);
    move_rows(csv->number, csv->rows, part->first, part->rows, (size_t)csv->numbers * sizeof *csv->number);
    move_rows(csv->code, csv->rows, part->first, part->rows, (size_t)csv->texts * sizeof *csv->code);
    move_rows(csv->line, csv->rows, part->first, part->rows, sizeof *csv->line);
}

/* Numbers the texts of a column's part as if it had been read behind the parts before. */
static bool join_texts(Csv *csv, const Part *part, int place) {
    const Texts *texts = &part->text[place];
    bool same = true;
    int32_t *number = malloc(((size_t)texts->count + 1) * sizeof *number);
    if (!number) return false;
    for (int i = 0; i < texts->count; i++) {
        number[i] = texts_index(&csv->text[place], texts->text[i]);
        if (number[i] < 0) return free(number), false;
        same &= number[i] == i;
    }
    int32_t *code = csv->code + csv->rows * (size_t)csv->texts + (size_t)place;
    for (size_t row = 0; !same && row < part->rows; row++, code += csv->texts)
        if (*code >= 0) *code = number[*code];
    free(number);
    return true;
}

/* A text that is not UTF-8 is told once, where it stands first. */
static bool is_told(const Csv *csv, const Part *part, const Problem *problem) {
    if (problem->kind != PROBLEM_NOT_UTF8) return false;
    int place = csv->column[problem->column].place;
    return texts_find(&csv->text[place], part->text[place].text[problem->code]) >= 0;
}

static bool join_problems(Reader *reader, const Part *part) {
    for (int i = 0; i < part->problems; i++) {
        if (is_told(reader->csv, part, &part->problem[i])) continue;
        problem_tell(reader->csv, &part->problem[i], &reader->all);
        if (reader->all.count >= MOST_ERRORS)
            return fail(&reader->all, "%s: stopped reading at %d errors", reader->csv->path, MOST_ERRORS);
    }
    return !part->broken;
}

/* False: there is no reading on. */
static bool join(Reader *reader, const Part *part) {
    Csv *csv = reader->csv;
    if (part->out_of_memory) return out_of_memory(reader);
    if (!join_problems(reader, part)) return false;
    close_up(csv, part);
    for (int place = 0; place < csv->texts; place++)
        if (!join_texts(csv, part, place)) return out_of_memory(reader);
    csv->rows += part->rows;
    reader->joined += (size_t)(part->block.end - part->block.begin);
    return true;
}

/* Joins the parts of a round in order. */
static bool join_all(Reader *reader) {
    bool reading = true;
    for (int i = 0; i < reader->parts; i++) {
        reading = reading && join(reader, &reader->part[i]);
        part_free(&reader->part[i]);
    }
    return reading;
}

/* ---- public ------------------------------------------------------------------------------------------ */

/* Reads to the end, or to where there is no reading on. */
static void read_rounds(Reader *reader, Pool *pool) {
    const Feed *feed = reader->feed;
    for (;; reader->portion = !reader->portion) {
        bool last = feed->ended;
        if (!plan_round(reader)) return;
        pool_run(pool, round_job, reader, 1 + reader->parts);
        if (!join_all(reader)) return;
        if (last || feed->failure.count) break;
    }
    if (feed->cut_off)
        fail(&reader->all, "%s:%u: more than %d bytes in one row", reader->csv->path, reader->line, ROW_MOST);
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
    assert(csv->rows == 0 && !csv->feature && csv->feed);
    Reader reader = {.csv = csv, .missing = options->missing, .feed = csv->feed, .line = csv->next_line};
    count_uses(csv);
    csv->text = calloc((size_t)csv->texts + 1, sizeof *csv->text);
    if (csv->text) read_rounds(&reader, pool);
    else out_of_memory(&reader);
    if (csv->feed->failure.count) reader.all = csv->feed->failure;
    bool done = reader.all.count == 0 && (set_capacity(&reader, csv->rows) || out_of_memory(&reader));
    error_move(err, &reader.all);
    free(reader.part);
    feed_close(csv->feed);
    csv->feed = NULL;
    return done;
}
