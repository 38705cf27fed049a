/* augment: what is drawn, and from which address; what evaluation sees; what a list may not hold. */
#include "base/pool.h"
#include "data/image_feed.h"
#include "image/colour.h"

#include "augment_bench.h"
#include "data_files.h"

static const ImageShape grey = {6, 7, 1, IMAGE_HWC, 1}, colour = {8, 8, 3, IMAGE_HWC, 255};

/* Every row once, with parameters that 8 x 8 x 3 images allow, mixup in the midst. */
static const char *const everything =
    "flip;flip direction=vertical;crop pad=2 padding=reflect height=7;resized_crop width=6;color_jitter;mixup "
    "alpha=1;"
    "color_jitter_torchvision;pca_color;brightness_contrast;gray;rotate;translate;noise;cutout size=3;crop pad=1";

/* ---- addresses --------------------------------------------------------------------------------------- */

static void feed(const Augmentation *augmentation, const AugmentSource *source, int threads, const uint32_t *index,
                 size_t n, size_t batch, real *x, AugmentMix *mix) {
    static const Chain none;
    ImageFeed feed;
    Error err = {0};
    Arena arena = {0};
    Pool *pool = pool_create(threads, &err);
    image_feed_layout(&feed, augmentation, &none, pool, &arena);
    assert_true(arena_allocate(&arena, &err));
    image_feed_layout(&feed, augmentation, &none, pool, &arena);
    for (size_t first = 0; first < n; first += batch) {
        size_t count = n - first < batch ? n - first : batch;
        assert_true(image_feed_train(&feed, source, index + first, count, x + first * image_values(augmentation->out),
                                     mix + first, &err));
    }
    arena_free(&arena);
    pool_free(pool);
}

/* Batches of other sizes, in another order, on other threads: the same images, row by row. */
static void a_row_depends_on_its_address_alone(void **state) {
    (void)state;
    enum { ROWS = 75, VALUES = 7 * 6 * 3 };
    Augmentation augmentation = augmentation_of(everything, colour);
    assert_int_equal(image_values(augmentation.out), VALUES);
    real *raw = random_images(colour, ROWS), *x = malloc(2 * ROWS * VALUES * sizeof *x), *other = x + ROWS * VALUES;
    AugmentMix mix[ROWS], other_mix[ROWS];
    AugmentSource source = {raw, ROWS, 5, 3};
    uint32_t index[ROWS], reversed[ROWS];
    for (uint32_t i = 0; i < ROWS; i++) index[i] = i, reversed[i] = ROWS - 1 - i;
    augment_fit(&augmentation, ROWS, raw);
    feed(&augmentation, &source, 1, index, ROWS, ROWS, x, mix);
    for (int threads = 1; threads <= 3; threads++)
        for (size_t batch = 1; batch <= ROWS; batch += 18) {
            feed(&augmentation, &source, threads, reversed, ROWS, batch, other, other_mix);
            for (int r = 0; r < ROWS; r++) {
                int at = ROWS - 1 - r;
                assert_memory_equal(x + r * VALUES, other + at * VALUES, VALUES * sizeof *x);
                assert_true(mix[r].share == other_mix[at].share && mix[r].partner == other_mix[at].partner);
            }
        }
    free(raw), free(x);
}

static void epochs_seeds_rows_and_steps_draw_apart(void **state) {
    (void)state;
    Augmentation augmentation = augmentation_of("noise", grey), twice = augmentation_of("noise;noise", grey);
    real *raw = random_images(grey, 2);
    memcpy(raw + 42, raw, 42 * sizeof *raw);
    const AugmentSource sources[] = {{raw, 2, 5, 3}, {raw, 2, 5, 4}, {raw, 2, 6, 3}};
    real *first = seen(&augmentation, &sources[0], 0, NULL), *again = seen(&augmentation, &sources[0], 0, NULL);
    assert_memory_equal(first, again, 42 * sizeof *raw);
    free(again);
    for (int i = 0; i < 3; i++) {
        real *other = seen(&augmentation, &sources[i], i == 0, NULL);
        assert_memory_not_equal(first, other, 42 * sizeof *raw);
        free(other);
    }
    real *both = seen(&twice, &sources[0], 0, NULL);
    double same = 0; /* the second step adds something else than the first */
    for (int i = 0; i < 42; i++) same += fabs((double)(both[i] - first[i]) - (double)(first[i] - raw[i])) < 1e-6;
    assert_true(same < 10);
    free(first), free(both), free(raw);
}

/* Steps that change nothing where p passes them by. */
static void p_is_the_share_of_rows(void **state) {
    (void)state;
    enum { ROWS = 3000 };
    real *raw = random_images(colour, ROWS), out[192], work[600];
    for (int i = 0; i < augments.count; i++) {
        char text[64];
        const char *name = family_row(&augments, i)->name;
        snprintf(text, sizeof text, "%s p=0.3%s", name, strcmp(name, "cutout") == 0 ? " size=1" : "");
        Augmentation augmentation = augmentation_of(text, colour);
        AugmentSource source = {raw, ROWS, 5, 1};
        int changed = 0;
        assert_true(augment_work(&augmentation) <= 600);
        augment_fit(&augmentation, ROWS, raw);
        for (uint32_t row = 0; row < ROWS; row++) {
            augment_row(&augmentation, &source, row, work, out);
            changed += memcmp(out, raw + row * 192, sizeof out) != 0;
        }
        /* four deviations; a crop or a move by 0 pixels leaves some images as they are */
        double still = strcmp(name, "crop") == 0 ? 1.0 / 81 : strcmp(name, "translate") == 0 ? 1.0 / 25 : 0;
        double p = 0.3 * (1 - still);
        if (fabs(changed - p * ROWS) > 4 * sqrt(p * (1 - p) * ROWS)) fail_msg("%s: %d of %d", name, changed, ROWS);
    }
    free(raw);
}

static void both_layouts_are_one_image(void **state) {
    (void)state;
    enum { ROWS = 9 };
    ImageShape planes = colour;
    planes.layout = IMAGE_CHW;
    Augmentation hwc = augmentation_of(everything, colour), chw = augmentation_of(everything, planes);
    real *raw = random_images(colour, ROWS), *turned = malloc(ROWS * 192 * sizeof *turned);
    for (int i = 0; i < ROWS * 192; i++) turned[i / 192 * 192 + i % 3 * 64 + i % 192 / 3] = raw[i];
    augment_fit(&hwc, ROWS, raw);
    augment_fit(&chw, ROWS, turned);
    AugmentSource from_hwc = {raw, ROWS, 5, 1}, from_chw = {turned, ROWS, 5, 1};
    for (uint32_t row = 0; row < ROWS; row++) {
        real *one = seen(&hwc, &from_hwc, row, NULL), *other = seen(&chw, &from_chw, row, NULL);
        for (int i = 0; i < 42 * 3; i++) assert_true(one[i] == other[i % 3 * 42 + i / 3]);
        free(one), free(other);
    }
    free(raw), free(turned);
}

/* Whatever is drawn, pixels stay in 0 … max. */
static void pixels_stay_in_range(void **state) {
    (void)state;
    enum { ROWS = 300 };
    real *raw = random_images(colour, ROWS);
    for (int i = 0; i < augments.count; i++) {
        Augmentation augmentation = augmentation_of(family_row(&augments, i)->name, colour);
        AugmentSource source = {raw, ROWS, 8, 2};
        augment_fit(&augmentation, ROWS, raw);
        for (uint32_t row = 0; row < ROWS; row++) {
            real *out = seen(&augmentation, &source, row, NULL);
            for (int k = 0; k < 192; k++)
                if (!(out[k] >= 0 && out[k] <= (real)255.001))
                    fail_msg("%s: %.9g", family_row(&augments, i)->name, (double)out[k]);
            free(out);
        }
    }
    free(raw);
}

/* ---- crops ------------------------------------------------------------------------------------------- */

/* Of an image whose pixels are their own places, 1 … 42, which corner was cut out? */
static void corners_are_uniform(void **state) {
    (void)state;
    enum { DRAWS = 24000 };
    static const struct {
        const char *text;
        int down, across, cells; /* of the corner's range */
    } cases[] = {{"crop pad=0 height=4 width=4", 3, 4, 12},
                 {"crop pad=1 height=6 width=7", 3, 3, 9},
                 {"translate vertical=1 horizontal=3", 3, 7, 21}};
    static const double limit[] = {31.3, 26.2, 45.4}; /* one in a thousand, of 11, 8 and 20 degrees */
    real raw[42], out[42], work[128];
    for (int i = 0; i < 42; i++) raw[i] = (real)(i + 1);
    for (int k = 0; k < 3; k++) {
        Augmentation augmentation = augmentation_of(cases[k].text, grey);
        int count[21] = {0}, width = augmentation.out.width;
        for (uint32_t draw = 0; draw < DRAWS; draw++) {
            AugmentSource source = {raw, 1, 1, draw};
            augment_row(&augmentation, &source, 0, work, out);
            int y = 3, x = 3; /* inside the image wherever the corner lies */
            int place = (int)out[y * width + x] - 1, top = place / 7 - y, left = place % 7 - x;
            int padded = k > 0, cell = (top + padded) * cases[k].across + left + (k == 2 ? 3 : padded);
            assert_in_range(cell, 0, cases[k].cells - 1);
            count[cell]++;
        }
        double seen_chi = chi_square(count, cases[k].cells, (double)DRAWS / cases[k].cells);
        if (seen_chi > limit[k]) fail_msg("%s: %g", cases[k].text, seen_chi);
    }
}

/* 6 x 7 to 4 x 4: the centre is at (1, 2), the corners 0 and 2 down, 0 and 3 across. */
static void evaluation_sees_the_centre_or_ten_crops(void **state) {
    (void)state;
    static const int corner[5][2] = {{1, 2}, {0, 0}, {0, 3}, {2, 0}, {2, 3}};
    real raw[42], out[16], work[128];
    for (int i = 0; i < 42; i++) raw[i] = (real)(i + 1);
    Augmentation one = augmentation_of("crop height=4 width=4;flip;noise", grey);
    Augmentation ten = augmentation_of("flip;crop height=4 width=4 evaluate=ten", grey);
    assert_int_equal(one.views, 1);
    assert_int_equal(ten.views, 10);
    for (int view = -1; view < 10; view++) {
        augment_evaluate(view < 0 ? &one : &ten, view < 0 ? 0 : view, raw, work, out);
        const int *at = corner[view < 0 ? 0 : view % 5];
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 4; x++) {
                int across = view >= 5 ? 3 - x : x;
                assert_true(out[y * 4 + x] == raw[(at[0] + y) * 7 + at[1] + across]);
            }
    }
    /* what p passes by is the centre too, in either case */
    Augmentation rare = augmentation_of("crop p=0.000001 height=4 width=4 evaluate=ten", grey);
    AugmentSource source = {raw, 1, 1, 1};
    augment_row(&rare, &source, 0, work, out);
    assert_true(out[0] == raw[9] && out[15] == raw[4 * 7 + 5]);
}

/* As Python has torchvision's int(round((7 - w) / 2.0)). */
static void the_centre_is_torchvisions(void **state) {
    (void)state;
    static const int left[] = {[1] = 3, [2] = 2, [3] = 2, [4] = 2, [5] = 1, [6] = 0};
    real raw[42], out[42], work[128];
    for (int i = 0; i < 42; i++) raw[i] = (real)(i + 1);
    for (int width = 1; width < 7; width++) {
        char text[32];
        snprintf(text, sizeof text, "crop width=%d", width);
        Augmentation one = augmentation_of(text, grey);
        augment_evaluate(&one, 0, raw, work, out);
        assert_true(out[0] == raw[left[width]]);
    }
}

static void a_resized_crop_is_evaluated_whole(void **state) {
    (void)state;
    real *raw = random_images(grey, 1), out[42], work[128];
    Augmentation same = augmentation_of("resized_crop", grey);
    augment_evaluate(&same, 0, raw, work, out);
    assert_memory_equal(raw, out, sizeof out);
    Augmentation half = augmentation_of("resized_crop height=3", grey);
    augment_evaluate(&half, 0, raw, work, out);
    for (int i = 0; i < 21; i++) { /* halved: each pixel lies midway between two */
        double wanted = (double)(raw[i / 7 * 14 + i % 7] + raw[i / 7 * 14 + 7 + i % 7]) / 2;
        assert_true(fabs((double)out[i] - wanted) < 1e-6);
    }
    free(raw);
}

/* Red is the column, green the row: the slopes in the result tell how large the box was. */
static void resized_crops_have_the_sizes_asked_for(void **state) {
    (void)state;
    enum { SIDE = 64, DRAWS = 3000 };
    const ImageShape large = {SIDE, SIDE, 3, IMAGE_CHW, SIDE};
    static real raw[3 * SIDE * SIDE], out[3 * SIDE * SIDE], work[6 * SIDE * SIDE + 64];
    for (int i = 0; i < SIDE * SIDE; i++) raw[i] = (real)(i % SIDE), raw[SIDE * SIDE + i] = (real)(i / SIDE);
    Augmentation augmentation =
        augmentation_of("resized_crop min_scale=0.2 max_scale=0.5 min_ratio=0.5 max_ratio=2", large);
    double area = 0, ratio = 0, left = 0;
    for (uint32_t draw = 0; draw < DRAWS; draw++) {
        AugmentSource source = {raw, 1, 1, draw};
        augment_row(&augmentation, &source, 0, work, out);
        const real *red = out + 32 * SIDE + 32, *green = out + SIDE * SIDE + 32 * SIDE + 32;
        double width = SIDE * (double)(red[1] - red[0]), height = SIDE * (double)(green[SIDE] - green[0]);
        double share = width * height / SIDE / SIDE, one = log(width / height);
        assert_true(share > 0.18 && share < 0.53 && fabs(one) < log(2.15));
        area += share / DRAWS, ratio += one / DRAWS;
        left += (double)(red[0] - 32 * (red[1] - red[0])) / (SIDE - width) / DRAWS;
    }
    assert_true(fabs(area - 0.35) < 0.01 && fabs(ratio) < 0.03 && fabs(left - 0.5) < 0.03);
    Augmentation impossible =
        augmentation_of("resized_crop min_scale=1 min_ratio=2 max_ratio=2", large); /* the largest in the middle */
    AugmentSource source = {raw, 1, 1, 1};
    augment_row(&impossible, &source, 0, work, out);
    assert_true(out[0] == 0 && out[SIDE - 1] == SIDE - 1 && out[SIDE * SIDE] == 16 && out[2 * SIDE * SIDE - 1] == 47);
}

/* ---- colours --------------------------------------------------------------------------------------------- */

/* What becomes of one pixel, many times over. */
static void pixel_many_times(const char *text, const double pixel[3], int draws, double (*out)[3]) {
    const ImageShape one = {1, 1, 3, IMAGE_HWC, 255};
    Augmentation augmentation = augmentation_of(text, one);
    real raw[3] = {(real)pixel[0], (real)pixel[1], (real)pixel[2]}, work[64], seen_pixel[3];
    for (int draw = 0; draw < draws; draw++) {
        AugmentSource source = {raw, 1, 1, (uint32_t)draw};
        augment_row(&augmentation, &source, 0, work, seen_pixel);
        for (int c = 0; c < 3; c++) out[draw][c] = (double)seen_pixel[c];
    }
}

/* Uniform in low … high, says its mean, its spread and its ends. */
static void assert_uniform(const char *what, const double *value, int n, double low, double high) {
    double mean = 0, variance = 0, least = INFINITY, most = -INFINITY, width = high - low;
    for (int i = 0; i < n; i++) {
        mean += value[i] / n;
        least = fmin(least, value[i]), most = fmax(most, value[i]);
    }
    for (int i = 0; i < n; i++) variance += (value[i] - mean) * (value[i] - mean) / n;
    bool inside = least >= low - 1e-4 * width && most <= high + 1e-4 * width;
    if (!inside || least > low + 0.02 * width || most < high - 0.02 * width ||
        fabs(mean - (low + high) / 2) > 0.03 * width || fabs(variance - width * width / 12) > 0.005 * width * width)
        fail_msg("%s: %g … %g, mean %g, variance %g; wanted %g … %g", what, least, most, mean, variance, low, high);
}

enum { DRAWS = 2000 };
static double pixels[DRAWS][3], drawn[DRAWS];

static void jitter_is_uniform_in_its_ranges(void **state) {
    (void)state;
    const double pixel[3] = {100, 60, 60}; /* hue 0, saturation 0.4, value 100 */
    pixel_many_times("color_jitter hue=0.1 saturation=0 value=0", pixel, DRAWS, pixels);
    for (int i = 0; i < DRAWS; i++)
        drawn[i] = (pixels[i][1] - pixels[i][2]) / (100 - fmin(pixels[i][1], pixels[i][2])) / 6;
    assert_uniform("hue", drawn, DRAWS, -0.1, 0.1);
    pixel_many_times("color_jitter hue=0 saturation=0.5 value=0", pixel, DRAWS, pixels);
    for (int i = 0; i < DRAWS; i++) drawn[i] = (100 - pixels[i][1]) / 100 / 0.4;
    assert_uniform("saturation", drawn, DRAWS, 0.5, 1.5);
    pixel_many_times("color_jitter hue=0 saturation=0 value=1.3", pixel, DRAWS, pixels);
    for (int i = 0; i < DRAWS; i++) drawn[i] = pixels[i][0] / 100;
    assert_uniform("value", drawn, DRAWS, 0, 2.3);
    pixel_many_times("color_jitter_torchvision brightness=0.5 contrast=0 saturation=0 hue=0", pixel, DRAWS, pixels);
    for (int i = 0; i < DRAWS; i++) drawn[i] = pixels[i][0] / 100;
    assert_uniform("brightness", drawn, DRAWS, 0.5, 1.5);
    pixel_many_times("color_jitter_torchvision brightness=0 contrast=0 saturation=2 hue=0", pixel, DRAWS, pixels);
    double luma = 0.2989 * 100 + 0.701 * 60;
    for (int i = 0; i < DRAWS; i++) drawn[i] = (pixels[i][0] - luma) / (100 - luma);
    assert_uniform("torchvision's saturation", drawn, DRAWS, 0, 3);
    pixel_many_times("color_jitter_torchvision brightness=0 contrast=0 saturation=0 hue=0.5", pixel, DRAWS, pixels);
    double grey_pixel = 0;
    for (int i = 0; i < DRAWS; i++) grey_pixel += fmin(pixels[i][0], fmin(pixels[i][1], pixels[i][2])) == 60;
    assert_true(grey_pixel > DRAWS * 0.9); /* only the hue moves */
    pixel_many_times("brightness_contrast brightness=0.2 contrast=0", pixel, DRAWS, pixels);
    for (int i = 0; i < DRAWS; i++) drawn[i] = (pixels[i][0] - 100) / 255;
    assert_uniform("shift", drawn, DRAWS, -0.2, 0.2);
    pixel_many_times("brightness_contrast brightness=0 contrast=0.7", pixel, DRAWS, pixels);
    for (int i = 0; i < DRAWS; i++) drawn[i] = (pixels[i][0] - 220.0 / 3) / (100 - 220.0 / 3);
    assert_uniform("gain", drawn, DRAWS, 0.3, 1.7);
}

/* The four changes one after another as the row's stream orders them; all 24 orders come up. */
static void torchvisions_changes_come_in_any_order(void **state) {
    (void)state;
    const ImageShape two = {1, 2, 3, IMAGE_CHW, 1};
    const real raw[6] = {(real)0.9, (real)0.2, (real)0.1, (real)0.5, (real)0.3, (real)0.7};
    real work[64], out[6];
    Augmentation augmentation =
        augmentation_of("color_jitter_torchvision brightness=1 contrast=1 saturation=1 hue=0.5", two);
    int count[256] = {0}, orders = 0;
    for (uint32_t draw = 0; draw < 2400; draw++) {
        AugmentSource source = {raw, 1, 1, draw};
        Stream stream = random_stream(1, PURPOSE_AUGMENT, draw, 0);
        uint32_t order[4] = {0, 1, 2, 3};
        real wanted[6];
        random_uniform(&stream); /* p's */
        random_shuffle(&stream, 4, order);
        double brightness = 2 * random_uniform(&stream), contrast = 2 * random_uniform(&stream),
               saturation = 2 * random_uniform(&stream), hue = random_uniform(&stream) - 0.5;
        memcpy(wanted, raw, sizeof raw);
        for (int i = 0; i < 4; i++) {
            if (order[i] == 0) colour_brightness(2, wanted, brightness, 1);
            if (order[i] == 1) colour_contrast(2, wanted, contrast, 1);
            if (order[i] == 2) colour_saturation(2, wanted, saturation, 1);
            if (order[i] == 3) colour_hsv(2, wanted, hue, 1, 1, 1);
        }
        augment_row(&augmentation, &source, 0, work, out);
        for (int i = 0; i < 6; i++) assert_true(fabs((double)(out[i] - wanted[i])) < 1e-5);
        count[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]]++;
    }
    for (int i = 0; i < 256; i++) orders += count[i] > 60;
    assert_int_equal(orders, 24);
}

/* The shift is one for all pixels; its covariance is that of std · eigenvalue along each component. */
static void pca_color_moves_along_the_components(void **state) {
    (void)state;
    enum { ROWS = 50, MANY = 20000 };
    real *raw = random_images(colour, ROWS), out[192], work[600];
    for (int i = 0; i < ROWS * 192; i += 3) { /* 60 … 190, red and green together */
        for (int c = 0; c < 3; c++) raw[i + c] = 60 + raw[i + c] / 2;
        raw[i + 1] = (3 * raw[i] + raw[i + 1]) / 4;
    }
    Augmentation augmentation = augmentation_of("pca_color std=0.5", colour);
    augment_fit(&augmentation, ROWS, raw);
    double sum[3][3] = {{0}};
    for (uint32_t draw = 0; draw < MANY; draw++) {
        AugmentSource source = {raw, ROWS, 1, draw};
        augment_row(&augmentation, &source, 7, work, out);
        const real *own = raw + 7 * 192;
        double shift[3];
        for (int c = 0; c < 3; c++) shift[c] = (double)(out[c] - own[c]) / 255;
        for (int c = 0; c < 3; c++) assert_true(fabs((double)(out[189 + c] - own[189 + c]) / 255 - shift[c]) < 1e-6);
        for (int i = 0; i < 9; i++) sum[i / 3][i % 3] += shift[i / 3] * shift[i % 3] / MANY;
    }
    double largest = 0;
    for (int i = 0; i < 9; i++) {
        double wanted = 0;
        for (int k = 0; k < 3; k++)
            wanted += 0.25 * augmentation.step[0].fitted[k][i / 3] * augmentation.step[0].fitted[k][i % 3];
        largest = fmax(largest, wanted);
        assert_true(fabs(sum[i / 3][i % 3] - wanted) < 0.05 * largest);
    }
    assert_true(largest > 1e-5);
    free(raw);
}

/* ---- cutout, rotate ---------------------------------------------------------------------------------------- */

static void cutout_blanks_a_square(void **state) {
    (void)state;
    enum { MANY = 9000, SIDE = 9, SIZE = 4 };
    const ImageShape square = {SIDE, SIDE, 3, IMAGE_CHW, 1};
    real raw[3 * SIDE * SIDE], out[3 * SIDE * SIDE], work[600];
    for (int i = 0; i < 3 * SIDE * SIDE; i++) raw[i] = i / (SIDE * SIDE) == 1 ? (real)0.5 : 1;
    Augmentation zero = augmentation_of("cutout size=4", square),
                 mean = augmentation_of("cutout size=4 fill=mean", square);
    int count[SIDE * SIDE] = {0};
    for (uint32_t draw = 0; draw < MANY; draw++) {
        AugmentSource source = {raw, 1, 1, draw};
        int top = SIDE, left = SIDE, bottom = -1, right = -1, blanked = 0;
        augment_row(&zero, &source, 0, work, out);
        for (int i = 0; i < SIDE * SIDE; i++) {
            bool gone = out[i] == 0;
            assert_true(gone == (out[SIDE * SIDE + i] == 0) && gone == (out[2 * SIDE * SIDE + i] == 0));
            if (!gone) continue;
            int y = i / SIDE, x = i % SIDE;
            top = y < top ? y : top, left = x < left ? x : left;
            bottom = y > bottom ? y : bottom, right = x > right ? x : right;
            blanked++;
        }
        int height = bottom - top + 1, width = right - left + 1;
        assert_int_equal(blanked, height * width);
        assert_in_range(height, SIZE / 2, SIZE);
        assert_true(height == SIZE || top == 0 || bottom == SIDE - 1);
        assert_true(width == SIZE || left == 0 || right == SIDE - 1);
        int centre_y = top == 0 ? bottom - 1 : top + 2, centre_x = left == 0 ? right - 1 : left + 2;
        count[centre_y * SIDE + centre_x]++;
        augment_row(&mean, &source, 0, work, out);
        assert_memory_equal(raw, out, sizeof out); /* constant channels: their mean changes nothing */
    }
    assert_true(chi_square(count, SIDE * SIDE, (double)MANY / (SIDE * SIDE)) <
                124.8); /* 80 degrees, one in a thousand */
}

/* A bright point above the centre: where it is afterwards says by how much the image was turned. */
static void angles_are_uniform(void **state) {
    (void)state;
    enum { SIDE = 41, MANY = 600 };
    const ImageShape square = {SIDE, SIDE, 1, IMAGE_HWC, 1};
    static real raw[SIDE * SIDE], out[SIDE * SIDE], work[2 * SIDE * SIDE + 64];
    static double angle[MANY];
    raw[2 * SIDE + 20] = 1;
    Augmentation augmentation = augmentation_of("rotate degrees=30", square);
    for (uint32_t draw = 0; draw < MANY; draw++) {
        AugmentSource source = {raw, 1, 1, draw};
        augment_row(&augmentation, &source, 0, work, out);
        double x = 0, y = 0, sum = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            double light = (double)out[i];
            x += light * (i % SIDE - 20), y += light * (20 - i / SIDE), sum += light;
        }
        assert_true(sum > 0.5);
        angle[draw] = atan2(-x, y) * 180 / 3.14159265358979323846;
    }
    double mean = 0, most = 0;
    for (int i = 0; i < MANY; i++) mean += angle[i] / MANY, most = fmax(most, fabs(angle[i]));
    assert_true(fabs(mean) < 2.5 && most > 28 && most < 32);
}

/* ---- mixup ------------------------------------------------------------------------------------------------- */

static void shares_are_beta_distributed(void **state) {
    (void)state;
    enum { MANY = 40000 };
    static const double alphas[] = {0.001, 0.2, 1, 4, 1000};
    for (int k = 0; k < 5; k++) {
        Stream stream = random_stream(2, PURPOSE_TEST, 9, (uint32_t)k);
        double mean = 0, square = 0, fourth = 0, a = alphas[k];
        for (int i = 0; i < MANY; i++) {
            double x = augment_beta(&stream, a) - 0.5;
            assert_true(x >= -0.5 && x <= 0.5);
            mean += x / MANY, square += x * x / MANY, fourth += x * x * x * x / MANY;
        }
        double variance = 1 / (4 * (2 * a + 1)), kurtosis = 3 - 6 / (2 * a + 3);
        assert_true(fabs(mean) < 5 * sqrt(variance / MANY));
        assert_true(fabs(square / variance - 1) < 0.03);
        assert_true(fabs(fourth / (variance * variance) - kurtosis) < 0.1);
    }
}

static void mixup_mixes_with_any_row_as_it_looks_then(void **state) {
    (void)state;
    enum { ROWS = 20, EPOCHS = 600 };
    Augmentation before = augmentation_of("crop pad=2;color_jitter", colour);
    Augmentation mixed = augmentation_of("crop pad=2;color_jitter;mixup p=0.8 alpha=1", colour);
    real *raw = random_images(colour, ROWS);
    int count[ROWS] = {0}, hits = 0;
    for (uint32_t draw = 0; draw < EPOCHS; draw++) {
        AugmentSource source = {raw, ROWS, 1, draw};
        uint32_t row = draw % ROWS;
        AugmentMix mix;
        real *own = seen(&before, &source, row, NULL), *out = seen(&mixed, &source, row, &mix);
        real *partner = seen(&before, &source, mix.partner, NULL);
        for (int i = 0; i < 192; i++)
            assert_true(fabs((double)(mix.share * own[i] + (1 - mix.share) * partner[i] - out[i])) < 1e-4);
        if (mix.share < 1) count[mix.partner]++, hits++;
        else assert_int_equal(mix.partner, row);
        free(own), free(out), free(partner);
    }
    assert_true(fabs(hits - 0.8 * EPOCHS) < 40);
    assert_true(chi_square(count, ROWS, (double)hits / ROWS) < 43.8); /* 19 degrees, one in a thousand */
    free(raw);
}

/* ---- what is refused ---------------------------------------------------------------------------------------- */

static void refused(const char *text, ImageShape shape, const char *message) {
    static Error err;
    Augmentation out;
    err = (Error){0};
    assert_false(plan_of(text, shape, &out, &err));
    assert_messages(&err, message);
}

static void lists_that_cannot_be(void **state) {
    (void)state;
    const ImageShape none = {0}, pair = {8, 8, 2, IMAGE_HWC, 255};
    refused("flip", none, "augment: the rows are no images; set data.image, or leave it out");
    refused("flip;color_jitter", grey,
            "augment.1: 'color_jitter' needs three channels, red, green and blue, and data.image.channels is 1; "
            "leave it out");
    refused(
        "gray", pair,
        "augment.0: 'gray' needs three channels, red, green and blue, and data.image.channels is 2; leave it out");
    refused("crop height=7", grey, "augment.0.height: 7 is more than the image's 6; make it smaller");
    refused("crop width=8", grey, "augment.0.width: 8 is more than the image's 7; make it smaller");
    refused("crop height=5;crop height=6", grey, "augment.1.height: 6 is more than the image's 5; make it smaller");
    refused("crop pad=0", grey,
            "augment.0.pad: 0 leaves one place to cut the whole image out; set it, or a smaller height or width");
    refused("crop pad=6 padding=reflect", grey,
            "augment.0.pad: reflect has only 5 pixels to mirror in an image of 6 x 7; make it at most that");
    refused("crop pad=0 height=3 padding=edge", grey,
            "augment.0.padding: 'edge' has nothing to fill with pad 0; set pad, or leave it out");
    refused("crop evaluate=ten", grey,
            "augment.0.evaluate: ten crops of the whole image are one; set a smaller height or width, or centre");
    refused("crop height=5 evaluate=ten;crop height=4 evaluate=ten", grey,
            "augment.1.evaluate: 'ten' stands in an earlier step already; use centre");
    refused("crop height=5;resized_crop height=16384 width=16384", (ImageShape){8, 8, 8, IMAGE_HWC, 255},
            "augment.1: 16384 x 16384 x 8 pixels are more than 2147483647 values; make the result smaller");
    refused("resized_crop min_scale=0.9 max_scale=0.5", grey,
            "augment.0.min_scale: 0.9 is above max_scale 0.5; swap them");
    refused("resized_crop min_ratio=3 max_ratio=2", grey, "augment.0.min_ratio: 3 is above max_ratio 2; swap them");
    refused("translate vertical=0 horizontal=0", grey,
            "augment.0.vertical: 0, and so is horizontal; set one of them, or leave the step out");
    refused("translate vertical=6", grey,
            "augment.0.vertical: 6 pixels move an image of height 6 out of sight; make it smaller");
    refused("translate horizontal=7", grey,
            "augment.0.horizontal: 7 pixels move an image of width 7 out of sight; make it smaller");
    refused("cutout size=7", grey, "augment.0.size: 7 is more than the image's 6; make it smaller");
    refused("color_jitter hue=0 saturation=0 value=0", colour,
            "augment.0.hue: 0, and so are saturation and value; set one of them, or leave the step out");
    refused(
        "color_jitter_torchvision brightness=0 contrast=0 saturation=0 hue=0", colour,
        "augment.0.brightness: 0, and so are contrast, saturation and hue; set one of them, or leave the step out");
    refused("brightness_contrast brightness=0 contrast=0", grey,
            "augment.0.brightness: 0, and so is contrast; set one of them, or leave the step out");
    refused("mixup;flip;mixup", grey, "augment.2: images are mixed already by step 0; leave one out");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_depends_on_its_address_alone),
        cmocka_unit_test(epochs_seeds_rows_and_steps_draw_apart),
        cmocka_unit_test(p_is_the_share_of_rows),
        cmocka_unit_test(both_layouts_are_one_image),
        cmocka_unit_test(pixels_stay_in_range),
        cmocka_unit_test(corners_are_uniform),
        cmocka_unit_test(evaluation_sees_the_centre_or_ten_crops),
        cmocka_unit_test(the_centre_is_torchvisions),
        cmocka_unit_test(a_resized_crop_is_evaluated_whole),
        cmocka_unit_test(resized_crops_have_the_sizes_asked_for),
        cmocka_unit_test(jitter_is_uniform_in_its_ranges),
        cmocka_unit_test(torchvisions_changes_come_in_any_order),
        cmocka_unit_test(pca_color_moves_along_the_components),
        cmocka_unit_test(cutout_blanks_a_square),
        cmocka_unit_test(angles_are_uniform),
        cmocka_unit_test(shares_are_beta_distributed),
        cmocka_unit_test(mixup_mixes_with_any_row_as_it_looks_then),
        cmocka_unit_test(lists_that_cannot_be),
    };
    return cmocka_run_group_tests_name("augment", tests, NULL, NULL);
}
