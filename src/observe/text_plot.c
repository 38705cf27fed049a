/* text_plot: see text_plot.h. A cell is 2 x 4 dots in braille (U+2800 …), one dot in ASCII. */
#include "observe/text_plot.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINES = 16,
    FEWEST_COLUMNS = 30,
    MOST_COLUMNS = 160,
    MOST_TICKS = 24,
    LABEL_BYTES = 16,
    X_TICK_COLUMNS = 9, /* from number to number along x, at least */
    Y_TICK_LINES = 3,   /* the same along y */
    MOST_DECADES = 12
};

typedef struct Axis {
    bool log;
    double low, high;
    int ticks;
    double tick[MOST_TICKS];
} Axis;

typedef struct Canvas {
    const TextPlot *plot;
    int cells;                       /* across */
    int dots, dot_lines;             /* across, and upwards */
    int label;                       /* columns of the widest number at y */
    int mark;                        /* the cell of the mark, or -1 */
    unsigned char *cell;             /* [LINES][cells]: bits of braille, or 1 */
    char number[LINES][LABEL_BYTES]; /* "" where the axis has no tick */
} Canvas;

/* ---- axes ------------------------------------------------------------------------------------------------ */

/* 1, 2 or 5 times a power of ten: the least that is no less. */
static double nice(double step) {
    double decade = pow(10, floor(log10(step))), share = step / decade;
    return decade * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

static double highest(const double *y, size_t count) {
    double most = 0;
    for (size_t i = 0; i < count; i++) most = fmax(most, y[i]);
    return most;
}

bool text_plot_wants_log(const double *y, size_t count) {
    size_t low = 0;
    double limit = highest(y, count) / 20;
    for (size_t i = 0; i < count; i++) low += y[i] < limit;
    return low > count / 4;
}

double text_plot_log_low(const double *y, size_t count) {
    double most = highest(y, count), least = most;
    for (size_t i = 0; i < count; i++)
        if (y[i] > 0) least = fmin(least, y[i]);
    return pow(10, fmax(floor(log10(least)), ceil(log10(most)) - MOST_DECADES));
}

static void add_tick(Axis *axis, double value) {
    if (axis->ticks < MOST_TICKS) axis->tick[axis->ticks++] = value;
}

static Axis linear_axis(double end, double step, bool rounded_up) {
    Axis axis = {.high = end};
    int steps = (int)floor(end / step + 1e-9);
    if (rounded_up && steps * step < end * (1 - 1e-9)) steps++;
    if (rounded_up) axis.high = steps * step;
    for (int i = 0; i <= steps; i++) add_tick(&axis, i * step);
    return axis;
}

static Axis log_axis(const double *y, size_t count) {
    double low = text_plot_log_low(y, count);
    int decades = (int)fmax(1, ceil(log10(highest(y, count)) - 1e-9) - round(log10(low)));
    int every = (decades * Y_TICK_LINES + LINES - 1) / LINES;
    Axis axis = {.log = true, .low = low, .high = low * pow(10, decades)};
    for (int i = decades; i >= 0; i -= every) add_tick(&axis, low * pow(10, i));
    return axis;
}

static Axis y_axis(const TextPlot *plot) {
    double most = highest(plot->y, plot->count);
    if (!(most > 0)) return linear_axis(1, 0.5, true);
    if (plot->log) return log_axis(plot->y, plot->count);
    return linear_axis(most, nice(most * Y_TICK_LINES / LINES), true);
}

static Axis x_axis(const TextPlot *plot, int cells) {
    double step = nice(plot->x_end * X_TICK_COLUMNS / cells);
    return linear_axis(plot->x_end, plot->x_end >= 1 && step < 1 ? 1 : step, false);
}

/* The line of dots, from 0 at the bottom; -1: below the axis. */
static int dot_line(const Canvas *canvas, const Axis *axis, double y) {
    if (y < axis->low * (1 - 1e-9)) return -1;
    double share = axis->log ? log10(y / axis->low) / log10(axis->high / axis->low) : y / axis->high;
    return (int)round(fmin(1, fmax(0, share)) * (canvas->dot_lines - 1));
}

/* ---- the curve ------------------------------------------------------------------------------------------- */

static void set_dot(Canvas *canvas, int across, int up) {
    static const unsigned char bits[4][2] = {
        {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}; /* from the top */
    int down = canvas->dot_lines - 1 - up;
    if (canvas->plot->utf8) canvas->cell[down / 4 * canvas->cells + across / 2] |= bits[down % 4][across % 2];
    else canvas->cell[down * canvas->cells + across] = 1;
}

/* The lines between which a column of dots lies; false where it has none. */
static bool column_range(const Canvas *canvas, const Axis *axis, int across, int *low, int *high) {
    const TextPlot *plot = canvas->plot;
    double width = (double)plot->count / canvas->dots;
    size_t first = (size_t)(across * width), last = (size_t)ceil((across + 1) * width - 1e-9);
    *low = canvas->dot_lines, *high = -1;
    for (size_t i = first; i < last && i < plot->count; i++) {
        int line = dot_line(canvas, axis, plot->y[i]);
        if (line < 0) continue;
        if (line < *low) *low = line;
        if (line > *high) *high = line;
    }
    return *high >= 0;
}

/* Each column reaches as far as the one before it, so that the curve has no gaps. */
static void draw_curve(Canvas *canvas, const Axis *axis) {
    int before_low = -1, before_high = -1;
    for (int across = 0; across < canvas->dots; across++) {
        int low, high;
        bool any = column_range(canvas, axis, across, &low, &high);
        int from = any && before_high >= 0 && low > before_high + 1 ? before_high + 1 : low;
        int to = any && before_high >= 0 && high < before_low - 1 ? before_low - 1 : high;
        for (int up = from; any && up <= to; up++) set_dot(canvas, across, up);
        before_low = any ? low : -1;
        before_high = any ? high : -1;
    }
}

static void name_lines(Canvas *canvas, const Axis *axis) {
    for (int i = 0; i < axis->ticks; i++) {
        int down = canvas->dot_lines - 1 - dot_line(canvas, axis, axis->tick[i]);
        char *number = canvas->number[canvas->plot->utf8 ? down / 4 : down];
        snprintf(number, LABEL_BYTES, "%.6g", axis->tick[i]);
        if ((int)strlen(number) > canvas->label) canvas->label = (int)strlen(number);
    }
}

/* ---- the page -------------------------------------------------------------------------------------------- */

static void print_cell(const Canvas *canvas, int line, int across, int *blanks, FILE *out) {
    bool utf8 = canvas->plot->utf8;
    int bits = canvas->cell[line * canvas->cells + across];
    if (!bits && across != canvas->mark) {
        ++*blanks;
        return;
    }
    fprintf(out, "%*s", *blanks, "");
    *blanks = 0;
    if (!bits) fputs(utf8 ? "┊" : ":", out);
    else if (utf8) fprintf(out, "\xe2%c%c", 0xa0 | bits >> 6, 0x80 | (bits & 0x3f));
    else fputc('*', out);
}

static void print_line(const Canvas *canvas, int line, FILE *out) {
    const char *number = canvas->number[line];
    int blanks = 0;
    fprintf(out, "%*s %s", canvas->label, number, canvas->plot->utf8 ? *number ? "┤" : "│" : *number ? "+" : "|");
    for (int across = 0; across < canvas->cells; across++) print_cell(canvas, line, across, &blanks, out);
    fputc('\n', out);
}

static void print_x_axis(const Canvas *canvas, const Axis *axis, FILE *out) {
    char rule[MOST_COLUMNS + 1], number[LABEL_BYTES];
    bool utf8 = canvas->plot->utf8;
    int column = 0;
    memset(rule, '-', (size_t)canvas->cells);
    for (int i = 0; i < axis->ticks; i++) rule[(int)(axis->tick[i] / axis->high * (canvas->cells - 1) + 0.5)] = '+';
    fprintf(out, "%*s %s", canvas->label, "", utf8 ? "└" : "+");
    for (int i = 0; i < canvas->cells; i++)
        if (utf8) fputs(rule[i] == '+' ? "┬" : "─", out);
        else fputc(rule[i], out);
    fputc('\n', out);
    int first = canvas->label + 2, end = first + canvas->cells;
    for (int i = 0; i < axis->ticks; i++) {
        int length = snprintf(number, sizeof number, "%.6g", axis->tick[i]);
        int at = first + (int)(axis->tick[i] / axis->high * (canvas->cells - 1) + 0.5) - (length - 1) / 2;
        if (at + length > end) at = end - length;
        if (at <= column && i > 0) continue;
        fprintf(out, "%*s%s", at - column, "", number);
        column = at + length;
    }
    fputc('\n', out);
}

bool text_plot_draw(const TextPlot *plot, FILE *out) {
    int columns = plot->columns < FEWEST_COLUMNS ? FEWEST_COLUMNS : plot->columns;
    if (columns > MOST_COLUMNS) columns = MOST_COLUMNS;
    Canvas canvas = {.plot = plot, .dot_lines = plot->utf8 ? 4 * LINES : LINES, .mark = -1};
    Axis y = y_axis(plot);
    name_lines(&canvas, &y);
    canvas.cells = columns - canvas.label - 2;
    canvas.dots = plot->utf8 ? 2 * canvas.cells : canvas.cells;
    if (!isnan(plot->mark)) canvas.mark = (int)fmin(canvas.cells - 1, plot->mark / plot->x_end * canvas.cells);
    canvas.cell = calloc(LINES, (size_t)canvas.cells);
    if (!canvas.cell) return false;
    Axis x = x_axis(plot, canvas.cells);
    draw_curve(&canvas, &y);
    for (int line = 0; line < LINES; line++) print_line(&canvas, line, out);
    print_x_axis(&canvas, &x, out);
    free(canvas.cell);
    return true;
}
