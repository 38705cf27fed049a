/* identity: see identity.h. */
#include "search/identity.h"

#include "base/hash.h"
#include "experiment/settings.h"
#include "search/refusals.h"
#include "search/twins.h"

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

/* What sizes the buffers of a run, or says how its weights begin: all of its config but these. */
static uint64_t hash_sizes(const Json *resolved, uint64_t data) {
    static const char *const no_size[] = {
        "lr", "schedule",     "warmup",          "epochs",     "shuffle",       "clip_norm",
        "l1", "weight_decay", "label_smoothing", "early_stop", "diverge_factor"};
    Json *train = json_copy(json_get(resolved, "train"));
    for (size_t i = 0; i < sizeof no_size / sizeof no_size[0]; i++) json_free(json_take(train, no_size[i]));
    uint64_t hash = hash_json(data, json_get(resolved, "model"));
    hash = hash_json(hash_json(hash, json_get(resolved, "log")), train);
    json_free(train);
    return hash;
}

static bool identify(const Settings *settings, const char *version, FileHashes *files, CellIdentity *out,
                     Error *err) {
    static const char *const no_matter[] = {"about", "name", "log"};
    Json *resolved = settings_show(settings);
    out->data = hash_data_sections(resolved);
    out->size = hash_sizes(resolved, out->data);
    for (size_t i = 0; i < sizeof no_matter / sizeof no_matter[0]; i++) json_free(json_take(resolved, no_matter[i]));
    uint64_t hash = hash_text(HASH_START, version);
    bool ok = take_paths(resolved, settings_fields, files, &hash, err);
    out->hash = hash_json(hash, resolved);
    json_free(resolved);
    return ok;
}

/* ---- all cells --------------------------------------------------------------------------------------------- */

/* Cells are read a block at a time, so that only a block's messages are held at once. */
enum { BLOCK_CELLS = 1024, JOB_CELLS = 16 };

typedef struct Identifying {
    const SweepPlan *plan;
    CellIdentity *out;
    FileHashes files;
    int64_t first, end;        /* the block */
    Error *error[BLOCK_CELLS]; /* NULL where all is well */
    Refusals refusals;
} Identifying;

static bool identify_cell(Identifying *all, int64_t cell, Settings *settings, Error *err) {
    Json *document = plan_document(all->plan, cell, err);
    bool ok = document && settings_read_keys(document, all->plan->config, settings, err) &&
              identify(settings, all->plan->version, &all->files, &all->out[cell], err);
    json_free(document);
    return ok;
}

/* Settings are large: one serves a job's cells. */
static void identify_job(void *context, int job) {
    Identifying *all = context;
    Settings *settings = malloc(sizeof *settings);
    Error *err = calloc(1, sizeof *err);
    if (!settings || !err) abort();
    for (int64_t cell = all->first + (int64_t)job * JOB_CELLS, i = 0; i < JOB_CELLS && cell < all->end; i++, cell++) {
        if (identify_cell(all, cell, settings, err)) continue;
        all->error[cell - all->first] = err;
        err = calloc(1, sizeof *err);
        if (!err) abort();
    }
    free(err);
    free(settings);
}

static void identify_block(Identifying *all, Pool *pool) {
    int64_t cells = all->end - all->first;
    memset(all->error, 0, sizeof all->error);
    pool_run(pool, identify_job, all, (int)((cells + JOB_CELLS - 1) / JOB_CELLS));
    for (int64_t i = 0; i < cells; i++) {
        if (all->error[i]) refusals_add(&all->refusals, all->first + i, all->error[i]);
        free(all->error[i]);
    }
}

/* ---- one experiment twice ----------------------------------------------------------------------------------- */

static bool check_distinct(const SweepPlan *plan, const CellIdentity *identity, Error *err) {
    uint64_t *hash = malloc((size_t)plan->cells * sizeof *hash);
    for (int64_t i = 0; hash && i < plan->cells; i++) hash[i] = identity[i].hash;
    int64_t *twin = hash ? find_twins(hash, plan->cells) : NULL;
    bool ok = twin || fail(err, "memory is out");
    free(hash);
    for (int64_t i = 0; twin && i < plan->cells; i++) {
        if (twin[i] == i) continue;
        char one[256], other[256];
        plan_describe(plan, twin[i], one, sizeof one);
        plan_describe(plan, i, other, sizeof other);
        ok = fail(err, "%s: cells %lld (%s) and %lld (%s) are one experiment, written in two ways; leave one out",
                  plan->config, (long long)twin[i] + 1, one, (long long)i + 1, other);
    }
    free(twin);
    return ok;
}

bool identify_cells(const SweepPlan *plan, Pool *pool, CellIdentity *out, Error *err) {
    Identifying *all = calloc(1, sizeof *all);
    if (!all) return fail(err, "memory is out");
    all->plan = plan, all->out = out;
    pthread_mutex_init(&all->files.mutex, NULL);
    for (all->end = 0; all->end < plan->cells;) {
        all->first = all->end;
        all->end = all->first + BLOCK_CELLS < plan->cells ? all->first + BLOCK_CELLS : plan->cells;
        identify_block(all, pool);
    }
    bool ok = refusals_tell(&all->refusals, plan, err);
    hashes_free(&all->files);
    free(all);
    return ok && check_distinct(plan, out, err);
}

void cell_directory(const CellIdentity *identity, char *out) {
    snprintf(out, CELL_NAME_BYTES, "cells/%016llx", (unsigned long long)identity->hash);
}
