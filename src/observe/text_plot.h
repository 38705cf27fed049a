/* text_plot: one curve drawn in characters, with its axes: braille dots where the terminal has them, ASCII elsewhere.
 * Knows nothing of what it draws. */
#ifndef NNEXP_OBSERVE_TEXT_PLOT_H
#define NNEXP_OBSERVE_TEXT_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Stairs: x runs from 0 to x_end, and y[i] >= 0 holds over the i-th of `count` equal parts of it. */
typedef struct TextPlot {
    const double *y; /* [count], borrowed */
    size_t count;    /* at least 1 */
    double x_end;    /* above 0 */
    double mark;     /* a line is drawn upwards from this x; nan: none */
    bool log;        /* the axis of y has decades; what lies below its last is not drawn */
    bool utf8;
    int columns; /* of the whole picture; fewer than 30 are taken as 30, more than 160 as 160 */
} TextPlot;

/* Whether decades show more: over a quarter of the curve would lie in the lowest twentieth of a linear axis. */
bool text_plot_wants_log(const double *y, size_t count);

/* Where a log axis for these values begins: a power of ten, at most twelve decades below the highest. */
double text_plot_log_low(const double *y, size_t count);

/* Writes the picture: 16 lines of the curve, the axis of x and its numbers; no blanks at the ends of lines. False when
 * memory is out. */
bool text_plot_draw(const TextPlot *plot, FILE *out);

#endif
