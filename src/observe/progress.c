/* progress: see progress.h. */
#include "observe/progress.h"

#include "base/clock.h"
#include "base/terminal.h"
#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { MOST_CELLS = 30, FEWEST_CELLS = 5, TAIL_COLUMNS = 46, LINE_BYTES = 1024 };

static const double redraw_seconds = 0.1, line_seconds = 1;

/* ---- the bar ---------------------------------------------------------------------------------------------
 */

/* printf shows a nan's sign. */
static double unsigned_nan(double value) { return isnan(value) ? NAN : value; }

static double share_done(const Progress *p, double epochs) {
    double share = p->epochs > 0 ? epochs / (double)p->epochs : 1;
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* Appends the part, ASCII alone, or closes the line: what follows a part that does not fit is left out too.
 */
static void append_fitting(char *out, int columns, int *used, const char *part) {
    int width = (int)strlen(part);
    if (*used + width <= columns) text_append(out, PROGRESS_BAR_BYTES, "%s", part);
    *used += width; /* beyond `columns` from here on, when it did not fit */
}

/* The ETA, from the pace since the start; none before there is one. */
static void print_eta(char out[48], double seconds, double share, double share_before) {
    char duration[32];
    out[0] = '\0';
    double left = seconds * (1 - share) / (share - share_before);
    if (!(share > share_before) || !(left < 1e9)) return;
    terminal_duration(duration, sizeof duration, left);
    snprintf(out, 48, "  eta %s", duration);
}

/* The bar's width depends on name and screen alone, so that it stands still; where columns are few, the bar
 * goes first, then the parts from the right. */
void progress_bar(const Progress *p, int columns, double seconds, int64_t epoch, int64_t step_in_epoch, double loss,
                  double lr, char out[PROGRESS_BAR_BYTES]) {
    double share_before = share_done(p, (double)(p->first_epoch - 1));
    double step = p->steps_per_epoch > 0 ? (double)step_in_epoch / (double)p->steps_per_epoch : 0;
    double share = share_done(p, (double)(epoch - 1) + step);
    char counter[64], part[64];
    int digits = snprintf(part, sizeof part, "%lld", (long long)p->epochs);
    snprintf(counter, sizeof counter, "%*lld/%lld", digits, (long long)epoch, (long long)p->epochs);
    int used = terminal_width(p->name) + 2, cells = columns - used - (int)strlen(counter) - TAIL_COLUMNS;
    bool named = used + (int)strlen(counter) <= columns;
    snprintf(out, PROGRESS_BAR_BYTES, "%s%s", named ? p->name : "", named ? "  " : "");
    if (!named) used = 0;
    append_fitting(out, columns, &used, counter);
    if (cells > MOST_CELLS) cells = MOST_CELLS;
    if (cells >= FEWEST_CELLS) {
        terminal_append_bar(out, PROGRESS_BAR_BYTES, cells, share, p->utf8);
        used += cells + 1;
    }
    snprintf(part, sizeof part, " %d%%", (int)(100 * share));
    append_fitting(out, columns, &used, part);
    snprintf(part, sizeof part, "  loss %.3g", unsigned_nan(loss));
    append_fitting(out, columns, &used, part);
    snprintf(part, sizeof part, "  lr %.3g", lr);
    append_fitting(out, columns, &used, part);
    print_eta(part, seconds, share, share_before);
    append_fitting(out, columns, &used, part);
}

/* ---- the terminal ----------------------------------------------------------------------------------------
 */

static void clear_bar(Progress *p) {
    if (p->width > 0) fputs(TERMINAL_CLEAR_LINE, stderr);
    p->width = 0;
}

void progress_start(Progress *p, const char *name, bool quiet, bool classification, int64_t first_epoch,
                    int64_t epochs, int64_t steps_per_epoch) {
    *p = (Progress){.quiet = quiet,
                    .terminal = terminal_on_stderr(),
                    .utf8 = terminal_is_utf8(),
                    .classification = classification,
                    .epochs = epochs,
                    .steps_per_epoch = steps_per_epoch,
                    .first_epoch = first_epoch,
                    .started = clock_seconds(),
                    .drawn = -INFINITY,
                    .lined = -INFINITY};
    terminal_harmless(p->name, sizeof p->name, name, p->utf8);
}

void progress_step(Progress *p, int64_t epoch, int64_t step_in_epoch, double loss, double lr) {
    char bar[PROGRESS_BAR_BYTES], line[PROGRESS_BAR_BYTES + 8];
    if (p->quiet || !p->terminal) return;
    double now = clock_seconds();
    if (now - p->drawn < redraw_seconds) return;
    p->drawn = now;
    progress_bar(p, terminal_bar_columns(), now - p->started, epoch, step_in_epoch, loss, lr, bar);
    snprintf(line, sizeof line, "\r%s\033[K", bar);
    fputs(line, stderr);
    p->width = terminal_width(bar);
}

/* ---- plain lines -----------------------------------------------------------------------------------------
 */

static void append_figure(char *line, const char *name, double value) {
    if (!isnan(value)) text_append(line, LINE_BYTES, "  %s %.3g", name, value);
}

/* A loss that is nan is news; the others are nan where there is nothing to tell. */
static void print_line(Progress *p, const EpochRow *row) {
    char line[LINE_BYTES] = "";
    bool validated = !isnan(row->val_loss);
    text_append(line, sizeof line, "%s: epoch %lld/%lld  train_loss %.3g", p->name, (long long)row->epoch,
                (long long)p->epochs, unsigned_nan(row->train_loss));
    append_figure(line, "val_loss", row->val_loss);
    if (validated) append_figure(line, p->classification ? "val_accuracy" : "val_rmse", row->val_accuracy);
    else append_figure(line, p->classification ? "train_accuracy" : "train_rmse", row->train_accuracy);
    append_figure(line, "lr", row->lr);
    text_append(line, sizeof line, "\n");
    fputs(line, stderr);
    p->waiting = false;
}

void progress_epoch(Progress *p, const EpochRow *row) {
    if (p->quiet || p->terminal) return;
    double now = clock_seconds();
    p->latest = *row;
    p->waiting = true;
    if (now - p->lined < line_seconds && row->epoch != p->epochs) return;
    p->lined = now;
    print_line(p, row);
}

void progress_say(Progress *p, const char *format, ...) {
    char text[LINE_BYTES], line[LINE_BYTES];
    va_list args;
    if (p->quiet) return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    terminal_harmless(line, sizeof line, text, p->utf8);
    fprintf(stderr, "%s%s\n", p->width > 0 ? TERMINAL_CLEAR_LINE : "", line);
    p->width = 0;
    p->drawn = -INFINITY;
}

void progress_end(Progress *p) {
    clear_bar(p);
    if (p->waiting) print_line(p, &p->latest);
}
