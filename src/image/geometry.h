/* geometry: moves the pixels of one image, laid out as planes, to other places. Owns nothing and draws nothing; `to`
 * never overlaps `from`. */
#ifndef NNEXP_IMAGE_GEOMETRY_H
#define NNEXP_IMAGE_GEOMETRY_H

#include "base/real.h"
#include "image/image.h"

#include <stdbool.h>

/* What lies beyond an image's edge: one value, the nearest pixel, or its mirror image (without the edge doubled). */
typedef enum Padding { PADDING_ZERO, PADDING_EDGE, PADDING_REFLECT } Padding;

/* A part of an image; its corner may lie outside. */
typedef struct Box {
    int top, left, height, width;
} Box;

/* Between a row as the file has it and planes [channels][height][width]. Neither overlaps. */
void image_to_planes(ImageShape shape, const real *row, real *planes);
void image_from_planes(ImageShape shape, const real *planes, real *row);

/* `shape` is that of `from`; all are [channels][height][width]. */
void flip_horizontally(ImageShape shape, const real *from, real *to);
void flip_vertically(ImageShape shape, const real *from, real *to);
/* to[channels][box.height][box.width]; `fill` is what PADDING_ZERO puts in. */
void cut_out(ImageShape shape, const real *from, Box box, Padding padding, real fill, real *to);
/* The box, which lies inside, resized to height x width by bilinear interpolation between pixel centres (PyTorch's
 * interpolate(mode="bilinear", align_corners=False)): no smoothing where it becomes smaller. */
void resize(ImageShape shape, const real *from, Box box, int height, int width, real *to);
/* Turned about its centre by `angle` (radians, anticlockwise as one looks at it), bilinear; `fill` comes in from
 * outside (torchvision's rotate). */
void rotate(ImageShape shape, const real *from, double angle, real fill, real *to);
/* The part of the box that lies inside becomes `fill`, or with `mean` the mean of its channel. */
void blank(ImageShape shape, Box box, bool mean, real fill, real *x);

#endif
