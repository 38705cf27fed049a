/* prepared: see prepared.h. */
#include "experiment/prepared.h"

#include "base/file.h"
#include "base/text.h"
#include "data/encoding.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* In quotes where it needs them (RFC 4180), after a comma unless it is the line's first. */
static void put_text(FILE *file, bool first, const char *text) {
    if (!first) fputc(',', file);
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text; text++) {
        if (*text == '"') fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

static void put_number(FILE *file, bool first, real value) {
    char text[32];
    text_print(text, sizeof text, (double)value);
    if (!first) fputc(',', file);
    fputs(text, file);
}

static void put_header(FILE *file, const Dataset *data) {
    const Columns *columns = &data->encoding->columns;
    for (int j = 0; j < data->features; j++) put_text(file, j == 0, data->feature_name[j]);
    if (data->train.weight) put_text(file, false, columns->name[columns->weight]);
    for (int k = 0; k < columns->labels; k++) put_text(file, false, columns->name[columns->label[k]]);
    fputc('\n', file);
}

static void put_row(FILE *file, const Dataset *data, size_t row) {
    const View *train = &data->train;
    const real *x = train->x + row * (size_t)data->features;
    for (int j = 0; j < data->features; j++) put_number(file, j == 0, x[j]);
    if (train->weight) put_number(file, false, train->weight[row]);
    if (train->label) put_text(file, false, data->class_name[train->label[row]]);
    for (int k = 0; k < data->targets; k++)
        put_number(file, false, train->target[row * (size_t)data->targets + (size_t)k]);
    fputc('\n', file);
}

static bool cannot(const char *path, Error *err) { return fail(err, "%s: cannot write: %s", path, strerror(errno)); }

bool prepared_write(const Dataset *data, const char *path, Error *err) {
    char unfinished[PATH_BYTES];
    if ((size_t)snprintf(unfinished, sizeof unfinished, "%s.tmp", path) >= sizeof unfinished)
        return fail(err, "%.60s…: the path is too long", path);
    FILE *file = fopen(unfinished, "w");
    if (!file) return cannot(path, err);
    put_header(file, data);
    for (size_t row = 0; row < data->train.rows && !ferror(file); row++) put_row(file, data, row);
    bool written = !ferror(file), closed = fclose(file) == 0;
    Error ignored = {0};
    if (written && closed && file_rename(unfinished, path, err)) return true;
    if (!written || !closed) cannot(path, err);
    file_remove(unfinished, &ignored);
    return false;
}
