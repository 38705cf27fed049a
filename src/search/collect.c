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

/* What lies in cells/. */
typedef struct Around {
    int64_t ours, others; /* cells of the plan, of other plans */
    char names[128];      /* the first of the others */
} Around;

static int by_hash(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

/* Counts a directory entry, which is a cell by its name; hash[cells] is sorted. */
static void count_entry(const char *name, const uint64_t *hash, size_t cells, Around *out) {
    enum { NAMED = 3 };
    if (strlen(name) != 16 || strspn(name, "0123456789abcdef") != 16) return;
    uint64_t value = strtoull(name, NULL, 16);
    if (bsearch(&value, hash, cells, sizeof value, by_hash)) out->ours++;
    else if (out->others++ < NAMED)
        text_append(out->names, sizeof out->names, "%s%s", out->others > 1 ? ", " : "", name);
    else if (out->others == NAMED + 1) text_append(out->names, sizeof out->names, ", …");
}

static bool look_around(const Sweep *sweep, Around *out, Error *err) {
    char path[PATH_BYTES];
    size_t cells = (size_t)sweep->plan->cells;
    struct dirent **entry = NULL;
    *out = (Around){0};
    if (!path_join(path, sweep->directory, "cells", err)) return false;
    uint64_t *hash = malloc(cells * sizeof *hash);
    if (!hash) return fail(err, "memory is out");
    for (size_t i = 0; i < cells; i++) hash[i] = sweep->identity[i].hash;
    qsort(hash, cells, sizeof *hash, by_hash);
    int entries = scandir(path, &entry, NULL, by_name);
    for (int i = 0; i < entries; i++) {
        count_entry(entry[i]->d_name, hash, cells, out);
        free(entry[i]);
    }
    free(entry);
    free(hash);
    return true;
}

/* Whether the file is a sweep's plan. Of a syntax error the line below with its caret, and what to write instead, are left
 * out: nobody has written this by hand. */
static bool check_plan(const char *directory, const char *path, Error *err) {
    char *text;
    size_t size;
    Error inner = {0};
    if (!file_read(path, &text, &size, err)) return false;
    Json *json = json_parse(text, size, &inner);
    bool plan = json && json_type(json) == JSON_OBJECT && json_get(json, "sweep") && json_get(json, "base");
    free(text);
    json_free(json);
    if (!json) {
        char *remedy = strstr(inner.text, "; ");
        inner.text[strcspn(inner.text, "\n")] = '\0';
        if (remedy) *remedy = '\0';
        return fail(err, "%s:%s; remove it: the cells stay, and the same command writes it again", path, inner.text);
    }
    return plan ||
           fail(err, "%s: holds a sweep.json that is no sweep's; choose another directory with --out", directory);
}

/* Whether the directory is a sweep's, or may become one. A sweep.csv beside cells of the plan is the sweep's, though its
 * sweep.json has been removed. */
static bool may_take(const Sweep *sweep, const Around *around, Error *err) {
    const char *directory = sweep->directory;
    char config[PATH_BYTES], plan[PATH_BYTES], table[PATH_BYTES];
    if (!path_join(config, directory, "config.json", err) || !path_join(plan, directory, "sweep.json", err) ||
        !path_join(table, directory, "sweep.csv", err))
        return false;
    if (file_exists(config)) return fail(err, "%s: holds a run; choose another directory with --out", directory);
    if (file_exists(plan)) return check_plan(directory, plan, err);
    return around->ours > 0 || !file_exists(table) ||
           fail(err, "%s: holds a sweep.csv but no sweep.json of a sweep; choose another directory with --out",
                directory);
}

static bool write_plan(const Sweep *sweep, Error *err) {
    Around around;
    char path[PATH_BYTES], *text = print_plan(sweep);
    bool ok = look_around(sweep, &around, err) && may_take(sweep, &around, err) &&
              path_join(path, sweep->directory, "sweep.json", err) && write_changed(path, text, strlen(text), err);
    free(text);
    return ok;
}

static void tell_others(Sweep *sweep, const Around *around) {
    if (around->others > 0)
        fail(&sweep->notes, "%s: %lld cell%s of another config or axes: %s; left there, and not in sweep.csv",
             sweep->directory, (long long)around->others, around->others == 1 ? "" : "s", around->names);
}

bool collect_plan(Sweep *sweep, Error *err) {
    char cells[PATH_BYTES];
    Around around;
    int lock;
    if (!path_join(cells, sweep->directory, "cells", err) || !look_around(sweep, &around, err) ||
        !may_take(sweep, &around, err) || !directory_create(cells, err) ||
        directory_lock(sweep->directory, patience, &lock, err) != LOCK_HELD)
        return false;
    bool ok = write_plan(sweep, err);
    directory_unlock(sweep->directory, lock);
    tell_others(sweep, &around);
    return ok;
}

static bool has_other_plan(const Sweep *sweep) {
    char path[PATH_BYTES], *text = print_plan(sweep);
    Error ignored = {0};
    bool other = path_join(path, sweep->directory, "sweep.json", &ignored) && !holds(path, text, strlen(text));
    free(text);
    return other;
}

/* ---- is it this plan's? ------------------------------------------------------------------------------------- */

/* No cell of the plan is there: whether nothing is that its table would replace. `more`: what else can be done. */
static bool check_nothing_lost(const Sweep *sweep, const Around *around, const char *more, Error *err) {
    char table[PATH_BYTES], what[64] = "a sweep.csv";
    if (!path_join(table, sweep->directory, "sweep.csv", err)) return false;
    if (around->others == 0 && !file_exists(table)) return true;
    if (around->others > 0)
        snprintf(what, sizeof what, "%lld cell%s of another", (long long)around->others,
                 around->others == 1 ? "" : "s");
    return fail(err,
                "%s: holds no cell of this plan but %s; give the config and axes that its sweep.json has%s another "
                "directory with --out%s",
                sweep->directory, what, *more ? "," : ", or", more);
}

bool collect_possible(const Sweep *sweep, Error *err) {
    char path[PATH_BYTES];
    Around around;
    if (!path_join(path, sweep->directory, "sweep.json", err) || !look_around(sweep, &around, err)) return false;
    if (around.ours == 0 && !file_exists(path))
        return fail(err,
                    "%s: there is no sweep.json of a sweep; run the sweep first, or give its directory with --out",
                    sweep->directory);
    return may_take(sweep, &around, err) && (around.ours > 0 || check_nothing_lost(sweep, &around, "", err));
}

bool collect_fits(const Sweep *sweep, Error *err) {
    Around around;
    if (!look_around(sweep, &around, err) || !may_take(sweep, &around, err)) return false;
    return around.ours > 0 || !has_other_plan(sweep) ||
           check_nothing_lost(sweep, &around, ", or --yes to begin this plan there", err);
}

/* ---- the table --------------------------------------------------------------------------------------------- */

static bool look(Sweep *sweep, Collection *out, Error *err) {
    *out = (Collection){.outcome = out->outcome};
    if (!sweep_targets(sweep, err)) return false;
    out->seen = true;
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

static char *print_table(const Sweep *sweep, const CellOutcome *outcome, size_t *size, Error *err) {
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (out) {
        sweep_table_write(sweep, outcome, out);
        if (fclose(out) == 0) return text;
    }
    free(text);
    fail(err, "memory is out");
    return NULL;
}

static bool write_table(const Sweep *sweep, const CellOutcome *outcome, Error *err) {
    char path[PATH_BYTES];
    size_t size;
    if (!path_join(path, sweep->directory, "sweep.csv", err)) return false;
    char *text = print_table(sweep, outcome, &size, err);
    bool ok = text && write_changed(path, text, size, err);
    free(text);
    return ok;
}

/* Whether what would be written is there already. */
static bool is_settled(const Sweep *sweep, const CellOutcome *outcome) {
    char path[PATH_BYTES];
    size_t size;
    Error ignored = {0};
    if (has_other_plan(sweep) || !path_join(path, sweep->directory, "sweep.csv", &ignored)) return false;
    char *text = print_table(sweep, outcome, &size, &ignored);
    bool same = text && holds(path, text, size);
    free(text);
    return same;
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
    Error inner = {0};
    *out = (Collection){.outcome = calloc((size_t)sweep->plan->cells, sizeof *out->outcome)};
    if (!out->outcome) return fail(err, "%lld cells need more memory than there is", (long long)sweep->plan->cells);
    if (!look(sweep, out, err)) return false;
    if (stays_away(out, always)) return true; /* without a wait for the lock: many may end at once */
    bool locked = directory_lock(sweep->directory, patience, &lock, &inner) == LOCK_HELD;
    if (!locked && always && is_settled(sweep, out->outcome)) return true; /* where one may read alone */
    if (!locked) error_prefix(&inner, "%s/sweep.csv: cannot be written: ", sweep->directory);
    error_move(err, &inner);
    bool ok = locked && settle(sweep, always, out, err);
    if (locked) directory_unlock(sweep->directory, lock);
    return ok;
}

void collection_free(Collection *collection) {
    free(collection->outcome);
    collection->outcome = NULL;
}
