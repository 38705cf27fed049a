/* CSV files in blocks, side by side: the same table and the same messages whatever the size of the blocks and the
 * number of threads; what a portion, a row and a cell may be long. */
#include "table/cells.h"
#include "table/csv.h"
#include "table/feed.h"

#include "data_files.h"

#include <fcntl.h>
#include <math.h>

static const CsvOptions plain = {.delimiter = ','};
static Pool *pools[4];
static FILE *reference;

static uint64_t random_state = 88172645463325252u;
static uint32_t draw(uint32_t n) { /* xorshift64 */
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 11) % n;
}

/* Columns: feature, text, number, ignored, text, feature, … */
static bool load(const CsvOptions *options, size_t block_bytes, Pool *pool, Csv *csv, Error *err) {
    static const CsvUse uses[] = {CSV_FEATURE, CSV_TEXT, CSV_NUMBER, CSV_IGNORED, CSV_TEXT};
    int place[4] = {0};
    if (!csv_open_in_blocks("a.csv", options, block_bytes, csv, err)) return false;
    for (int i = 0; i < csv->columns; i++) {
        csv->column[i].use = uses[i % 5];
        csv->column[i].place = place[uses[i % 5]]++;
    }
    return csv_check_names(csv, err) && csv_read(options, pool, csv, err);
}

static void assert_same(const Csv *a, const Csv *b) {
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->columns, b->columns);
    assert_int_equal(a->has_header, b->has_header);
    assert_int_equal(a->trailing, b->trailing);
    for (int i = 0; i < a->columns; i++) assert_string_equal(a->column[i].name, b->column[i].name);
    assert_memory_equal(a->feature, b->feature, a->rows * (size_t)a->features * sizeof *a->feature);
    assert_memory_equal(a->number, b->number, a->rows * (size_t)a->numbers * sizeof *a->number);
    assert_memory_equal(a->code, b->code, a->rows * (size_t)a->texts * sizeof *a->code);
    assert_memory_equal(a->line, b->line, a->rows * sizeof *a->line);
    for (int t = 0; t < a->texts; t++) {
        for (size_t row = 0; row < a->rows; row++) {
            int32_t code = a->code[row * (size_t)a->texts + (size_t)t];
            if (code >= 0) assert_string_equal(a->text[t].text[code], b->text[t].text[code]);
        }
    }
}

/* Reads a.csv in every way; whether it is read at all. */
static bool read_every_way(const CsvOptions *options, const size_t *block_bytes, int sizes) {
    Csv whole, csv;
    static Error expected, err;
    expected = (Error){0};
    bool done = load(options, FEED_BLOCK, NULL, &whole, &expected);
    for (int i = 0; i < sizes; i++) {
        err = (Error){0};
        bool same = load(options, block_bytes[i], pools[i % 4], &csv, &err) == done;
        if (!same || err.length != expected.length || memcmp(err.text, expected.text, err.length) != 0)
            fail_msg("blocks of %zu bytes, pool %d: %s / %s", block_bytes[i], i % 4, err.text, expected.text);
        if (done) assert_same(&csv, &whole);
        csv_free(&csv);
    }
    csv_free(&whole);
    return done;
}

static const char *piece(uint32_t nasty) {
    static const char *const good[] = {"1",      "-2.5", "0",  "1e3", "255", "\"7\"",  " 8 ", "0.333333343",
                                       "\"3\" ", "+.25", "6.", "17",  "42",  "\t3.5 ", "-0"};
    static const char *const words[] = {"red",
                                        "\"a,b\"",
                                        "\"two\nlines\"",
                                        "\"say \"\"hi\"\"\"",
                                        "a\"b",
                                        "\"\r\n\r\"",
                                        "NA",
                                        "",
                                        "?",
                                        "caf\303\251",
                                        "\"\"",
                                        "x y",
                                        "1",
                                        "null",
                                        "\"r\""};
    static const char *const bad[] = {"caf\351", "inf",        "0x10", "1e400", "\"x\"y",
                                      "12:30",   "2021-01-05", "\"",   "1,2",   ","};
    if (nasty && draw(nasty) == 0) return bad[draw(sizeof bad / sizeof bad[0])];
    return draw(2) ? good[draw(sizeof good / sizeof good[0])] : words[draw(sizeof words / sizeof words[0])];
}

static const char *number_piece(void) {
    static const char *const numbers[] = {"1",   "-2.5",        "0",          "1e3", "\"7\"",
                                          " 8 ", "0.333333343", "16777217.5", "-.5", "123456789"};
    return numbers[draw(sizeof numbers / sizeof numbers[0])];
}

/* A file of `columns` columns; nasty: one cell in so many is wrong, 0: none. */
static void write_random(int columns, uint32_t rows, uint32_t nasty, bool missing) {
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    const char *end = ends[draw(3)];
    FILE *out = fopen("a.csv", "wb");
    if (draw(4) == 0) fputs("\357\273\277", out);
    bool trailing = draw(4) == 0;
    for (int i = 0; i < columns; i++) fprintf(out, draw(3) ? "%sc%d" : "%s\"c\n%d\"", i ? "," : "", i);
    for (uint32_t r = 0; r < rows; r++) {
        fputs(draw(8) ? end : draw(2) ? "\r\n\n" : "\r\r\n", out);
        for (int i = 0; i < columns; i++) {
            bool text = i % 5 == 1 || i % 5 == 4 || i % 5 == 3;
            const char *cell = text || (nasty && draw(nasty) == 0) ? piece(nasty) : number_piece();
            fprintf(out, "%s%s", i ? "," : "", missing && draw(9) == 0 ? "NA" : cell);
        }
        if (trailing && draw(2)) fputc(',', out);
        if (nasty && draw(20 * nasty) == 0) fputc('\0', out);
    }
    if (draw(2)) fputs(end, out);
    fclose(out);
}

static const size_t sizes[] = {1, 2, 3, 5, 8, 13, 40, 100};

static void test_any_blocks_and_threads(void **state) {
    (void)state;
    int read = 0;
    for (int i = 0; i < 250; i++) {
        CsvOptions options = {.delimiter = ',', .header = CSV_HEADER_YES, .missing = (CsvMissing)draw(3)};
        write_random(2 + (int)draw(7), draw(40), 0, options.missing != CSV_MISSING_ERROR);
        read += read_every_way(&options, sizes, 8);
    }
    assert_true(read > 150);
}

static void test_errors_of_any_blocks_and_threads(void **state) {
    (void)state;
    int refused = 0;
    for (int i = 0; i < 250; i++) {
        CsvOptions options = {.delimiter = ',', .header = (CsvHeader)draw(3), .missing = (CsvMissing)draw(3)};
        write_random(1 + (int)draw(7), draw(60), 3 + draw(100), true);
        refused += !read_every_way(&options, sizes, 8);
    }
    assert_true(refused > 150);
}

/* Larger than a portion of the usual blocks, so that rounds follow one another. */
static void test_rounds(void **state) {
    (void)state;
    const size_t rows = 60000;
    static const char *const colours[] = {"red", "green", "blue", "\"not, one\"", "grey"};
    FILE *out = fopen("a.csv", "w");
    fputs("a,b,c,d,e,f\n", out);
    for (size_t r = 0; r < rows; r++)
        fprintf(out, "%zu,%s,%zu.125,anything at all that is left out,k%zu,-%zu.5\n%s", r, colours[r * r % 5], r,
                r % 1000, r, r % 1000 ? "" : "\n");
    fclose(out);
    static const size_t usual[] = {FEED_BLOCK, FEED_BLOCK / 64, FEED_BLOCK, 999};
    assert_true(read_every_way(&plain, usual, 4));
    Csv csv;
    Error err = {0};
    assert_true(load(&plain, FEED_BLOCK, pools[1], &csv, &err));
    assert_int_equal(csv.rows, rows);
    for (size_t r = 0; r < rows; r++) {
        assert_true(csv.feature[2 * r] == (real)r && csv.feature[2 * r + 1] == -(real)r - (real)0.5);
        assert_true(csv.number[r] == (double)r + 0.125);
        assert_int_equal(csv.line[r], r + 2 + (r + 999) / 1000);
        assert_int_equal(strtol(csv.text[1].text[csv.code[2 * r + 1]] + 1, NULL, 10), r % 1000);
    }
    csv_free(&csv);
}

/* Rows far longer than a block, header and data. */
static void test_long_rows(void **state) {
    (void)state;
    enum { COLUMNS = 400000 };
    FILE *out = fopen("a.csv", "w");
    for (int row = -1; row < 3; row++)
        for (int i = 0; i < COLUMNS; i++) fprintf(out, row < 0 ? "c%d%c" : "%d%c", i, i + 1 < COLUMNS ? ',' : '\n');
    fclose(out);
    Csv csv;
    Error err = {0};
    assert_true(csv_open_in_blocks("a.csv", &plain, 1000, &csv, &err));
    assert_int_equal(csv.columns, COLUMNS);
    assert_true(csv_read(&plain, pools[1], &csv, &err));
    assert_int_equal(csv.rows, 3);
    for (size_t i = 0; i < (size_t)3 * COLUMNS; i++) assert_true(csv.feature[i] == (real)(i % COLUMNS));
    csv_free(&csv);
}

static void test_row_without_end(void **state) {
    (void)state;
    FILE *out = fopen("a.csv", "w");
    fputs("a,b\n1,2\n3,", out);
    for (int i = 0; i < ROW_MOST / 8 + 1; i++) fputs("1234567,", out);
    fclose(out);
    Csv csv;
    Error err = {0};
    assert_true(csv_open("a.csv", &plain, &csv, &err));
    assert_false(csv_read(&plain, pools[1], &csv, &err));
    assert_messages(&err, "a.csv:3: more than 67108864 bytes in one row");
    csv_free(&csv);
    unlink("a.csv");
}

static void write_blanks(FILE *out, const char *line, size_t lines) {
    char blank[4096];
    size_t size = strlen(line), most = sizeof blank / size;
    for (size_t i = 0; i < most * size; i++) blank[i] = line[i % size];
    for (; lines >= most; lines -= most) fwrite(blank, size, most, out);
    fwrite(blank, size, lines, out);
}

/* Room is made for rows that there can be: for a row a line it would be 160 GB here. */
static void test_blank_lines_need_no_memory(void **state) {
    (void)state;
    enum { COLUMNS = 20000, BLANKS = 2000000 };
    FILE *out = fopen("a.csv", "w");
    for (int row = -1; row < 3; row++) {
        for (int i = 0; i < COLUMNS; i++) fprintf(out, row < 0 ? "c%d%c" : "%d%c", i, i + 1 < COLUMNS ? ',' : '\n');
        if (row == 0) write_blanks(out, "\n", BLANKS);
    }
    fclose(out);
    Csv csv;
    Error err = {0};
    assert_true(csv_open("a.csv", &plain, &csv, &err));
    if (!csv_read(&plain, pools[1], &csv, &err)) fail_msg("%s", err.text);
    assert_int_equal(csv.rows, 3);
    assert_int_equal(csv.line[0], 2);
    assert_int_equal(csv.line[2], BLANKS + 4);
    for (size_t i = 0; i < (size_t)3 * COLUMNS; i++) assert_true(csv.feature[i] == (real)(i % COLUMNS));
    csv_free(&csv);
}

/* Blank lines before the first row and behind it: more of them than a row may have bytes. */
static void check_blanks(const char *line, const char *first, bool header, size_t before, size_t behind,
                         size_t block_bytes) {
    FILE *out = fopen("a.csv", "w");
    write_blanks(out, line, before);
    fputs(first, out);
    write_blanks(out, line, behind);
    fputs("1,2\n\n3,4\n", out);
    fclose(out);
    Csv csv;
    Error err = {0};
    if (!csv_open_in_blocks("a.csv", &plain, block_bytes, &csv, &err)) fail_msg("%s", err.text);
    assert_int_equal(csv.has_header, header);
    if (!csv_read(&plain, pools[1], &csv, &err)) fail_msg("%s", err.text);
    const size_t rows = header ? 2 : 3;
    assert_int_equal(csv.rows, rows);
    assert_int_equal(csv.first_line, before + 1);
    if (!header) assert_int_equal(csv.line[0], before + 1);
    assert_int_equal(csv.line[rows - 2], before + behind + 2);
    assert_int_equal(csv.line[rows - 1], before + behind + 4);
    assert_true(csv.feature[2 * rows - 1] == 4 && csv.feature[2 * rows - 4] == 1);
    csv_free(&csv);
    unlink("a.csv");
}

static void test_blank_lines_around_the_first_row(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 15, 16, 17, 100, 5000}, blocks[] = {1, 3, 100};
    static const char *const lines[] = {"\n", " \t\n"};
    for (size_t i = 0; i < 7 * 7 * 3; i++)
        for (int k = 0; k < 4; k++)
            check_blanks(lines[k / 2], k % 2 ? "a,b\n" : "7,8\n", k % 2, counts[i % 7], counts[i / 7 % 7],
                         blocks[i / 49]);
    check_blanks("\n", "a,b\n", true, 0, (size_t)ROW_MOST + 100, FEED_BLOCK);
    check_blanks("\n", "7,8\n", false, (size_t)ROW_MOST / 2, (size_t)ROW_MOST + 100, FEED_BLOCK);
}

/* One error and no other, wherever blocks end: a quote that is never closed in a file larger than a portion. */
static void test_open_quote(void **state) {
    (void)state;
    FILE *out = fopen("a.csv", "w");
    fputs("a,b\n1,x\n2,\"y\n", out);
    for (int i = 0; i < 300000; i++) fputs("3,zzzzzzz\n", out);
    fclose(out);
    static const size_t some[] = {10, 1000, FEED_BLOCK, 30000};
    assert_false(read_every_way(&plain, some, 4));
    Csv csv;
    Error err = {0};
    assert_false(load(&plain, FEED_BLOCK, pools[1], &csv, &err));
    assert_messages(&err, "a.csv:3:2: more than 65536 bytes in one cell; is a quote never closed?");
    csv_free(&csv);
}

/* Told where a text stands first, and once, though blocks see it each for itself. */
static void test_not_utf8_once(void **state) {
    (void)state;
    write_text("a.csv", "a,b\n1,tea\n2,caf\351\n3,tea\n4,caf\351\n5,th\351\n6,caf\351\n");
    for (size_t bytes = 1; bytes < 60; bytes++) {
        Csv csv;
        Error err = {0};
        assert_false(load(&plain, bytes, pools[bytes % 4], &csv, &err));
        assert_messages(&err, "a.csv:3:2: the text in column 'b' is not UTF-8; convert the file, as with iconv\n"
                              "a.csv:6:2: the text in column 'b' is not UTF-8; convert the file, as with iconv");
        csv_free(&csv);
    }
}

static void test_20_errors_then_no_more(void **state) {
    (void)state;
    FILE *out = fopen("a.csv", "w");
    fputs("a,b\n", out);
    for (int i = 0; i < 30; i++) fputs("x,y\n1,2,3\n", out);
    fclose(out);
    static const size_t some[] = {1, 7, 100, 23};
    assert_false(read_every_way(&plain, some, 4));
    Csv csv;
    Error err = {0};
    assert_false(load(&plain, 30, pools[2], &csv, &err));
    assert_int_equal(err.count, 21);
    static const char last[] = "a.csv: stopped reading at 20 errors";
    assert_string_equal(err.text + err.length - sizeof last, last);
    csv_free(&csv);
}

/* ---- Python's csv module ------------------------------------------------------------------------------- */

static size_t from_hex(const char *hex, char *out) {
    size_t size = 0;
    unsigned byte;
    for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) out[size++] = (char)byte;
    out[size] = '\0';
    return size;
}

static void check_cells(FILE *in, const Csv *csv) {
    static char hex[1 << 12], expected[1 << 11];
    for (size_t i = 0; i < csv->rows * (size_t)csv->columns; i++) {
        assert_int_equal(fscanf(in, "%4095s", hex), 1);
        const char *seen = csv->code[i] < 0 ? "" : csv->text[i % (size_t)csv->columns].text[csv->code[i]];
        from_hex(strcmp(hex, "-") == 0 ? "" : hex, expected);
        assert_string_equal(seen, expected);
    }
}

/* Files that another program wrote, cell by cell. */
static void test_like_python(void **state) {
    (void)state;
    static char hex[1 << 17], text[1 << 16];
    FILE *in = reference;
    int rows, columns, delimiter, files = 0;
    for (; fscanf(in, "%d %d %d %131071s", &rows, &columns, &delimiter, hex) == 4; files++) {
        CsvOptions options = {.header = CSV_HEADER_NO, .delimiter = (char)delimiter, .missing = CSV_MISSING_MEAN};
        Error err = {0};
        Csv csv;
        write_bytes("a.csv", text, from_hex(hex, text));
        assert_true(csv_open_in_blocks("a.csv", &options, files % 2 ? 16 : FEED_BLOCK, &csv, &err));
        assert_int_equal(csv.columns, columns);
        for (int i = 0; i < columns; i++) csv.column[i].use = CSV_TEXT;
        assert_true(csv_read(&options, pools[files % 4], &csv, &err));
        assert_int_equal(csv.rows, rows);
        check_cells(in, &csv);
        csv_free(&csv);
    }
    assert_int_equal(files, 60);
    fclose(in);
}

static int start_pools(void **state) {
    (void)state;
    static const int threads[] = {1, 2, 4, 7};
    Error err = {0};
    reference = fopen("tests/reference/quoting.txt", "r");
    if (!reference) return 1;
    enter_directory();
    for (int i = 0; i < 4; i++) pools[i] = pool_create(threads[i], &err);
    return err.count;
}

static int stop_pools(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) pool_free(pools[i]);
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like_python),
        cmocka_unit_test(test_any_blocks_and_threads),
        cmocka_unit_test(test_errors_of_any_blocks_and_threads),
        cmocka_unit_test(test_rounds),
        cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_row_without_end),
        cmocka_unit_test(test_blank_lines_need_no_memory),
        cmocka_unit_test(test_blank_lines_around_the_first_row),
        cmocka_unit_test(test_open_quote),
        cmocka_unit_test(test_not_utf8_once),
        cmocka_unit_test(test_20_errors_then_no_more),
    };
    return cmocka_run_group_tests_name("csv_blocks", tests, start_pools, stop_pools);
}
