/* drawing: one figure in one colour on paper of another, as an RGB image of whole numbers 0 … 255. What figures there
 * are is others' business: a figure is a function that says which points it covers. Owns nothing, never allocates. */
#ifndef NNEXP_IMAGE_DRAWING_H
#define NNEXP_IMAGE_DRAWING_H

#include "base/random.h"
#include "image/pixels.h"

#include <stdbool.h>

/* Whether the figure covers the point, in the figure's own frame: x to the right, y down, about -1 … 1 each. */
typedef bool Covers(const void *figure, double x, double y);

/* The parameters of the generators that draw; each uses those that its field table names. */
typedef struct Scene {
    int64_t size, classes;
    double shift, turn, zoom, slant, stroke, hue, noise;
    int letters; /* index into the names of glyphs.c */
    int layout;  /* an ImageLayout */
} Scene;

static inline ImageShape scene_grid(const Scene *scene) {
    return (ImageShape){(int)scene->size, (int)scene->size, 3, (ImageLayout)scene->layout, 255};
}

/* Draws the figure into out[3 · size · size] in the scene's layout. From the stream come, in this order and always all
 * of them: place, size, turn, slant, both colours, the noise of each value. Paper is dark, the figure light. A value is
 * the mean over 4 × 4 points of its pixel, plus noise, rounded and cut to 0 … 255. */
void drawing_make(const Scene *scene, Covers *covers, const void *figure, Stream *stream, double *out);

/* HSV in 0 … 1 each (the hue wraps) to RGB in 0 … 1: Smith, "Color gamut transform pairs", SIGGRAPH 1978. */
void drawing_rgb(double hue, double saturation, double value, double rgb[3]);

#endif
