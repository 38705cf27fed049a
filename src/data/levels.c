/* levels: see levels.h. */
#include "data/levels.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Entry {
    const char *text;
    double value;
} Entry;

static bool finite_number(const char *text, double *value) {
    return text_number(text, strlen(text), value) && isfinite(*value);
}

static int by_value(const void *a, const void *b) {
    double x = ((const Entry *)a)->value, y = ((const Entry *)b)->value;
    return (x > y) - (x < y);
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(((const Entry *)a)->text, ((const Entry *)b)->text);
}

static int (*order_of(bool numeric))(const void *, const void *) { return numeric ? by_value : by_bytes; }

static char *level_name(bool numeric, const Entry *entry) {
    if (!numeric) return strdup(entry->text);
    char name[32];
    double value = entry->value + 0.0; /* -0 is 0 */
    snprintf(name, sizeof name, "%.15g", value);
    if (strtod(name, NULL) != value || strchr(name, 'e')) snprintf(name, sizeof name, "%.17g", value);
    return strdup(name);
}

/* Sorts the entries and keeps the first of equal ones. */
static bool fill(Entry *entry, int count, Levels *out) {
    int (*order)(const void *, const void *) = order_of(out->numeric);
    qsort(entry, (size_t)count, sizeof *entry, order);
    for (int i = 0; i < count; i++) {
        if (i > 0 && order(&entry[i - 1], &entry[i]) == 0) continue;
        char *name = level_name(out->numeric, &entry[i]);
        if (!name) return false;
        out->name[out->count] = name;
        out->value[out->count++] = entry[i].value;
    }
    return true;
}

static bool allocate(Levels *out, int count) {
    size_t room = (size_t)count + 1;
    *out =
        (Levels){.numeric = true, .name = calloc(room, sizeof *out->name), .value = calloc(room, sizeof *out->value)};
    return out->name && out->value;
}

bool levels_build(const Texts *texts, const bool *used, Levels *out) {
    Entry *entry = calloc((size_t)texts->count + 1, sizeof *entry);
    int count = 0;
    bool done = allocate(out, texts->count) && entry;
    for (int i = 0; done && i < texts->count; i++) {
        if (!used[i]) continue;
        entry[count].text = texts->text[i];
        out->numeric &= finite_number(texts->text[i], &entry[count].value);
        count++;
    }
    done = done && fill(entry, count, out);
    out->in_order = true;
    free(entry);
    if (!done) levels_free(out);
    return done;
}

bool levels_list(const char *const *text, int count, Levels *out) {
    Entry before = {0};
    bool done = allocate(out, count);
    for (int i = 0; done && i < count; i++) out->numeric &= finite_number(text[i], &out->value[i]);
    out->in_order = true;
    for (int i = 0; done && i < count; i++) {
        Entry entry = {text[i], out->value[i]};
        if (i > 0 && order_of(out->numeric)(&before, &entry) >= 0) out->in_order = false;
        before = entry;
        done = (out->name[i] = level_name(out->numeric, &entry)) != NULL;
        out->count += done;
    }
    if (!done) levels_free(out);
    return done;
}

void levels_free(Levels *levels) {
    for (int i = 0; i < levels->count; i++) free(levels->name[i]);
    free(levels->name);
    free(levels->value);
    *levels = (Levels){0};
}

static Entry entry_at(const Levels *levels, int i) { return (Entry){levels->name[i], levels->value[i]}; }

static int find_along(const Levels *levels, const Entry *wanted) {
    for (int i = 0; i < levels->count; i++) {
        Entry entry = entry_at(levels, i);
        if (order_of(levels->numeric)(&entry, wanted) == 0) return i;
    }
    return -1;
}

int levels_find(const Levels *levels, const char *text) {
    Entry wanted = {.text = text};
    if (levels->numeric && !finite_number(text, &wanted.value)) return -1;
    if (!levels->in_order) return find_along(levels, &wanted);
    int low = 0, high = levels->count;
    while (low < high) {
        int middle = (low + high) / 2;
        Entry entry = entry_at(levels, middle);
        int side = order_of(levels->numeric)(&entry, &wanted);
        if (side == 0) return middle;
        if (side < 0) low = middle + 1;
        else high = middle;
    }
    return -1;
}
