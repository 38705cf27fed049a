/* source: the bytes of a plain file, a gzip file or standard input, from first to last. Knows no rows. Reads by
 * read() in big blocks: a mapped file that shrinks kills its reader, and its pages count as memory. */
#ifndef NNEXP_TABLE_SOURCE_H
#define NNEXP_TABLE_SOURCE_H

#include "base/error.h"

#include <stdint.h>

typedef struct Source Source;

/* Opens a regular file, a FIFO, or standard input by the path "-". What begins with gzip's magic bytes is
 * decompressed. NULL on failure: an unreadable path, a directory, a device. */
Source *source_open(const char *path, Error *err);
void source_close(Source *source); /* NULL allowed */
/* The path, or "standard input": what messages begin with. Borrowed. */
const char *source_name(const Source *source);
/* Fills out[size]; *got < size at the end only. At the end fails on gzip data that are cut short or damaged
 * (CRC and length are checked), and on a regular file whose size or time of change is no longer what it was
 * when it was opened: what was read before is then worth nothing. */
bool source_read(Source *source, void *out, size_t size, size_t *got, Error *err);
/* Bytes of the file, compressed where it is so: *taken of them read; 0 where the size is not known. */
uint64_t source_size(const Source *source, uint64_t *taken);

#endif
