/* weight_extent: see weight_extent.h. */
#include "experiment/weight_extent.h"

#include "base/file.h"
#include "base/text.h"
#include "observe/writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the cell at `text`, quotes included. nnexp's own logs have no quotes within quotes. */
static size_t cell_length(const char *text) {
    if (*text != '"') return strcspn(text, ",\n");
    const char *end = strchr(text + 1, '"');
    return end ? (size_t)(end + 1 - text) : strlen(text);
}

static bool is_name(const char *cell, size_t length, const char *name) {
    if (*cell == '"' && length >= 2) cell++, length -= 2;
    return strlen(name) == length && memcmp(cell, name, length) == 0;
}

/* The number of the header's cell of that name; -1: none. */
static int find_column(const char *header, const char *name) {
    for (int column = 0;; column++) {
        size_t length = cell_length(header);
        if (is_name(header, length, name)) return column;
        header += length;
        if (*header++ != ',') return -1;
    }
}

/* Takes the number in that cell of a row that ends at `end`. */
static void take_cell(const char *row, const char *end, int column, double *low, double *high) {
    double value;
    for (; column > 0; column--) {
        row = memchr(row, ',', (size_t)(end - row));
        if (!row++) return;
    }
    if (!text_number(row, strcspn(row, ",\n"), &value) || !isfinite(value)) return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

bool weight_extent(const char *run, const char *weight, bool *found, double *low, double *high, Error *err) {
    char path[PATH_BYTES], *text;
    size_t size;
    *found = false;
    if (!path_join(path, run, log_file_name[LOG_STEPS], err)) return false;
    if (!file_exists(path)) return true;
    if (!file_read(path, &text, &size, err)) return false;
    *low = INFINITY, *high = -INFINITY;
    int column = find_column(text, weight);
    char *row = column < 0 ? NULL : memchr(text, '\n', size);
    for (char *end; row && (end = memchr(row + 1, '\n', size - (size_t)(row + 1 - text))); row = end)
        take_cell(row + 1, end, column, low, high);
    free(text);
    *found = *low <= *high;
    return true;
}
