/* pixels: where a pixel of an image lies among the columns of a row, and what those columns are called. */
#ifndef NNEXP_IMAGE_PIXELS_H
#define NNEXP_IMAGE_PIXELS_H

#include "base/error.h"
#include "base/real.h"
#include "image/image.h"

#include <stdio.h>

extern const char *const pixel_layout_names[]; /* {"hwc", "chw", NULL}: by ImageLayout */

/* The column, from 0, of one channel of the pixel at (row, column) of the image. */
static inline int pixel_column(const ImageShape *grid, int row, int column, int channel) {
    int pixel = row * grid->width + column;
    return grid->layout == IMAGE_HWC ? pixel * grid->channels + channel
                                     : channel * grid->height * grid->width + pixel;
}

enum { PIXEL_NAME_BYTES = 32 };
/* The name of column i: p3_7 is row 3, column 7 of a grey image, p3_7r its red in one of three channels. */
void pixel_name(const ImageShape *grid, int i, char out[PIXEL_NAME_BYTES]);
/* The names of all columns, a comma behind each: the line of a CSV up to its label. */
void pixel_write_names(const ImageShape *grid, FILE *out);

/* Fails at the first pixel of x[rows][image_values] outside 0 … max: whatever is drawn of a pixel is clamped to that.
 * name[image_values]: the columns' names; `where`: behind the value, as " in the test file", or "". */
bool pixels_check(ImageShape image, size_t rows, const real *x, char *const *name, const char *where, Error *err);

#endif
