/* safetensors: see safetensors.h. */
#include "base/safetensors.h"

#include "base/file.h"
#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8, CHECKSUM_BYTES = 8, MOST_HEADER = 100 * 1000 * 1000 };

static const struct {
    const char *name;
    size_t bytes;
} types[] = {
    [TENSOR_F32] = {"F32", 4}, [TENSOR_F64] = {"F64", 8}, [TENSOR_I64] = {"I64", 8}, [TENSOR_U8] = {"U8", 1}};

size_t tensor_count(const Tensor *tensor) {
    size_t count = 1;
    for (int i = 0; i < tensor->dimensions; i++) count *= tensor->shape[i];
    return count;
}

size_t tensor_bytes(const Tensor *tensor) { return tensor_count(tensor) * types[tensor->type].bytes; }

static void put_u64(unsigned char *out, uint64_t value) {
    for (int i = 0; i < 8; i++) out[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t get_u64(const unsigned char *in) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value |= (uint64_t)in[i] << 8 * i;
    return value;
}

/* FNV-1a, 64 bit. Start with FNV_START. */
#define FNV_START UINT64_C(0xcbf29ce484222325)
static uint64_t fnv1a(uint64_t hash, const void *data, size_t size) {
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

/* Describes the tensor in the header, and moves *offset behind it. */
static void describe_tensor(Json *header, const Tensor *tensor, size_t *offset) {
    assert(!json_get(header, tensor->name));
    Json *entry = json_new_object(), *shape = json_new_array(), *offsets = json_new_array();
    for (int i = 0; i < tensor->dimensions; i++) json_append(shape, json_new_number((double)tensor->shape[i]));
    json_append(offsets, json_new_number((double)*offset));
    *offset += tensor_bytes(tensor);
    json_append(offsets, json_new_number((double)*offset));
    json_set(entry, "dtype", json_new_text(types[tensor->type].name));
    json_set(entry, "shape", shape);
    json_set(entry, "data_offsets", offsets);
    json_set(header, tensor->name, entry);
}

static Json *describe_metadata(const Metadata *metadata, int count) {
    Json *object = json_new_object();
    for (int i = 0; i < count; i++) json_set(object, metadata[i].key, json_new_text(metadata[i].text));
    return object;
}

/* The length and the header, padded with spaces; the caller frees it. */
static unsigned char *print_header(const Json *header, size_t *size) {
    char *text = json_print(header, false);
    size_t length = strlen(text), padded = (length + 7) / 8 * 8;
    unsigned char *out = malloc(LENGTH_BYTES + padded);
    if (out) {
        put_u64(out, padded);
        memcpy(out + LENGTH_BYTES, text, length);
        memset(out + LENGTH_BYTES + length, ' ', padded - length);
    }
    free(text);
    *size = LENGTH_BYTES + padded;
    return out;
}

bool safetensors_write(const char *path, const Tensor *tensors, int count, const Metadata *metadata,
                       int metadata_count, int flags, Error *err) {
    bool checksum = flags & SAFETENSORS_CHECKSUM, sync = flags & SAFETENSORS_SYNC;
    static const Tensor checksum_tensor = {"checksum", TENSOR_U8, 1, {CHECKSUM_BYTES}, NULL};
    Json *header = json_new_object();
    size_t offset = 0, header_size;
    if (metadata_count) json_set(header, "__metadata__", describe_metadata(metadata, metadata_count));
    for (int i = 0; i < count; i++) describe_tensor(header, &tensors[i], &offset);
    if (checksum) describe_tensor(header, &checksum_tensor, &offset);
    unsigned char *head = print_header(header, &header_size), sum[CHECKSUM_BYTES];
    FilePart *parts = malloc(((size_t)count + 2) * sizeof *parts);
    bool ok = head && parts;
    if (ok) {
        parts[0] = (FilePart){head, header_size};
        for (int i = 0; i < count; i++) parts[i + 1] = (FilePart){tensors[i].data, tensor_bytes(&tensors[i])};
        uint64_t hash = FNV_START;
        for (int i = 0; checksum && i <= count; i++) hash = fnv1a(hash, parts[i].data, parts[i].size);
        put_u64(sum, hash);
        parts[count + 1] = (FilePart){sum, CHECKSUM_BYTES};
        ok = file_write_parts(path, parts, count + 1 + checksum, sync, err);
    } else {
        fail(err, "%s: not enough memory for the header", path);
    }
    free(parts);
    free(head);
    json_free(header);
    return ok;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

/* A whole number of at least 0 that a double holds exactly. */
static bool read_size(const Json *json, size_t *size) {
    if (!json || json_type(json) != JSON_NUMBER) return false;
    double value = json_number(json);
    if (!(value >= 0 && value <= 0x1p53) || value != floor(value)) return false;
    *size = (size_t)value;
    return true;
}

static bool read_type(const Json *entry, Tensor *tensor, Error *err) {
    const Json *type = json_get(entry, "dtype");
    if (!type || json_type(type) != JSON_TEXT) return fail(err, "no dtype");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        tensor->type = (TensorType)i;
        if (strcmp(json_text(type), types[i].name) == 0) return true;
    }
    return fail(err, "dtype '%.40s' cannot be read; convert it to F32, F64, I64 or U8", json_text(type));
}

/* Sets the shape and the bytes that it takes. */
static bool read_shape(const Json *entry, Tensor *tensor, size_t *bytes, Error *err) {
    const Json *shape = json_get(entry, "shape");
    if (!shape || json_type(shape) != JSON_ARRAY) return fail(err, "no shape");
    *bytes = types[tensor->type].bytes;
    for (const Json *item = json_first(shape); item; item = json_next(item)) {
        if (tensor->dimensions == TENSOR_DIMENSIONS) return fail(err, "more than %d dimensions", TENSOR_DIMENSIONS);
        size_t *length = &tensor->shape[tensor->dimensions++];
        if (!read_size(item, length) || __builtin_mul_overflow(*bytes, *length, bytes))
            return fail(err, "shape is not of whole numbers within reason");
    }
    return true;
}

/* Sets tensor->data inside data[0 … size). */
static bool read_offsets(const Json *entry, const unsigned char *data, size_t size, size_t bytes, Tensor *tensor,
                         Error *err) {
    const Json *offsets = json_get(entry, "data_offsets");
    size_t begin, end;
    if (!offsets || json_type(offsets) != JSON_ARRAY || json_count(offsets) != 2 ||
        !read_size(json_at(offsets, 0), &begin) || !read_size(json_at(offsets, 1), &end))
        return fail(err, "data_offsets are not two whole numbers");
    if (begin > end || end > size)
        return fail(err, "data_offsets [%zu, %zu] lie outside of the %zu bytes of data", begin, end, size);
    if (end - begin != bytes)
        return fail(err, "data_offsets have %zu bytes where its shape has %zu", end - begin, bytes);
    tensor->data = data + begin;
    return true;
}

static bool read_tensor(const Json *entry, const unsigned char *data, size_t size, Tensor *tensor, Error *err) {
    size_t bytes = 0;
    if (strlen(json_key(entry)) >= sizeof tensor->name)
        return fail(err, "name of more than %zu bytes", sizeof tensor->name - 1);
    strcpy(tensor->name, json_key(entry));
    if (json_type(entry) != JSON_OBJECT) return fail(err, "described by %s, not by an object", json_type_name(entry));
    return read_type(entry, tensor, err) && read_shape(entry, tensor, &bytes, err) &&
           read_offsets(entry, data, size, bytes, tensor, err);
}

static bool read_metadata(const Json *object, Safetensors *file, Error *err) {
    if (json_type(object) != JSON_OBJECT)
        return fail(err, "__metadata__ is %s, not an object", json_type_name(object));
    file->meta = calloc((size_t)json_count(object) + 1, sizeof *file->meta);
    if (!file->meta) return fail(err, "not enough memory for the metadata");
    for (const Json *item = json_first(object); item; item = json_next(item)) {
        if (json_type(item) != JSON_TEXT)
            return fail(err, "__metadata__.%.80s is %s, not a text", json_key(item), json_type_name(item));
        file->meta[file->metadata++] = (Metadata){json_key(item), json_text(item)};
    }
    return true;
}

static int compare_places(const void *a, const void *b) {
    const Tensor *x = a, *y = b;
    if (x->data != y->data) return (const char *)x->data < (const char *)y->data ? -1 : 1;
    return tensor_bytes(x) > tensor_bytes(y) ? 1 : -(tensor_bytes(x) < tensor_bytes(y));
}

/* Sorts the tensors by place, and checks that each begins where the one before it ends. */
static bool check_places(Safetensors *file, const unsigned char *data, size_t size, Error *err) {
    qsort(file->tensor, (size_t)file->tensors, sizeof *file->tensor, compare_places);
    const unsigned char *end = data;
    for (int i = 0; i < file->tensors; i++) {
        const Tensor *tensor = &file->tensor[i];
        if ((const unsigned char *)tensor->data != end)
            return fail(err, "tensor '%s': %s", tensor->name,
                        (const unsigned char *)tensor->data > end ? "a hole in the data before it"
                                                                  : "overlaps another tensor");
        end += tensor_bytes(tensor);
    }
    if (end == data + size) return true;
    return fail(err, "%zu bytes of data belong to no tensor", (size_t)(data + size - end));
}

static bool read_header(Safetensors *file, const unsigned char *data, size_t size, Error *err) {
    const Json *header = file->header;
    if (json_type(header) != JSON_OBJECT) return fail(err, "header is %s, not an object", json_type_name(header));
    file->tensor = calloc((size_t)json_count(header) + 1, sizeof *file->tensor);
    if (!file->tensor) return fail(err, "not enough memory for %d tensors", json_count(header));
    for (const Json *entry = json_first(header); entry; entry = json_next(entry)) {
        if (strcmp(json_key(entry), "__metadata__") == 0) {
            if (!read_metadata(entry, file, err)) return false;
        } else if (!read_tensor(entry, data, size, &file->tensor[file->tensors++], err)) {
            return error_prefix(err, "tensor '%.80s': ", json_key(entry));
        }
    }
    return check_places(file, data, size, err);
}

static bool check_sum(const Safetensors *file, Error *err) {
    const Tensor *last = file->tensors ? &file->tensor[file->tensors - 1] : NULL;
    if (!last || strcmp(last->name, "checksum") != 0 || last->type != TENSOR_U8 ||
        tensor_bytes(last) != CHECKSUM_BYTES)
        return fail(err, "does not end with a checksum; it is cut, or no checkpoint");
    size_t before = (size_t)((const char *)last->data - (const char *)file->buffer);
    if (get_u64(last->data) == fnv1a(FNV_START, file->buffer, before)) return true;
    return fail(err, "checksum is wrong: the file is damaged");
}

/* Checks file->buffer[0 … size) and fills in the rest. */
static bool parse(Safetensors *file, size_t size, bool checksum, Error *err) {
    const unsigned char *bytes = file->buffer;
    if (size < LENGTH_BYTES) return fail(err, "no safetensors file: it has only %zu bytes", size);
    uint64_t length = get_u64(bytes);
    if (length > size - LENGTH_BYTES || length > MOST_HEADER)
        return fail(err, "no safetensors file, or cut: header of %llu bytes in a file of %zu",
                    (unsigned long long)length, size);
    size_t start = LENGTH_BYTES + (size_t)length;
    file->header = json_parse((const char *)bytes + LENGTH_BYTES, (size_t)length, err);
    if (!file->header) return error_prefix(err, "header: ");
    return read_header(file, bytes + start, size - start, err) && (!checksum || check_sum(file, err));
}

bool safetensors_read(const char *path, bool checksum, Safetensors *out, Error *err) {
    *out = (Safetensors){0};
    size_t size;
    char *buffer;
    if (!file_read(path, &buffer, &size, err)) return false;
    out->buffer = buffer;
    Error own = {0};
    if (parse(out, size, checksum, &own)) return true;
    error_prefix(&own, "%s: ", path);
    error_move(err, &own);
    safetensors_free(out);
    return false;
}

void safetensors_free(Safetensors *file) {
    free(file->tensor);
    free(file->meta);
    free(file->buffer);
    if (file->header) json_free(file->header);
    *file = (Safetensors){0};
}

/* ---- looking ----------------------------------------------------------------------------------------- */

const Tensor *safetensors_find(const Safetensors *file, const char *name) {
    for (int i = 0; i < file->tensors; i++)
        if (strcmp(file->tensor[i].name, name) == 0) return &file->tensor[i];
    return NULL;
}

const char *safetensors_meta(const Safetensors *file, const char *key) {
    for (int i = 0; i < file->metadata; i++)
        if (strcmp(file->meta[i].key, key) == 0) return file->meta[i].text;
    return NULL;
}

const Tensor *safetensors_need(const Safetensors *file, const char *name, TensorType type, size_t count, Error *err) {
    const Tensor *tensor = safetensors_find(file, name);
    if (!tensor) {
        fail(err, "tensor '%s' is missing", name);
    } else if (tensor->type != type) {
        fail(err, "tensor '%s' is of type %s; expected %s", name, types[tensor->type].name, types[type].name);
        tensor = NULL;
    } else if (tensor_count(tensor) != count) {
        fail(err, "tensor '%s' has %zu elements; expected %zu", name, tensor_count(tensor), count);
        tensor = NULL;
    }
    return tensor;
}
