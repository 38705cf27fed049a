/* generate: see generate.h. Shapes with known answers: what a network can and cannot separate, and inputs of
 * known moments. Never reads data, owns nothing but one row while it writes. */
#include "data/generate.h"

#include "image/drawing.h"
#include "image/glyphs.h"
#include "image/shapes.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

static int one(const void *p) {
    (void)p;
    return 1;
}

static int two(const void *p) {
    (void)p;
    return 2;
}

static int none(const void *p) {
    (void)p;
    return 0;
}

/* Classes take turns, so that every prefix of the file is balanced. */
static int64_t turn(int64_t row, int64_t classes) { return row % classes; }

static double uniform_in(Stream *stream, double low, double high) {
    return low + (high - low) * random_uniform(stream);
}

static void place(double *in, double x1, double x2) {
    in[0] = x1;
    in[1] = x2;
}

static void jitter(Stream *stream, double std, double *in) {
    in[0] += std * random_normal(stream);
    in[1] += std * random_normal(stream);
}

/* ---- shapes in the plane --------------------------------------------------------------------------- */

typedef struct Spiral {
    int64_t classes;
    double turns, noise;
} Spiral;

static const Field spiral_fields[] = {
    FIELD_INT(Spiral, classes, .def = 3, .min = 2, .max = 1000, .help = "arms, one a class"),
    FIELD_REAL(Spiral, turns, .def = 0.75, .min = 0, .max = 100,
               .help = "turns of an arm from the centre to radius 1"),
    FIELD_REAL(Spiral, noise, .def = 0.2, .min = 0, .max = 100, .unit = "rad", .help = "std of the angle"),
    {0},
};

static int spiral_classes(const void *p) { return (int)((const Spiral *)p)->classes; }

static void spiral_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    const Spiral *spiral = p;
    *label = (double)turn(row, spiral->classes);
    double radius = random_uniform(stream);
    double angle = 2 * pi * (spiral->turns * radius + *label / (double)spiral->classes);
    angle += spiral->noise * random_normal(stream);
    place(in, radius * cos(angle), radius * sin(angle));
}

typedef struct Rings {
    int64_t classes;
    double noise;
} Rings;

static const Field rings_fields[] = {
    FIELD_INT(Rings, classes, .def = 2, .min = 2, .max = 1000,
              .help = "rings, one a class, the outermost of radius 1"),
    FIELD_REAL(Rings, noise, .def = 0.08, .min = 0, .max = 100, .help = "std of the radius"),
    {0},
};

static int rings_classes(const void *p) { return (int)((const Rings *)p)->classes; }

static void rings_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    const Rings *rings = p;
    *label = (double)turn(row, rings->classes);
    double angle = uniform_in(stream, 0, 2 * pi);
    double radius = (*label + 1) / (double)rings->classes + rings->noise * random_normal(stream);
    place(in, radius * cos(angle), radius * sin(angle));
}

typedef struct Noise {
    double noise;
} Noise;

static const Field moons_fields[] = {
    FIELD_REAL(Noise, noise, .def = 0.15, .min = 0, .max = 100, .help = "std of both coordinates"),
    {0},
};

/* The half circles of scikit-learn's make_moons. */
static void moons_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    *label = (double)turn(row, 2);
    double angle = uniform_in(stream, 0, pi);
    if (*label == 0) place(in, cos(angle), sin(angle));
    else place(in, 1 - cos(angle), 0.5 - sin(angle));
    jitter(stream, ((const Noise *)p)->noise, in);
}

typedef struct Blobs {
    int64_t classes;
    double std;
} Blobs;

static const Field blobs_fields[] = {
    FIELD_INT(Blobs, classes, .def = 3, .min = 2, .max = 1000,
              .help = "clouds, one a class, centred on the unit circle"),
    FIELD_REAL(Blobs, std, .def = 0.3, .min = 0, .max = 100, .help = "std of a cloud along either axis"),
    {0},
};

static int blobs_classes(const void *p) { return (int)((const Blobs *)p)->classes; }

static void blobs_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    const Blobs *blobs = p;
    *label = (double)turn(row, blobs->classes);
    double angle = 2 * pi * *label / (double)blobs->classes;
    place(in, cos(angle), sin(angle));
    jitter(stream, blobs->std, in);
}

static const Field xor_fields[] = {
    FIELD_REAL(Noise, noise, .def = 0.3, .min = 0, .max = 100, .help = "std of a cloud along either axis"),
    {0},
};

static void xor_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    int right = (int)(row & 1), up = (int)(row >> 1 & 1);
    *label = right ^ up;
    place(in, right ? 1 : -1, up ? 1 : -1);
    jitter(stream, ((const Noise *)p)->noise, in);
}

typedef struct Checkerboard {
    int64_t cells;
    double noise;
} Checkerboard;

static const Field checkerboard_fields[] = {
    FIELD_INT(Checkerboard, cells, .def = 4, .min = 2, .max = 1000,
              .help = "cells along a side of the square -1 … 1"),
    FIELD_REAL(Checkerboard, noise, .def = 0, .min = 0, .max = 100,
               .help = "std of both coordinates, added when the class is set"),
    {0},
};

static void checkerboard_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    (void)row;
    const Checkerboard *board = p;
    double cells = (double)board->cells;
    double column = cells * random_uniform(stream), line = cells * random_uniform(stream);
    *label = fmod(floor(column) + floor(line), 2);
    place(in, 2 * column / cells - 1, 2 * line / cells - 1);
    jitter(stream, board->noise, in);
}

typedef struct Positive {
    double offset, noise;
} Positive;

static const Field positive_fields[] = {
    FIELD_REAL(Positive, offset, .def = 2,
               .help = "centre of both inputs, which lie within 1 of it before the noise"),
    FIELD_REAL(Positive, noise, .def = 0.2, .min = 0, .max = 100,
               .help = "std of both coordinates, added when the class is set"),
    {0},
};

static void positive_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    const Positive *positive = p;
    double one = uniform_in(stream, -1, 1), other = uniform_in(stream, -1, 1);
    *label = (double)turn(row, 2);
    double larger = positive->offset + fmax(one, other), smaller = positive->offset + fmin(one, other);
    if (*label == 1) place(in, larger, smaller);
    else place(in, smaller, larger);
    jitter(stream, positive->noise, in);
}

/* ---- nothing to learn ------------------------------------------------------------------------------ */

typedef struct Gaussian {
    int64_t features, classes;
} Gaussian;

static const Field gaussian_fields[] = {
    FIELD_INT(Gaussian, features, .def = 10, .min = 1, .max = 100000, .help = "inputs, each N(0, 1)"),
    FIELD_INT(Gaussian, classes, .def = 2, .min = 2, .max = 1000,
              .help = "classes, drawn without regard to the inputs"),
    {0},
};

static int gaussian_features(const void *p) { return (int)((const Gaussian *)p)->features; }
static int gaussian_classes(const void *p) { return (int)((const Gaussian *)p)->classes; }

static void gaussian_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    (void)row;
    const Gaussian *gaussian = p;
    *label = random_below(stream, (uint32_t)gaussian->classes);
    for (int64_t i = 0; i < gaussian->features; i++) in[i] = random_normal(stream);
}

/* ---- regression ------------------------------------------------------------------------------------ */

typedef struct Plane {
    double a, b, c, noise;
} Plane;

static const Field plane_fields[] = {
    FIELD_REAL(Plane, a, .def = 2, .help = "slope along x1"),
    FIELD_REAL(Plane, b, .def = -1, .help = "slope along x2"),
    FIELD_REAL(Plane, c, .def = 0.5, .help = "value at the origin"),
    FIELD_REAL(Plane, noise, .def = 0.1, .min = 0, .max = 100, .help = "std of y about the plane"),
    {0},
};

static void plane_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    (void)row;
    const Plane *plane = p;
    in[0] = uniform_in(stream, -1, 1);
    in[1] = uniform_in(stream, -1, 1);
    *label = plane->a * in[0] + plane->b * in[1] + plane->c + plane->noise * random_normal(stream);
}

typedef struct Waves {
    double slow, fast, share, noise;
} Waves;

static const Field waves_fields[] = {
    FIELD_REAL(Waves, slow, .def = 1, .min = 0, .max = 1000, .help = "periods of the first wave over -1 … 1"),
    FIELD_REAL(Waves, fast, .def = 5, .min = 0, .max = 1000, .help = "periods of the second wave over -1 … 1"),
    FIELD_REAL(Waves, share, .def = 0.3, .min = 0, .max = 100,
               .help = "amplitude of the second wave; the first has 1"),
    FIELD_REAL(Waves, noise, .def = 0.05, .min = 0, .max = 100, .help = "std of y about the waves"),
    {0},
};

static void waves_make(const void *p, int64_t row, Stream *stream, double *in, double *label) {
    (void)row;
    const Waves *waves = p;
    in[0] = uniform_in(stream, -1, 1);
    *label = sin(pi * waves->slow * in[0]) + waves->share * sin(pi * waves->fast * in[0]);
    *label += waves->noise * random_normal(stream);
}

/* ---- images ---------------------------------------------------------------------------------------- */

static ImageShape image_grid(const void *p) { return scene_grid(p); }

static int image_features(const void *p) {
    ImageShape grid = image_grid(p);
    return (int)image_values(grid);
}

/* ---- the file -------------------------------------------------------------------------------------- */

static void write_header(const Generator *generator, const void *p, FILE *out) {
    if (generator->images) {
        ImageShape grid = generator->images->grid(p);
        pixel_write_names(&grid, out);
        fprintf(out, "%s\n", generator->images->label_name);
        return;
    }
    for (int i = 1; i <= generator->features(p); i++) fprintf(out, "x%d,", i);
    fputs(generator->classes(p) ? "class\n" : "y\n", out);
}

static void write_value(double value, char end, FILE *out) {
    fprintf(out, "%.6g%c", value == 0 ? 0 : value, end); /* -0 compares equal to 0 */
}

static void write_row(const Generator *generator, const void *p, const double *in, double label, FILE *out) {
    for (int i = 0; i < generator->features(p); i++) write_value(in[i], ',', out);
    if (generator->images) fprintf(out, "%s\n", generator->images->class_name(p, (int)label));
    else write_value(label, '\n', out);
}

bool generate_csv(const Choice *choice, int64_t rows, uint64_t seed, FILE *out, Error *err) {
    const Generator *generator = generator_of(choice);
    const void *p = choice_params(choice);
    if (rows < 1 || rows > UINT32_MAX) /* a stream's index has 32 bits */
        return fail(err, "--rows: %" PRId64 " is out of range; use 1 … %" PRIu32, rows, UINT32_MAX);
    int features = generator->features(p);
    double label, *in = malloc((size_t)features * sizeof *in);
    if (!in) return fail(err, "a row of %d values finds no memory; ask for fewer features", features);
    write_header(generator, p, out);
    for (int64_t row = 0; row < rows && !ferror(out); row++) {
        Stream stream = random_stream(seed, PURPOSE_GENERATE, 0, (uint32_t)row);
        generator->make(p, row, &stream, in, &label);
        write_row(generator, p, in, label, out);
    }
    free(in);
    if (fflush(out) == 0 && !ferror(out)) return true;
    return fail(err, "cannot write: %s", strerror(errno));
}

static const ImageSet shapes_images = {"shape", image_grid, shapes_class_name};
static const ImageSet glyphs_images = {"glyph", image_grid, glyphs_class_name};

/* To add a data set: write its parameters and its make function above (pictures in a file of their own), and its row
 * here. */
/* clang-format off */
static const Generator rows[] = {
    {{"spiral", "arms winding from the centre, one a class", PARAMS(Spiral, spiral_fields)},
     300, two, spiral_classes, spiral_make, NULL},
    {{"rings", "concentric rings, one a class", PARAMS(Rings, rings_fields)},
     300, two, rings_classes, rings_make, NULL},
    {{"moons", "two interleaved half circles", PARAMS(Noise, moons_fields)},
     300, two, two, moons_make, NULL},
    {{"blobs", "round clouds on a circle, one a class", PARAMS(Blobs, blobs_fields)},
     300, two, blobs_classes, blobs_make, NULL},
    {{"xor", "four clouds; the class says whether the signs of x1 and x2 differ", PARAMS(Noise, xor_fields)},
     300, two, two, xor_make, NULL},
    {{"checkerboard", "a square of cells in two alternating classes", PARAMS(Checkerboard, checkerboard_fields)},
     600, two, two, checkerboard_make, NULL},
    {{"positive", "positive inputs; the class says whether x1 is larger than x2", PARAMS(Positive, positive_fields)},
     300, two, two, positive_make, NULL},
    {{"gaussian", "pure N(0, 1) inputs and random classes, for studies of init", PARAMS(Gaussian, gaussian_fields)},
     500, gaussian_features, gaussian_classes, gaussian_make, NULL},
    {{"plane", "regression: y = a x1 + b x2 + c", PARAMS(Plane, plane_fields)},
     300, two, none, plane_make, NULL},
    {{"waves", "regression: y = sin(pi slow x1) + share sin(pi fast x1)", PARAMS(Waves, waves_fields)},
     300, one, none, waves_make, NULL},
    {{"shapes", "RGB images of filled shapes: place, size, turn, colours and noise vary", PARAMS(Scene, shapes_fields)},
     600, image_features, shapes_classes, shapes_make, &shapes_images},
    {{"glyphs", "RGB images of pen-drawn letters: place, size, slant, pen, colours and noise vary",
      PARAMS(Scene, glyphs_fields)},
     600, image_features, glyphs_classes, glyphs_make, &glyphs_images},
};
/* clang-format on */
const Family generators = FAMILY("generator", "synthetic data sets of `nnexp generate`", rows);
