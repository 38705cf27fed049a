/* collect: see collect.h. */
#include "search/collect.h"

#include "base/text.h"
#include "search/sweep_table.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* Seconds to wait for the directory's lock: whoever has it writes two small files. */
static const double patience = 60;

/* ---- files ------------------------------------------------------------------------------------------------- */

static char *print_plan(const Sweep *sweep) {
    Json *json = plan_show(sweep->plan);
    char *text = json_print(json, true);
    json_free(json);
    return text;
}

/* Whether the file holds these very bytes. */
static bool holds(const char *path, const char *text, size_t size) {
    char *there;
    size_t length;
    Error ignored = {0};
    if (!file_exists(path) || !file_read(path, &there, &length, &ignored)) return false;
    bool same = length == size && memcmp(there, text, size) == 0;
    free(there);
    return same;
}

static bool write_changed(const char *path, const char *text, size_t size, Error *err) {
    return holds(path, text, size) || file_write_atomic(path, text, size, err);
}

/* ---- the plan ---------------------------------------------------------------------------------------------- */

static bool is_plan(const char *path) {
    char *text;
    size_t size;
    Error ignored = {0};
    if (!file_read(path, &text, &size, &ignored)) return false;
    Json *json = json_parse(text, size, &ignored);
    bool plan = json && json_type(json) == JSON_OBJECT && json_get(json, "sweep") && json_get(json, "base");
    json_free(json);
    free(text);
    return plan;
}

/* Whether the directory is a sweep's, or may become one. */
static bool may_take(const char *directory, Error *err) {
    char config[PATH_BYTES], plan[PATH_BYTES], table[PATH_BYTES];
    if (!path_join(config, directory, "config.json", err) || !path_join(plan, directory, "sweep.json", err) ||
        !path_join(table, directory, "sweep.csv", err))
        return false;
    if (file_exists(config)) return fail(err, "%s: holds a run; choose another directory with --out", directory);
    bool planned = file_exists(plan);
    if (planned ? is_plan(plan) : !file_exists(table)) return true;
    return fail(err, "%s: holds a %s but no sweep.json of a sweep; choose another directory with --out", directory,
                planned ? "sweep.json" : "sweep.csv");
}

static bool write_plan(const Sweep *sweep, Error *err) {
    char path[PATH_BYTES], *text = print_plan(sweep);
    bool ok = may_take(sweep->directory, err) && path_join(path, sweep->directory, "sweep.json", err) &&
              write_changed(path, text, strlen(text), err);
    free(text);
    return ok;
}

static int by_hash(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Whether the entry is a cell's directory, by its name, and of none in hash[cells], which is sorted. */
static bool is_stranger(const char *name, const uint64_t *hash, size_t cells) {
    if (strlen(name) != 16 || strspn(name, "0123456789abcdef") != 16) return false;
    uint64_t value = strtoull(name, NULL, 16);
    return !bsearch(&value, hash, cells, sizeof value, by_hash);
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

/* Names the first of the entries that are cells of another plan. */
static void tell_strangers(Sweep *sweep, struct dirent **entry, int entries, const uint64_t *hash) {
    enum { NAMED = 3 };
    char names[128] = "";
    int64_t found = 0;
    for (int i = 0; i < entries; i++) {
        if (!is_stranger(entry[i]->d_name, hash, (size_t)sweep->plan->cells)) continue;
        if (found++ < NAMED) text_append(names, sizeof names, "%s%s", found > 1 ? ", " : "", entry[i]->d_name);
    }
    if (found > 0)
        fail(&sweep->notes, "%s: %lld cell%s of another config or axes: %s%s; left there, and not in sweep.csv",
             sweep->directory, (long long)found, found == 1 ? "" : "s", names, found > NAMED ? ", …" : "");
}

static bool find_strangers(Sweep *sweep, const char *cells, Error *err) {
    size_t count = (size_t)sweep->plan->cells;
    struct dirent **entry = NULL;
    uint64_t *hash = malloc(count * sizeof *hash);
    if (!hash) return fail(err, "memory is out");
    for (size_t i = 0; i < count; i++) hash[i] = sweep->identity[i].hash;
    qsort(hash, count, sizeof *hash, by_hash);
    int entries = scandir(cells, &entry, NULL, by_name);
    tell_strangers(sweep, entry, entries, hash);
    for (int i = 0; i < entries; i++) free(entry[i]);
    free(entry);
    free(hash);
    return true;
}

bool collect_plan(Sweep *sweep, Error *err) {
    char cells[PATH_BYTES];
    int lock;
    if (!path_join(cells, sweep->directory, "cells", err) || !may_take(sweep->directory, err) ||
        !directory_create(cells, err) || directory_lock(sweep->directory, patience, &lock, err) != LOCK_HELD)
        return false;
    bool ok = write_plan(sweep, err);
    directory_unlock(sweep->directory, lock);
    return ok && find_strangers(sweep, cells, err);
}

/* ---- the table --------------------------------------------------------------------------------------------- */

static bool look(Sweep *sweep, Collection *out, Error *err) {
    *out = (Collection){.outcome = out->outcome};
    if (!sweep_targets(sweep, err)) return false;
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) {
        char path[PATH_BYTES];
        Error ignored = {0};
        out->outcome[cell] = sweep_outcome(sweep, cell);
        out->with_status[out->outcome[cell].status]++;
        out->elsewhere += !cell_complete(&out->outcome[cell]) && sweep_cell_path(sweep, cell, path, &ignored) &&
                          directory_is_locked(path);
    }
    return true;
}

static bool has_other_plan(const Sweep *sweep) {
    char path[PATH_BYTES], *text = print_plan(sweep);
    Error ignored = {0};
    bool other = path_join(path, sweep->directory, "sweep.json", &ignored) && !holds(path, text, strlen(text));
    free(text);
    return other;
}

static bool write_table(const Sweep *sweep, const CellOutcome *outcome, Error *err) {
    char path[PATH_BYTES], *text = NULL;
    size_t size;
    if (!path_join(path, sweep->directory, "sweep.csv", err)) return false;
    FILE *out = open_memstream(&text, &size);
    if (!out) return fail(err, "memory is out");
    sweep_table_write(sweep, outcome, out);
    bool ok = fclose(out) == 0 ? write_changed(path, text, size, err) : fail(err, "memory is out");
    free(text);
    return ok;
}

static bool stays_away(const Collection *found, bool always) {
    return !always && (found->elsewhere > 0 || found->other_plan);
}

/* Under the directory's lock, so that no older look at the cells is written after a newer one. */
static bool settle(Sweep *sweep, bool always, Collection *out, Error *err) {
    if (!look(sweep, out, err)) return false;
    if (always && !write_plan(sweep, err)) return false;
    out->other_plan = has_other_plan(sweep);
    return stays_away(out, always) || write_table(sweep, out->outcome, err);
}

bool collect_end(Sweep *sweep, bool always, Collection *out, Error *err) {
    int lock;
    *out = (Collection){.outcome = calloc((size_t)sweep->plan->cells, sizeof *out->outcome)};
    if (!out->outcome) return fail(err, "%lld cells need more memory than there is", (long long)sweep->plan->cells);
    if (!look(sweep, out, err)) return false;
    if (stays_away(out, always)) return true; /* without a wait for the lock: many may end at once */
    if (directory_lock(sweep->directory, patience, &lock, err) != LOCK_HELD) return false;
    bool ok = settle(sweep, always, out, err);
    directory_unlock(sweep->directory, lock);
    return ok;
}

bool collect_possible(const Sweep *sweep, Error *err) {
    char path[PATH_BYTES];
    if (!path_join(path, sweep->directory, "sweep.json", err)) return false;
    return file_exists(path) ||
           fail(err, "%s: there is no sweep.json of a sweep; run the sweep first, or give its directory with --out",
                sweep->directory);
}

void collection_free(Collection *collection) {
    free(collection->outcome);
    collection->outcome = NULL;
}
