/* pixels: how an image lies in the columns of a table, and what those columns are called. Holds no pixels. */
#ifndef NNEXP_DATA_PIXELS_H
#define NNEXP_DATA_PIXELS_H

#include <stdio.h>

/* Row by row; the channels of a pixel stand together (hwc), or each channel is an image of its own (chw). */
typedef enum PixelLayout { PIXELS_HWC, PIXELS_CHW } PixelLayout;
extern const char *const pixel_layout_names[]; /* {"hwc", "chw", NULL} */

typedef struct PixelGrid {
    int height, width, channels; /* channels: 1 (grey) or 3 (red, green, blue) */
    PixelLayout layout;
} PixelGrid;

static inline int pixel_count(const PixelGrid *grid) { return grid->height * grid->width * grid->channels; }

/* The column, from 0, of one channel of the pixel at (row, column) of the image. */
static inline int pixel_column(const PixelGrid *grid, int row, int column, int channel) {
    int pixel = row * grid->width + column;
    return grid->layout == PIXELS_HWC ? pixel * grid->channels + channel
                                      : channel * grid->height * grid->width + pixel;
}

enum { PIXEL_NAME_BYTES = 32 };
/* The name of column i: p3_7 is row 3, column 7 of a grey image, p3_7r its red in one of three channels. */
void pixel_name(const PixelGrid *grid, int i, char out[PIXEL_NAME_BYTES]);
/* The names of all columns, a comma behind each: the line of a CSV up to its label. */
void pixel_write_names(const PixelGrid *grid, FILE *out);

#endif
