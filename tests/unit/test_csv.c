/* CSV files: quoting, line ends, headers, missing cells, chunks, every message; and numbers against strtof.
 */
#include "table/cells.h"
#include "table/csv.h"
#include "table/decimal.h"
#include "table/feed.h"

#include "data_files.h"
#include "decimals.h"

#include <math.h>

static const CsvOptions plain = {.delimiter = ','};

/* Opens, says what the columns are for (a letter each: t text, n number, - ignored, f feature) and reads. */
static bool load(const char *uses, const CsvOptions *options, Csv *csv, Error *err) {
    int place[4] = {0};
    if (!csv_open("a.csv", options, csv, err)) return false;
    for (int i = 0; i < csv->columns && uses && uses[i]; i++) {
        CsvUse use = uses[i] == 't'   ? CSV_TEXT
                     : uses[i] == 'n' ? CSV_NUMBER
                     : uses[i] == '-' ? CSV_IGNORED
                                      : CSV_FEATURE;
        csv->column[i].use = use;
        csv->column[i].place = place[use]++;
    }
    return csv_check_names(csv, err) && csv_read(options, NULL, csv, err);
}

static Csv loaded(const char *text, const char *uses, CsvOptions options) {
    Csv csv;
    Error err = {0};
    write_text("a.csv", text);
    bool done = load(uses, &options, &csv, &err);
    assert_messages(&err, "");
    assert_true(done);
    return csv;
}

static void refused(const char *text, const char *uses, CsvOptions options, const char *expected) {
    Csv csv;
    Error err = {0};
    write_text("a.csv", text);
    assert_false(load(uses, &options, &csv, &err));
    assert_messages(&err, expected);
    csv_free(&csv);
}

static const char *text_at(const Csv *csv, size_t row, int place) {
    return csv->text[place].text[csv->code[row * (size_t)csv->texts + (size_t)place]];
}

static void assert_values(const Csv *csv, size_t rows, const real *values) {
    assert_int_equal(csv->rows, rows);
    assert_memory_equal(csv->feature, values, rows * (size_t)csv->features * sizeof(real));
}

/* The same table, however it is written. */
static void test_forms(void **state) {
    (void)state;
    static const char *const forms[] = {
        "a,b\n1,2\n-3.5,4e1\n",
        "a,b\n1,2\n-3.5,4e1",
        "a,b\r\n1,2\r\n-3.5,4e1\r\n",
        "a,b\r1,2\r-3.5,4e1\r",
        "\357\273\277a,b\n1,2\n-3.5,4e1\n",
        "\n\na,b\n\n1,2\n\r\n\n-3.5,4e1\n\n\n",
        "  \n\na,b\n \t\n1,2\r\n\t\r\n\n -3.5,4e1\n \n\n  ",
        "\"a\",\"b\"\n\"1\",2\n-3.5,\"4e1\"",
        " a , b\n 1 ,\t2\n -3.5 , \"4e1\" \n",
        "a,b\n+1,2.\n-35e-1,40\n",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        Csv csv = loaded(forms[i], NULL, plain);
        assert_true(csv.has_header);
        assert_int_equal(csv.columns, 2);
        assert_string_equal(csv.column[0].name, "a");
        assert_string_equal(csv.column[1].name, "b");
        assert_values(&csv, 2, (real[]){1, 2, -3.5, 40});
        csv_free(&csv);
    }
}

static void test_quotes(void **state) {
    (void)state;
    Csv csv = loaded("\"x,\"\"1\"\"\",y\n\"a\nb\",1\n\"say \"\"hi\"\", you\",2\na\"b,3\n", "tf", plain);
    assert_string_equal(csv.column[0].name, "x,\"1\"");
    assert_string_equal(text_at(&csv, 0, 0), "a\nb");
    assert_string_equal(text_at(&csv, 1, 0), "say \"hi\", you");
    assert_string_equal(text_at(&csv, 2, 0), "a\"b");
    assert_values(&csv, 3, (real[]){1, 2, 3});
    assert_memory_equal(csv.line, ((uint32_t[]){2, 4, 5}), 3 * sizeof(uint32_t));
    csv_free(&csv);
}

static void test_delimiters(void **state) {
    (void)state;
    static const char delimiters[] = ";\t| :x,";
    for (const char *at = delimiters; *at; at++) {
        char text[] = "a,b,c\n1,2,3\n4,5,6\n";
        for (char *c = text; *c; c++) *c = *c == ',' ? *at : *c;
        Csv csv = loaded(text, NULL, (CsvOptions){.delimiter = *at});
        assert_int_equal(csv.columns, 3);
        assert_values(&csv, 2, (real[]){1, 2, 3, 4, 5, 6});
        csv_free(&csv);
    }
    refused("a\n1\n", NULL, (CsvOptions){.delimiter = '.'},
            "a.csv: delimiter '.' cannot be told from data; use ',', ';', '|' or a tab");
}

static void assert_header(const char *text, bool expected) {
    Csv csv;
    Error err = {0};
    write_text("a.csv", text);
    assert_true(csv_open("a.csv", &plain, &csv, &err));
    assert_int_equal(csv.has_header, expected);
    if (!expected) assert_string_equal(csv.column[1].name, "c1");
    csv_free(&csv);
}

static void test_header_auto(void **state) {
    (void)state;
    assert_header("x,y\n1,2\n", true);
    assert_header("1,2\n3,4\n", false);
    assert_header("0,1,label\n1,2,3\n", true); /* names that look like numbers, but for one */
    assert_header("5.1,setosa\n4.9,setosa\n", false);
    assert_header("colour,shape\nred,round\n", true); /* no number at all */
    assert_header("x,y\n", true);
    assert_header("1,y\n", false);
    assert_header("NA,2\n3,4\n", false); /* a missing value is no name */
    assert_header("inf,2\n3,4\n", false);
    assert_header("x,y\n,b\n", true);
    assert_header("0,1,2\n5,6,1\n", true); /* what pandas writes for columns without names */
    assert_header(",0,1,2\n0,5,6,1\n", true);
    assert_header("0,1\n5,6\n", false);
    assert_header("0,1,3\n5,6,7\n", false);
    assert_header("1,2,3\n5,6,7\n", false);
}

static void test_header_given(void **state) {
    (void)state;
    Csv csv = loaded("1,2\n3,4\n", NULL, (CsvOptions){.delimiter = ',', .header = CSV_HEADER_YES});
    assert_string_equal(csv.column[1].name, "2");
    assert_int_equal(csv_find(&csv, "2"), 1);
    assert_int_equal(csv_find(&csv, "3"), -1);
    assert_int_equal(csv.rows, 1);
    csv_free(&csv);
    csv = loaded("x,y\n3,4\n", "tt", (CsvOptions){.delimiter = ',', .header = CSV_HEADER_NO});
    assert_int_equal(csv.rows, 2);
    csv_free(&csv);
}

static void test_uses_and_places(void **state) {
    (void)state;
    Csv csv;
    Error err = {0};
    write_text("a.csv", "a,b,c,d,e\n1,2,red,0.1,z\n3,4,blue,0.2,\n5,6,red,0.3,7\n");
    assert_true(csv_open("a.csv", &plain, &csv, &err));
    csv.column[0].place = 1; /* swapped */
    csv.column[1].place = 0;
    csv.column[2] = (CsvColumn){csv.column[2].name, CSV_TEXT, 0};
    csv.column[3] = (CsvColumn){csv.column[3].name, CSV_NUMBER, 0};
    csv.column[4].use = CSV_IGNORED;
    assert_true(csv_read(&plain, NULL, &csv, &err));
    assert_values(&csv, 3, (real[]){2, 1, 4, 3, 6, 5});
    assert_memory_equal(csv.code, ((int32_t[]){0, 1, 0}), 3 * sizeof(int32_t));
    assert_true(csv.number[1] == 0.2); /* a double, not a float */
    csv_free(&csv);
}

static void test_missing(void **state) {
    (void)state;
    const char *text = "a,b,c\n1,2,x\n,NA,\n?,4,y\n5,null,z\nnan,\"\",w\n6,7,v\n";
    CsvOptions mean = {.delimiter = ',', .missing = CSV_MISSING_MEAN};
    Csv csv = loaded(text, "fnt", mean);
    assert_int_equal(csv.rows, 6);
    assert_true(isnan(csv.feature[1]) && isnan(csv.feature[2]) && csv.feature[3] == 5 && isnan(csv.feature[4]));
    assert_true(isnan(csv.number[1]) && csv.number[2] == 4 && isnan(csv.number[3]) && isnan(csv.number[4]));
    assert_int_equal(csv.code[1], -1);
    csv_free(&csv);
    CsvOptions drop = {.delimiter = ',', .missing = CSV_MISSING_DROP_ROW};
    csv = loaded(text, "fnt", drop);
    assert_values(&csv, 2, (real[]){1, 6});
    assert_memory_equal(csv.line, ((uint32_t[]){2, 7}), 2 * sizeof(uint32_t));
    csv_free(&csv);
    csv = loaded(text, "--t", drop); /* what is ignored may be missing */
    assert_int_equal(csv.rows, 5);
    csv_free(&csv);
    refused("a,b\n1,2\n3,\n", "ff", plain,
            "a.csv:3:2: missing value '' in column 'b'; set data.missing to mean or drop_row");
    refused("a,b\n1,na\n", "ff", mean,
            "a.csv:2:2: expected a number in column 'b', got 'na'; if this is the label column, set data.label");
}

static void test_bad_cells(void **state) {
    (void)state;
    refused("petal_length,petal_width\n1,0.2\n1,setosa\n", NULL, plain,
            "a.csv:3:2: expected a number in column 'petal_width', got 'setosa'; if this is the label "
            "column, set "
            "data.label");
    refused("a,b\n1,0.2\n1,2 3\n", "fn", plain, "a.csv:3:2: expected a number in column 'b', got '2 3'");
    refused("a,b\n1,inf\n-Infinity,NAN\n0x1F,2\n", NULL, (CsvOptions){.delimiter = ',', .header = CSV_HEADER_YES},
            "a.csv:2:2: expected a finite decimal number in column 'b', got 'inf'\n"
            "a.csv:3:1: expected a finite decimal number in column 'a', got '-Infinity'\n"
            "a.csv:3:2: expected a finite decimal number in column 'b', got 'NAN'\n"
            "a.csv:4:1: expected a finite decimal number in column 'a', got '0x1F'");
    refused("a,b\n1,1e400\n1e39,-1e400\n", "fn", plain,
            "a.csv:2:2: '1e400' in column 'b' is beyond the range of numbers\n"
            "a.csv:3:1: '1e39' in column 'a' is beyond the range of numbers\n"
            "a.csv:3:2: '-1e400' in column 'b' is beyond the range of numbers");
    refused("a,b\n1,\"x\ny\"\n2,a text that goes on and on beyond what fits into one line\n", NULL, plain,
            "a.csv:2:2: expected a number in column 'b', got 'x y'; if this is the label column, set data.label\n"
            "a.csv:4:2: expected a number in column 'b', got 'a text that goes on and on beyond what f...'; if "
            "this "
            "is the label column, set data.label");
    refused("a,b\n1,2e\n1,1.2.3\n1,--1\n1,.\n", "fn", plain,
            "a.csv:2:2: expected a number in column 'b', got '2e'\n"
            "a.csv:3:2: expected a number in column 'b', got '1.2.3'\n"
            "a.csv:4:2: expected a number in column 'b', got '--1'\n"
            "a.csv:5:2: expected a number in column 'b', got '.'");
    refused("a,b,c\n12:30,2024-01-01,1/2/2024\n1.2.2024,2024-01-01T12:00:00Z,1-a\n", NULL, plain,
            "a.csv:2:1: expected a number in column 'a', got '12:30'; put dates and times into data.ignore or "
            "data.categorical\n"
            "a.csv:2:2: expected a number in column 'b', got '2024-01-01'; put dates and times into data.ignore or "
            "data.categorical\n"
            "a.csv:2:3: expected a number in column 'c', got '1/2/2024'; put dates and times into data.ignore or "
            "data.categorical\n"
            "a.csv:3:1: expected a number in column 'a', got '1.2.2024'; put dates and times into data.ignore or "
            "data.categorical\n"
            "a.csv:3:2: expected a number in column 'b', got '2024-01-01T12:00:00Z'; put dates and times into "
            "data.ignore or data.categorical\n"
            "a.csv:3:3: expected a number in column 'c', got '1-a'; if this is the label column, set data.label");
    refused("a,b\n2020-01-02,12:30\n1,2\n", "nn", plain,
            "a.csv:2:1: expected a number in column 'a', got '2020-01-02'\n"
            "a.csv:2:2: expected a number in column 'b', got '12:30'");
}

static void test_ragged(void **state) {
    (void)state;
    refused("a,b\n1,2\n\n1\n1,2,3\nx\n", NULL, plain,
            "a.csv:4: 1 field, the header has 2\na.csv:5: 3 fields, the header has 2\n"
            "a.csv:6: 1 field, the header has 2");
    refused("1,2\n1,2,3\n", NULL, plain, "a.csv:2: 3 fields, the first row has 2");
}

/* Rows that end with a delimiter: in the header, in the rows, in both, without a header. */
static void test_trailing_delimiters(void **state) {
    (void)state;
    static const char *const forms[] = {
        "a,b,\n1,2,\n-3.5,4e1,\n",
        "a,b\n1,2,\n-3.5,4e1,",
        "a,b,\n1,2\n-3.5,4e1\n",
        "a,b\n1,2\n-3.5,4e1,\n",
        "a,b, \n1,2,\"\"\n-3.5,4e1, \n",
        "a,b,\r\n1,2,\r\n-3.5,4e1,\r\n",
        "1,2,\n-3.5,4e1,\n",
        "1,2\n-3.5,4e1,\n",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        Csv csv = loaded(forms[i], NULL, plain);
        assert_int_equal(csv.columns, 2);
        assert_int_equal(csv.has_header, forms[i][0] == 'a');
        assert_values(&csv, 2, (real[]){1, 2, -3.5, 40});
        csv_free(&csv);
    }
    refused("a,b,\n1,2,\n3,4,\n5,6,7\n8,9\n10,11,,\n", NULL, plain,
            "a.csv:4:3: '7' in a last column that is empty above; name it in the header, or remove it\n"
            "a.csv:6: 4 fields, the header has 2");
    refused("a,b\n1,2,\n3,4,x\n", NULL, plain, "a.csv:3: 3 fields, the header has 2");
    refused("a,b,\n1,2,3\n", NULL, plain, "a.csv:1:3: a column without a name; name it, or put 2 into data.ignore");
}

/* What is ignored needs no name of its own: the index that pandas writes, a column that is there twice. */
static void test_names_of_ignored_columns(void **state) {
    (void)state;
    Csv csv = loaded(",a,b\n0,1,2\n1,3,4\n", "-ff", plain);
    assert_values(&csv, 2, (real[]){1, 2, 3, 4});
    csv_free(&csv);
    csv = loaded("a,a,,caf\303\251,\n1,2,3,4,5\n", "-f---", plain);
    assert_int_equal(csv.columns, 5);
    assert_values(&csv, 1, (real[]){2});
    csv_free(&csv);
    refused("a,a,,a\n1,2,3,4\n", "f--f", plain,
            "a.csv:1:4: a second column named 'a'; give each column a name of its own");
    refused("a,caf\351\n1,2\n", "f-", plain,
            "a.csv:1:2: the column's name is not UTF-8; convert the file, as with iconv");
    refused("\n\n\"x\ny\",\n1,2\n", NULL, plain,
            "a.csv:3:2: a column without a name; name it, or put 1 into data.ignore");
}

/* The other delimiters of this world, with commas for points: an error that says what is wrong. */
static void test_formats_of_elsewhere(void **state) {
    (void)state;
    refused("a;b\n1,5;2\n", NULL, (CsvOptions){.delimiter = ';'},
            "a.csv:2:1: expected a number in column 'a', got '1,5'; if this is the label column, set data.label");
    Csv csv = loaded("a;b\n1.5;\"x;y\"\n", "ft", (CsvOptions){.delimiter = ';'});
    assert_string_equal(text_at(&csv, 0, 0), "x;y");
    csv_free(&csv);
    csv = loaded("a\tb\n1.5\t \n2 \t x\n", "ft", (CsvOptions){.delimiter = '\t', .missing = CSV_MISSING_MEAN});
    assert_values(&csv, 2, (real[]){1.5, 2});
    assert_int_equal(csv.code[0], -1);
    assert_string_equal(text_at(&csv, 1, 0), "x");
    csv_free(&csv);
    refused("a,b\n1,2021-01-05\n1,12:30\n1,1_000\n1,$5\n1,50%\n1,2 3\n1,1e\n", "fn", plain,
            "a.csv:2:2: expected a number in column 'b', got '2021-01-05'\n"
            "a.csv:3:2: expected a number in column 'b', got '12:30'\n"
            "a.csv:4:2: expected a number in column 'b', got '1_000'\n"
            "a.csv:5:2: expected a number in column 'b', got '$5'\n"
            "a.csv:6:2: expected a number in column 'b', got '50%'\n"
            "a.csv:7:2: expected a number in column 'b', got '2 3'\n"
            "a.csv:8:2: expected a number in column 'b', got '1e'");
}

static void test_names(void **state) {
    (void)state;
    refused("a,,b,a\n1,2,3,4\n", NULL, plain,
            "a.csv:1:2: a column without a name; name it, or put 1 into data.ignore\n"
            "a.csv:1:4: a second column named 'a'; give each column a name of its own");
}

static void test_broken(void **state) {
    (void)state;
    refused("a,b\n1,caf\xe9\n2,caf\xe9\n3,tea\n", "ft", plain,
            "a.csv:2:2: the text in column 'b' is not UTF-8; convert the file, as with iconv");
    refused("a\xe9,b\n1,2\n", NULL, plain,
            "a.csv:1:1: the column's name is not UTF-8; convert the file, as with iconv");
    refused("a,b\n1,2\n3,\"x\n4,5\n", "ft", plain, "a.csv:3:2: a quote that is never closed");
    refused("a,b\n1,\"x\"y\n", "ft", plain,
            "a.csv:2:2: text after the closing quote; write a quote inside a quoted cell twice");
    refused("", NULL, plain, "a.csv: empty; it needs a row of names and rows of data");
    refused("\n\r\n\n", NULL, plain, "a.csv: empty; it needs a row of names and rows of data");
    static const char nul[] = "a,b\n1,2\n3,\0004\n", nul_quoted[] = "a,b\n\"1\0\",2\n";
    Csv csv;
    Error err = {0};
    write_bytes("a.csv", nul, sizeof nul - 1);
    assert_false(load(NULL, &plain, &csv, &err));
    assert_messages(&err, "a.csv:3:2: a NUL byte; save the file as UTF-8 text");
    csv_free(&csv);
    err = (Error){0};
    write_bytes("a.csv", nul_quoted, sizeof nul_quoted - 1);
    assert_false(load("tf", &plain, &csv, &err));
    assert_messages(&err, "a.csv:2:1: a NUL byte; save the file as UTF-8 text");
    csv_free(&csv);
}

static void test_unreadable(void **state) {
    (void)state;
    Csv csv;
    Error err = {0};
    assert_false(csv_open("none.csv", &plain, &csv, &err));
    assert_false(csv_open("/tmp", &plain, &csv, &err));
    assert_messages(&err, "none.csv: cannot read: No such file or directory\n"
                          "/tmp: not a regular file; give the path of a CSV file");
}

static void test_stops_at_20_errors(void **state) {
    (void)state;
    char text[4096] = "a,b\n1,2\n";
    for (int i = 0; i < 100; i++) strcat(text, "1,x\n");
    Csv csv;
    Error err = {0};
    write_text("a.csv", text);
    assert_false(load(NULL, &plain, &csv, &err));
    assert_int_equal(err.count, 21);
    assert_non_null(memmem(err.text, err.length, "a.csv: stopped reading at 20 errors", 35));
    csv_free(&csv);
}

/* Cells of every length, so that buffers end in every place of a row. */
static void test_chunks(void **state) {
    (void)state;
    const size_t rows = 3000;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs("a,b,c\r\n", out);
    for (size_t i = 0; i < rows; i++) {
        fprintf(out, "%zu,\"", i);
        for (size_t k = 0; k < i * 7 % 301; k++) fputs(k % 50 == 49 ? "\n" : k % 50 == 30 ? "\"\"" : "x", out);
        fprintf(out, "y\",%zu.5\r\n", i);
    }
    fclose(out);
    assert_true(size > FEED_BLOCK);
    Csv csv = loaded(text, "ftf", plain);
    assert_int_equal(csv.rows, rows);
    uint32_t number = 2;
    for (size_t i = 0; i < rows; i++) {
        assert_true(csv.feature[2 * i] == (real)i && csv.feature[2 * i + 1] == (real)i + (real)0.5);
        size_t length = i * 7 % 301;
        assert_int_equal(strlen(text_at(&csv, i, 0)), length + 1);
        assert_int_equal(csv.line[i], number);
        number += 1 + (uint32_t)(length / 50);
    }
    csv_free(&csv);
    free(text);
}

static void test_long_cells(void **state) {
    (void)state;
    char *text = malloc(3 * CELL_MOST);
    memset(text, 'x', 3 * CELL_MOST);
    memcpy(text, "a,b\n1,", 6);
    memcpy(text + 6 + CELL_MOST, "\n2,y\n", 6);
    Csv csv = loaded(text, "ft", plain);
    assert_int_equal(strlen(text_at(&csv, 0, 0)), CELL_MOST);
    assert_string_equal(text_at(&csv, 1, 0), "y");
    csv_free(&csv);
    memset(text + 6, 'x', 2 * CELL_MOST);
    memcpy(text + 7 + CELL_MOST, "\n2,y\n", 6);
    refused(text, "ft", plain, "a.csv:2:2: more than 65536 bytes in one cell; is a quote never closed?");
    memset(text + 6, 'x', 2 * CELL_MOST);
    text[6] = '"';
    text[3 * CELL_MOST - 1] = '\0';
    refused(text, "ft", plain, "a.csv:2:2: more than 65536 bytes in one cell; is a quote never closed?");
    free(text);
}

/* ---- numbers ----------------------------------------------------------------------------------------- */

static void test_numbers_like_strtof(void **state) {
    (void)state;
    char text[DECIMAL_TEXT];
    for (int i = 0; i < 100000; i++) {
        random_decimal(text);
        assert_like_strtof(text);
        near_midpoint(text);
        assert_like_strtof(text);
        extreme_decimal(text);
        assert_like_strtof(text);
    }
    static const char *const edges[] = {
        "0",
        "-0",
        "-0.0e5",
        "16777217",
        "16777219",
        "33554434",
        "9007199254740993",
        "1e22",
        "1e23",
        "1e-22",
        "1e-23",
        "3.4028234663852886e38",
        "3.4028235677973366e38",
        "3.4028236e38",
        "1e39",
        "1.1754943508222875e-38",
        "1.17549429e-38",
        "1.4e-45",
        "7e-46",
        "7.1e-46",
        "1e-400",
        "1e400",
        "0.000000000000000000000000000001",
        "123456789012345678901234567890",
        "18446744073709551617",
        "99999999999999999999e-5",
        "1e0000005",
        "1e-00005",
        "5.",
        ".5",
        "+.5e1",
        "8388608.5",
        "8388609.5",
    };
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) assert_like_strtof(edges[i]);
}

static bool is_exact(const char *text) {
    char room[64] = "";
    double value;
    strcpy(room + DECIMAL_REACH, text);
    return decimal_exact(room + DECIMAL_REACH, room + DECIMAL_REACH + strlen(text), &value);
}

static bool is_quick(const char *text) {
    double value;
    return decimal_quick(text, text + strlen(text), &value);
}

static void test_quick_ways_are_taken(void **state) {
    (void)state;
    static const char *const usual[] = {"0",        "255",
                                        "-17",      "+3",
                                        "5.1",      "0.333333343",
                                        "12345678", "-.25",
                                        "7.",       "1e5",
                                        "-1.5E-05", "-1.23456789e-5",
                                        "6.02e23",  "123456789012.345"};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        assert_true(is_quick(usual[i]));
        assert_int_equal(is_exact(usual[i]), !strpbrk(usual[i], "eE"));
    }
    static const char *const others[] = {"6.02e46",
                                         "x",
                                         "",
                                         "-",
                                         "+",
                                         ".",
                                         "-.",
                                         "1e",
                                         "1e+",
                                         "1.2.3",
                                         "--1",
                                         "1-",
                                         "1 ",
                                         "1:2",
                                         "12345678:",
                                         "99999999999999999",
                                         "1.2345678.9",
                                         "123456789x12345",
                                         "1/2"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(is_quick(others[i]) && others[i][0] != '9');
        assert_false(is_exact(others[i]));
    }
}

static void test_no_numbers(void **state) {
    (void)state;
    static const char *const words[] = {"",   "x",  "nan", "inf", "0x10", "1 ",    " 1", "1,5",
                                        "1e", "e5", ".",   "-",   "1-2",  "1_000", "1f"};
    real value;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_false(decimal_read(words[i], strlen(words[i]), &value));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_delimiters),
        cmocka_unit_test(test_header_auto),
        cmocka_unit_test(test_header_given),
        cmocka_unit_test(test_uses_and_places),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_bad_cells),
        cmocka_unit_test(test_ragged),
        cmocka_unit_test(test_trailing_delimiters),
        cmocka_unit_test(test_names_of_ignored_columns),
        cmocka_unit_test(test_formats_of_elsewhere),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_stops_at_20_errors),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_long_cells),
        cmocka_unit_test(test_numbers_like_strtof),
        cmocka_unit_test(test_quick_ways_are_taken),
        cmocka_unit_test(test_no_numbers),
    };
    enter_directory();
    int failed = cmocka_run_group_tests_name("csv", tests, NULL, NULL);
    leave_directory();
    return failed;
}
