/* out_file: a file that a user has asked for. It appears whole or not at all: written under a name of its own beside its
 * place, and moved there at the end. A link keeps pointing to it; a device or a pipe is written to as it stands. */
#ifndef NNEXP_BASE_OUT_FILE_H
#define NNEXP_BASE_OUT_FILE_H

#include "base/file.h"

#include <stdio.h>

typedef struct OutFile {
    FILE *file;
    const char *path;           /* as asked for; NULL: standard output */
    char target[PATH_BYTES];    /* what it links to, or itself */
    char temporary[PATH_BYTES]; /* the file until it is whole; "": written in its place */
} OutFile;

/* `path` must outlive it; NULL is standard output. */
bool out_file_open(OutFile *out, const char *path, Error *err);
/* Closes it and, with `whole`, gives it its name; else removes it. */
bool out_file_close(OutFile *out, bool whole, Error *err);

#endif
