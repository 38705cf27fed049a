/* sweep_progress: see sweep_progress.h. */
#include "search/sweep_progress.h"

#include "base/clock.h"
#include "base/terminal.h"
#include "base/text.h"
#include "search/halving.h"

#include <math.h>
#include <string.h>

enum { MOST_BLOCKS = 30, FEWEST_BLOCKS = 5, LINE_BYTES = 1024, REDRAWS_A_SECOND = 10 };

/* ---- the bar ----------------------------------------------------------------------------------------------- */

static void print_eta(const SweepProgress *p, double seconds, char *out, size_t size) {
    char duration[32];
    double left = seconds * (p->left + p->beyond) / p->trained;
    out[0] = '\0';
    if (!(p->trained > 0) || !(left < 1e9)) return;
    terminal_duration(duration, sizeof duration, left);
    snprintf(out, size, "  eta %s", duration);
}

void sweep_progress_bar(const SweepProgress *p, int columns, double seconds, char out[SWEEP_BAR_BYTES]) {
    char counter[64], tail[64], eta[48];
    double all = p->trained + p->left + p->beyond, share = all > 0 ? p->trained / all : 1;
    snprintf(counter, sizeof counter, "%lld/%lld cells", (long long)p->done, (long long)p->cells);
    print_eta(p, seconds, eta, sizeof eta);
    snprintf(tail, sizeof tail, " %d%%%s", (int)(100 * share), eta);
    int left = columns - (int)strlen(counter) - (int)strlen(tail) - 1,
        blocks = left > MOST_BLOCKS ? MOST_BLOCKS : left;
    out[0] = '\0';
    text_append(out, SWEEP_BAR_BYTES, "%.*s", columns, counter);
    if (blocks >= FEWEST_BLOCKS) terminal_append_bar(out, SWEEP_BAR_BYTES, blocks, share, p->utf8);
    if (left >= 0) text_append(out, SWEEP_BAR_BYTES, "%s", tail);
}

/* A new second begins a new count, so that a bar that many cells in a row have cleared is back with the next one. */
static bool may_draw(SweepProgress *p, double now) {
    if (now - p->second >= 1) p->second = now, p->drawn = 0;
    return p->drawn < REDRAWS_A_SECOND;
}

static void draw(SweepProgress *p) {
    char bar[SWEEP_BAR_BYTES];
    double now = clock_seconds();
    if (!p->terminal || !may_draw(p, now)) return;
    p->drawn++;
    sweep_progress_bar(p, terminal_bar_columns(), now - p->started, bar);
    fputs(bar, stderr);
    p->shown = true;
}

/* A line above the bar. */
static void say(SweepProgress *p, const char *text) {
    char line[LINE_BYTES];
    terminal_harmless(line, sizeof line, text, p->utf8);
    fprintf(stderr, "%s%s\n", p->shown ? TERMINAL_CLEAR_LINE : "", line);
    p->shown = false;
    draw(p);
}

/* ---- what happens ------------------------------------------------------------------------------------------ */

/* The epochs that a cell does in a round that ends at `target`, one that did all rounds before. */
static int64_t epochs_in_round(const SweepPlan *plan, int64_t cell, int64_t target) {
    const Halving *halving = &plan->settings.halving;
    int64_t to = target > 0 ? target : halving_end(plan, cell), from = 0;
    if (halving->on)
        for (int64_t rung = halving->min_epochs; rung < to; rung *= halving->factor) from = rung;
    return to - from;
}

void sweep_progress_start(SweepProgress *p, int64_t asked, int64_t due) {
    char text[128];
    *p = (SweepProgress){.quiet = p->quiet,
                         .terminal = terminal_on_stderr(),
                         .utf8 = terminal_is_utf8(),
                         .started = clock_seconds(),
                         .second = -INFINITY};
    if (p->quiet || due == asked) return;
    snprintf(text, sizeof text, "%lld of %lld cell%s complete already", (long long)(asked - due), (long long)asked,
             asked == 1         ? " is"
             : asked - due == 1 ? "s is"
                                : "s are");
    say(p, text);
}

static void say_round(SweepProgress *p, int64_t target) {
    char text[128], where[64] = "their end";
    if (target > 0) snprintf(where, sizeof where, "epoch %lld", (long long)target);
    snprintf(text, sizeof text, "halving: %lld cell%s %s to %s", (long long)p->cells, p->cells == 1 ? "" : "s",
             p->cells == 1 ? "goes on" : "go on", where);
    say(p, text);
}

void sweep_progress_round(SweepProgress *p, const SweepPlan *plan, const int64_t *todo, int64_t count,
                          const int64_t *target) {
    p->cells = count;
    p->done = 0;
    p->left = p->beyond = 0;
    if (count == 0 || p->quiet) return;
    for (int64_t i = 0; i < count; i++) p->left += (double)epochs_in_round(plan, todo[i], target[todo[i]]);
    if (!plan->settings.halving.on) return;
    p->beyond = halving_ahead(plan, count, target[todo[0]]);
    say_round(p, target[todo[0]]);
}

/* Nothing of a cell that has measured nothing; a loss that is nan is news, a score that is nan is none. */
static void append_figures(char *line, const CellOutcome *outcome) {
    bool validated = outcome->best_epoch >= 0;
    double loss = validated ? outcome->val_loss : outcome->train_loss;
    char number[32] = "nan";
    if (outcome->status < CELL_FINISHED && outcome->epochs == 0) return;
    if (!isnan(loss)) snprintf(number, sizeof number, "%.4g", loss);
    text_append(line, LINE_BYTES, "  %s_loss %s", validated ? "val" : "train", number);
    if (!isnan(outcome->val_score))
        text_append(line, LINE_BYTES, "  %s %.4g", outcome->rmse ? "val_rmse" : "val_accuracy", outcome->val_score);
}

static void append_status(char *line, const CellEnd *end) {
    const CellOutcome *outcome = end->outcome;
    if (!outcome) text_append(line, LINE_BYTES, "  is run by another process");
    else if (outcome->status == CELL_UNFINISHED)
        text_append(line, LINE_BYTES, "  at epoch %lld", (long long)outcome->epochs);
    else text_append(line, LINE_BYTES, "  %s", cell_status_name[outcome->status]);
    if (end->elsewhere) text_append(line, LINE_BYTES, " elsewhere");
}

void sweep_progress_cell(SweepProgress *p, const SweepPlan *plan, const CellEnd *end) {
    char line[LINE_BYTES] = "", axes[512];
    p->done++;
    if (p->quiet) return;
    double epochs = (double)epochs_in_round(plan, end->cell, end->target);
    p->left -= epochs;
    if (end->outcome && !end->elsewhere) p->trained += epochs;
    plan_describe(plan, end->cell, axes, sizeof axes);
    int digits = snprintf(line, sizeof line, "%lld", (long long)p->cells);
    snprintf(line, sizeof line, "%*lld/%lld  cell %lld  %s", digits, (long long)p->done, (long long)p->cells,
             (long long)end->cell + 1, axes);
    append_status(line, end);
    if (end->outcome) {
        append_figures(line, end->outcome);
        if (!end->elsewhere) text_append(line, sizeof line, "  %.*fs", end->seconds < 10 ? 2 : 0, end->seconds);
    }
    say(p, line);
}

void sweep_progress_end(SweepProgress *p) {
    if (p->shown) fputs(TERMINAL_CLEAR_LINE, stderr);
    p->shown = false;
}
