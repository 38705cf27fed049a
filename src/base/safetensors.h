/* safetensors: reading and writing of named tensors with text metadata, everything checked.
 * Format (huggingface/safetensors): u64 little-endian header length; JSON header padded with spaces to a
 * multiple of 8; a buffer without holes, offsets consecutive; `__metadata__` maps text to text; header at
 * most 100 MB; doubled keys refused. */
#ifndef NNEXP_BASE_SAFETENSORS_H
#define NNEXP_BASE_SAFETENSORS_H

#include "base/error.h"

#include <stdint.h>

enum { TENSOR_NAME_BYTES = 128, TENSOR_DIMENSIONS = 4 };

typedef enum TensorType { TENSOR_F32, TENSOR_F64, TENSOR_I64, TENSOR_U8 } TensorType;

typedef struct Tensor {
    char name[TENSOR_NAME_BYTES];
    TensorType type;
    int dimensions;
    size_t shape[TENSOR_DIMENSIONS];
    const void *data; /* read: in the file's buffer, at any alignment (memcpy it out); write: the caller's */
} Tensor;

typedef struct Metadata {
    const char *key, *text;
} Metadata;

/* A file read into memory: owns all it points at. Tensors stand in the order of their data. */
typedef struct Safetensors {
    int tensors, metadata;
    Tensor *tensor;
    Metadata *meta;
    void *buffer, *header; /* private */
} Safetensors;

size_t tensor_count(const Tensor *tensor); /* elements */
size_t tensor_bytes(const Tensor *tensor);

/* SYNC: onto the disk itself before the file takes the old one's place (file_write_parts). CHECKSUM: a last tensor
 * named `checksum` (U8, 8 bytes) holds a 64-bit FNV-1a hash of all bytes of the file before it. */
enum { SAFETENSORS_CHECKSUM = 1, SAFETENSORS_SYNC = 2 };

/* Writes atomically, tensors in the given order; `flags` are those above. */
bool safetensors_write(const char *path, const Tensor *tensors, int count, const Metadata *metadata,
                       int metadata_count, int flags, Error *err);

/* Reads and checks; with `checksum` the last tensor must be the right checksum. */
bool safetensors_read(const char *path, bool checksum, Safetensors *out, Error *err);
void safetensors_free(Safetensors *file);

/* The tensor of that name, or NULL. */
const Tensor *safetensors_find(const Safetensors *file, const char *name);
/* The metadata text of that key, or NULL. */
const char *safetensors_meta(const Safetensors *file, const char *key);
/* The tensor of that name, which must have that type and `count` elements in any shape; else an error naming
 * it. */
const Tensor *safetensors_need(const Safetensors *file, const char *name, TensorType type, size_t count, Error *err);

#endif
