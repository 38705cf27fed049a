/* file: whole reads, atomic writes, directories, locks, paths. Never interprets what it carries.
 * Errors name the path and the system's reason: `PATH: cannot read: No such file or directory`. */
#ifndef NNEXP_BASE_FILE_H
#define NNEXP_BASE_FILE_H

#include "base/error.h"

enum { PATH_BYTES = 4096 };

/* Reads a whole file; *data is NUL-terminated beyond *size and the caller frees it. */
bool file_read(const char *path, char **data, size_t *size, Error *err);

/* Writes PATH through PATH.tmp: write, fsync, rename, fsync of the directory. On failure PATH is as before
 * and no PATH.tmp is left. A special file is written directly. */
bool file_write_atomic(const char *path, const void *data, size_t size, Error *err);

/* The same for parts that follow one another in the file. Without `sync` nothing is forced onto the disk: the file is
 * whole after a kill of the process, but may not be after a power cut. */
typedef struct FilePart {
    const void *data;
    size_t size;
} FilePart;
bool file_write_parts(const char *path, const FilePart *parts, int count, bool sync, Error *err);

/* Whether PATH is a device, a pipe or a socket: written to as it stands, since a rename would put a file in its place. */
bool file_is_special(const char *path);

/* Whether both are there and are one file. */
bool file_same(const char *a, const char *b);

/* Forces a file, and its name, onto the disk. */
bool file_sync(const char *path, Error *err);

bool file_exists(const char *path);
bool file_rename(const char *from, const char *to, Error *err);
/* Removes a file; one that is not there is no error. */
bool file_remove(const char *path, Error *err);

/* Creates a directory and its parents; one that is there already is no error. */
bool directory_create(const char *path, Error *err);
/* *exists says whether PATH is a directory, *empty whether it holds nothing (a lock is nothing). Fails if PATH is
 * something else. */
bool directory_state(const char *path, bool *exists, bool *empty, Error *err);

/* A directory is locked by an exclusive flock on a file in it, opened for writing: over NFS Linux makes flock a
 * byte-range lock on the server, and refuses it for a directory or a file that is open for reading alone (flock(2)). So
 * it holds between machines where NFS locks work (NFSv4, or NFSv3 with lockd), not on mounts with `nolock` or
 * `local_lock`. The kernel lets go when the process ends; the file that a killed one leaves is harmless. */
#define DIRECTORY_LOCK_FILE ".lock"
typedef enum LockResult {
    LOCK_HELD,
    LOCK_BUSY,         /* another process has it */
    LOCK_NO_DIRECTORY, /* it is not there, or was removed meanwhile */
    LOCK_FAILED
} LockResult;
/* Locks a directory against all others until directory_unlock; one that is held is tried again for `patience` seconds.
 * *fd is the lock's file, -1 without it. All but LOCK_HELD are errors: `PATH: locked by another process; …`. */
LockResult directory_lock(const char *path, double patience, int *fd, Error *err);
/* Removes the lock's file and lets go. */
void directory_unlock(const char *path, int fd);
/* Whether somebody has it locked now. Writes nothing; holds a shared lock for an instant, which the patience of a
 * millisecond outlasts. */
bool directory_is_locked(const char *path);

/* out[PATH_BYTES] = directory/name, or name alone when it is absolute or directory is "". Fails when too
 * long. */
bool path_join(char *out, const char *directory, const char *name, Error *err);
/* out[PATH_BYTES] = the path made absolute, without `.`, `..` and doubled slashes; symbolic links stay. */
bool path_absolute(char *out, const char *path, Error *err);
/* out[PATH_BYTES] = what stands before the last slash; "." when there is none. */
void path_directory(char *out, const char *path);
/* out[PATH_BYTES] = the file name without directory and without its last extension. */
void path_stem(char *out, const char *path);

#endif
