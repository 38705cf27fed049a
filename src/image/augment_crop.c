/* augment_crop: see augment_crop.h. */
#include "image/augment_crop.h"

#include "image/geometry.h"

/* ---- crop -------------------------------------------------------------------------------------------- */

enum { CENTRE, TEN };
static const char *const paddings[] = {
    [PADDING_ZERO] = "zero", [PADDING_EDGE] = "edge", [PADDING_REFLECT] = "reflect", NULL};
static const char *const evaluations[] = {[CENTRE] = "centre", [TEN] = "ten", NULL};
const Field crop_fields[] = {
    P_FIELD(Crop, 1),
    FIELD_INT(Crop, pad, .def = 4, .max = MOST_PIXELS, .unit = "pixels", .help = "border put around the image first"),
    FIELD_NAME(Crop, padding, .names = paddings, .help = "what the border holds; reflect leaves out the edge itself"),
    FIELD_INT(Crop, height, .max = MOST_PIXELS, .unit = "pixels", .help = "of what is cut out; 0: the image's"),
    FIELD_INT(Crop, width, .max = MOST_PIXELS, .unit = "pixels", .help = "of what is cut out; 0: the image's"),
    FIELD_NAME(Crop, evaluate, .names = evaluations,
               .help = "centre: its crop; ten: mean over corners, centre and their mirror images"),
    {0}};

static ImageShape sized(ImageShape image, int64_t height, int64_t width) {
    if (height > 0) image.height = (int)height;
    if (width > 0) image.width = (int)width;
    return image;
}

ImageShape crop_shape(const void *params, ImageShape image) {
    const Crop *p = params;
    return sized(image, p->height, p->width);
}

int crop_views(const void *params) { return ((const Crop *)params)->evaluate == TEN ? AUGMENT_TEN : 1; }

bool crop_check(const void *params, ImageShape image, Error *err) {
    const Crop *p = params;
    ImageShape out = crop_shape(p, image);
    int smaller = image.height < image.width ? image.height : image.width;
    bool same = out.height == image.height && out.width == image.width;
    if (out.height > image.height)
        return fail(err, "height: %d is more than the image's %d; make it smaller", out.height, image.height);
    if (out.width > image.width)
        return fail(err, "width: %d is more than the image's %d; make it smaller", out.width, image.width);
    if (p->pad == 0 && same)
        return fail(err, "pad: 0 leaves one place to cut the whole image out; set it, or a smaller height or width");
    if (p->padding == PADDING_REFLECT && p->pad >= smaller)
        return fail(err, "pad: reflect has only %d pixels to mirror in an image of %d x %d; make it at most that",
                    smaller - 1, image.height, image.width);
    if (p->padding != PADDING_ZERO && p->pad == 0)
        return fail(err, "padding: '%s' has nothing to fill with pad 0; set pad, or leave it out",
                    paddings[p->padding]);
    if (p->evaluate == TEN && same)
        return fail(err, "evaluate: ten crops of the whole image are one; set a smaller height or width, or centre");
    return true;
}

void crop(const AugmentStep *step, Stream *stream, real *from, real *to) {
    const Crop *p = choice_params(&step->choice);
    int pad = (int)p->pad;
    Box box = {.height = step->out.height, .width = step->out.width};
    box.top = draw_whole(stream, -pad, step->in.height + pad - box.height);
    box.left = draw_whole(stream, -pad, step->in.width + pad - box.width);
    cut_out(step->in, from, box, (Padding)p->padding, 0, to);
}

/* Of an odd remainder the half goes to the even side, as in torchvision's center_crop: int(round((H - h) / 2.0)). */
static int centre(int remainder) { return (int)lrint(remainder / 2.0); }

/* View 0: the centre; 1 … 4: the corners; 5 … 9: the same mirrored. */
void crop_evaluate(const AugmentStep *step, int view, const real *from, real *to) {
    ImageShape out = step->out;
    int down = step->in.height - out.height, across = step->in.width - out.width;
    bool ten = crop_views(choice_params(&step->choice)) == AUGMENT_TEN;
    int corner = ten ? view % 5 - 1 : -1;
    Box box = {centre(down), centre(across), out.height, out.width};
    if (corner >= 0) box.top = corner / 2 * down, box.left = corner % 2 * across;
    cut_out(step->in, from, box, PADDING_ZERO, 0, to);
    if (!ten || view < 5) return;
    for (real *line = to, *end = to + image_values(out); line < end; line += out.width)
        for (int x = 0, y = out.width - 1; x < y; x++, y--) {
            real swapped = line[x];
            line[x] = line[y], line[y] = swapped;
        }
}

/* ---- resized_crop --------------------------------------------------------------------------------------- */

const Field resized_crop_fields[] = {
    P_FIELD(ResizedCrop, 1),
    FIELD_INT(ResizedCrop, height, .max = MOST_PIXELS, .unit = "pixels", .help = "of the result; 0: the image's"),
    FIELD_INT(ResizedCrop, width, .max = MOST_PIXELS, .unit = "pixels", .help = "of the result; 0: the image's"),
    FIELD_REAL(ResizedCrop, min_scale, .def = 0.08, .min = 0, .above_min = true, .max = 1,
               .help = "least share of the image's area that is cut out"),
    FIELD_REAL(ResizedCrop, max_scale, .def = 1, .min = 0, .above_min = true, .max = 1,
               .help = "greatest share of the image's area"),
    FIELD_REAL(ResizedCrop, min_ratio, .def = 3.0 / 4, .min = 0.01, .max = 100,
               .help = "least width / height of the cut"),
    FIELD_REAL(ResizedCrop, max_ratio, .def = 4.0 / 3, .min = 0.01, .max = 100, .help = "greatest width / height"),
    {0}};

ImageShape resized_crop_shape(const void *params, ImageShape image) {
    const ResizedCrop *p = params;
    return sized(image, p->height, p->width);
}

bool resized_crop_check(const void *params, ImageShape image, Error *err) {
    (void)image;
    const ResizedCrop *p = params;
    if (p->min_scale > p->max_scale)
        return fail(err, "min_scale: %.9g is above max_scale %.9g; swap them", p->min_scale, p->max_scale);
    if (p->min_ratio > p->max_ratio)
        return fail(err, "min_ratio: %.9g is above max_ratio %.9g; swap them", p->min_ratio, p->max_ratio);
    return true;
}

/* torchvision's RandomResizedCrop.get_params: ten tries, then the largest central box of an allowed ratio. */
static Box draw_box(const ResizedCrop *p, ImageShape image, Stream *stream) {
    for (int i = 0; i < 10; i++) {
        double area = (double)pixels_of(image) * draw_between(stream, p->min_scale, p->max_scale);
        double ratio = exp(draw_between(stream, log(p->min_ratio), log(p->max_ratio)));
        double width = rint(sqrt(area * ratio)), height = rint(sqrt(area / ratio));
        if (width < 1 || width > image.width || height < 1 || height > image.height) continue;
        Box box = {.height = (int)height, .width = (int)width};
        box.top = draw_whole(stream, 0, image.height - box.height);
        box.left = draw_whole(stream, 0, image.width - box.width);
        return box;
    }
    double ratio = (double)image.width / image.height;
    Box box = {.height = image.height, .width = image.width};
    if (ratio < p->min_ratio) box.height = (int)fmax(1, rint(image.width / p->min_ratio));
    if (ratio > p->max_ratio) box.width = (int)fmax(1, rint(image.height * p->max_ratio));
    box.top = (image.height - box.height) / 2;
    box.left = (image.width - box.width) / 2;
    return box;
}

void resized_crop(const AugmentStep *step, Stream *stream, real *from, real *to) {
    Box box = draw_box(choice_params(&step->choice), step->in, stream);
    resize(step->in, from, box, step->out.height, step->out.width, to);
}

void resized_crop_evaluate(const AugmentStep *step, int view, const real *from, real *to) {
    (void)view;
    Box whole = {.height = step->in.height, .width = step->in.width};
    resize(step->in, from, whole, step->out.height, step->out.width, to);
}
