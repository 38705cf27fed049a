/* identity: see identity.h. */
#include "search/identity.h"

#include "base/hash.h"
#include "experiment/settings.h"
#include "experiment/version.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- files by their bytes --------------------------------------------------------------------------------- */

/* Each file is read once, whichever cells name it. */
typedef struct FileHash {
    char *path;
    uint64_t hash;
} FileHash;

typedef struct FileHashes {
    pthread_mutex_t mutex;
    FileHash *known; /* [count] */
    int count;
} FileHashes;

static void hashes_free(FileHashes *files) {
    for (int i = 0; i < files->count; i++) free(files->known[i].path);
    free(files->known);
    pthread_mutex_destroy(&files->mutex);
}

static bool hash_file(const char *path, uint64_t *hash, Error *err) {
    enum { CHUNK = 1 << 20 };
    struct stat info;
    if (strcmp(path, "-") == 0 || (stat(path, &info) == 0 && !S_ISREG(info.st_mode)))
        return fail(err, "%s: a sweep's cells are named by the bytes of their data; save it in a file", path);
    FILE *file = fopen(path, "rb");
    if (!file) return fail(err, "%s: cannot read: %s", path, strerror(errno));
    char *chunk = malloc(CHUNK);
    size_t size;
    *hash = HASH_START;
    while (chunk && (size = fread(chunk, 1, CHUNK, file)) > 0) *hash = hash_bytes(*hash, chunk, size);
    bool ok = chunk && !ferror(file);
    fclose(file);
    free(chunk);
    return ok || fail(err, "%s: cannot read: %s", path, strerror(errno));
}

static bool remember(FileHashes *files, const char *path, uint64_t hash, Error *err) {
    FileHash *grown = realloc(files->known, ((size_t)files->count + 1) * sizeof *grown);
    char *copy = grown ? strdup(path) : NULL;
    if (grown) files->known = grown;
    if (!copy) return fail(err, "memory is out");
    files->known[files->count++] = (FileHash){copy, hash};
    return true;
}

static bool file_hash(FileHashes *files, const char *path, uint64_t *hash, Error *err) {
    pthread_mutex_lock(&files->mutex);
    int i = 0;
    while (i < files->count && strcmp(files->known[i].path, path) != 0) i++;
    bool ok = i < files->count;
    if (ok) *hash = files->known[i].hash;
    else ok = hash_file(path, hash, err) && remember(files, path, *hash, err);
    pthread_mutex_unlock(&files->mutex);
    return ok;
}

/* ---- one cell ---------------------------------------------------------------------------------------------- */

/* Takes the paths of files out of the document's fields, and their bytes into the hash. */
static bool take_paths(Json *object, const Field *fields, FileHashes *files, uint64_t *hash, Error *err) {
    bool ok = true;
    for (const Field *field = fields; ok && field->name; field++) {
        Json *value = json_get(object, field->name);
        if (!value) continue;
        if (field->kind == FIELD_KIND_GROUP && json_type(value) == JSON_OBJECT)
            ok = take_paths(value, field->fields, files, hash, err);
        if (!field->is_path || json_type(value) != JSON_TEXT || !*json_text(value)) continue;
        uint64_t bytes = 0;
        ok = file_hash(files, json_text(value), &bytes, err);
        if (!ok) break;
        *hash = hash_word(hash_text(*hash, field->name), bytes);
        json_free(json_take(object, field->name));
    }
    return ok;
}

static uint64_t hash_json(uint64_t hash, const Json *json) {
    char *text = json ? json_print(json, false) : NULL;
    hash = hash_bytes(hash, text, text ? strlen(text) : 0);
    free(text);
    return hash;
}

static uint64_t hash_data_sections(const Json *resolved) {
    static const char *const sections[] = {"data", "preprocess", "augment"};
    uint64_t hash = HASH_START;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        hash = hash_json(hash, json_get(resolved, sections[i]));
    return hash;
}

static bool identify(const Settings *settings, FileHashes *files, CellIdentity *out, Error *err) {
    static const char *const no_matter[] = {"about", "name", "log"};
    Json *resolved = settings_show(settings);
    out->data = hash_data_sections(resolved);
    for (size_t i = 0; i < sizeof no_matter / sizeof no_matter[0]; i++) json_free(json_take(resolved, no_matter[i]));
    uint64_t hash = hash_text(HASH_START, NNEXP_VERSION);
    bool ok = take_paths(resolved, settings_fields, files, &hash, err);
    out->hash = hash_json(hash, resolved);
    json_free(resolved);
    return ok;
}

/* ---- all cells --------------------------------------------------------------------------------------------- */

typedef struct Identifying {
    const SweepPlan *plan;
    CellIdentity *out;
    FileHashes files;
    Error **error; /* [cells]: NULL where all is well */
} Identifying;

static bool identify_cell(Identifying *all, int64_t cell, Settings *settings, Error *err) {
    Json *document = plan_document(all->plan, cell, err);
    bool ok = document && settings_read(document, all->plan->config, settings, err) &&
              identify(settings, &all->files, &all->out[cell], err);
    json_free(document);
    return ok;
}

static void identify_job(void *context, int cell) {
    Identifying *all = context;
    Settings *settings = malloc(sizeof *settings);
    Error *err = calloc(1, sizeof *err);
    if (settings && err && identify_cell(all, cell, settings, err)) {
        free(err);
        err = NULL;
    } else if (err && err->count == 0) {
        fail(err, "memory is out");
    }
    all->error[cell] = err;
    free(settings);
}

/* Errors in plan order, each with its cell. Returns whether there were none. */
static bool gather(const Identifying *all, Error *err) {
    bool ok = true;
    for (int64_t cell = 0; cell < all->plan->cells; cell++) {
        Error *inner = all->error[cell];
        char axes[512];
        if (!inner) continue;
        plan_describe(all->plan, cell, axes, sizeof axes);
        error_prefix(inner, "cell %lld (%s): ", (long long)cell + 1, axes);
        error_move(err, inner);
        free(inner);
        ok = false;
    }
    return ok;
}

typedef struct Named {
    uint64_t hash;
    int64_t cell;
} Named;

static int by_hash(const void *a, const void *b) {
    const Named *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static bool check_distinct(const SweepPlan *plan, const CellIdentity *identity, Error *err) {
    Named *sorted = malloc((size_t)plan->cells * sizeof *sorted);
    if (!sorted) return fail(err, "memory is out");
    for (int64_t i = 0; i < plan->cells; i++) sorted[i] = (Named){identity[i].hash, i};
    qsort(sorted, (size_t)plan->cells, sizeof *sorted, by_hash);
    bool ok = true;
    for (int64_t i = 1; i < plan->cells; i++) {
        if (sorted[i].hash != sorted[i - 1].hash) continue;
        char one[256], other[256];
        plan_describe(plan, sorted[i - 1].cell, one, sizeof one);
        plan_describe(plan, sorted[i].cell, other, sizeof other);
        ok = fail(err, "%s: cells %lld (%s) and %lld (%s) are one experiment; leave one out", plan->config,
                  (long long)sorted[i - 1].cell + 1, one, (long long)sorted[i].cell + 1, other);
    }
    free(sorted);
    return ok;
}

bool identify_cells(const SweepPlan *plan, Pool *pool, CellIdentity *out, Error *err) {
    Identifying all = {.plan = plan, .out = out, .error = calloc((size_t)plan->cells, sizeof *all.error)};
    if (!all.error) return fail(err, "%lld cells need more memory than there is", (long long)plan->cells);
    pthread_mutex_init(&all.files.mutex, NULL);
    pool_run(pool, identify_job, &all, (int)plan->cells);
    bool ok = gather(&all, err);
    hashes_free(&all.files);
    free(all.error);
    return ok && check_distinct(plan, out, err);
}

void cell_directory(const CellIdentity *identity, char *out) {
    snprintf(out, CELL_NAME_BYTES, "cells/%016llx", (unsigned long long)identity->hash);
}
