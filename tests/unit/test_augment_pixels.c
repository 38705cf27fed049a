/* Pixel operations against colorsys, torch and numpy (tests/reference/augment.txt). */
#include "experiment/views.h"
#include "image/augment.h"
#include "image/colour.h"
#include "image/geometry.h"

#include "../reference/reference.h"

enum { HEIGHT = 5, WIDTH = 6, PIXELS = HEIGHT * WIDTH, MOST = 3 * 13 * 14 };
static const ImageShape shape = {HEIGHT, WIDTH, 3, IMAGE_CHW, 255};

/* The list of that key and number, or NULL. */
static const ReferenceList *numbered(const ReferenceCase *it, const char *key, int i) {
    char whole[40];
    snprintf(whole, sizeof whole, "%s%d", key, i);
    return reference_find(it, whole);
}

static void load(const ReferenceCase *it, const char *key, real *out) {
    const ReferenceList *list = reference_list(it, key);
    for (int i = 0; i < list->count; i++) out[i] = (real)list->number[i];
}

static void compare(const ReferenceCase *it, const ReferenceList *list, const real *seen, double tolerance) {
    assert_non_null(list);
    for (int i = 0; i < list->count; i++)
        reference_near(it, list->key, i, (double)seen[i], list->number[i], tolerance, 255);
}

/* ---- colours ----------------------------------------------------------------------------------------- */

static void check_hsv(const ReferenceCase *it) {
    real x[3 * PIXELS];
    const ReferenceList *with;
    int i = 0;
    for (; (with = numbered(it, "arguments", i)); i++) {
        load(it, "x", x);
        colour_hsv(PIXELS, x, with->number[0], with->number[1], with->number[2], 255);
        compare(it, numbered(it, "out", i), x, 1e-5);
    }
    assert_int_equal(i, 7);
}

static void check_torchvision(const ReferenceCase *it) {
    static const struct {
        const char *key;
        void (*adjust)(size_t pixels, real *x, double factor, double max);
    } all[] = {{"brightness", colour_brightness}, {"contrast", colour_contrast}, {"saturation", colour_saturation}};
    real x[3 * PIXELS];
    const ReferenceList *factor;
    int i = 0;
    for (; (factor = numbered(it, "factor", i)); i++)
        for (int k = 0; k < 3; k++) {
            load(it, "x", x);
            all[k].adjust(PIXELS, x, factor->number[0], 255);
            compare(it, numbered(it, all[k].key, i), x, 1e-6);
        }
    assert_int_equal(i, 3);
}

static void check_gray(const ReferenceCase *it) {
    real x[3 * PIXELS];
    load(it, "x", x);
    colour_gray(PIXELS, x);
    compare(it, reference_list(it, "out"), x, 1e-6);
}

static void check_gain(const ReferenceCase *it) {
    real x[3 * PIXELS];
    const ReferenceList *with;
    for (int i = 0; (with = numbered(it, "arguments", i)); i++) {
        load(it, "x", x);
        colour_gain(3 * PIXELS, x, with->number[0], with->number[1], 255);
        compare(it, numbered(it, "out", i), x, 1e-6);
    }
}

static void check_components(const ReferenceCase *it) {
    enum { ROWS = 4, FEW = 12 };
    real x[ROWS * FEW * 3], planes[ROWS * FEW * 3];
    double covariance[3][3], again[3][3], value[3], vector[3][3];
    load(it, "x", x);
    for (int row = 0; row < ROWS; row++)
        for (int i = 0; i < FEW; i++)
            for (int c = 0; c < 3; c++) planes[row * 3 * FEW + c * FEW + i] = x[row * 3 * FEW + 3 * i + c];
    colour_covariance(ROWS, FEW, 3, 1, x, 255, covariance);
    colour_covariance(ROWS, FEW, 1, FEW, planes, 255, again);
    for (int i = 0; i < 9; i++) {
        double expected = reference_list(it, "covariance")->number[i];
        reference_near(it, "covariance", i, covariance[i / 3][i % 3], expected, 1e-8, 0.01);
        reference_near(it, "covariance of planes", i, again[i / 3][i % 3], expected, 1e-8, 0.01);
    }
    colour_components(covariance, value, vector);
    for (int i = 0; i < 3; i++)
        reference_near(it, "values", i, value[i], reference_list(it, "values")->number[i], 1e-8, 0.01);
    for (int i = 0; i < 9; i++)
        reference_near(it, "vectors", i, vector[i / 3][i % 3], reference_list(it, "vectors")->number[i], 1e-6, 1);
}

/* ---- places ------------------------------------------------------------------------------------------- */

static Box box_of(const double *at) { return (Box){(int)at[0], (int)at[1], (int)at[2], (int)at[3]}; }

static void check_resize(const ReferenceCase *it) {
    real x[3 * PIXELS], out[MOST];
    const ReferenceList *with;
    load(it, "x", x);
    for (int i = 0; (with = numbered(it, "arguments", i)); i++) {
        resize(shape, x, box_of(with->number), (int)with->number[4], (int)with->number[5], out);
        compare(it, numbered(it, "out", i), out, 1e-6);
    }
}

static void check_rotate(const ReferenceCase *it) {
    real x[3 * PIXELS], out[MOST];
    const ReferenceList *with;
    load(it, "x", x);
    for (int i = 0; (with = numbered(it, "arguments", i)); i++) {
        rotate(shape, x, with->number[0] * 3.14159265358979323846 / 180, (real)with->number[1], out);
        compare(it, numbered(it, "out", i), out, 3e-6);
    }
}

static void check_translate(const ReferenceCase *it) {
    real x[3 * PIXELS], out[MOST];
    const ReferenceList *with;
    load(it, "x", x);
    for (int i = 0; (with = numbered(it, "arguments", i)); i++) {
        Box box = {-(int)with->number[0], -(int)with->number[1], HEIGHT, WIDTH};
        cut_out(shape, x, box, PADDING_ZERO, (real)with->number[2], out);
        compare(it, numbered(it, "out", i), out, 1e-9);
    }
}

static void check_crop(const ReferenceCase *it) {
    real x[3 * PIXELS], out[MOST];
    const ReferenceList *with;
    load(it, "x", x);
    for (int i = 0; (with = numbered(it, "arguments", i)); i++) {
        assert_true(numbered(it, "out", i)->count <= MOST);
        cut_out(shape, x, box_of(with->number + 1), (Padding)with->number[0], 0, out);
        compare(it, numbered(it, "out", i), out, 0);
    }
}

/* ---- means of views ---------------------------------------------------------------------------------------- */

/* One row of ten views and four outputs, then the same beside another row. */
static void check_views(const ReferenceCase *it) {
    static const char *const names[3][2] = {{"softmax", "cross_entropy"}, {"sigmoid", "bce"}, {"values", "huber"}};
    enum { VIEWS = 10, OUT = 4 };
    real one[VIEWS * OUT], two[VIEWS * 2 * OUT], mean[2 * OUT];
    load(it, "x", one);
    for (int k = 0; k < 3; k++) {
        const Loss *loss = (const Loss *)family_find(&losses, names[k][1]);
        views_mean(loss, VIEWS, 1, OUT, one, mean);
        compare(it, reference_list(it, names[k][0]), mean, 1e-8);
        for (int i = 0; i < VIEWS * OUT; i++) {
            two[i / OUT * 2 * OUT + i % OUT] = 1;
            two[i / OUT * 2 * OUT + OUT + i % OUT] = one[i];
        }
        views_mean(loss, VIEWS, 2, OUT, two, two); /* in place of the first view */
        compare(it, reference_list(it, names[k][0]), two + OUT, 1e-8);
    }
}

static void views_do_not_overflow(void **state) {
    (void)state;
    const real far[] = {-1000, 1000, -800, 900};
    real mean[2];
    views_mean((const Loss *)family_find(&losses, "cross_entropy"), 2, 1, 2, far, mean);
    assert_true(mean[1] == 0 && mean[0] < -1600 && isfinite(mean[0]));
    views_mean((const Loss *)family_find(&losses, "bce"), 2, 1, 2, far, mean);
    assert_true(isfinite(mean[0]) && isfinite(mean[1]) && mean[0] < -700 && mean[1] > 700);
}

/* ---- all of them ------------------------------------------------------------------------------------------- */

static void like_the_reference(void **state) {
    (void)state;
    static const struct {
        const char *name;
        void (*check)(const ReferenceCase *it);
    } all[] = {{"color_jitter", check_hsv},
               {"color_jitter_torchvision", check_torchvision},
               {"gray", check_gray},
               {"brightness_contrast", check_gain},
               {"pca_color", check_components},
               {"resized_crop", check_resize},
               {"rotate", check_rotate},
               {"translate", check_translate},
               {"crop", check_crop},
               {"mixup", check_views}};
    FILE *file = reference_open("tests/reference/augment.txt");
    static ReferenceCase it;
    size_t cases = 0;
    for (; reference_next(file, &augments, &it); cases++) {
        assert_string_equal(it.choice.variant->name, all[cases].name);
        all[cases].check(&it);
    }
    fclose(file);
    assert_int_equal(cases, sizeof all / sizeof all[0]);
}

/* The way there and back, one pixel at a time (Smith 1978). */
static void plain_hsv(real *pixel, double shift, double saturation, double value) {
    double r = (double)pixel[0], g = (double)pixel[1], b = (double)pixel[2];
    double high = fmax(r, fmax(g, b)), low = fmin(r, fmin(g, b)), chroma = high - low, hue = 0;
    if (chroma > 0 && high == r) hue = fmod((g - b) / chroma + 6, 6);
    else if (chroma > 0 && high == g) hue = (b - r) / chroma + 2;
    else if (chroma > 0) hue = (r - g) / chroma + 4;
    double s = fmin(1, (high > 0 ? chroma / high : 0) * saturation), v = fmin(1, high * value);
    hue = fmod(hue + 6 * shift + 12, 6);
    int sector = (int)hue;
    double f = hue - sector, p = v * (1 - s), q = v * (1 - s * f), t = v * (1 - s * (1 - f));
    double all[6][3] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
    for (int c = 0; c < 3; c++) pixel[c] = (real)all[sector % 6][c];
}

static void hsv_is_the_way_there_and_back(void **state) {
    (void)state;
    enum { MANY = 20003 };
    static real x[3 * MANY], before[3 * MANY];
    Stream stream = random_stream(3, PURPOSE_TEST, 0, 0);
    for (int turn = 0; turn < 20; turn++) {
        double shift = random_uniform(&stream) - 0.5, s = 2 * random_uniform(&stream),
               v = 2 * random_uniform(&stream);
        for (int i = 0; i < 3 * MANY; i++) before[i] = (real)(random_below(&stream, 9) / 8.0); /* ties are common */
        if (turn % 2) random_fill_uniform(&stream, 3 * MANY, before);
        memcpy(x, before, sizeof x);
        colour_hsv(MANY, x, shift, s, v, 1);
        for (int i = 0; i < MANY; i++) {
            real pixel[3] = {before[i], before[MANY + i], before[2 * MANY + i]};
            plain_hsv(pixel, shift, s, v);
            for (int c = 0; c < 3; c++)
                if (!(fabs((double)(pixel[c] - x[c * MANY + i])) <= 1e-5))
                    fail_msg("%g is not %g (%g %g %g)", (double)x[c * MANY + i], (double)pixel[c], shift, s, v);
        }
    }
}

static void a_whole_turn_of_the_hue_changes_nothing(void **state) {
    (void)state;
    real x[30], before[30];
    Stream stream = random_stream(3, PURPOSE_TEST, 1, 0);
    random_fill_uniform(&stream, 30, before);
    for (int turn = -2; turn <= 2; turn++) {
        memcpy(x, before, sizeof x);
        colour_hsv(10, x, turn, 1, 1, 1);
        for (int i = 0; i < 30; i++) assert_true(fabs((double)(x[i] - before[i])) < 1e-6);
    }
}

static void grey_stays_grey(void **state) {
    (void)state;
    real x[3 * 256];
    for (int i = 0; i < 256; i++) x[i] = x[256 + i] = x[512 + i] = (real)i;
    colour_hsv(256, x, 0.37, 5, 1, 255);
    for (int i = 0; i < 256; i++)
        for (int c = 0; c < 3; c++) assert_true(x[c * 256 + i] == (real)i);
}

static void flips_undo_themselves(void **state) {
    (void)state;
    real x[3 * PIXELS], once[3 * PIXELS], twice[3 * PIXELS];
    for (int i = 0; i < 3 * PIXELS; i++) x[i] = (real)i;
    flip_horizontally(shape, x, once);
    assert_true(once[0] == 5 && once[WIDTH] == 11 && once[PIXELS] == PIXELS + 5);
    flip_horizontally(shape, once, twice);
    assert_memory_equal(x, twice, sizeof x);
    flip_vertically(shape, x, once);
    assert_true(once[0] == PIXELS - WIDTH && once[PIXELS + 1] == 2 * PIXELS - WIDTH + 1);
    flip_vertically(shape, once, twice);
    assert_memory_equal(x, twice, sizeof x);
}

static void layouts_are_read_and_written(void **state) {
    (void)state;
    for (int channels = 1; channels <= 4; channels++) {
        ImageShape hwc = {HEIGHT, WIDTH, channels, IMAGE_HWC, 255}, chw = hwc;
        real x[4 * PIXELS], planes[4 * PIXELS], back[4 * PIXELS];
        chw.layout = IMAGE_CHW;
        size_t bytes = image_values(hwc) * sizeof *x;
        for (size_t i = 0; i < image_values(hwc); i++) x[i] = (real)i;
        image_to_planes(hwc, x, planes);
        for (int i = 0; i < PIXELS; i++)
            for (int c = 0; c < channels; c++) assert_true(planes[c * PIXELS + i] == x[i * channels + c]);
        image_from_planes(hwc, planes, back);
        assert_memory_equal(x, back, bytes);
        image_to_planes(chw, x, planes);
        assert_memory_equal(x, planes, bytes);
    }
}

/* Mean, variance, kurtosis and the tails; nothing leaves 0 … max. */
static void noise_is_gaussian(void **state) {
    (void)state;
    enum { MANY = 400001 };
    real *x = malloc(MANY * sizeof *x), *scratch = malloc(MANY * sizeof *x);
    double sum[5] = {0}, beyond = 0;
    Stream stream = random_stream(3, PURPOSE_TEST, 2, 0);
    for (int i = 0; i < MANY; i++) x[i] = 50;
    colour_noise(MANY, x, scratch, &stream, 2, 100);
    for (int i = 0; i < MANY; i++) {
        double z = ((double)x[i] - 50) / 2;
        for (int k = 1; k < 5; k++) sum[k] += pow(z, k) / MANY;
        beyond += fabs(z) > 3;
    }
    assert_true(fabs(sum[1]) < 0.008 && fabs(sum[2] - 1) < 0.01 && fabs(sum[3]) < 0.02 && fabs(sum[4] - 3) < 0.08);
    assert_true(fabs(beyond / MANY - 0.0027) < 0.0004);
    double product = 0; /* the halves share their radii, and must not be correlated */
    for (int i = 0; i < MANY / 2; i++)
        product += ((double)x[i] - 50) * ((double)x[MANY / 2 + i] - 50) / (4.0 * (MANY / 2));
    assert_true(fabs(product) < 0.01);
    colour_noise(MANY, x, scratch, &stream, 80, 100);
    for (int i = 0; i < MANY; i++) assert_true(x[i] >= 0 && x[i] <= 100);
    free(x), free(scratch);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_the_reference),
        cmocka_unit_test(views_do_not_overflow),
        cmocka_unit_test(hsv_is_the_way_there_and_back),
        cmocka_unit_test(a_whole_turn_of_the_hue_changes_nothing),
        cmocka_unit_test(grey_stays_grey),
        cmocka_unit_test(flips_undo_themselves),
        cmocka_unit_test(layouts_are_read_and_written),
        cmocka_unit_test(noise_is_gaussian),
    };
    return cmocka_run_group_tests_name("augment_pixels", tests, NULL, NULL);
}
