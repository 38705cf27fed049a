/* csv_out: see csv_out.h. */
#include "base/csv_out.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

static bool cannot(const CsvOut *out, Error *err) {
    return fail(err, "%s: cannot write: %s", out->path, strerror(errno));
}

bool csv_out_open(CsvOut *out, const char *path, Error *err) {
    *out = (CsvOut){.file = stdout, .path = path};
    if (!path) return true;
    if (strlen(path) + 8 > PATH_BYTES) return fail(err, "%.60s…: the path is too long", path);
    if (!file_is_special(path)) snprintf(out->temporary, sizeof out->temporary, "%s.tmp", path);
    out->file = fopen(*out->temporary ? out->temporary : path, "we");
    return out->file || cannot(out, err);
}

bool csv_out_close(CsvOut *out, bool whole, Error *err) {
    if (!out->path) return true; /* what went wrong on standard output is told at the end of the program */
    errno = 0;
    bool written = fflush(out->file) == 0 && !ferror(out->file);
    int reason = errno ? errno : EIO; /* an earlier failure has kept no reason */
    written = fclose(out->file) == 0 && written;
    if (whole && !written) {
        errno = reason;
        cannot(out, err);
    }
    if (!*out->temporary) return written || !whole;
    if (whole && written && file_sync(out->temporary, err) && file_rename(out->temporary, out->path, err))
        return true;
    Error ignored = {0};
    file_remove(out->temporary, &ignored);
    return !whole;
}

static bool needs_quotes(const char *text) {
    size_t length = strlen(text);
    return length == 0 || strpbrk(text, ",\"\r\n") || strchr(" \t", text[0]) || strchr(" \t", text[length - 1]);
}

static void next_cell(CsvOut *out) {
    if (out->begun) fputc(',', out->file);
    out->begun = true;
}

void csv_out_text(CsvOut *out, const char *prefix, const char *text, const char *suffix) {
    bool quotes = needs_quotes(text);
    next_cell(out);
    fprintf(out->file, "%s%s", quotes ? "\"" : "", prefix);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out->file);
        fputc(*text, out->file);
    }
    fprintf(out->file, "%s%s", suffix, quotes ? "\"" : "");
}

void csv_out_number(CsvOut *out, double value) {
    char text[32];
    text_print(text, sizeof text, value);
    next_cell(out);
    fputs(text, out->file);
}

void csv_out_end_row(CsvOut *out) {
    fputc('\n', out->file);
    out->begun = false;
}
