/* image_file: see image_file.h. */
#include "image/image_file.h"

#include "base/file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    IDX_BYTES = 0x08, /* the type of its numbers: unsigned bytes */
    LONGEST_SIDE = 4096,
    CIFAR_SIDE = 32,
    CIFAR_CLASSES = 10,
    CIFAR_RECORD = 1 + CIFAR_SIDE * CIFAR_SIDE * 3
};

/* In the order of batches.meta.txt, which comes with the files. */
static const char *const cifar_names[CIFAR_CLASSES] = {"airplane", "automobile", "bird",  "cat",  "deer",
                                                       "dog",      "frog",       "horse", "ship", "truck"};

typedef struct Bytes {
    const char *path;
    char *data;
    size_t size;
} Bytes;

static bool read_bytes(const char *path, Bytes *out, Error *err) {
    *out = (Bytes){.path = path};
    if (!file_read(path, &out->data, &out->size, err)) return false;
    if (out->size == 0) return fail(err, "%s: is empty", path);
    if (out->size >= 2 && memcmp(out->data, "\x1f\x8b", 2) == 0)
        return fail(err, "%s: is compressed; unpack it first: gzip -d %s", path, path);
    return true;
}

static int byte_at(const Bytes *file, size_t i) { return (unsigned char)file->data[i]; }

/* Numbers of an IDX header are big-endian. */
static uint32_t u32_at(const Bytes *file, size_t i) {
    return (uint32_t)byte_at(file, i) << 24 | (uint32_t)byte_at(file, i + 1) << 16 |
           (uint32_t)byte_at(file, i + 2) << 8 | (uint32_t)byte_at(file, i + 3);
}

/* ---- IDX ------------------------------------------------------------------------------------------- */

/* Whether the file begins as IDX does. Whole CIFAR-10 records may: a black corner under label 0. */
static bool is_idx(const Bytes *file) {
    if (file->size < 4 || byte_at(file, 0) != 0 || byte_at(file, 1) != 0) return false;
    bool known = byte_at(file, 2) == IDX_BYTES && (byte_at(file, 3) == 1 || byte_at(file, 3) == 3);
    return known || file->size % CIFAR_RECORD != 0;
}

/* The header: zero, zero, type, how many lengths, the lengths. */
static bool check_header(const Bytes *file, int dimensions, const char *what, Error *err) {
    if (file->size < 4 || byte_at(file, 0) != 0 || byte_at(file, 1) != 0)
        return fail(err, "%s: is no IDX file: it does not begin with two zero bytes", file->path);
    if (byte_at(file, 2) != IDX_BYTES)
        return fail(err, "%s: holds numbers of type 0x%02x; %s are unsigned bytes, 0x08", file->path,
                    byte_at(file, 2), what);
    if (byte_at(file, 3) != dimensions)
        return fail(err, "%s: has %d dimensions, %s have %d; give the images first, then their labels", file->path,
                    byte_at(file, 3), what, dimensions);
    if (file->size < 4 + 4 * (size_t)dimensions) return fail(err, "%s: ends in its header", file->path);
    return true;
}

static bool check_size(const Bytes *file, const char *what, uint64_t expected, Error *err) {
    if (file->size == expected) return true;
    return fail(err, "%s: its %s take %" PRIu64 " bytes, it has %zu; it is %s", file->path, what, expected,
                file->size, file->size < expected ? "cut short" : "too long");
}

static bool idx_images(const Bytes *file, ImageFile *out, Error *err) {
    if (!check_header(file, 3, "images", err)) return false;
    uint32_t count = u32_at(file, 4), height = u32_at(file, 8), width = u32_at(file, 12);
    if (count == 0) return fail(err, "%s: holds no images", file->path);
    if (height < 1 || height > LONGEST_SIDE || width < 1 || width > LONGEST_SIDE)
        return fail(err, "%s: its images are %" PRIu32 " x %" PRIu32 " pixels; sides of 1 … %d can be read",
                    file->path, height, width, LONGEST_SIDE);
    if (!check_size(file, "images", 16 + (uint64_t)count * height * width, err)) return false;
    out->grid = (ImageShape){(int)height, (int)width, 1, IMAGE_HWC, 255};
    out->count = count;
    out->pixels = (const unsigned char *)file->data + 16;
    out->pixel_stride = (size_t)height * width;
    return true;
}

static bool idx_labels(const Bytes *file, const char *images, ImageFile *out, Error *err) {
    if (!check_header(file, 1, "labels", err)) return false;
    uint32_t count = u32_at(file, 4);
    if (!check_size(file, "labels", 8 + (uint64_t)count, err)) return false;
    if (count != out->count)
        return fail(err, "%s: %" PRIu32 " labels for the %zu images of %s", file->path, count, out->count, images);
    out->label = (const unsigned char *)file->data + 8;
    out->label_stride = 1;
    return true;
}

/* ---- CIFAR-10 -------------------------------------------------------------------------------------- */

static bool cifar(const Bytes *file, ImageFile *out, Error *err) {
    if (file->size % CIFAR_RECORD != 0)
        return fail(
            err,
            "%s: is neither IDX (which begins with two zero bytes) nor CIFAR-10: %zu bytes are %zu records of "
            "%d and %zu bytes more; is it cut short?",
            file->path, file->size, file->size / CIFAR_RECORD, CIFAR_RECORD, file->size % CIFAR_RECORD);
    out->grid = (ImageShape){CIFAR_SIDE, CIFAR_SIDE, 3, IMAGE_CHW, 255};
    out->count = file->size / CIFAR_RECORD;
    out->label = (const unsigned char *)file->data;
    out->pixels = out->label + 1;
    out->label_stride = out->pixel_stride = CIFAR_RECORD;
    out->names = cifar_names;
    for (size_t i = 0; i < out->count; i++)
        if (out->label[i * CIFAR_RECORD] >= CIFAR_CLASSES)
            return fail(err, "%s: record %zu: label %d is out of range; CIFAR-10 has 0 … 9", file->path, i + 1,
                        out->label[i * CIFAR_RECORD]);
    return true;
}

/* ---- both ------------------------------------------------------------------------------------------ */

bool image_file_read(const char *const *paths, int count, ImageFile *out, int *used, Error *err) {
    Bytes first, second;
    *out = (ImageFile){0};
    *used = 1;
    bool ok = read_bytes(paths[0], &first, err);
    out->owned[0] = first.data;
    if (ok && !is_idx(&first)) ok = cifar(&first, out, err);
    else if (ok && count < 2) ok = fail(err, "%s: its labels are in another file; name it next", first.path);
    else if (ok) {
        *used = 2;
        ok = idx_images(&first, out, err) && read_bytes(paths[1], &second, err);
        if (out->count > 0) out->owned[1] = second.data;
        ok = ok && idx_labels(&second, first.path, out, err);
    }
    if (!ok) image_file_free(out);
    return ok;
}

void image_file_free(ImageFile *images) {
    for (int i = 0; i < 2; i++) free(images->owned[i]);
    *images = (ImageFile){0};
}

void image_file_header(const ImageFile *images, FILE *out) {
    ImageShape grid = images->grid;
    grid.layout = IMAGE_HWC;
    pixel_write_names(&grid, out);
    fputs("label\n", out);
}

/* Decimal texts of all bytes, with a comma behind: printing each pixel anew takes most of the time otherwise. */
typedef struct Decimals {
    char text[256][4];
    unsigned char length[256];
} Decimals;

static void decimals_fill(Decimals *decimals) {
    for (int i = 0; i < 256; i++) {
        char text[8];
        decimals->length[i] = (unsigned char)snprintf(text, sizeof text, "%d,", i);
        memcpy(decimals->text[i], text, 4);
    }
}

/* from[column of the CSV] = the place of that byte among an image's pixels. */
static void hwc_order(const ImageShape *grid, size_t *from) {
    for (int row = 0; row < grid->height; row++)
        for (int column = 0; column < grid->width; column++)
            for (int channel = 0; channel < grid->channels; channel++)
                *from++ = (size_t)pixel_column(grid, row, column, channel);
}

static char *print_row(const ImageFile *images, size_t i, const size_t *from, const Decimals *decimals, char *at) {
    const unsigned char *pixels = images->pixels + i * images->pixel_stride;
    int label = images->label[i * images->label_stride], columns = (int)image_values(images->grid);
    for (int k = 0; k < columns; k++) {
        int value = pixels[from[k]];
        memcpy(at, decimals->text[value], 4); /* always 4 bytes: faster, and the next overwrite what is too much */
        at += decimals->length[value];
    }
    return at + (images->names ? sprintf(at, "%s\n", images->names[label]) : sprintf(at, "%d\n", label));
}

bool image_file_rows(const ImageFile *images, FILE *out, Error *err) {
    size_t columns = image_values(images->grid);
    size_t *from = malloc(columns * sizeof *from);
    char *line = malloc(4 * columns + 32);
    Decimals decimals;
    bool ok = from && line;
    if (ok) {
        hwc_order(&images->grid, from);
        decimals_fill(&decimals);
    }
    for (size_t i = 0; ok && i < images->count && !ferror(out); i++) {
        const char *end = print_row(images, i, from, &decimals, line);
        fwrite(line, 1, (size_t)(end - line), out);
    }
    free(from);
    free(line);
    return ok || fail(err, "a row of %zu pixels finds no memory", columns);
}
