/* image_file: the binary files that public image sets come in, read whole and checked, and written as CSV rows. Knows
 * two formats: IDX of unsigned bytes (MNIST and its kin: a file of images and one of labels; described at
 * yann.lecun.com/exdb/mnist) and the CIFAR-10 binary version (records of a label byte and 32 x 32 x 3 pixels; described
 * at cs.toronto.edu/~kriz/cifar.html). Unpacks nothing, fetches nothing. */
#ifndef NNEXP_IMAGE_IMAGE_FILE_H
#define NNEXP_IMAGE_IMAGE_FILE_H

#include "base/error.h"
#include "image/pixels.h"

/* `count` images: image i has its label at label[i * label_stride] and image_values(grid) bytes from
 * pixels[i * pixel_stride] on. Freed by image_file_free. */
typedef struct ImageFile {
    ImageShape grid;
    size_t count, label_stride, pixel_stride;
    const unsigned char *label, *pixels;
    const char *const *names; /* of labels 0 … 9; NULL: they are numbers */
    char *owned[2];
} ImageFile;

/* Reads what paths[0 … count) begins with: an IDX file of images and the one of its labels, or one CIFAR-10 file, by
 * its content; *used is how many paths that took, 2 or 1. All labels, sizes and counts are checked. Errors begin with
 * the path. */
bool image_file_read(const char *const *paths, int count, ImageFile *out, int *used, Error *err);
void image_file_free(ImageFile *images);

/* The line of column names: pixels as pixel_name has them, channels of a pixel together (hwc), then `label`. */
void image_file_header(const ImageFile *images, FILE *out);
/* A line an image. False when memory is out; errors of writing stay in `out`. */
bool image_file_rows(const ImageFile *images, FILE *out, Error *err);

#endif
