/* colour: operations on the pixels of one image, laid out as planes. Owns nothing, draws nothing, and knows no training:
 * what is drawn comes in as an argument. Pixels lie in 0 … max, and stay there. */
#ifndef NNEXP_IMAGE_COLOUR_H
#define NNEXP_IMAGE_COLOUR_H

#include "base/random.h"
#include "base/real.h"

#include <stddef.h>

/* x[3][pixels] (red, green, blue): to HSV, hue + shift modulo 1, saturation · saturation clamped to 1, value · value
 * clamped to max, and back: Smith 1978, without branches. Grey pixels have hue and saturation 0. Factors >= 0. */
void colour_hsv(size_t pixels, real *x, double shift, double saturation, double value, double max);

/* torchvision's adjustments of float images (transforms.functional): each blends factor · x + (1 - factor) · other,
 * clamped to 0 … max, where other is black, the mean grey of the image, or each pixel's grey. x[3][pixels]. */
void colour_brightness(size_t pixels, real *x, double factor, double max);
void colour_contrast(size_t pixels, real *x, double factor, double max);
void colour_saturation(size_t pixels, real *x, double factor, double max);

/* Each pixel becomes its luma, 0.2989 R + 0.587 G + 0.114 B, in all three planes x[3][pixels] (torchvision's
 * rgb_to_grayscale). */
void colour_gray(size_t pixels, real *x);

/* Adds shift[c] to plane c of x[3][pixels]; clamped. */
void colour_add(size_t pixels, real *x, const double shift[3], double max);

/* x[values] = mean + gain · (x - mean) + shift, clamped, where mean is that of all values. */
void colour_gain(size_t values, real *x, double gain, double shift, double max);

/* Adds Gaussian noise of deviation std to x[values], clamped; scratch[values]. Box and Muller with both halves used,
 * from uniforms of 24 bits. */
void colour_noise(size_t values, real *x, real *scratch, Stream *stream, double std, double max);

/* The covariance (over n) of the three channels of rows of pixels, in units of max, from hwc or chw rows:
 * strides between pixels and channels. */
void colour_covariance(size_t rows, size_t pixels, size_t pixel_stride, size_t channel_stride, const real *x,
                       double max, double covariance[3][3]);

/* Eigenvalues and vectors (vector[k] belongs to value[k], descending; its largest entry is positive) of a symmetric
 * matrix, which is overwritten: cyclic Jacobi rotations (Golub and Van Loan, 8.5). */
void colour_components(double matrix[3][3], double value[3], double vector[3][3]);

#endif
