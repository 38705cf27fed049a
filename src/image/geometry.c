/* geometry: see geometry.h. */
#include "image/geometry.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- layouts ----------------------------------------------------------------------------------------- */

static size_t plane_of(ImageShape shape) { return (size_t)shape.height * (size_t)shape.width; }

/* Three channels side by side have loops of their own, which compilers turn into shuffles. */
static void split_three(size_t pixels, const real *restrict row, real *restrict r) {
    real *restrict g = r + pixels, *restrict b = g + pixels;
    for (size_t i = 0; i < pixels; i++) {
        r[i] = row[3 * i];
        g[i] = row[3 * i + 1];
        b[i] = row[3 * i + 2];
    }
}

static void join_three(size_t pixels, const real *restrict r, real *restrict row) {
    const real *restrict g = r + pixels, *restrict b = g + pixels;
    for (size_t i = 0; i < pixels; i++) {
        row[3 * i] = r[i];
        row[3 * i + 1] = g[i];
        row[3 * i + 2] = b[i];
    }
}

void image_to_planes(ImageShape shape, const real *row, real *planes) {
    size_t pixels = plane_of(shape), channels = (size_t)shape.channels;
    if (shape.layout == IMAGE_CHW || channels == 1) memcpy(planes, row, pixels * channels * sizeof *row);
    else if (channels == 3) split_three(pixels, row, planes);
    else
        for (size_t i = 0; i < pixels; i++)
            for (size_t c = 0; c < channels; c++) planes[c * pixels + i] = row[i * channels + c];
}

void image_from_planes(ImageShape shape, const real *planes, real *row) {
    size_t pixels = plane_of(shape), channels = (size_t)shape.channels;
    if (shape.layout == IMAGE_CHW || channels == 1) memcpy(row, planes, pixels * channels * sizeof *row);
    else if (channels == 3) join_three(pixels, planes, row);
    else
        for (size_t i = 0; i < pixels; i++)
            for (size_t c = 0; c < channels; c++) row[i * channels + c] = planes[c * pixels + i];
}

/* ---- flips --------------------------------------------------------------------------------------------- */

void flip_horizontally(ImageShape shape, const real *restrict from, real *restrict to) {
    const int width = shape.width;
    for (int line = shape.channels * shape.height; line > 0; line--, from += width, to += width)
        for (int x = 0; x < width; x++) to[x] = from[width - 1 - x];
}

void flip_vertically(ImageShape shape, const real *from, real *to) {
    size_t width = (size_t)shape.width;
    for (int c = 0; c < shape.channels; c++, from += plane_of(shape))
        for (int y = shape.height - 1; y >= 0; y--, to += width)
            memcpy(to, from + (size_t)y * width, width * sizeof *to);
}

/* ---- cutting out ----------------------------------------------------------------------------------------- */

/* The place inside 0 … size-1 that stands for `at`; -1: the fill value. */
static int inside(int at, int size, Padding padding) {
    if (at >= 0 && at < size) return at;
    if (padding == PADDING_ZERO) return -1;
    if (padding == PADDING_EDGE) return at < 0 ? 0 : size - 1;
    int mirrored = at < 0 ? -at : 2 * (size - 1) - at;
    assert(mirrored >= 0 && mirrored < size);
    return mirrored;
}

static real padded(const real *line, int size, int at, Padding padding, real fill) {
    int place = inside(at, size, padding);
    return place < 0 ? fill : line[place];
}

static int limited(int value, int low, int high) { return value < low ? low : value > high ? high : value; }

/* to[width] = line[left … left+width) of a line of `size` pixels. */
static void cut_line(const real *line, int size, int left, int width, Padding padding, real fill, real *to) {
    int first = limited(-left, 0, width), end = limited(size - left, first, width);
    for (int x = 0; x < first; x++) to[x] = padded(line, size, left + x, padding, fill);
    if (end > first) memcpy(to + first, line + left + first, (size_t)(end - first) * sizeof *to);
    for (int x = end; x < width; x++) to[x] = padded(line, size, left + x, padding, fill);
}

void cut_out(ImageShape shape, const real *from, Box box, Padding padding, real fill, real *to) {
    for (int c = 0; c < shape.channels; c++, from += plane_of(shape))
        for (int y = 0; y < box.height; y++, to += box.width) {
            int line = inside(box.top + y, shape.height, padding);
            if (line >= 0)
                cut_line(from + (size_t)line * (size_t)shape.width, shape.width, box.left, box.width, padding, fill,
                         to);
            else
                for (int x = 0; x < box.width; x++) to[x] = fill;
        }
}

void blank(ImageShape shape, Box box, bool mean, real fill, real *x) {
    int top = box.top < 0 ? 0 : box.top, left = box.left < 0 ? 0 : box.left;
    int bottom = box.top + box.height < shape.height ? box.top + box.height : shape.height;
    int right = box.left + box.width < shape.width ? box.left + box.width : shape.width;
    size_t plane = plane_of(shape);
    for (int c = 0; c < shape.channels; c++, x += plane) {
        double sum = 0;
        for (size_t i = 0; mean && i < plane; i++) sum += (double)x[i];
        real value = mean ? (real)(sum / (double)plane) : fill;
        for (int row = top; row < bottom; row++)
            for (int column = left; column < right; column++) x[row * shape.width + column] = value;
    }
}

/* ---- bilinear ---------------------------------------------------------------------------------------------- */

/* Where an output pixel's centre lies between two input pixels: low + share, clamped to 0 … size-1. */
typedef struct Between {
    int low, high;
    real share;
} Between;

static inline Between place_between(int i, double scale, int size) {
    double at = (i + 0.5) * scale - 0.5;
    at = at < 0 ? 0 : at;
    int low = (int)at;
    low = low < size - 1 ? low : size - 1;
    return (Between){low, low + 1 < size ? low + 1 : size - 1, (real)(at - low)};
}

void resize(ImageShape shape, const real *from, Box box, int height, int width, real *to) {
    const double down = (double)box.height / height, across = (double)box.width / width;
    const size_t stride = (size_t)shape.width;
    for (int c = 0; c < shape.channels; c++) {
        const real *corner = from + (size_t)c * plane_of(shape) + (size_t)box.top * stride + (size_t)box.left;
        for (int y = 0; y < height; y++, to += width) {
            Between v = place_between(y, down, box.height);
            const real *upper = corner + (size_t)v.low * stride, *lower = corner + (size_t)v.high * stride;
            for (int x = 0; x < width; x++) {
                Between h = place_between(x, across, box.width);
                real above = (1 - h.share) * upper[h.low] + h.share * upper[h.high];
                real below = (1 - h.share) * lower[h.low] + h.share * lower[h.high];
                to[x] = (1 - v.share) * above + v.share * below;
            }
        }
    }
}

static inline real pixel_at(ImageShape shape, const real *plane, int y, int x, real fill) {
    return y < 0 || y >= shape.height || x < 0 || x >= shape.width ? fill : plane[y * shape.width + x];
}

static void rotate_plane(ImageShape shape, const real *plane, real cosine, real sin_, real fill, real *to) {
    const real middle_y = (real)(shape.height - 1) / 2, middle_x = (real)(shape.width - 1) / 2;
    for (int y = 0; y < shape.height; y++)
        for (int x = 0; x < shape.width; x++, to++) {
            real right = (real)x - middle_x, down = (real)y - middle_y;
            real at_x = right * cosine - down * sin_ + middle_x, at_y = right * sin_ + down * cosine + middle_y;
            real low_x = (real)floor(at_x), low_y = (real)floor(at_y), h = at_x - low_x, v = at_y - low_y;
            int left = (int)low_x, top = (int)low_y;
            real above =
                (1 - h) * pixel_at(shape, plane, top, left, fill) + h * pixel_at(shape, plane, top, left + 1, fill);
            real below = (1 - h) * pixel_at(shape, plane, top + 1, left, fill) +
                         h * pixel_at(shape, plane, top + 1, left + 1, fill);
            *to = (1 - v) * above + v * below;
        }
}

void rotate(ImageShape shape, const real *from, double angle, real fill, real *to) {
    const real cosine = (real)cos(angle), sin_ = (real)sin(angle);
    for (int c = 0; c < shape.channels; c++)
        rotate_plane(shape, from + (size_t)c * plane_of(shape), cosine, sin_, fill, to + (size_t)c * plane_of(shape));
}
