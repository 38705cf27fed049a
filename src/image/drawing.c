/* drawing: see drawing.h. */
#include "image/drawing.h"

#include <math.h>

enum { POINTS = 4 }; /* points along the side of a pixel */

static double uniform_in(Stream *stream, double low, double high) {
    return low + (high - low) * random_uniform(stream);
}

void drawing_rgb(double hue, double saturation, double value, double rgb[3]) {
    double sixth = 6 * (hue - floor(hue));
    for (int channel = 0; channel < 3; channel++) {
        /* how far the hue is from the channel's own, in sixths of the circle: up to 1 full, from 2 on none */
        double away = fabs(remainder(sixth - 2 * channel, 6));
        double share = fmin(1, fmax(0, 2 - away));
        rgb[channel] = value * (1 - saturation * (1 - share));
    }
}

/* Where a figure lies in the image: figure = turn⁻¹(image - centre) / scale, then sheared by the slant. The image's
 * half side is 1. */
typedef struct Pose {
    double x, y, scale, cosine, sine, slant;
} Pose;

static Pose draw_pose(const Scene *scene, Stream *stream) {
    Pose pose;
    pose.x = uniform_in(stream, -scene->shift, scene->shift);
    pose.y = uniform_in(stream, -scene->shift, scene->shift);
    pose.scale = 0.62 * exp(uniform_in(stream, -scene->zoom, scene->zoom));
    double angle = uniform_in(stream, -scene->turn, scene->turn);
    pose.cosine = cos(angle);
    pose.sine = sin(angle);
    pose.slant = uniform_in(stream, -scene->slant, scene->slant);
    return pose;
}

static bool covered(const Pose *pose, Covers *covers, const void *figure, double x, double y) {
    double right = (x - pose->x) / pose->scale, down = (y - pose->y) / pose->scale;
    double u = pose->cosine * right + pose->sine * down, v = pose->cosine * down - pose->sine * right;
    return covers(figure, u + pose->slant * v, v);
}

/* The covered share of the pixel at (row, column). */
static double coverage(const Pose *pose, Covers *covers, const void *figure, int size, int row, int column) {
    int hits = 0;
    for (int i = 0; i < POINTS * POINTS; i++) {
        double x = column + (i % POINTS + 0.5) / POINTS, y = row + (i / POINTS + 0.5) / POINTS;
        hits += covered(pose, covers, figure, 2 * x / size - 1, 2 * y / size - 1);
    }
    return (double)hits / (POINTS * POINTS);
}

/* `hue` is the share of the colour circle to draw from, about the one given. */
static void draw_colour(Stream *stream, double about, double hue, double low, double high, double rgb[3]) {
    double h = about + hue * uniform_in(stream, -0.5, 0.5), s = uniform_in(stream, 0.4, 0.9);
    drawing_rgb(h, s, uniform_in(stream, low, high), rgb);
}

static double pixel_value(double share) { return fmin(255, fmax(0, nearbyint(share))); }

void drawing_make(const Scene *scene, Covers *covers, const void *figure, Stream *stream, double *out) {
    ImageShape grid = scene_grid(scene);
    double paper[3], ink[3];
    Pose pose = draw_pose(scene, stream);
    draw_colour(stream, 0.6, scene->hue, 0.1, 0.5, paper);
    draw_colour(stream, 0.1, scene->hue, 0.7, 1, ink);
    for (int pixel = 0; pixel < grid.height * grid.width; pixel++) {
        int row = pixel / grid.width, column = pixel % grid.width;
        double share = coverage(&pose, covers, figure, grid.width, row, column);
        for (int channel = 0; channel < 3; channel++) {
            double colour = 255 * (paper[channel] + share * (ink[channel] - paper[channel]));
            double noisy = colour + scene->noise * random_normal(stream);
            out[pixel_column(&grid, row, column, channel)] = pixel_value(noisy);
        }
    }
}
