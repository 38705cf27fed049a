/* source: see source.h. */
#include "table/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { INPUT_BYTES = 1 << 16, GZIP_WINDOW = 15 + 16 }; /* 16: gzip's header and trailer, not zlib's */

struct Source {
    int file;           /* descriptor */
    bool regular;       /* `opened` is what the file must still be at the end */
    struct stat opened; /* fstat's answer at the beginning */
    uint64_t start;     /* offset of the first byte: standard input may begin further on */
    uint64_t taken;     /* bytes read from the descriptor */
    bool drained;       /* the descriptor has no more */
    bool gzip;
    bool inside;          /* a gzip member, which has not ended yet */
    z_stream stream;      /* next_in and avail_in serve plain files too: what is left of `input` */
    char *name;           /* owned */
    unsigned char *input; /* [INPUT_BYTES] */
};

/* ---- the descriptor ---------------------------------------------------------------------------------- */

/* Reads until `size` bytes are there or the end. */
static bool read_all(Source *source, void *out, size_t size, size_t *got, Error *err) {
    *got = 0;
    while (*got < size && !source->drained) {
        ssize_t count = read(source->file, (char *)out + *got, size - *got);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(err, "%s: cannot read: %s", source->name, strerror(errno));
        if (count == 0) source->drained = true;
        *got += (size_t)count;
        source->taken += (uint64_t)count;
    }
    return true;
}

static bool refill(Source *source, Error *err) {
    size_t got;
    if (!read_all(source, source->input, INPUT_BYTES, &got, err)) return false;
    source->stream.next_in = source->input;
    source->stream.avail_in = (uInt)got;
    return true;
}

/* Files of /proc have size 0 and bytes all the same. */
static bool check_unchanged(const Source *source, Error *err) {
    struct stat now;
    const struct stat *then = &source->opened;
    if (!source->regular || fstat(source->file, &now) != 0) return true;
    uint64_t size = (uint64_t)then->st_size > source->start ? (uint64_t)then->st_size - source->start : 0;
    bool same = now.st_size == then->st_size && now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
                now.st_mtim.tv_nsec == then->st_mtim.tv_nsec && (size == 0 || source->taken == size);
    if (same) return true;
    return fail(
        err, "%s: changed while it was read (%llu bytes when opened, %llu read); run again when nobody writes to it",
        source->name, (unsigned long long)size, (unsigned long long)source->taken);
}

/* ---- opening ----------------------------------------------------------------------------------------- */

/* Without O_NONBLOCK the opening of a device may hang; a FIFO opened with it seems empty before its writer comes. */
static int open_path(const char *path) {
    struct stat status;
    if (strcmp(path, "-") == 0) return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    bool fifo = stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
    return open(path, O_RDONLY | O_CLOEXEC | (fifo ? 0 : O_NONBLOCK));
}

static bool open_file(Source *source, const char *path, Error *err) {
    bool standard = strcmp(path, "-") == 0;
    source->file = open_path(path);
    if (source->file < 0 || fstat(source->file, &source->opened) != 0)
        return fail(err, "%s: cannot read: %s", source->name, strerror(errno));
    mode_t mode = source->opened.st_mode;
    source->regular = S_ISREG(mode);
    if (!source->regular && !S_ISFIFO(mode) && !(standard && !S_ISDIR(mode)))
        return fail(err, "%s: not a regular file; give the path of a CSV file", source->name);
    off_t start = source->regular ? lseek(source->file, 0, SEEK_CUR) : 0;
    source->start = start > 0 ? (uint64_t)start : 0;
    return true;
}

static bool begin(Source *source, Error *err) {
    static const unsigned char magic[] = {0x1f, 0x8b};
    if (!refill(source, err)) return false;
    source->gzip = source->stream.avail_in >= sizeof magic && memcmp(source->input, magic, sizeof magic) == 0;
    source->inside = source->gzip;
    if (!source->gzip || inflateInit2(&source->stream, GZIP_WINDOW) == Z_OK) return true;
    source->gzip = false;
    return fail(err, "%s: needs more memory than the system gives", source->name);
}

Source *source_open(const char *path, Error *err) {
    Source *source = calloc(1, sizeof *source);
    bool done = source != NULL;
    if (done) {
        source->file = -1;
        source->name = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
        source->input = malloc(INPUT_BYTES);
        done = source->name && source->input;
    }
    if (!done) fail(err, "%s: needs more memory than the system gives", path);
    if (done && open_file(source, path, err) && begin(source, err)) return source;
    source_close(source);
    return NULL;
}

void source_close(Source *source) {
    if (!source) return;
    if (source->gzip) inflateEnd(&source->stream);
    if (source->file >= 0) close(source->file);
    free(source->name);
    free(source->input);
    free(source);
}

const char *source_name(const Source *source) { return source->name; }

uint64_t source_size(const Source *source, uint64_t *taken) {
    *taken = source->taken - source->stream.avail_in;
    uint64_t size = source->regular ? (uint64_t)source->opened.st_size : 0;
    return size > source->start ? size - source->start : 0;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static bool read_plain(Source *source, unsigned char *out, size_t size, size_t *got, Error *err) {
    size_t first = size < source->stream.avail_in ? size : source->stream.avail_in;
    memcpy(out, source->stream.next_in, first);
    source->stream.next_in += first;
    source->stream.avail_in -= (uInt)first;
    if (!read_all(source, out + first, size - first, got, err)) return false;
    *got += first;
    return true;
}

/* Members may follow one another, and zeros the last of them (tapes are padded so). */
static void next_member(Source *source) {
    z_stream *stream = &source->stream;
    while (stream->avail_in > 0 && *stream->next_in == 0) stream->next_in++, stream->avail_in--;
    if (stream->avail_in == 0) return;
    inflateReset(stream);
    source->inside = true;
}

static bool inflate_some(Source *source, Error *err) {
    z_stream *stream = &source->stream;
    int status = inflate(stream, Z_NO_FLUSH);
    if (status == Z_STREAM_END) source->inside = false;
    else if (status == Z_MEM_ERROR) return fail(err, "%s: needs more memory than the system gives", source->name);
    else if (status != Z_OK && status != Z_BUF_ERROR)
        return fail(err, "%s: gzip data damaged (%s); copy or download the file again", source->name,
                    stream->msg ? stream->msg : "no data");
    return true;
}

static bool read_gzip(Source *source, unsigned char *out, size_t size, size_t *got, Error *err) {
    z_stream *stream = &source->stream;
    stream->next_out = out;
    stream->avail_out = (uInt)size;
    while (stream->avail_out > 0) {
        if (stream->avail_in == 0 && !source->drained && !refill(source, err)) return false;
        if (!source->inside) next_member(source);
        if (stream->avail_in == 0 && source->drained) break;
        if (source->inside && !inflate_some(source, err)) return false;
    }
    *got = size - stream->avail_out;
    if (*got == size || !source->inside) return true;
    return fail(err, "%s: gzip data cut short; copy or download the file again", source->name);
}

bool source_read(Source *source, void *out, size_t size, size_t *got, Error *err) {
    enum { MOST = 1 << 30 }; /* zlib counts in 32 bits, read() hardly in more */
    *got = 0;
    while (*got < size) {
        size_t part = size - *got < MOST ? size - *got : MOST, count = 0;
        unsigned char *to = (unsigned char *)out + *got;
        if (!(source->gzip ? read_gzip : read_plain)(source, to, part, &count, err)) return false;
        *got += count;
        if (count < part) return check_unchanged(source, err);
    }
    return true;
}
