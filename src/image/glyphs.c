/* glyphs: see glyphs.h. */
#include "image/glyphs.h"

#include "image/drawing.h"

#include <math.h>

/* A straight stroke from (x, y) to (x2, y2), or, with a radius, the part of the circle about (x, y) that lies below y
 * (`half`) or all of it. */
typedef struct Stroke {
    double x, y, x2, y2, radius;
    bool half;
} Stroke;

enum { STROKES = 4 };
typedef struct Glyph {
    const char *name;
    int across, down; /* -1: mirrored left to right, top to bottom */
    int count;
    Stroke stroke[STROKES];
} Glyph;

/* clang-format off */
#define LINE(from_x, from_y, to_x, to_y) {from_x, from_y, to_x, to_y, 0, false}
#define CIRCLE(about_x, about_y, r) {about_x, about_y, 0, 0, r, false}
#define CUP(about_x, about_y, r) {about_x, about_y, 0, 0, r, true}
static const Glyph symmetric[] = {
    {"A", 1, 1, 3, {LINE(-0.7, 0.9, 0, -0.9), LINE(0.7, 0.9, 0, -0.9), LINE(-0.42, 0.2, 0.42, 0.2)}},
    {"H", 1, 1, 3, {LINE(-0.6, -0.9, -0.6, 0.9), LINE(0.6, -0.9, 0.6, 0.9), LINE(-0.6, 0, 0.6, 0)}},
    {"I", 1, 1, 1, {LINE(0, -0.9, 0, 0.9)}},
    {"M", 1, 1, 4, {LINE(-0.75, -0.9, -0.75, 0.9), LINE(0.75, -0.9, 0.75, 0.9),
                    LINE(-0.75, -0.9, 0, 0.2), LINE(0.75, -0.9, 0, 0.2)}},
    {"O", 1, 1, 1, {CIRCLE(0, 0, 0.8)}},
    {"T", 1, 1, 2, {LINE(-0.7, -0.9, 0.7, -0.9), LINE(0, -0.9, 0, 0.9)}},
    {"U", 1, 1, 3, {LINE(-0.6, -0.9, -0.6, 0.3), LINE(0.6, -0.9, 0.6, 0.3), CUP(0, 0.3, 0.6)}},
    {"V", 1, 1, 2, {LINE(-0.7, -0.9, 0, 0.9), LINE(0.7, -0.9, 0, 0.9)}},
    {"X", 1, 1, 2, {LINE(-0.7, -0.9, 0.7, 0.9), LINE(0.7, -0.9, -0.7, 0.9)}},
    {"Y", 1, 1, 3, {LINE(-0.7, -0.9, 0, 0), LINE(0.7, -0.9, 0, 0), LINE(0, 0, 0, 0.9)}},
};
#define STEM_AND_BOWL 2, {LINE(-0.5, -1, -0.5, 0.9), CIRCLE(0, 0.4, 0.5)}
static const Glyph mirrored[] = {
    {"b", 1, 1, STEM_AND_BOWL}, {"d", -1, 1, STEM_AND_BOWL}, {"p", 1, -1, STEM_AND_BOWL}, {"q", -1, -1, STEM_AND_BOWL},
};

enum { SYMMETRIC, MIRRORED };
static const char *const letters_names[] = {"symmetric", "mirrored", NULL};
static const struct {
    const Glyph *glyphs;
    int count;
} alphabets[] = {
    [SYMMETRIC] = {symmetric, sizeof symmetric / sizeof symmetric[0]},
    [MIRRORED] = {mirrored, sizeof mirrored / sizeof mirrored[0]},
};

const Field glyphs_fields[] = {
    FIELD_NAME(Scene, letters, .names = letters_names, .def = SYMMETRIC,
               .help = "A H I M O T U V X Y, their own mirror images, or b d p q, one another's"),
    FIELD_INT(Scene, size, .def = 12, .min = 4, .max = 128, .unit = "pixels", .help = "height and width"),
    FIELD_REAL(Scene, stroke, .def = 0.4, .min = 0.02, .max = 1.5,
               .help = "width of the pen on average; half a letter's height is 1"),
    FIELD_REAL(Scene, shift, .def = 0.3, .min = 0, .max = 1,
               .help = "centres lie within so much of the middle; half the image's side is 1"),
    FIELD_REAL(Scene, turn, .def = 0.15, .min = 0, .max = 3.2, .unit = "rad",
               .help = "turned by up to so much either way"),
    FIELD_REAL(Scene, zoom, .def = 0.2, .min = 0, .max = 1, .help = "sizes vary by factors exp(-zoom) … exp(zoom)"),
    FIELD_REAL(Scene, slant, .def = 0.25, .min = 0, .max = 1, .help = "sheared by up to so much either way"),
    FIELD_REAL(Scene, hue, .def = 1, .min = 0, .max = 1,
               .help = "share of the colour circle that hues come from: ink about orange, paper about blue"),
    FIELD_REAL(Scene, noise, .def = 10, .min = 0, .max = 255, .help = "std added to each value 0 … 255"),
    FIELD_NAME(Scene, layout, .names = pixel_layout_names, .def = IMAGE_HWC,
               .help = "columns: the channels of a pixel together (hwc), or one image a channel (chw)"),
    {0},
};
/* clang-format on */

int glyphs_classes(const void *p) { return alphabets[((const Scene *)p)->letters].count; }

const char *glyphs_class_name(const void *p, int k) { return alphabets[((const Scene *)p)->letters].glyphs[k].name; }

/* From (x, y) to the middle line of the stroke; the ends of a half circle are where straight strokes begin. */
static double distance(const Stroke *stroke, double x, double y) {
    double right = x - stroke->x, down = y - stroke->y;
    if (stroke->half && down < 0) return INFINITY;
    if (stroke->radius > 0) return fabs(hypot(right, down) - stroke->radius);
    double dx = stroke->x2 - stroke->x, dy = stroke->y2 - stroke->y;
    double along = (right * dx + down * dy) / (dx * dx + dy * dy);
    along = fmin(1, fmax(0, along));
    return hypot(right - along * dx, down - along * dy);
}

typedef struct Written {
    const Glyph *glyph;
    double half_width;
} Written;

static bool glyph_covers(const void *figure, double x, double y) {
    const Written *written = figure;
    const Glyph *glyph = written->glyph;
    for (int i = 0; i < glyph->count; i++)
        if (distance(&glyph->stroke[i], glyph->across * x, glyph->down * y) <= written->half_width) return true;
    return false;
}

void glyphs_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    const Scene *scene = p;
    int k = (int)(row % glyphs_classes(p));
    *label = k;
    double width = scene->stroke * (0.7 + 0.6 * random_uniform(stream));
    Written written = {&alphabets[scene->letters].glyphs[k], width / 2};
    drawing_make(scene, glyph_covers, &written, stream, in);
}
