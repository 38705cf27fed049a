/* schedule_preview: see schedule_preview.h. */
#include "experiment/schedule_preview.h"

#include "base/csv_out.h"
#include "observe/text_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int64_t updates(const SchedulePreview *preview) { return preview->epochs * preview->steps_per_epoch; }

int64_t schedule_preview_step(const SchedulePreview *preview, size_t i) {
    return i + 1 == preview->count ? updates(preview) : 1 + (int64_t)i * preview->every;
}

bool schedule_preview(const Settings *settings, size_t train_rows, SchedulePreview *out, Error *err) {
    const TrainSettings *train = &settings->train;
    const ScheduleState start = {0};
    int64_t steps = settings_steps_per_epoch(settings, train_rows), all = steps * train->epochs;
    if (train->epochs == 0)
        return fail(err, "train.epochs: 0 make no update, so there is no rate to draw; give some");
    *out = (SchedulePreview){.settings = settings,
                             .epochs = train->epochs,
                             .steps_per_epoch = steps,
                             .warmup = schedule_warmup(&train->warmup, steps),
                             .every = (all + SCHEDULE_PREVIEW_MOST - 1) / SCHEDULE_PREVIEW_MOST};
    out->count = (size_t)((all - 1) / out->every) + 1;
    if ((all - 1) % out->every) out->count++; /* the last */
    out->lr = malloc(out->count * sizeof *out->lr);
    if (!out->lr) return fail(err, "memory is out");
    for (size_t i = 0; i < out->count; i++)
        out->lr[i] = schedule_rate(&train->schedule, &train->warmup, &start, train->lr,
                                   schedule_preview_step(out, i) - 1, steps, train->epochs);
    return true;
}

void schedule_preview_free(SchedulePreview *preview) {
    free(preview->lr);
    *preview = (SchedulePreview){0};
}

/* ---- in words -------------------------------------------------------------------------------------------- */

/* Words of one line, folded so that they fit. */
static void print_folded(const char *text, int columns, FILE *out) {
    int used = 0;
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (used > 0 && used + 1 + length > columns) fprintf(out, "\n "), used = 1;
        used += fprintf(out, "%s%.*s", used > 0 ? " " : "", length, text);
        text += length + (text[length] == ' ');
    }
    fputc('\n', out);
}

static bool print_what(const SchedulePreview *preview, int columns, FILE *out) {
    Json *all = settings_show(preview->settings);
    const Json *train = all ? json_get(all, "train") : NULL, *schedule = train ? json_get(train, "schedule") : NULL;
    char *shown = schedule ? json_print(schedule, false) : NULL, *line = NULL;
    bool ok =
        shown && asprintf(&line, "learning rate by epoch: %lld epoch%s of %lld update%s, %s",
                          (long long)preview->epochs, preview->epochs == 1 ? "" : "s",
                          (long long)preview->steps_per_epoch, preview->steps_per_epoch == 1 ? "" : "s", shown) >= 0;
    if (ok) print_folded(line, columns, out);
    free(line);
    free(shown);
    json_free(all);
    return ok;
}

static void print_figures(const SchedulePreview *preview, bool log, int columns, FILE *out) {
    char line[512];
    size_t top = 0, below = 0;
    double low = log ? text_plot_log_low(preview->lr, preview->count) : 0;
    for (size_t i = 0; i < preview->count; i++) {
        if (preview->lr[i] > preview->lr[top]) top = i;
        below += preview->lr[i] < low * (1 - 1e-9);
    }
    int used = snprintf(line, sizeof line, "%s scale; lr is %.4g at first, %.4g at most (update %lld), %.4g at last",
                        log ? "logarithmic" : "linear", preview->lr[0], preview->lr[top],
                        (long long)schedule_preview_step(preview, top), preview->lr[preview->count - 1]);
    if (below > 0)
        snprintf(line + used, sizeof line - (size_t)used, "; %zu below the scale %s not drawn", below,
                 below == 1 ? "is" : "are");
    print_folded(line, columns, out);
}

static void print_notes(const SchedulePreview *preview, int columns, bool utf8, FILE *out) {
    char line[512];
    const Choice *schedule = &preview->settings->train.schedule;
    if (preview->warmup > 0) {
        snprintf(line, sizeof line, "%s the warm-up ends after %lld update%s (epoch %.4g)", utf8 ? "┊" : ":",
                 (long long)preview->warmup, preview->warmup == 1 ? "" : "s",
                 (double)preview->warmup / (double)preview->steps_per_epoch);
        print_folded(line, columns, out);
    }
    if (schedule_of(schedule)->after_epoch) {
        snprintf(line, sizeof line,
                 "%s goes by val_loss, which nobody knows yet: this is the rate as long as val_loss keeps improving",
                 schedule->variant->name);
        print_folded(line, columns, out);
    }
    if (preview->every > 1) {
        snprintf(line, sizeof line, "one in %lld updates is shown, and the last", (long long)preview->every);
        print_folded(line, columns, out);
    }
}

bool schedule_preview_draw(const SchedulePreview *preview, int columns, bool utf8, FILE *out) {
    bool log = text_plot_wants_log(preview->lr, preview->count);
    TextPlot plot = {.y = preview->lr,
                     .count = preview->count,
                     .x_end = (double)preview->epochs,
                     .mark = preview->warmup > 0 ? (double)preview->warmup / (double)preview->steps_per_epoch : NAN,
                     .log = log,
                     .utf8 = utf8,
                     .columns = columns};
    if (!print_what(preview, columns, out) || !text_plot_draw(&plot, out)) return false;
    print_figures(preview, log, columns, out);
    print_notes(preview, columns, utf8, out);
    return true;
}

/* ---- as CSV ---------------------------------------------------------------------------------------------- */

bool schedule_preview_write(const SchedulePreview *preview, const char *path, Error *err) {
    CsvOut csv;
    if (!csv_out_open(&csv, path, err)) return false;
    csv_out_text(&csv, "", "step", "");
    csv_out_text(&csv, "", "epoch", "");
    csv_out_text(&csv, "", "lr", "");
    csv_out_end_row(&csv);
    for (size_t i = 0; i < preview->count; i++) {
        int64_t step = schedule_preview_step(preview, i);
        char number[2][24];
        snprintf(number[0], sizeof number[0], "%lld", (long long)step);
        snprintf(number[1], sizeof number[1], "%lld", (long long)((step - 1) / preview->steps_per_epoch + 1));
        csv_out_text(&csv, "", number[0], "");
        csv_out_text(&csv, "", number[1], "");
        csv_out_number(&csv, preview->lr[i]);
        csv_out_end_row(&csv);
    }
    return csv_out_close(&csv, true, err);
}
