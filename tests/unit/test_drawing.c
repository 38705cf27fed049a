/* The drawn images: pixels against their columns, colours against Python's colorsys (tests/reference/drawing.txt),
 * figures against their areas and mirror images, each parameter against what it says. Run from the repository root. */
#include "data/generate.h"
#include "image/drawing.h"
#include "image/glyphs.h"
#include "image/shapes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE = 32, VALUES = 3 * SIZE * SIZE };

/* ---- columns --------------------------------------------------------------------------------------- */

static void test_every_column_is_one_channel_of_one_pixel(void **state) {
    (void)state;
    for (int layout = IMAGE_HWC; layout <= IMAGE_CHW; layout++) {
        for (int channels = 1; channels <= 3; channels += 2) {
            ImageShape grid = {5, 12, channels, (ImageLayout)layout, 255};
            int seen[180] = {0};
            for (int row = 0; row < 5; row++)
                for (int column = 0; column < 12; column++)
                    for (int channel = 0; channel < channels; channel++) {
                        char wanted[PIXEL_NAME_BYTES], name[PIXEL_NAME_BYTES];
                        int i = pixel_column(&grid, row, column, channel);
                        assert_in_range(i, 0, (int)image_values(grid) - 1);
                        assert_int_equal(seen[i]++, 0);
                        snprintf(wanted, sizeof wanted, channels == 3 ? "p%d_%d%c" : "p%d_%d", row, column,
                                 "rgb"[channel]);
                        pixel_name(&grid, i, name);
                        assert_string_equal(name, wanted);
                    }
        }
    }
}

static void test_layouts_are_what_their_names_say(void **state) {
    (void)state;
    ImageShape hwc = {4, 6, 3, IMAGE_HWC, 255}, chw = {4, 6, 3, IMAGE_CHW, 255};
    assert_string_equal(pixel_layout_names[IMAGE_HWC], "hwc");
    assert_string_equal(pixel_layout_names[IMAGE_CHW], "chw");
    assert_int_equal(pixel_column(&hwc, 2, 5, 1), (2 * 6 + 5) * 3 + 1);
    assert_int_equal(pixel_column(&chw, 2, 5, 1), 1 * 24 + 2 * 6 + 5);
}

/* ---- colours --------------------------------------------------------------------------------------- */

static void test_colours_are_those_of_colorsys(void **state) {
    (void)state;
    double hsv[3], wanted[3], rgb[3];
    int lines = 0;
    FILE *file = fopen("tests/reference/drawing.txt", "r");
    assert_non_null(file);
    while (fscanf(file, "%lf %lf %lf %lf %lf %lf", &hsv[0], &hsv[1], &hsv[2], &wanted[0], &wanted[1], &wanted[2]) ==
           6) {
        drawing_rgb(hsv[0], hsv[1], hsv[2], rgb);
        for (int i = 0; i < 3; i++) assert_float_equal(rgb[i], wanted[i], 1e-14);
        drawing_rgb(hsv[0] - 3, hsv[1], hsv[2], rgb); /* the hue wraps */
        for (int i = 0; i < 3; i++) assert_float_equal(rgb[i], wanted[i], 1e-14);
        lines++;
    }
    assert_int_equal(lines, 152);
    fclose(file);
}

/* ---- one image ------------------------------------------------------------------------------------- */

/* Nothing varies but what a test sets; hues are what the seed draws. */
static Scene still(void) { return (Scene){.size = SIZE, .classes = 6, .stroke = 0.4, .hue = 1}; }

static Stream stream_of(int seed) { return random_stream((uint64_t)seed, PURPOSE_TEST, 0, 0); }

static void draw(const Scene *scene, Covers *covers, int seed, double *out) {
    Stream stream = stream_of(seed);
    drawing_make(scene, covers, NULL, &stream, out);
}

static bool nothing(const void *figure, double x, double y) {
    (void)figure, (void)x, (void)y;
    return false;
}

static bool everything(const void *figure, double x, double y) {
    (void)figure, (void)x, (void)y;
    return true;
}

static bool unit_square(const void *figure, double x, double y) {
    (void)figure;
    return fabs(x) <= 0.5 && fabs(y) <= 0.5;
}

/* share[SIZE²]: how much of each pixel the ink covers, found from the picture: paper and ink of the same seed are known
 * from an empty and a full one. Whole numbers leave an error of about 1/100. */
static void shares(const Scene *scene, const double *picture, int seed, double *share) {
    double paper[VALUES], ink[VALUES];
    int best = 0;
    draw(scene, nothing, seed, paper);
    draw(scene, everything, seed, ink);
    for (int channel = 1; channel < 3; channel++)
        if (fabs(ink[channel] - paper[channel]) > fabs(ink[best] - paper[best])) best = channel;
    for (int i = 0; i < SIZE * SIZE; i++)
        share[i] = (picture[3 * i + best] - paper[best]) / (ink[best] - paper[best]);
}

/* Area of the figure in its own unit, and its centre of mass in the image's (half the side is 1). */
static void measure(const Scene *scene, const double *picture, int seed, double *area, double *x, double *y) {
    double share[SIZE * SIZE], sum = 0, right = 0, down = 0;
    shares(scene, picture, seed, share);
    for (int i = 0; i < SIZE * SIZE; i++) {
        sum += share[i];
        right += share[i] * (2 * (i % SIZE + 0.5) / SIZE - 1);
        down += share[i] * (2 * (i / SIZE + 0.5) / SIZE - 1);
    }
    *area = sum * 4 / (SIZE * SIZE) / (0.62 * 0.62);
    *x = right / sum;
    *y = down / sum;
}

static void test_figures_have_their_areas(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double area;
    } wanted[] = {{"disc", M_PI * 0.81},           {"triangle", 0.5 * 1.9 * 1.7},
                  {"cross", 2 * 1.9 * 0.6 - 0.36}, {"ring", M_PI * (0.95 * 0.95 - 0.25)},
                  {"square", 1.6 * 1.6},           {"bar", 1.9 * 0.7}};
    Scene scene = still();
    scene.turn = 3;
    for (int seed = 0; seed < 5; seed++)
        for (int k = 0; k < 6; k++) {
            double picture[VALUES], label, area, x, y;
            Stream stream = stream_of(seed);
            shapes_make(&scene, k, &stream, picture, &label);
            assert_int_equal((int)label, k);
            assert_string_equal(shapes_class_name(&scene, k), wanted[k].name);
            measure(&scene, picture, seed, &area, &x, &y);
            if (fabs(area / wanted[k].area - 1) > 0.02) fail_msg("%s: %g", wanted[k].name, area);
        }
}

static void test_edges_are_shares_of_a_pixel(void **state) {
    (void)state;
    Scene scene = still(); /* the square's side covers 0.62 · 16 = 9.92 pixels */
    double picture[VALUES], share[SIZE * SIZE];
    draw(&scene, unit_square, 1, picture);
    shares(&scene, picture, 1, share);
    assert_float_equal(share[16 * SIZE + 16], 1, 0.001);
    assert_float_equal(share[16 * SIZE + 11], 1, 0.001);
    assert_float_equal(share[16 * SIZE + 10], 0, 0.001);
    scene.zoom = 0.2;
    int partial = 0;
    for (int seed = 0; seed < 20; seed++) {
        draw(&scene, unit_square, seed, picture);
        shares(&scene, picture, seed, share);
        for (int i = 0; i < SIZE * SIZE; i++) partial += share[i] > 0.2 && share[i] < 0.8;
    }
    assert_true(partial > 400);
}

/* ---- what the parameters say ----------------------------------------------------------------------- */

static void test_shift_and_zoom_reach_what_they_say(void **state) {
    (void)state;
    double picture[VALUES], area, x, y, far = 0, least = INFINITY, most = 0;
    Scene scene = still();
    scene.shift = 0.3, scene.zoom = 0.25;
    for (int seed = 0; seed < 200; seed++) {
        draw(&scene, unit_square, seed, picture);
        measure(&scene, picture, seed, &area, &x, &y);
        far = fmax(far, fmax(fabs(x), fabs(y)));
        least = fmin(least, area);
        most = fmax(most, area);
    }
    assert_true(far > 0.27 && far < 0.32);
    assert_true(least > 0.9 * exp(-0.5) && least < 0.75);
    assert_true(most < 1.1 * exp(0.5) && most > 1.35);
}

static double hue_of(const double *rgb) {
    double most = fmax(rgb[0], fmax(rgb[1], rgb[2])), least = fmin(rgb[0], fmin(rgb[1], rgb[2])), d = most - least;
    if (most == rgb[0]) return fmod((rgb[1] - rgb[2]) / d + 6, 6) / 6;
    return most == rgb[1] ? ((rgb[2] - rgb[0]) / d + 2) / 6 : ((rgb[0] - rgb[1]) / d + 4) / 6;
}

static void test_hue_is_a_share_of_the_circle(void **state) {
    (void)state;
    double picture[VALUES];
    for (int tenths = 0; tenths <= 10; tenths += 5) {
        Scene scene = still();
        scene.hue = tenths / 10.0;
        double far = 0;
        for (int seed = 0; seed < 200; seed++) {
            draw(&scene, everything, seed, picture);
            far = fmax(far, fabs(remainder(hue_of(picture) - 0.1, 1)));
        }
        assert_float_equal(far, scene.hue / 2, 0.02);
    }
}

static void test_noise_has_its_std(void **state) {
    (void)state;
    double sum = 0, squares = 0, picture[VALUES], plain[VALUES];
    int n = 0;
    Scene scene = still();
    for (int seed = 0; seed < 20; seed++) {
        scene.noise = 0, draw(&scene, nothing, seed, plain);
        scene.noise = 10, draw(&scene, nothing, seed, picture);
        for (int i = 0; i < VALUES; i++) {
            assert_true(picture[i] >= 0 && picture[i] <= 255 && picture[i] == floor(picture[i]));
            if (plain[i] < 60) continue; /* noise is cut at 0 */
            sum += picture[i] - plain[i];
            squares += (picture[i] - plain[i]) * (picture[i] - plain[i]);
            n++;
        }
    }
    assert_true(n > 5000);
    assert_float_equal(sum / n, 0, 0.5);
    assert_float_equal(sqrt(squares / n), 10, 0.25);
}

static void test_ink_is_lighter_than_paper(void **state) {
    (void)state;
    double paper[VALUES], ink[VALUES];
    Scene scene = still();
    for (int seed = 0; seed < 200; seed++) {
        draw(&scene, nothing, seed, paper);
        draw(&scene, everything, seed, ink);
        double dark = fmax(paper[0], fmax(paper[1], paper[2])), light = fmax(ink[0], fmax(ink[1], ink[2]));
        assert_true(light - dark >= 0.2 * 255 - 1);
    }
}

/* ---- mirror images --------------------------------------------------------------------------------- */

static bool same_flipped(const double *a, const double *b, bool across, bool down) {
    for (int i = 0; i < VALUES; i++) {
        int row = i / 3 / SIZE, column = i / 3 % SIZE;
        int from = ((down ? SIZE - 1 - row : row) * SIZE + (across ? SIZE - 1 - column : column)) * 3 + i % 3;
        if (a[i] != b[from]) return false;
    }
    return true;
}

static void make_glyph(const Scene *scene, int k, int seed, double *out) {
    double label;
    Stream stream = stream_of(seed);
    glyphs_make(scene, k, &stream, out, &label);
    assert_int_equal((int)label, k);
}

static void test_shapes_and_symmetric_letters_are_their_own_mirror_images(void **state) {
    (void)state;
    double picture[VALUES], label;
    Scene scene = still();
    assert_int_equal(glyphs_classes(&scene), 10);
    for (int k = 0; k < 10; k++) {
        make_glyph(&scene, k, k, picture);
        assert_true(same_flipped(picture, picture, true, false));
        Stream stream = stream_of(k);
        shapes_make(&scene, k % 6, &stream, picture, &label);
        assert_true(same_flipped(picture, picture, true, false));
    }
}

static void test_mirrored_letters_are_one_anothers_mirror_images(void **state) {
    (void)state;
    double b[VALUES], d[VALUES], p[VALUES], q[VALUES];
    Scene scene = still();
    scene.letters = 1;
    assert_int_equal(glyphs_classes(&scene), 4);
    assert_string_equal(glyphs_class_name(&scene, 0), "b");
    make_glyph(&scene, 0, 3, b), make_glyph(&scene, 1, 3, d), make_glyph(&scene, 2, 3, p),
        make_glyph(&scene, 3, 3, q);
    assert_true(same_flipped(b, d, true, false));
    assert_true(same_flipped(b, p, false, true));
    assert_true(same_flipped(b, q, true, true));
    assert_false(same_flipped(b, b, true, false));
    assert_false(same_flipped(b, b, false, true));
}

static void test_classes_differ(void **state) {
    (void)state;
    double picture[10][VALUES], share[10][SIZE * SIZE];
    for (int letters = 0; letters < 2; letters++) {
        Scene scene = still();
        scene.letters = letters;
        int classes = glyphs_classes(&scene);
        for (int k = 0; k < classes; k++) {
            make_glyph(&scene, k, 2, picture[k]);
            shares(&scene, picture[k], 2, share[k]);
        }
        for (int i = 0; i < classes; i++)
            for (int k = i + 1; k < classes; k++) {
                double differ = 0;
                for (int at = 0; at < SIZE * SIZE; at++) differ += fabs(share[i][at] - share[k][at]);
                if (differ < 40)
                    fail_msg("%s and %s: %g pixels", glyphs_class_name(&scene, i), glyphs_class_name(&scene, k),
                             differ);
            }
    }
}

static void test_layouts_hold_the_same_picture(void **state) {
    (void)state;
    double hwc[VALUES], chw[VALUES];
    Scene scene = still();
    scene.noise = 20;
    make_glyph(&scene, 0, 1, hwc);
    scene.layout = IMAGE_CHW;
    make_glyph(&scene, 0, 1, chw);
    for (int i = 0; i < VALUES; i++) assert_true(hwc[i] == chw[i % 3 * SIZE * SIZE + i / 3]);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_column_is_one_channel_of_one_pixel),
        cmocka_unit_test(test_layouts_are_what_their_names_say),
        cmocka_unit_test(test_colours_are_those_of_colorsys),
        cmocka_unit_test(test_figures_have_their_areas),
        cmocka_unit_test(test_edges_are_shares_of_a_pixel),
        cmocka_unit_test(test_shift_and_zoom_reach_what_they_say),
        cmocka_unit_test(test_hue_is_a_share_of_the_circle),
        cmocka_unit_test(test_noise_has_its_std),
        cmocka_unit_test(test_ink_is_lighter_than_paper),
        cmocka_unit_test(test_shapes_and_symmetric_letters_are_their_own_mirror_images),
        cmocka_unit_test(test_mirrored_letters_are_one_anothers_mirror_images),
        cmocka_unit_test(test_classes_differ),
        cmocka_unit_test(test_layouts_hold_the_same_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
