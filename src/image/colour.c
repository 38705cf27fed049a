/* colour: see colour.h. Loops over planes are free of branches, so that they vectorise. */
#include "image/colour.h"

#include "base/vmath.h"

#include <math.h>
#include <stdbool.h>

static inline real least(real a, real b) { return a < b ? a : b; }
static inline real most(real a, real b) { return a > b ? a : b; }
static inline real between(real x, real low, real high) { return least(most(x, low), high); }
static inline real luma(real r, real g, real b) { return (real)0.2989 * r + (real)0.587 * g + (real)0.114 * b; }

/* ---- HSV --------------------------------------------------------------------------------------------- */

void colour_hsv(size_t pixels, real *x, double shift, double saturation, double value, double max) {
    real *restrict red = x, *restrict green = x + pixels, *restrict blue = x + 2 * pixels;
    /* the hue in sixths of the circle; the shift in [0, 6) */
    const real turn = (real)(6 * (shift - floor(shift))), richer = (real)saturation, brighter = (real)value,
               top = (real)max;
    for (size_t i = 0; i < pixels; i++) {
        real r = red[i], g = green[i], b = blue[i];
        real high = most(most(r, g), b), chroma = high - least(least(r, g), b);
        bool is_red = r == high, is_green = g == high;
        real side = is_red ? g - b : is_green ? b - r : r - g;
        real base = is_red ? (real)0 : is_green ? (real)2 : (real)4;
        real hue = chroma > 0 ? base + side / chroma : (real)0; /* -1 … 5 */
        real rich = high > 0 ? chroma / high : (real)0;
        hue += turn;
        hue += hue < 0 ? (real)6 : (real)0;
        hue -= hue >= 6 ? (real)6 : (real)0;
        high = least(high * brighter, top);
        chroma = high * least(rich * richer, 1);
        /* a channel lacks chroma by how far its hue is away: the ramps of Smith's hexcone */
        red[i] = high - chroma * between(2 - (hue > 3 ? hue - 3 : 3 - hue), 0, 1);
        green[i] = high - chroma * between((hue > 2 ? hue - 2 : 2 - hue) - 1, 0, 1);
        blue[i] = high - chroma * between((hue > 4 ? hue - 4 : 4 - hue) - 1, 0, 1);
    }
}

/* ---- torchvision's --------------------------------------------------------------------------------------- */

void colour_brightness(size_t pixels, real *x, double factor, double max) {
    const real own = (real)factor, top = (real)max;
    for (size_t i = 0; i < 3 * pixels; i++) x[i] = between(own * x[i], 0, top);
}

void colour_contrast(size_t pixels, real *x, double factor, double max) {
    const real *r = x, *g = x + pixels, *b = x + 2 * pixels;
    double sum = 0;
    for (size_t i = 0; i < pixels; i++) sum += (double)luma(r[i], g[i], b[i]);
    const real own = (real)factor, other = (real)((1 - factor) * sum / (double)pixels), top = (real)max;
    for (size_t i = 0; i < 3 * pixels; i++) x[i] = between(own * x[i] + other, 0, top);
}

void colour_saturation(size_t pixels, real *x, double factor, double max) {
    real *restrict red = x, *restrict green = x + pixels, *restrict blue = x + 2 * pixels;
    const real own = (real)factor, other = (real)(1 - factor), top = (real)max;
    for (size_t i = 0; i < pixels; i++) {
        real grey = other * luma(red[i], green[i], blue[i]);
        red[i] = between(own * red[i] + grey, 0, top);
        green[i] = between(own * green[i] + grey, 0, top);
        blue[i] = between(own * blue[i] + grey, 0, top);
    }
}

void colour_gray(size_t pixels, real *x) {
    real *restrict red = x, *restrict green = x + pixels, *restrict blue = x + 2 * pixels;
    for (size_t i = 0; i < pixels; i++) red[i] = green[i] = blue[i] = luma(red[i], green[i], blue[i]);
}

/* ---- shifts, gains, noise ---------------------------------------------------------------------------------- */

void colour_add(size_t pixels, real *x, const double shift[3], double max) {
    const real top = (real)max;
    for (int c = 0; c < 3; c++, x += pixels) {
        const real more = (real)shift[c];
        for (size_t i = 0; i < pixels; i++) x[i] = between(x[i] + more, 0, top);
    }
}

void colour_gain(size_t values, real *x, double gain, double shift, double max) {
    double sum = 0;
    for (size_t i = 0; i < values; i++) sum += (double)x[i];
    const real own = (real)gain, other = (real)((1 - gain) * sum / (double)values + shift), top = (real)max;
    for (size_t i = 0; i < values; i++) x[i] = between(own * x[i] + other, 0, top);
}

/* sin(2 pi t) for -1/4 <= t <= 1/4, by its Taylor polynomial of degree 11: within 6e-8. */
static inline real sine(real t) {
    real y = (real)6.283185307179586 * t, square = y * y;
    real p = (real)(-1.0 / 39916800);
    p = p * square + (real)(1.0 / 362880);
    p = p * square - (real)(1.0 / 5040);
    p = p * square + (real)(1.0 / 120);
    p = p * square - (real)(1.0 / 6);
    return y + y * (square * p);
}

static inline real folded(real t) { return t > (real)0.25 ? (real)0.5 - t : t < (real)-0.25 ? (real)-0.5 - t : t; }

void colour_noise(size_t values, real *x, real *scratch, Stream *stream, double std, double max) {
    const size_t half = values / 2;
    const real deviation = (real)std, top = (real)max;
    random_fill_uniform(stream, values, scratch);
    const real *restrict u = scratch, *restrict v = scratch + half;
    real *restrict first = x, *restrict second = x + half;
    for (size_t i = 0; i < half; i++) {
        real radius = deviation * (real)sqrtf((float)(-2 * vmath_log(1 - u[i]))); /* 1 - u in (0, 1] */
        real angle = v[i] - (real)0.5, quarter = v[i] < (real)0.75 ? v[i] - (real)0.25 : v[i] - (real)1.25;
        first[i] = between(first[i] + radius * sine(folded(angle)), 0, top);
        second[i] = between(second[i] + radius * sine(folded(quarter)), 0, top);
    }
    if (values % 2) x[values - 1] = between(x[values - 1] + (real)(std * random_normal(stream)), 0, top);
}

/* ---- principal components ------------------------------------------------------------------------------------ */

void colour_covariance(size_t rows, size_t pixels, size_t pixel_stride, size_t channel_stride, const real *x,
                       double max, double covariance[3][3]) {
    double sum[3] = {0}, products[3][3] = {{0}}, n = (double)rows * (double)pixels, origin[3];
    for (int a = 0; a < 3; a++)
        origin[a] = (double)x[(size_t)a * channel_stride]; /* near the pixels: no cancelling */
    for (size_t row = 0; row < rows; row++, x += 3 * pixels)
        for (size_t i = 0; i < pixels; i++) {
            double pixel[3];
            for (int a = 0; a < 3; a++)
                pixel[a] = (double)x[i * pixel_stride + (size_t)a * channel_stride] - origin[a];
            for (int a = 0; a < 3; a++) {
                sum[a] += pixel[a];
                for (int b = 0; b <= a; b++) products[a][b] += pixel[a] * pixel[b];
            }
        }
    for (int a = 0; a < 3; a++)
        for (int b = 0; b <= a; b++)
            covariance[a][b] = covariance[b][a] = (products[a][b] / n - sum[a] / n * (sum[b] / n)) / (max * max);
}

/* Makes m[p][q] zero by a rotation, which v takes on. */
static void rotate_away(double m[3][3], double v[3][3], int p, int q) {
    if (m[p][q] == 0) return;
    double theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1)), c = 1 / sqrt(t * t + 1), s = t * c;
    for (int k = 0; k < 3; k++) {
        double a = m[k][p], b = m[k][q];
        m[k][p] = c * a - s * b, m[k][q] = s * a + c * b;
    }
    for (int k = 0; k < 3; k++) {
        double a = m[p][k], b = m[q][k];
        m[p][k] = c * a - s * b, m[q][k] = s * a + c * b;
        a = v[p][k], b = v[q][k];
        v[p][k] = c * a - s * b, v[q][k] = s * a + c * b;
    }
}

void colour_components(double matrix[3][3], double value[3], double vector[3][3]) {
    double v[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    int order[3] = {0, 1, 2};
    for (int sweep = 0; sweep < 20; sweep++) /* converges quadratically: six are plenty */
        for (int p = 0; p < 2; p++)
            for (int q = p + 1; q < 3; q++) rotate_away(matrix, v, p, q);
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2 - a; b++)
            if (matrix[order[b]][order[b]] < matrix[order[b + 1]][order[b + 1]]) {
                int swapped = order[b];
                order[b] = order[b + 1], order[b + 1] = swapped;
            }
    for (int k = 0; k < 3; k++) {
        const double *from = v[order[k]];
        int largest = fabs(from[1]) > fabs(from[0]) ? 1 : 0;
        if (fabs(from[2]) > fabs(from[largest])) largest = 2;
        value[k] = fmax(matrix[order[k]][order[k]], 0);
        for (int j = 0; j < 3; j++) vector[k][j] = from[largest] < 0 ? -from[j] : from[j];
    }
}
