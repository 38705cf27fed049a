/* augment_run: how the steps of an augmentation follow one another; see augment.h. */
#include "image/augment.h"
#include "image/geometry.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* ---- planning ---------------------------------------------------------------------------------------- */

/* Of every row's parameters the first. */
static double chance(const AugmentStep *step) { return *(const double *)choice_params(&step->choice); }

static bool check_step(const Augment *row, const void *p, ImageShape image, const Augmentation *before, Error *err) {
    if (row->colour && image.channels != 3)
        return fail(err,
                    ": '%s' needs three channels, red, green and blue, and data.image.channels is %d; leave it out",
                    row->head.name, image.channels);
    if (!row->apply && before->mixup >= 0)
        return fail(err, ": images are mixed already by step %d; leave one out", before->mixup);
    Error wrong = {0};
    if (row->check && !row->check(p, image, &wrong)) error_prefix(&wrong, ".");
    else if (row->views && row->views(p) > 1 && before->views > 1)
        fail(&wrong, ".evaluate: 'ten' stands in an earlier step already; use centre");
    bool good = wrong.count == 0;
    error_move(err, &wrong);
    return good;
}

static bool add_step(Augmentation *out, const Choice *choice, Error *err) {
    const Augment *row = augment_of(choice);
    const void *p = choice_params(choice);
    AugmentStep *step = &out->step[out->steps];
    if (!check_step(row, p, out->out, out, err)) return false;
    *step = (AugmentStep){.choice = *choice, .in = out->out, .out = out->out};
    if (row->shape) step->out = row->shape(p, step->in);
    if (image_values(step->out) > INT_MAX)
        return fail(err, ": %d x %d x %d pixels are more than %d values; make the result smaller", step->out.height,
                    step->out.width, step->out.channels, INT_MAX);
    if (row->views) out->views *= row->views(p);
    if (!row->apply) out->mixup = out->steps;
    out->out = step->out;
    out->steps++;
    return true;
}

bool augment_plan(const Choice *choices, int count, ImageShape image, Augmentation *out, Error *err) {
    *out = (Augmentation){.in = image, .out = image, .views = 1, .mixup = -1};
    if (count > 0 && image.height == 0)
        return fail(err, "augment: the rows are no images; set data.image, or leave it out");
    for (int k = 0; k < count; k++) {
        Error wrong = {0};
        if (add_step(out, &choices[k], &wrong)) continue;
        error_prefix(&wrong, "augment.%d", k);
        error_move(err, &wrong);
        return false;
    }
    return true;
}

void augment_fit(Augmentation *augmentation, size_t rows, const real *x) {
    for (int k = 0; k < augmentation->steps; k++) {
        AugmentStep *step = &augmentation->step[k];
        const Augment *row = augment_of(&step->choice);
        if (row->fit) row->fit(step, augmentation->in, rows, x);
    }
}

int augment_out(const Augmentation *augmentation, int features) {
    return augmentation->steps ? (int)image_values(augmentation->out) : features;
}

size_t augment_widest(const Augmentation *augmentation) {
    size_t widest = image_values(augmentation->in);
    for (int k = 0; k < augmentation->steps; k++) {
        size_t values = image_values(augmentation->step[k].out);
        if (values > widest) widest = values;
    }
    return widest;
}

/* ---- one image ------------------------------------------------------------------------------------------- */

/* An image on its way, and room to change it. */
typedef struct Canvas {
    real *image, *spare; /* [widest] */
} Canvas;

static size_t room(const Augmentation *augmentation) { return (augment_widest(augmentation) + 15) / 16 * 16; }

size_t augment_work(const Augmentation *augmentation) {
    return room(augmentation) * (augmentation->mixup >= 0 ? 3 : 2);
}

static void swap(Canvas *canvas) {
    real *image = canvas->image;
    canvas->image = canvas->spare;
    canvas->spare = image;
}

static Stream stream_of(const AugmentSource *source, int step, uint32_t row) {
    return random_stream(source->seed, (Purpose)(PURPOSE_AUGMENT + PURPOSE_LAYER * step), source->epoch, row);
}

/* Steps first … end-1, mixup not among them. */
static void change(const Augmentation *augmentation, int first, int end, const AugmentSource *source, uint32_t row,
                   Canvas *canvas) {
    for (int k = first; k < end; k++) {
        const AugmentStep *step = &augmentation->step[k];
        const Augment *kind = augment_of(&step->choice);
        Stream stream = stream_of(source, k, row);
        bool hit = random_uniform(&stream) < chance(step);
        if (hit) kind->apply(step, &stream, canvas->image, canvas->spare);
        else if (kind->evaluate) kind->evaluate(step, 0, canvas->image, canvas->spare);
        if (hit ? !kind->in_place : kind->evaluate != NULL) swap(canvas);
    }
}

static void load(const Augmentation *augmentation, const AugmentSource *source, uint32_t row, Canvas *canvas) {
    image_to_planes(augmentation->in, source->raw + (size_t)row * image_values(augmentation->in), canvas->image);
}

/* log of a gamma variate of shape alpha: Marsaglia and Tsang 2000, for alpha + 1, and U^(1/alpha) (their section 6). */
static double log_gamma_variate(Stream *stream, double alpha) {
    double d = alpha + 2.0 / 3, c = 1 / sqrt(9 * d), power = log(1 - random_uniform(stream)) / alpha;
    for (;;) {
        double x = random_normal(stream), v = 1 + c * x;
        if (v <= 0) continue;
        v = v * v * v;
        if (log(1 - random_uniform(stream)) < 0.5 * x * x + d - d * v + d * log(v)) return log(d * v) + power;
    }
}

double augment_beta(Stream *stream, double alpha) {
    double first = log_gamma_variate(stream, alpha), second = log_gamma_variate(stream, alpha);
    return 1 / (1 + exp(second - first));
}

/* Mixes in the partner, which has room of its own. */
static AugmentMix mix(const Augmentation *augmentation, const AugmentSource *source, uint32_t row, real *own_room,
                      Canvas *canvas) {
    const AugmentStep *step = &augmentation->step[augmentation->mixup];
    const double alpha = ((const double *)choice_params(&step->choice))[1];
    Stream stream = stream_of(source, augmentation->mixup, row);
    if (!(random_uniform(&stream) < chance(step))) return (AugmentMix){row, 1};
    AugmentMix drawn = {.share = (real)augment_beta(&stream, alpha)};
    if (drawn.share == (real)0.5) drawn.share += REAL_EPSILON / 2;
    drawn.partner = random_below(&stream, (uint32_t)source->rows);
    Canvas partner = {own_room, canvas->spare};
    load(augmentation, source, drawn.partner, &partner);
    change(augmentation, 0, augmentation->mixup, source, drawn.partner, &partner);
    const real share = drawn.share, rest = 1 - share, *restrict other = partner.image;
    real *restrict image = canvas->image;
    for (size_t i = 0; i < image_values(step->in); i++) image[i] = share * image[i] + rest * other[i];
    canvas->spare = partner.spare;
    return drawn;
}

AugmentMix augment_row(const Augmentation *augmentation, const AugmentSource *source, uint32_t row, real *work,
                       real *out) {
    const size_t size = room(augmentation);
    Canvas canvas = {work, work + size};
    AugmentMix mixed = {row, 1};
    int first = 0;
    load(augmentation, source, row, &canvas);
    if (augmentation->mixup >= 0) {
        change(augmentation, 0, augmentation->mixup, source, row, &canvas);
        mixed = mix(augmentation, source, row, work + 2 * size, &canvas);
        first = augmentation->mixup + 1;
    }
    change(augmentation, first, augmentation->steps, source, row, &canvas);
    image_from_planes(augmentation->out, canvas.image, out);
    return mixed;
}

void augment_evaluate(const Augmentation *augmentation, int view, const real *raw, real *work, real *out) {
    Canvas canvas = {work, work + room(augmentation)};
    image_to_planes(augmentation->in, raw, canvas.image);
    for (int k = 0; k < augmentation->steps; k++) {
        const AugmentStep *step = &augmentation->step[k];
        const Augment *row = augment_of(&step->choice);
        if (!row->evaluate) continue;
        row->evaluate(step, view, canvas.image, canvas.spare);
        swap(&canvas);
    }
    image_from_planes(augmentation->out, canvas.image, out);
}
