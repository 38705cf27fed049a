/* augment: the rows; see augment.h. Pixel operations are in geometry.c and colour.c: here is what is drawn for them. How
 * steps follow one another is in augment_run.c, the rows that change an image's size in augment_crop.c. */
#include "image/augment_crop.h"
#include "image/colour.h"
#include "image/geometry.h"

#include <math.h>
#include <string.h>

/* ---- flip -------------------------------------------------------------------------------------------- */

typedef struct Flip {
    double p;
    int direction;
} Flip;

static const char *const directions[] = {"horizontal", "vertical", NULL};
static const Field flip_fields[] = {
    P_FIELD(Flip, 0.5),
    FIELD_NAME(Flip, direction, .names = directions,
               .help = "horizontal: left becomes right; vertical: top becomes bottom"),
    {0}};

static void flip(const AugmentStep *step, Stream *stream, real *from, real *to) {
    (void)stream;
    const Flip *p = choice_params(&step->choice);
    (p->direction ? flip_vertically : flip_horizontally)(step->in, from, to);
}

/* ---- rotate, translate, cutout ----------------------------------------------------------------------------- */

typedef struct Rotate {
    double p, degrees, fill;
} Rotate;

#define FILL_FIELD(T)                                                                                                \
    FIELD_REAL(T, fill, .max = 1, .help = "brightness of what comes in, as a share of data.image.max")
static const Field rotate_fields[] = {P_FIELD(Rotate, 1),
                                      FIELD_REAL(Rotate, degrees, .def = 15, .min = 0, .above_min = true, .max = 180,
                                                 .help = "the angle is uniform in -degrees ... degrees; bilinear"),
                                      FILL_FIELD(Rotate),
                                      {0}};

static void rotate_step(const AugmentStep *step, Stream *stream, real *from, real *to) {
    const Rotate *p = choice_params(&step->choice);
    double angle = draw_between(stream, -p->degrees, p->degrees) * 3.14159265358979323846 / 180;
    rotate(step->in, from, angle, (real)(p->fill * step->in.max), to);
}

typedef struct Translate {
    double p;
    int64_t vertical, horizontal;
    double fill;
} Translate;

static const Field translate_fields[] = {P_FIELD(Translate, 1),
                                         FIELD_INT(Translate, vertical, .def = 2, .max = MOST_PIXELS,
                                                   .unit = "pixels", .help = "at most so far up or down"),
                                         FIELD_INT(Translate, horizontal, .def = 2, .max = MOST_PIXELS,
                                                   .unit = "pixels", .help = "at most so far left or right"),
                                         FILL_FIELD(Translate),
                                         {0}};

static bool translate_check(const void *params, ImageShape image, Error *err) {
    const Translate *p = params;
    if (p->vertical == 0 && p->horizontal == 0)
        return fail(err, "vertical: 0, and so is horizontal; set one of them, or leave the step out");
    if (p->vertical >= image.height)
        return fail(err, "vertical: %lld pixels move an image of height %d out of sight; make it smaller",
                    (long long)p->vertical, image.height);
    if (p->horizontal >= image.width)
        return fail(err, "horizontal: %lld pixels move an image of width %d out of sight; make it smaller",
                    (long long)p->horizontal, image.width);
    return true;
}

static void translate(const AugmentStep *step, Stream *stream, real *from, real *to) {
    const Translate *p = choice_params(&step->choice);
    Box box = {.height = step->in.height, .width = step->in.width};
    box.top = draw_whole(stream, -(int)p->vertical, (int)p->vertical);
    box.left = draw_whole(stream, -(int)p->horizontal, (int)p->horizontal);
    cut_out(step->in, from, box, PADDING_ZERO, (real)(p->fill * step->in.max), to);
}

typedef struct Cutout {
    double p;
    int64_t size;
    int fill;
} Cutout;

static const char *const cutout_fills[] = {"zero", "mean", NULL};
static const Field cutout_fields[] = {
    P_FIELD(Cutout, 1),
    FIELD_INT(Cutout, size, .def = 8, .min = 1, .max = MOST_PIXELS, .unit = "pixels",
              .help = "side of the square; its centre is any pixel, and what lies outside is lost"),
    FIELD_NAME(Cutout, fill, .names = cutout_fills, .help = "mean: that of each channel of the image"),
    {0}};

static bool cutout_check(const void *params, ImageShape image, Error *err) {
    const Cutout *p = params;
    int smaller = image.height < image.width ? image.height : image.width;
    return p->size <= smaller ||
           fail(err, "size: %lld is more than the image's %d; make it smaller", (long long)p->size, smaller);
}

static void cutout(const AugmentStep *step, Stream *stream, real *from, real *to) {
    (void)to;
    const Cutout *p = choice_params(&step->choice);
    int size = (int)p->size;
    Box box = {.height = size, .width = size};
    box.top = draw_whole(stream, 0, step->in.height - 1) - size / 2;
    box.left = draw_whole(stream, 0, step->in.width - 1) - size / 2;
    blank(step->in, box, p->fill == 1, 0, from);
}

/* ---- colours -------------------------------------------------------------------------------------------- */

typedef struct ColorJitter {
    double p, hue, saturation, value;
} ColorJitter;

static const Field color_jitter_fields[] = {
    P_FIELD(ColorJitter, 1),
    FIELD_REAL(ColorJitter, hue, .def = 0.05, .max = 0.5, .help = "shifted by up to so much of the colour circle"),
    FIELD_REAL(ColorJitter, saturation, .def = 0.3, .max = 100, .help = "times a factor from max(0, 1 - x) to 1 + x"),
    FIELD_REAL(ColorJitter, value, .def = 0.3, .max = 100, .help = "times a factor from max(0, 1 - x) to 1 + x"),
    {0}};

static bool color_jitter_check(const void *params, ImageShape image, Error *err) {
    (void)image;
    const ColorJitter *p = params;
    return p->hue > 0 || p->saturation > 0 || p->value > 0 ||
           fail(err, "hue: 0, and so are saturation and value; set one of them, or leave the step out");
}

static void color_jitter(const AugmentStep *step, Stream *stream, real *from, real *to) {
    (void)to;
    const ColorJitter *p = choice_params(&step->choice);
    double hue = draw_between(stream, -p->hue, p->hue), saturation = draw_factor(stream, p->saturation);
    colour_hsv(pixels_of(step->in), from, hue, saturation, draw_factor(stream, p->value), step->in.max);
}

typedef struct TorchJitter {
    double p, brightness, contrast, saturation, hue;
} TorchJitter;

static const Field torch_jitter_fields[] = {
    P_FIELD(TorchJitter, 1),
    FIELD_REAL(TorchJitter, brightness, .def = 0.4, .max = 100, .help = "factor from max(0, 1 - x) to 1 + x"),
    FIELD_REAL(TorchJitter, contrast, .def = 0.4, .max = 100,
               .help = "blend with the image's mean grey, factor alike"),
    FIELD_REAL(TorchJitter, saturation, .def = 0.4, .max = 100, .help = "blend with each pixel's grey, factor alike"),
    FIELD_REAL(TorchJitter, hue, .def = 0.1, .max = 0.5, .help = "shifted by up to so much of the colour circle"),
    {0}};

static bool torch_jitter_check(const void *params, ImageShape image, Error *err) {
    (void)image;
    const TorchJitter *p = params;
    return p->brightness > 0 || p->contrast > 0 || p->saturation > 0 || p->hue > 0 ||
           fail(err,
                "brightness: 0, and so are contrast, saturation and hue; set one of them, or leave the step out");
}

static void torch_jitter(const AugmentStep *step, Stream *stream, real *from, real *to) {
    (void)to;
    const TorchJitter *p = choice_params(&step->choice);
    const double max = step->in.max;
    const size_t pixels = pixels_of(step->in);
    uint32_t order[4] = {0, 1, 2, 3};
    random_shuffle(stream, 4, order);
    double brightness = draw_factor(stream, p->brightness), contrast = draw_factor(stream, p->contrast),
           saturation = draw_factor(stream, p->saturation), hue = draw_between(stream, -p->hue, p->hue);
    for (int i = 0; i < 4; i++) {
        if (order[i] == 0 && p->brightness > 0) colour_brightness(pixels, from, brightness, max);
        if (order[i] == 1 && p->contrast > 0) colour_contrast(pixels, from, contrast, max);
        if (order[i] == 2 && p->saturation > 0) colour_saturation(pixels, from, saturation, max);
        if (order[i] == 3 && p->hue > 0) colour_hsv(pixels, from, hue, 1, 1, max);
    }
}

typedef struct Deviation {
    double p, std;
} Deviation;

#define STD_FIELD(value, words)                                                                                      \
    FIELD_REAL(Deviation, std, .def = value, .min = 0, .above_min = true, .max = 100, .help = words)
static const Field pca_color_fields[] = {
    P_FIELD(Deviation, 1),
    STD_FIELD(0.1, "deviation of alpha; alpha times eigenvalue (of pixels in 0 ... 1, as AlexNet's: 0.1 is faint) is "
                   "added along each component"),
    {0}};

static void pca_color_fit(AugmentStep *step, ImageShape image, size_t rows, const real *x) {
    size_t pixels = pixels_of(image);
    bool hwc = image.layout == IMAGE_HWC;
    double covariance[3][3], value[3], vector[3][3];
    colour_covariance(rows, pixels, hwc ? 3 : 1, hwc ? 1 : pixels, x, image.max, covariance);
    colour_components(covariance, value, vector);
    for (int k = 0; k < 3; k++)
        for (int c = 0; c < 3; c++) step->fitted[k][c] = value[k] * vector[k][c];
}

/* Krizhevsky, Sutskever and Hinton 2012, section 4.1; eigenvalues of pixels in 0 … 1. */
static void pca_color(const AugmentStep *step, Stream *stream, real *from, real *to) {
    (void)to;
    const Deviation *p = choice_params(&step->choice);
    double shift[3] = {0};
    for (int k = 0; k < 3; k++) {
        double alpha = p->std * random_normal(stream);
        for (int c = 0; c < 3; c++) shift[c] += alpha * step->fitted[k][c] * step->in.max;
    }
    colour_add(pixels_of(step->in), from, shift, step->in.max);
}

static const Field noise_fields[] = {
    P_FIELD(Deviation, 1),
    STD_FIELD(0.05, "deviation of what is added to each value, as a share of data.image.max"),
    {0}};

static void noise(const AugmentStep *step, Stream *stream, real *from, real *to) {
    const Deviation *p = choice_params(&step->choice);
    colour_noise(image_values(step->in), from, to, stream, p->std * step->in.max, step->in.max);
}

typedef struct BrightnessContrast {
    double p, brightness, contrast;
} BrightnessContrast;

static const Field brightness_contrast_fields[] = {
    P_FIELD(BrightnessContrast, 1),
    FIELD_REAL(BrightnessContrast, brightness, .def = 0.2, .max = 1,
               .help = "adds from -x to x, as a share of data.image.max"),
    FIELD_REAL(BrightnessContrast, contrast, .def = 0.2, .max = 100,
               .help = "times a factor from max(0, 1 - x) to 1 + x, about the image's mean"),
    {0}};

static bool brightness_contrast_check(const void *params, ImageShape image, Error *err) {
    (void)image;
    const BrightnessContrast *p = params;
    return p->brightness > 0 || p->contrast > 0 ||
           fail(err, "brightness: 0, and so is contrast; set one of them, or leave the step out");
}

static void brightness_contrast(const AugmentStep *step, Stream *stream, real *from, real *to) {
    (void)to;
    const BrightnessContrast *p = choice_params(&step->choice);
    double shift = draw_between(stream, -p->brightness, p->brightness) * step->in.max;
    colour_gain(image_values(step->in), from, draw_factor(stream, p->contrast), shift, step->in.max);
}

typedef struct Gray {
    double p;
} Gray;
static const Field gray_fields[] = {P_FIELD(Gray, 0.1), {0}};

static void gray(const AugmentStep *step, Stream *stream, real *from, real *to) {
    (void)stream, (void)to;
    colour_gray(pixels_of(step->in), from);
}

/* ---- mixup -------------------------------------------------------------------------------------------------- */

typedef struct Mixup {
    double p, alpha;
} Mixup;
static const Field mixup_fields[] = {P_FIELD(Mixup, 1),
                                     FIELD_REAL(Mixup, alpha, .def = 0.2, .min = 0.001, .max = 1000,
                                                .help = "the row's share is drawn of Beta(alpha, alpha)"),
                                     {0}};

/* To add an augmentation: write its parameters (p first) and what it draws above, and its row here. */
/* clang-format off */
static const Augment rows[] = {
    {{"flip",         "mirrored",                                              PARAMS(Flip, flip_fields)},                .apply = flip},
    {{"crop",         "a part cut out at random, of the image in a border",    PARAMS(Crop, crop_fields)},                .apply = crop, .check = crop_check, .shape = crop_shape, .evaluate = crop_evaluate, .views = crop_views},
    {{"resized_crop", "a part of random size and shape, resized (torchvision's RandomResizedCrop; bilinear, without antialiasing)", PARAMS(ResizedCrop, resized_crop_fields)}, .apply = resized_crop, .check = resized_crop_check, .shape = resized_crop_shape, .evaluate = resized_crop_evaluate},
    {{"color_jitter", "hue, saturation and value changed, by way of HSV",      PARAMS(ColorJitter, color_jitter_fields)}, .apply = color_jitter, .check = color_jitter_check, .in_place = true, .colour = true},
    {{"color_jitter_torchvision", "torchvision's ColorJitter: four changes in random order", PARAMS(TorchJitter, torch_jitter_fields)}, .apply = torch_jitter, .check = torch_jitter_check, .in_place = true, .colour = true},
    {{"pca_color",    "AlexNet's shift along the principal components of the training pixels", PARAMS(Deviation, pca_color_fields)}, .apply = pca_color, .fit = pca_color_fit, .in_place = true, .colour = true},
    {{"brightness_contrast", "brighter or darker, more or less contrast",      PARAMS(BrightnessContrast, brightness_contrast_fields)}, .apply = brightness_contrast, .check = brightness_contrast_check, .in_place = true},
    {{"gray",         "colours lost: each pixel becomes its luma",             PARAMS(Gray, gray_fields)},                .apply = gray, .in_place = true, .colour = true},
    {{"rotate",       "turned about its centre",                               PARAMS(Rotate, rotate_fields)},            .apply = rotate_step},
    {{"translate",    "moved by whole pixels",                                 PARAMS(Translate, translate_fields)},      .apply = translate, .check = translate_check},
    {{"noise",        "Gaussian noise on every value",                         PARAMS(Deviation, noise_fields)},          .apply = noise, .in_place = true},
    {{"cutout",       "a square blanked out",                                  PARAMS(Cutout, cutout_fields)},            .apply = cutout, .check = cutout_check, .in_place = true},
    {{"mixup",        "image and target mixed with another training row's",    PARAMS(Mixup, mixup_fields)},                .apply = NULL},
};
/* clang-format on */
const Family augments = FAMILY("augment", "random changes to the training images, before preprocessing", rows);
