/* whole: see whole.h. */
#include "search/whole.h"

#include "base/file.h"
#include "experiment/run_directory.h"
#include "observe/writer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- one file ---------------------------------------------------------------------------------------------- */

/* Opens a regular file; *size: its bytes. NULL where there is none. */
static FILE *open_file(const char *directory, const char *name, size_t *size) {
    char path[PATH_BYTES];
    struct stat info;
    Error ignored = {0};
    FILE *file = path_join(path, directory, name, &ignored) ? fopen(path, "rb") : NULL;
    if (file && fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode)) {
        *size = (size_t)info.st_size;
        return file;
    }
    if (file) fclose(file);
    return NULL;
}

/* Reads [from, from + size) into out[size + 1], as a text. */
static bool read_part(FILE *file, size_t from, size_t size, char *out) {
    out[size] = '\0';
    return fseek(file, (long)from, SEEK_SET) == 0 && fread(out, 1, size, file) == size;
}

/* ---- kinds of file ----------------------------------------------------------------------------------------- */

/* Where the file's last row begins, in the copy of its end; NULL where that is not the end of a row. */
enum { TAIL_BYTES = 4096 };
static const char *last_row(FILE *file, size_t size, char *tail /* [TAIL_BYTES + 1] */) {
    size_t length = size < TAIL_BYTES ? size : TAIL_BYTES;
    if (length == 0 || !read_part(file, size - length, length, tail) || tail[length - 1] != '\n') return NULL;
    tail[length - 1] = '\0';
    const char *row = strrchr(tail, '\n');
    return row ? row + 1 : tail;
}

static bool text_ends(FILE *file, size_t size) {
    char tail[TAIL_BYTES + 1];
    return last_row(file, size, tail) != NULL;
}

/* Whether the last row is of that epoch, which its cell `column` tells. */
static bool log_ends(FILE *file, size_t size, int column, int64_t epoch) {
    char tail[TAIL_BYTES + 1], *end;
    const char *row = last_row(file, size, tail);
    while (row && column-- > 0) row = (row = strchr(row, ',')) ? row + 1 : NULL;
    return row && strtoll(row, &end, 10) == epoch && end > row && *end == ',';
}

/* The end of the data as the header of a safetensors file has it: that of its last tensor. */
static bool read_data_end(const char *header, size_t *end) {
    static const char key[] = "\"data_offsets\":";
    const char *last = NULL;
    long long from, to;
    for (const char *at = header; (at = strstr(at, key)); at += strlen(key)) last = at;
    if (!last || sscanf(last + strlen(key), " [ %lld , %lld ]", &from, &to) != 2) return false;
    *end = (size_t)to;
    return true;
}

static bool tensors_end(FILE *file, size_t size) {
    enum { LENGTH_BYTES = 8 };
    char start[LENGTH_BYTES + 1], *header;
    size_t length = 0, end;
    if (size < LENGTH_BYTES || !read_part(file, 0, LENGTH_BYTES, start)) return false;
    for (int i = LENGTH_BYTES; i-- > 0;) length = length << 8 | (unsigned char)start[i];
    if (length > size - LENGTH_BYTES || !(header = malloc(length + 1))) return false;
    bool whole = read_part(file, LENGTH_BYTES, length, header) && read_data_end(header, &end) &&
                 size == LENGTH_BYTES + length + end;
    free(header);
    return whole;
}

/* ---- a directory ------------------------------------------------------------------------------------------- */

static bool file_ends(const char *directory, const char *name, bool (*ends)(FILE *, size_t)) {
    size_t size;
    FILE *file = open_file(directory, name, &size);
    bool whole = !file || ends(file, size);
    if (file) fclose(file);
    return whole;
}

static bool log_is_whole(const char *directory, LogFile log, int64_t epochs) {
    size_t size;
    FILE *file = open_file(directory, log_file_name[log], &size);
    bool whole = !file || log_ends(file, size, log_epoch_column[log], epochs);
    if (file) fclose(file);
    return whole;
}

const char *whole_damaged(const char *directory, int64_t epochs) {
    static const struct {
        RunFile file;
        bool (*ends)(FILE *, size_t);
    } files[] = {{RUN_CONFIG, text_ends},
                 {RUN_PREPROCESS, text_ends},
                 {RUN_MODEL, tensors_end},
                 {RUN_BEST, tensors_end},
                 {RUN_FINAL, tensors_end}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const char *name = run_file_name[files[i].file];
        if (!file_ends(directory, name, files[i].ends)) return name;
    }
    for (int f = 0; epochs >= 0 && f < LOG_FILES; f++)
        if (!log_is_whole(directory, (LogFile)f, epochs)) return log_file_name[f];
    return NULL;
}
