/* csv_out: see csv_out.h. */
#include "base/csv_out.h"

#include "base/text.h"

#include <string.h>

bool csv_out_open(CsvOut *csv, const char *path, Error *err) {
    csv->begun = false;
    return out_file_open(&csv->out, path, err);
}

bool csv_out_close(CsvOut *csv, bool whole, Error *err) { return out_file_close(&csv->out, whole, err); }

CsvOut csv_out_on(FILE *file) { return (CsvOut){.out = {.file = file}}; }

static bool needs_quotes(const char *text) {
    size_t length = strlen(text);
    return length == 0 || strpbrk(text, ",\"\r\n") || strchr(" \t", text[0]) || strchr(" \t", text[length - 1]);
}

static void next_cell(CsvOut *csv) {
    if (csv->begun) fputc(',', csv->out.file);
    csv->begun = true;
}

void csv_out_text(CsvOut *csv, const char *prefix, const char *text, const char *suffix) {
    bool quotes = needs_quotes(text);
    next_cell(csv);
    fprintf(csv->out.file, "%s%s", quotes ? "\"" : "", prefix);
    for (; *text; text++) {
        if (*text == '"') fputc('"', csv->out.file);
        fputc(*text, csv->out.file);
    }
    fprintf(csv->out.file, "%s%s", suffix, quotes ? "\"" : "");
}

void csv_out_number(CsvOut *csv, double value) {
    char text[32];
    text_print(text, sizeof text, value);
    next_cell(csv);
    fputs(text, csv->out.file);
}

void csv_out_end_row(CsvOut *csv) {
    fputc('\n', csv->out.file);
    csv->begun = false;
}
