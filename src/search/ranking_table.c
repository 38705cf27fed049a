/* ranking_table: ranking_table() of ranking.h. */
#include "base/terminal.h"
#include "base/text.h"
#include "search/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 20, MOST_COLUMNS = PLAN_MOST_AXES + 5, TEXT_BYTES = 128, MOST_WIDTH = 32, MOST_DECIMALS = 9 };

typedef struct Column {
    bool right; /* aligned to the right, as numbers are */
    char text[MOST_ROWS + 1][TEXT_BYTES];
} Column;

typedef struct Table {
    const Ranking *ranking;
    bool utf8;
    int rows, columns; /* rows: without the header, which is row 0 */
    Column column[MOST_COLUMNS];
} Table;

/* ---- figures ----------------------------------------------------------------------------------------------- */

static int order_of(double value) { return (int)floor(log10(value)); }

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Decimals that show two digits of the middle one of the standard errors; where there are none four digits of the
 * best. */
static int decimals_of(const Table *table, bool score) {
    double errors[MOST_ROWS], best = NAN;
    int count = 0;
    for (int i = 0; i < table->rows; i++) {
        const Configuration *it = &table->ranking->configuration[i];
        const Sample *sample = score ? &it->score : &it->loss;
        double error = sample_error(sample);
        if (error > 0 && isfinite(error)) errors[count++] = error;
        if (isnan(best) && isfinite(sample->mean) && sample->mean != 0) best = fabs(sample->mean);
    }
    if (count > 0) qsort(errors, (size_t)count, sizeof *errors, by_size);
    int decimals = count > 0 ? 1 - order_of(errors[count / 2]) : isnan(best) ? 4 : 3 - order_of(best);
    return decimals < 0 ? 0 : decimals > MOST_DECIMALS ? MOST_DECIMALS : decimals;
}

/* Large numbers, as those of seeds that are about to diverge, would push the columns apart. */
static void append_number(char *out, double value, int decimals) {
    if (fabs(value) >= 1e6) text_append(out, TEXT_BYTES, "%.3g", value);
    else text_append(out, TEXT_BYTES, "%.*f", decimals, value);
}

static void print_sample(const Table *table, const Sample *sample, int decimals, char *out) {
    out[0] = '\0';
    if (sample->n == 0) {
        text_append(out, TEXT_BYTES, "-");
        return;
    }
    if (isnan(sample->mean)) text_append(out, TEXT_BYTES, "nan");
    else append_number(out, sample->mean, decimals);
    if (sample->n < 2 || isnan(sample->deviation)) return;
    text_append(out, TEXT_BYTES, " %s ", table->utf8 ? "±" : "+-");
    append_number(out, sample_error(sample), decimals);
}

/* ---- columns ----------------------------------------------------------------------------------------------- */

static Column *add_column(Table *table, const char *name, bool right) {
    Column *column = &table->column[table->columns++];
    column->right = right;
    terminal_harmless(column->text[0], TEXT_BYTES, name, table->utf8);
    return column;
}

static int letters(const char *text) {
    int count = 0;
    for (; *text; text++) count += (*text & 0xc0) != 0x80;
    return count;
}

/* Where the text has `n` letters more. */
static char *after(char *text, int n) {
    while (*text && (n -= (*text & 0xc0) != 0x80) >= 0) text++;
    return text;
}

/* Beyond MOST_WIDTH letters the middle goes: the ends often tell values apart. */
static void shorten(char *text) {
    int count = letters(text), head = (MOST_WIDTH - 2) / 2, tail = MOST_WIDTH - 3 - head;
    if (count <= MOST_WIDTH) return;
    char *cut = after(text, head), *rest = after(text, count - tail);
    memcpy(cut, "...", 3);
    memmove(cut + 3, rest, strlen(rest) + 1);
}

static bool has_numbers(const Axis *axis) {
    for (int i = 0; i < axis->count; i++)
        if (json_type(axis->value[i]) != JSON_NUMBER) return false;
    return true;
}

static void add_axes(Table *table) {
    const SweepPlan *plan = table->ranking->plan;
    for (int i = 0; i < plan->axes; i++) {
        if (groups_by_axis(plan, i)) continue;
        Column *column = add_column(table, plan->axis[i].key, has_numbers(&plan->axis[i]));
        for (int r = 0; r < table->rows; r++) {
            Json *value = plan_value(plan, table->ranking->configuration[r].cell, i);
            char *text = axis_short(value);
            shorten(text);
            terminal_harmless(column->text[r + 1], TEXT_BYTES, text, table->utf8);
            free(text);
            json_free(value);
        }
    }
}

static void add_samples(Table *table, const char *name, bool score) {
    Column *column = add_column(table, name, true);
    int decimals = decimals_of(table, score);
    for (int r = 0; r < table->rows; r++) {
        const Configuration *it = &table->ranking->configuration[r];
        print_sample(table, score ? &it->score : &it->loss, decimals, column->text[r + 1]);
    }
}

static void print_remark(const Configuration *it, char *out) {
    out[0] = '\0';
    if (it->diverged > 0)
        text_append(out, TEXT_BYTES, "%lld of %lld diverged", (long long)it->diverged, (long long)it->seeds);
    if (it->class == RANK_HALVED)
        text_append(out, TEXT_BYTES, "%shalved at epoch %lld", *out ? ", " : "", (long long)it->epochs);
}

static void add_remarks(Table *table) {
    Column *column = add_column(table, "", false);
    for (int r = 0; r < table->rows; r++) print_remark(&table->ranking->configuration[r], column->text[r + 1]);
}

static void fill(Table *table) {
    const Ranking *ranking = table->ranking;
    Column *rank = add_column(table, "rank", true);
    for (int r = 0; r < table->rows; r++) snprintf(rank->text[r + 1], TEXT_BYTES, "%d", r + 1);
    add_axes(table);
    Column *seeds = add_column(table, "n", true);
    for (int r = 0; r < table->rows; r++)
        snprintf(seeds->text[r + 1], TEXT_BYTES, "%lld", (long long)ranking->configuration[r].seeds);
    const char *score = ranking->rmse ? "val_rmse" : "val_accuracy";
    if (ranking->measure == MEASURE_VAL_SCORE) add_samples(table, score, true);
    add_samples(table, ranking->measure == MEASURE_TRAIN_LOSS ? "train_loss" : "val_loss", false);
    if (ranking->measure == MEASURE_VAL_LOSS) add_samples(table, score, true);
    add_remarks(table);
}

/* ---- printing ---------------------------------------------------------------------------------------------- */

static int width_of(const Column *column, int rows) {
    int width = 0;
    for (int r = 0; r <= rows; r++) {
        int wide = letters(column->text[r]);
        if (wide > width) width = wide;
    }
    return width;
}

static void print_row(Table *table, int row, const int *width, FILE *out) {
    char line[MOST_COLUMNS * TEXT_BYTES] = "";
    for (int c = 0; c < table->columns; c++) {
        const char *text = table->column[c].text[row];
        int blanks = width[c] - letters(text);
        text_append(line, sizeof line, "%s%*s%s%*s", c ? "  " : "", table->column[c].right ? blanks : 0, "", text,
                    table->column[c].right ? 0 : blanks, "");
    }
    size_t length = strlen(line);
    while (length > 0 && line[length - 1] == ' ') length--;
    fprintf(out, "%.*s\n", (int)length, line);
}

static void print_order(const Ranking *ranking, FILE *out) {
    bool seen[RANK_NONE + 1] = {false};
    for (int64_t i = 0; i < ranking->groups.count; i++) seen[ranking->configuration[i].class] = true;
    if (ranking->measure == MEASURE_TRAIN_LOSS && ranking->ranked > 0)
        fprintf(out, "ranked by train_loss: there is no validation\n");
    if (ranking->measure == MEASURE_VAL_SCORE && ranking->ranked > 0)
        fprintf(out, "ranked by %s: losses of different kinds do not compare\n",
                ranking->rmse ? "val_rmse" : "val_accuracy");
    if (seen[RANK_UNMEASURED]) fprintf(out, "those without validation have no val_loss and stand last\n");
    if (seen[RANK_UNSTEADY] && seen[RANK_WHOLE])
        fprintf(out, "those with diverged seeds stand after those without; their figures are of the other seeds\n");
    if (seen[RANK_HALVED] && (seen[RANK_WHOLE] || seen[RANK_UNSTEADY]))
        fprintf(
            out,
            "halved ones stand after those that are complete: their figures are of the epoch they were left at\n");
}

static void print_rest(const Ranking *ranking, FILE *out) {
    static const CellStatus open[] = {CELL_FAILED, CELL_UNFINISHED, CELL_MISSING};
    char line[256] = "";
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (ranking->status[open[i]] > 0)
            text_append(line, sizeof line, "%s%lld %s", *line ? ", " : "", (long long)ranking->status[open[i]],
                        cell_status_name[open[i]]);
    if (*line) fprintf(out, "not complete, of %lld cells: %s\n", (long long)ranking->plan->cells, line);
}

void ranking_table(const Ranking *ranking, bool utf8, FILE *out) {
    Table *table = calloc(1, sizeof *table);
    int width[MOST_COLUMNS];
    if (!table) abort();
    table->ranking = ranking;
    table->utf8 = utf8;
    table->rows = ranking->ranked > MOST_ROWS ? MOST_ROWS : (int)ranking->ranked;
    fill(table);
    for (int c = 0; c < table->columns; c++) width[c] = width_of(&table->column[c], table->rows);
    for (int r = 0; r <= table->rows && table->rows > 0; r++) print_row(table, r, width, out);
    if (ranking->ranked > table->rows)
        fprintf(out, "and %lld more: see sweep.csv\n", (long long)ranking->ranked - table->rows);
    print_order(ranking, out);
    print_rest(ranking, out);
    free(table);
}
