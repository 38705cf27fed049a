/* others: see others.h. */
#include "search/others.h"

#include "base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED = 3, NAME_DIGITS = 16 };

static bool is_cell_name(const char *name) {
    return strlen(name) == NAME_DIGITS && strspn(name, "0123456789abcdef") == NAME_DIGITS;
}

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The names of all cells there, in order: *count of them. The caller frees them. */
static uint64_t *read_names(const char *directory, size_t *count) {
    DIR *stream = opendir(directory);
    uint64_t *name = NULL;
    *count = 0;
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        if (!is_cell_name(entry->d_name)) continue;
        uint64_t *grown = *count & (*count - 1) ? name : realloc(name, (2 * *count + 1) * sizeof *name);
        if (!grown) break;
        name = grown;
        name[(*count)++] = strtoull(entry->d_name, NULL, 16);
    }
    if (stream) closedir(stream);
    if (name) qsort(name, *count, sizeof *name, by_value);
    return name;
}

/* Takes the plan's own names out. */
static size_t take_own(const Sweep *sweep, uint64_t *name, size_t count) {
    bool *own = calloc(count + 1, sizeof *own);
    size_t left = 0;
    for (int64_t cell = 0; own && cell < sweep->plan->cells; cell++) {
        const uint64_t *found = bsearch(&sweep->identity[cell].hash, name, count, sizeof *name, by_value);
        if (found) own[found - name] = true;
    }
    for (size_t i = 0; own && i < count; i++)
        if (!own[i]) name[left++] = name[i];
    free(own);
    return left;
}

void others_tell(const Sweep *sweep, FILE *out) {
    char directory[PATH_BYTES], names[256] = "";
    Error ignored = {0};
    size_t count;
    if (!path_join(directory, sweep->directory, "cells", &ignored)) return;
    uint64_t *name = read_names(directory, &count);
    count = name ? take_own(sweep, name, count) : 0;
    for (size_t i = 0; i < count && i < NAMED; i++)
        text_append(names, sizeof names, "%s%016llx", i ? ", " : "", (unsigned long long)name[i]);
    if (count > 0)
        fprintf(out, "nnexp: %s: %zu cell%s of another plan %s there too (%s%s) and %s left alone\n", directory,
                count, count == 1 ? "" : "s", count == 1 ? "lies" : "lie", names, count > NAMED ? ", ..." : "",
                count == 1 ? "is" : "are");
    free(name);
}
