/* out_file: see out_file.h. */
#include "base/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot(const OutFile *out, Error *err) {
    return fail(err, "%s: cannot write: %s", out->path, strerror(errno));
}

/* The permissions of the file that is replaced, or those of one made in the usual way; mkstemp's are narrower. */
static mode_t mode_of(const char *target) {
    struct stat info;
    if (stat(target, &info) == 0) return info.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool find_target(OutFile *out, Error *err) {
    enum { SUFFIX = 8 };
    struct stat info;
    char *linked = lstat(out->path, &info) == 0 && S_ISLNK(info.st_mode) ? realpath(out->path, NULL) : NULL;
    const char *target = linked ? linked : out->path;
    size_t length = strlen(target);
    bool fits = length + SUFFIX < PATH_BYTES;
    if (fits) {
        memcpy(out->target, target, length + 1);
        memcpy(out->temporary, target, length);
        strcpy(out->temporary + length, ".XXXXXX");
    }
    free(linked);
    return fits || fail(err, "%.60s…: the path is too long", out->path);
}

static bool open_beside(OutFile *out, Error *err) {
    struct stat info;
    if (stat(out->target, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return cannot(out, err);
    }
    int fd = mkostemp(out->temporary, O_CLOEXEC);
    out->file = fd >= 0 && fchmod(fd, mode_of(out->target)) == 0 ? fdopen(fd, "w") : NULL;
    if (out->file) return true;
    cannot(out, err);
    if (fd >= 0) {
        close(fd);
        unlink(out->temporary);
    }
    return false;
}

bool out_file_open(OutFile *out, const char *path, Error *err) {
    *out = (OutFile){.file = stdout, .path = path};
    if (!path) return true;
    if (!file_is_special(path)) return find_target(out, err) && open_beside(out, err);
    out->file = fopen(path, "we");
    return out->file || cannot(out, err);
}

bool out_file_close(OutFile *out, bool whole, Error *err) {
    if (!out->path) return true; /* what went wrong on standard output is told at the end of the program */
    errno = 0;
    bool written = fflush(out->file) == 0 && !ferror(out->file);
    int reason = errno ? errno : EIO; /* an earlier failure has kept no reason */
    written = fclose(out->file) == 0 && written;
    if (whole && !written) {
        errno = reason;
        cannot(out, err);
    }
    if (!*out->temporary) return written || !whole;
    if (whole && written && file_sync(out->temporary, err) && file_rename(out->temporary, out->target, err))
        return true;
    Error ignored = {0};
    file_remove(out->temporary, &ignored);
    return !whole;
}
