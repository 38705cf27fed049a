/* pixels: see pixels.h. */
#include "image/pixels.h"

#include <stddef.h>

const char *const pixel_layout_names[] = {"hwc", "chw", NULL};

void pixel_name(const ImageShape *grid, int i, char out[PIXEL_NAME_BYTES]) {
    int area = grid->height * grid->width;
    int pixel = grid->layout == IMAGE_HWC ? i / grid->channels : i % area;
    int channel = grid->layout == IMAGE_HWC ? i % grid->channels : i / area;
    int length = snprintf(out, PIXEL_NAME_BYTES, "p%d_%d", pixel / grid->width, pixel % grid->width);
    if (grid->channels == 3) snprintf(out + length, (size_t)(PIXEL_NAME_BYTES - length), "%c", "rgb"[channel]);
}

void pixel_write_names(const ImageShape *grid, FILE *out) {
    char name[PIXEL_NAME_BYTES];
    for (int i = 0; i < (int)image_values(*grid); i++) {
        pixel_name(grid, i, name);
        fprintf(out, "%s,", name);
    }
}

bool pixels_check(ImageShape image, size_t rows, const real *x, char *const *name, const char *where, Error *err) {
    const size_t values = image_values(image);
    for (size_t i = 0; i < rows * values; i++)
        if (!(x[i] >= 0) || x[i] > (real)image.max)
            return fail(err,
                        "column '%s' has a pixel of %.9g%s, outside 0 to data.image.max, which is %.9g; correct it",
                        name[i % values], (double)x[i], where, image.max);
    return true;
}
