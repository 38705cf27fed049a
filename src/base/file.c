/* file: see file.h. */
#include "base/file.h"

#include "base/arena.h"
#include "base/clock.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool fail_because(Error *err, const char *path, const char *what) {
    return fail(err, "%s: %s: %s", path, what, strerror(errno));
}

static int open_again(const char *path, int flags) {
    int fd;
    do fd = open(path, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

/* Reads until `room` bytes are there or the file ends; returns the bytes read, or -1. */
static ssize_t read_up_to(int fd, char *data, size_t room) {
    size_t size = 0;
    while (size < room) {
        ssize_t got = read(fd, data + size, room - size);
        if (got == 0) break;
        if (got < 0 && errno != EINTR) return -1;
        if (got > 0) size += (size_t)got;
    }
    return (ssize_t)size;
}

/* The size that fstat says is only a first guess: pipes have none, and files may grow. */
static bool read_all(int fd, size_t guess, char **data, size_t *size) {
    size_t room = guess + 1;
    for (*data = NULL, *size = 0;; room *= 2) {
        char *larger = realloc(*data, room + 1);
        if (!larger) return false;
        *data = larger;
        ssize_t got = read_up_to(fd, *data + *size, room - *size);
        if (got < 0) return false;
        *size += (size_t)got;
        if (*size < room) break;
    }
    (*data)[*size] = '\0';
    return true;
}

bool file_read(const char *path, char **data, size_t *size, Error *err) {
    *data = NULL;
    int fd = open_again(path, O_RDONLY);
    if (fd < 0) return fail_because(err, path, "cannot read");
    struct stat info;
    if (fstat(fd, &info) != 0) info.st_size = 0;
    Error memory = {0};
    bool fits = info.st_size <= 0 || memory_check((size_t)info.st_size, &memory);
    bool ok = fits && read_all(fd, info.st_size > 0 ? (size_t)info.st_size : 4096, data, size);
    int reason = errno;
    close(fd);
    if (ok) return true;
    free(*data);
    *data = NULL;
    errno = reason;
    if (fits) return fail_because(err, path, "cannot read");
    error_prefix(&memory, "%s: ", path);
    error_move(err, &memory);
    return false;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

static bool write_all(int fd, const char *data, size_t size) {
    while (size > 0) {
        ssize_t written = write(fd, data, size);
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) data += written, size -= (size_t)written;
    }
    return true;
}

static bool write_file(const char *path, const FilePart *parts, int count, bool sync) {
    int fd = open_again(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0) return false;
    bool ok = true;
    for (int i = 0; ok && i < count; i++) ok = write_all(fd, parts[i].data, parts[i].size);
    ok = ok && (!sync || fsync(fd) == 0);
    int reason = errno;
    bool closed = close(fd) == 0;
    if (!ok) errno = reason;
    return ok && closed;
}

/* Makes a rename last. File systems that cannot sync a directory say EINVAL. */
static bool sync_directory(const char *path) {
    char directory[PATH_BYTES];
    path_directory(directory, path);
    int fd = open_again(directory, O_RDONLY | O_DIRECTORY);
    if (fd < 0) return false;
    bool ok = fsync(fd) == 0 || errno == EINVAL;
    int reason = errno;
    close(fd);
    errno = reason;
    return ok;
}

bool file_is_special(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

bool file_write_parts(const char *path, const FilePart *parts, int count, bool sync, Error *err) {
    char temporary[PATH_BYTES];
    if (file_is_special(path))
        return write_file(path, parts, count, false) || fail_because(err, path, "cannot write");
    int length = snprintf(temporary, sizeof temporary, "%s.tmp", path);
    if (length >= PATH_BYTES) return fail(err, "%s: cannot write: File name too long", path);
    if (!write_file(temporary, parts, count, sync) || rename(temporary, path) != 0) {
        fail_because(err, path, "cannot write");
        unlink(temporary);
        return false;
    }
    return !sync || sync_directory(path) || fail_because(err, path, "cannot write");
}

bool file_same(const char *a, const char *b) {
    struct stat first, second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

bool file_sync(const char *path, Error *err) {
    int fd = open_again(path, O_RDONLY);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok) fail_because(err, path, "cannot write");
    if (fd >= 0) close(fd);
    return ok && (sync_directory(path) || fail_because(err, path, "cannot write"));
}

bool file_write_atomic(const char *path, const void *data, size_t size, Error *err) {
    return file_write_parts(path, &(FilePart){data, size}, 1, true, err);
}

bool file_exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

bool file_rename(const char *from, const char *to, Error *err) {
    if (rename(from, to) == 0) return true;
    return fail(err, "%s: cannot rename to %s: %s", from, to, strerror(errno));
}

bool file_remove(const char *path, Error *err) {
    if (unlink(path) == 0 || errno == ENOENT) return true;
    return fail_because(err, path, "cannot remove");
}

/* ---- directories ------------------------------------------------------------------------------------- */

static bool is_directory(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool directory_create(const char *path, Error *err) {
    char part[PATH_BYTES];
    size_t length = strlen(path);
    if (length >= sizeof part) return fail(err, "%s: cannot create the directory: File name too long", path);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0') continue;
        snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (mkdir(part, 0777) == 0 || (errno == EEXIST && is_directory(part))) continue;
        return fail_because(err, part, "cannot create the directory");
    }
    return true;
}

bool directory_state(const char *path, bool *exists, bool *empty, Error *err) {
    *exists = false, *empty = true;
    DIR *directory = opendir(path);
    if (!directory) return errno == ENOENT || fail_because(err, path, "cannot open the directory");
    *exists = true;
    for (const struct dirent *entry; *empty && (entry = readdir(directory));)
        *empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                 strcmp(entry->d_name, DIRECTORY_LOCK_FILE) == 0;
    closedir(directory);
    return true;
}

/* ---- locks ------------------------------------------------------------------------------------------- */

/* Whether the lock's name still leads to the file behind `fd`: its last holder may have removed it meanwhile. Opening
 * the directory makes an NFS client ask the server how it stands (nfs(5), close-to-open consistency). */
static bool is_current(const char *directory, int fd) {
    struct stat held, named;
    int at = open_again(directory, O_RDONLY | O_DIRECTORY);
    bool same = at >= 0 && fstat(fd, &held) == 0 &&
                fstatat(at, DIRECTORY_LOCK_FILE, &named, AT_SYMLINK_NOFOLLOW) == 0 && held.st_dev == named.st_dev &&
                held.st_ino == named.st_ino;
    if (at >= 0) close(at);
    return same;
}

/* A file that is locked but no longer the lock is let go, and the one in its place tried. */
static LockResult try_lock(const char *directory, const char *name, int *fd) {
    enum { MOST_ATTEMPTS = 1000 };
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        *fd = open_again(name, O_RDWR | O_CREAT | O_NOFOLLOW);
        if (*fd < 0) return errno == ENOENT ? LOCK_NO_DIRECTORY : LOCK_FAILED;
        bool locked = flock(*fd, LOCK_EX | LOCK_NB) == 0;
        int reason = errno;
        if (locked && is_current(directory, *fd)) return LOCK_HELD;
        close(*fd);
        errno = reason;
        if (!locked && reason != ESTALE && reason != EINTR) break;
    }
    *fd = -1;
    return errno == EWOULDBLOCK ? LOCK_BUSY : LOCK_FAILED;
}

LockResult directory_lock(const char *path, double patience, int *fd, Error *err) {
    const struct timespec pause = {.tv_nsec = 1000000};
    double until = clock_seconds() + patience;
    char name[PATH_BYTES];
    LockResult result;
    *fd = -1;
    if (!path_join(name, path, DIRECTORY_LOCK_FILE, err)) return LOCK_FAILED;
    while ((result = try_lock(path, name, fd)) == LOCK_BUSY && clock_seconds() < until) nanosleep(&pause, NULL);
    if (result == LOCK_BUSY)
        fail(err, "%s: locked by another process; wait until it ends, or choose another directory", path);
    else if (result == LOCK_NO_DIRECTORY) fail_because(err, path, "cannot open the directory");
    else if (result == LOCK_FAILED) fail_because(err, path, "cannot lock the directory");
    return result;
}

void directory_unlock(const char *path, int fd) {
    char name[PATH_BYTES];
    Error ignored = {0};
    if (path_join(name, path, DIRECTORY_LOCK_FILE, &ignored)) unlink(name); /* while it is held: nobody else's */
    close(fd);
}

bool directory_is_locked(const char *path) {
    char name[PATH_BYTES];
    Error ignored = {0};
    int fd = path_join(name, path, DIRECTORY_LOCK_FILE, &ignored) ? open_again(name, O_RDONLY | O_NOFOLLOW) : -1;
    if (fd < 0) return false;
    bool locked = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return locked;
}

/* ---- paths ------------------------------------------------------------------------------------------- */

bool path_join(char *out, const char *directory, const char *name, Error *err) {
    size_t length = strlen(directory);
    bool alone = name[0] == '/' || length == 0, slash = !alone && directory[length - 1] != '/';
    int written = snprintf(out, PATH_BYTES, "%s%s%s", alone ? "" : directory, slash ? "/" : "", name);
    return written < PATH_BYTES || fail(err, "%s: path of more than %d bytes", name, PATH_BYTES - 1);
}

bool path_absolute(char *out, const char *path, Error *err) {
    char here[PATH_BYTES] = "", joined[PATH_BYTES];
    if (path[0] != '/' && !getcwd(here, sizeof here)) return fail_because(err, path, "no working directory");
    if (!path_join(joined, here, path, err)) return false;
    size_t used = 0; /* of out, which holds "/part" again and again */
    for (const char *at = joined; *at;) {
        size_t length = strcspn(at, "/");
        if (length == 2 && at[0] == '.' && at[1] == '.') {
            while (used > 0 && out[--used] != '/') {
            }
        } else if (length > 0 && !(length == 1 && at[0] == '.')) {
            out[used++] = '/';
            memcpy(out + used, at, length);
            used += length;
        }
        at += length + (at[length] == '/');
    }
    if (used == 0) out[used++] = '/';
    out[used] = '\0';
    return true;
}

void path_directory(char *out, const char *path) {
    const char *slash = strrchr(path, '/');
    int length = slash == path ? 1 : slash ? (int)(slash - path) : 0;
    snprintf(out, PATH_BYTES, "%.*s", length, path);
    if (!slash) memcpy(out, ".", 2);
}

void path_stem(char *out, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    snprintf(out, PATH_BYTES, "%.*s", (int)length, name);
}
