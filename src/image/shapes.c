/* shapes: see shapes.h. All are of about one size, none reaches out of the square -1 … 1, and none is another one
 * turned. */
#include "image/shapes.h"

#include "image/drawing.h"

#include <math.h>

typedef bool Outline(double x, double y);

static bool disc(double x, double y) { return x * x + y * y <= 0.9 * 0.9; }

static bool square(double x, double y) { return fabs(x) <= 0.8 && fabs(y) <= 0.8; }

/* Upright and isosceles, 1.9 wide and 1.7 high. */
static bool triangle(double x, double y) { return y <= 0.8 && fabs(x) <= 0.95 * (y + 0.9) / 1.7; }

static bool ring(double x, double y) {
    double squared = x * x + y * y;
    return squared >= 0.5 * 0.5 && squared <= 0.95 * 0.95;
}

static bool cross(double x, double y) {
    double near = fmin(fabs(x), fabs(y)), far = fmax(fabs(x), fabs(y));
    return near <= 0.3 && far <= 0.95;
}

static bool bar(double x, double y) { return fabs(x) <= 0.95 && fabs(y) <= 0.35; }

static const struct {
    const char *name;
    Outline *outline;
} shapes[] = {
    {"disc", disc}, {"triangle", triangle}, {"cross", cross}, {"ring", ring}, {"square", square}, {"bar", bar},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* clang-format off */
const Field shapes_fields[] = {
    FIELD_INT(Scene, size, .def = 12, .min = 4, .max = 128, .unit = "pixels", .help = "height and width"),
    FIELD_INT(Scene, classes, .def = 5, .min = 2, .max = SHAPES,
              .help = "the first so many of disc, triangle, cross, ring, square, bar"),
    FIELD_REAL(Scene, shift, .def = 0.35, .min = 0, .max = 1,
               .help = "centres lie within so much of the middle; half the image's side is 1"),
    FIELD_REAL(Scene, turn, .def = 0.3, .min = 0, .max = 3.2, .unit = "rad",
               .help = "turned by up to so much either way"),
    FIELD_REAL(Scene, zoom, .def = 0.25, .min = 0, .max = 1, .help = "sizes vary by factors exp(-zoom) … exp(zoom)"),
    FIELD_REAL(Scene, hue, .def = 1, .min = 0, .max = 1,
               .help = "share of the colour circle that hues come from: ink about orange, paper about blue"),
    FIELD_REAL(Scene, noise, .def = 10, .min = 0, .max = 255, .help = "std added to each value 0 … 255"),
    FIELD_NAME(Scene, layout, .names = pixel_layout_names, .def = IMAGE_HWC,
               .help = "columns: the channels of a pixel together (hwc), or one image a channel (chw)"),
    {0},
};
/* clang-format on */

int shapes_classes(const void *p) { return (int)((const Scene *)p)->classes; }

const char *shapes_class_name(const void *p, int k) {
    (void)p;
    return shapes[k].name;
}

static bool shape_covers(const void *figure, double x, double y) {
    Outline *const *outline = figure;
    return (*outline)(x, y);
}

void shapes_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    const Scene *scene = p;
    int k = (int)(row % scene->classes);
    *label = k;
    drawing_make(scene, shape_covers, &shapes[k].outline, stream, in);
}
