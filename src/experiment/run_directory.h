/* run_directory: the files of a run directory: claiming it, locking it, clearing it, and telling what is in it. Never
 * touches a file that is not nnexp's own. */
#ifndef NNEXP_EXPERIMENT_RUN_DIRECTORY_H
#define NNEXP_EXPERIMENT_RUN_DIRECTORY_H

#include "base/error.h"
#include "base/file.h"

typedef enum RunFile {
    RUN_CONFIG,
    RUN_PREPROCESS,
    RUN_MODEL,
    RUN_BEST,
    RUN_CHECKPOINT,
    RUN_CHECKPOINT_PREVIOUS,
    RUN_FINAL,
    RUN_SUMMARY,
    RUN_FILES
} RunFile;
extern const char *const run_file_name[RUN_FILES];

typedef enum ClaimMode { CLAIM_NEW, CLAIM_FORCE, CLAIM_RESUME, CLAIM_CELL } ClaimMode;

/* Why a cell of a sweep failed: written and read by those who run sweeps. */
#define RUN_ERROR_FILE "error.txt"

/* A claimed directory: locked until released. */
typedef struct RunDirectory {
    char path[PATH_BYTES];
    int lock;       /* file descriptor; -1: not claimed */
    bool busy;      /* not claimed because another process has it */
    size_t existed; /* bytes of `path` that were there before the claim */
    bool has_run;   /* CLAIM_RESUME, CLAIM_CELL: there is a run to go on with */
    bool light;     /* set by the run: what is written there is not synced */
} RunDirectory;

/* Creates or opens and locks PATH. CLAIM_NEW refuses one that holds anything; CLAIM_FORCE takes one with a config.json
 * of nnexp's own, to be cleared; CLAIM_RESUME takes what is there, or starts anew where nothing is; CLAIM_CELL is the
 * same for a cell of a sweep, removes its RUN_ERROR_FILE, and starts anew also where config.json has lost its bytes. */
bool run_directory_claim(RunDirectory *directory, const char *path, ClaimMode mode, Error *err);
/* Removes nnexp's files but config.json, and no others: when the new run begins, so that one that is refused costs nothing. */
bool run_directory_clear(const RunDirectory *directory, Error *err);
/* Unlocks. Directories that the claim created and that are still empty are removed. */
void run_directory_release(RunDirectory *directory);

/* out[PATH_BYTES] = the file's path. */
void run_directory_file(const RunDirectory *directory, RunFile file, char *out);
bool run_directory_has(const RunDirectory *directory, RunFile file);
/* Writes a file whole or not at all, synced unless the directory is `light`. */
bool run_directory_write(const RunDirectory *directory, RunFile file, const char *text, size_t size, Error *err);
bool run_directory_remove(const RunDirectory *directory, RunFile file, Error *err);
bool run_directory_rename(const RunDirectory *directory, RunFile from, RunFile to, Error *err);

#endif
