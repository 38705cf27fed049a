/* run_directory: see run_directory.h. */
#include "experiment/run_directory.h"

#include "base/json.h"
#include "observe/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const run_file_name[RUN_FILES] = {[RUN_CONFIG] = "config.json",
                                              [RUN_MODEL] = "model.safetensors",
                                              [RUN_BEST] = "best.safetensors",
                                              [RUN_CHECKPOINT] = "checkpoint.safetensors",
                                              [RUN_CHECKPOINT_PREVIOUS] = "checkpoint.prev.safetensors",
                                              [RUN_FINAL] = "final.safetensors",
                                              [RUN_PREPROCESS] = "preprocess.csv",
                                              [RUN_SUMMARY] = "summary.json"};

static void file_path(const RunDirectory *directory, const char *name, char *out) {
    Error ignored = {0}; /* claim has left room for the longest name */
    path_join(out, directory->path, name, &ignored);
}

void run_directory_file(const RunDirectory *directory, RunFile file, char *out) {
    file_path(directory, run_file_name[file], out);
}

bool run_directory_has(const RunDirectory *directory, RunFile file) {
    char path[PATH_BYTES];
    run_directory_file(directory, file, path);
    return file_exists(path);
}

bool run_directory_write(const RunDirectory *directory, RunFile file, const char *text, size_t size, Error *err) {
    char path[PATH_BYTES];
    run_directory_file(directory, file, path);
    return file_write_parts(path, &(FilePart){text, size}, 1, !directory->light, err);
}

/* Removes a file and what an atomic write of it may have left. */
static bool remove_named(const RunDirectory *directory, const char *name, Error *err) {
    char path[PATH_BYTES];
    file_path(directory, name, path);
    if (!file_remove(path, err)) return false;
    strcat(path, ".tmp");
    return file_remove(path, err);
}

bool run_directory_remove(const RunDirectory *directory, RunFile file, Error *err) {
    return remove_named(directory, run_file_name[file], err);
}

bool run_directory_rename(const RunDirectory *directory, RunFile from, RunFile to, Error *err) {
    char old_path[PATH_BYTES], new_path[PATH_BYTES];
    run_directory_file(directory, from, old_path);
    run_directory_file(directory, to, new_path);
    return file_rename(old_path, new_path, err);
}

/* Whether config.json is one that nnexp wrote: an object with the sections of a config. */
static bool own_config(const RunDirectory *directory) {
    char path[PATH_BYTES], *text;
    size_t size;
    Error ignored = {0};
    run_directory_file(directory, RUN_CONFIG, path);
    if (!file_read(path, &text, &size, &ignored)) return false;
    Json *json = json_parse(text, size, &ignored);
    free(text);
    bool own = json && json_type(json) == JSON_OBJECT && json_get(json, "data") && json_get(json, "model") &&
               json_get(json, "train");
    json_free(json);
    return own;
}

/* The summary goes first, so that a run half removed is never taken for a whole one; then what could be resumed,
 * before the logs that it needs. The config stays until the next one replaces it: the directory remains nnexp's. */
bool run_directory_clear(const RunDirectory *directory, Error *err) {
    for (int f = RUN_FILES - 1; f > RUN_CONFIG; f--)
        if (!run_directory_remove(directory, (RunFile)f, err)) return false;
    for (int f = 0; f < LOG_FILES; f++)
        if (!remove_named(directory, log_file_name[f], err)) return false;
    return true;
}

/* Whether config.json is there without its bytes, as a power cut leaves what was not synced. */
static bool lost_config(const RunDirectory *directory) {
    char path[PATH_BYTES], *text;
    size_t size;
    Error ignored = {0};
    run_directory_file(directory, RUN_CONFIG, path);
    if (!file_read(path, &text, &size, &ignored)) return false;
    bool lost = strlen(text) == 0; /* no bytes, or zeros */
    free(text);
    return lost;
}

/* A cell is begun anew where nothing says what it was. */
static bool take_cell(const RunDirectory *directory, bool empty, Error *err) {
    return directory->has_run || empty || lost_config(directory) ||
           fail(err,
                "%s: holds files but no config.json of a run; remove that directory, and the same command runs the "
                "cell",
                directory->path);
}

static bool take(RunDirectory *directory, ClaimMode mode, bool empty, Error *err) {
    directory->has_run = run_directory_has(directory, RUN_CONFIG) && own_config(directory);
    if (mode == CLAIM_CELL) return take_cell(directory, empty, err);
    if (empty) return true;
    if (!directory->has_run)
        return fail(err, "%s: holds files but no config.json of a run; choose another with --out", directory->path);
    if (mode == CLAIM_NEW)
        return fail(err,
                    "%s: exists already; use --resume to go on with it, --force to replace it, or --out for another",
                    directory->path);
    directory->has_run = mode != CLAIM_FORCE;
    return true;
}

/* Bytes of the longest part of the path that is there already: what lies behind is the claim's to remove again. */
static size_t existing_part(const char *path) {
    char part[PATH_BYTES];
    strcpy(part, path);
    for (char *slash; !file_exists(part) && (slash = strrchr(part, '/'));) *slash = '\0';
    return file_exists(part) ? strlen(part) : 0;
}

/* Removes the directories that the claim created and that are still empty. */
static void remove_created(RunDirectory *directory) {
    char *path = directory->path;
    while (strlen(path) > directory->existed && rmdir(path) == 0) { /* fails, as it should, where anything is in it */
        char *slash = strrchr(path, '/');
        *(slash ? slash : path) = '\0';
    }
}

/* Creates and locks the directory. One that its last holder removes in between is made again. */
static bool enter(RunDirectory *directory, Error *err) {
    enum { MOST_ATTEMPTS = 100 };
    static const double patience = 0.002; /* who asks whether it is locked holds it for an instant */
    LockResult result;
    for (int attempt = 1;; attempt++) {
        Error inner = {0};
        if (!directory_create(directory->path, err)) return false;
        result = directory_lock(directory->path, patience, &directory->lock, &inner);
        if (result == LOCK_NO_DIRECTORY && attempt < MOST_ATTEMPTS) continue;
        error_move(err, &inner);
        break;
    }
    directory->busy = result == LOCK_BUSY;
    if (result == LOCK_FAILED) remove_created(directory);
    return result == LOCK_HELD;
}

/* What a run that was killed before its config was in place, or a cell that failed, has left is no content. */
static bool tidy(const RunDirectory *directory, ClaimMode mode, Error *err) {
    return (run_directory_has(directory, RUN_CONFIG) || run_directory_remove(directory, RUN_CONFIG, err)) &&
           (mode != CLAIM_CELL || remove_named(directory, RUN_ERROR_FILE, err));
}

bool run_directory_claim(RunDirectory *directory, const char *path, ClaimMode mode, Error *err) {
    *directory = (RunDirectory){.lock = -1};
    bool exists, empty;
    if (strlen(path) + 64 > PATH_BYTES) return fail(err, "%.60s…: the path is too long", path);
    strcpy(directory->path, path);
    if (!directory_state(path, &exists, &empty, err)) return false;
    directory->existed = existing_part(path);
    if (!enter(directory, err)) return false;
    if (tidy(directory, mode, err) && directory_state(path, &exists, &empty, err) &&
        take(directory, mode, empty, err))
        return true;
    run_directory_release(directory);
    return false;
}

void run_directory_release(RunDirectory *directory) {
    if (directory->lock < 0) return;
    directory_unlock(directory->path, directory->lock);
    directory->lock = -1;
    remove_created(directory);
}
