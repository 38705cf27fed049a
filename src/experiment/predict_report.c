/* predict_report: see predict_report.h. Up to MATRIX_MOST classes the matrix is shown whole, beyond that its largest
 * entries beside the diagonal; beyond TABLE_MOST classes the table shows those of the lowest f1. */
#include "experiment/predict_report.h"

#include "base/arena.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MATRIX_MOST = 20, TABLE_MOST = 100, SHOWN_WORST = 20, NAME_MOST = 24, HEAD_MOST = 8, CELL_BYTES = 128 };

bool tally_create(Tally *tally, int classes, int targets, char *const *name, Error *err) {
    size_t cells, n = (size_t)classes;
    *tally = (Tally){.classes = classes, .targets = targets, .name = name};
    if (__builtin_mul_overflow(n, n * sizeof *tally->count, &cells)) cells = SIZE_MAX;
    if (!memory_check(cells, err)) return false;
    tally->count = calloc(n * n + 1, sizeof *tally->count);
    tally->none = calloc(n + 1, sizeof *tally->none);
    tally->target = calloc((size_t)targets + 1, sizeof *tally->target);
    if (tally->count && tally->none && tally->target) return true;
    tally_free(tally);
    return fail(err, "needs more memory than the system gives");
}

void tally_free(Tally *tally) {
    free(tally->count);
    free(tally->none);
    free(tally->target);
    *tally = (Tally){0};
}

static int64_t *cell(const Tally *tally, int label, int predicted) {
    return &tally->count[(size_t)label * (size_t)tally->classes + (size_t)predicted];
}

void tally_class(Tally *tally, int label, int predicted) {
    tally->rows++;
    if (predicted < 0) tally->none[label]++;
    else ++*cell(tally, label, predicted);
}

void tally_values(Tally *tally, const double *predicted, const double *truth) {
    tally->rows++;
    for (int k = 0; k < tally->targets; k++) {
        TargetTally *target = &tally->target[k];
        double error = predicted[k] - truth[k], away = truth[k] - target->mean;
        target->squares += error * error;
        target->absolute += fabs(error);
        target->mean += away / (double)tally->rows;
        target->spread += away * (truth[k] - target->mean);
    }
}

static double share(int64_t part, int64_t whole) { return whole > 0 ? (double)part / (double)whole : NAN; }

ClassScore tally_score(const Tally *tally, int c) {
    int64_t right = *cell(tally, c, c), labelled = tally->none[c], predicted = 0;
    for (int k = 0; k < tally->classes; k++) {
        labelled += *cell(tally, c, k);
        predicted += *cell(tally, k, c);
    }
    return (ClassScore){.precision = share(right, predicted),
                        .recall = share(right, labelled),
                        .f1 = share(2 * right, labelled + predicted),
                        .support = labelled};
}

double tally_accuracy(const Tally *tally) {
    int64_t right = 0;
    for (int c = 0; c < tally->classes; c++) right += *cell(tally, c, c);
    return share(right, tally->rows);
}

/* ---- cells --------------------------------------------------------------------------------------------- */

/* At most `most` characters of a name, control characters as '?'; returns how many. */
static int shorten(const char *name, int most, char out[CELL_BYTES]) {
    int width = 0;
    size_t at = 0, used = 0, length = strlen(name);
    out[0] = '\0';
    while (at < length) {
        size_t bytes = text_utf8_length(name + at, length - at);
        if (bytes == 0) bytes = 1;
        bool rest = at + bytes < length, control = (unsigned char)name[at] < ' ' || name[at] == 127;
        if (++width == most && rest) {
            strcpy(out + used, "…");
            return width;
        }
        memcpy(out + used, control ? "?" : name + at, bytes);
        used += bytes;
        out[used] = '\0';
        at += bytes;
    }
    return width;
}

static void print_left(const char *name, int most, int width, FILE *out) {
    char text[CELL_BYTES];
    int shown = shorten(name, most, text);
    fprintf(out, "%s%*s", text, width > shown ? width - shown : 0, "");
}

static void print_right(const char *name, int most, int width, FILE *out) {
    char text[CELL_BYTES];
    int shown = shorten(name, most, text);
    fprintf(out, "%*s%s", width - shown, "", text);
}

static void print_number(double value, int width, FILE *out) {
    if (isnan(value)) fprintf(out, "%*s", width, "nan");
    else fprintf(out, "%*.4f", width, value);
}

static int widest_name(const Tally *tally, int most) {
    char text[CELL_BYTES];
    int width = 0, count = tally->classes ? tally->classes : tally->targets;
    for (int c = 0; c < count; c++) {
        int shown = shorten(tally->name[c], most, text);
        width = shown > width ? shown : width;
    }
    return width;
}

static int digits(int64_t value) { return snprintf(NULL, 0, "%lld", (long long)value); }

/* ---- confusion ----------------------------------------------------------------------------------------- */

static void print_matrix(const Tally *tally, FILE *out) {
    int names = widest_name(tally, NAME_MOST), width = widest_name(tally, HEAD_MOST);
    for (int c = 0; c < tally->classes; c++)
        for (int k = 0; k < tally->classes; k++) {
            int wanted = digits(*cell(tally, c, k));
            width = wanted > width ? wanted : width;
        }
    fprintf(out, "\nconfusion matrix (rows true, columns predicted)\n%*s", names, "");
    for (int k = 0; k < tally->classes; k++) {
        fputs("  ", out);
        print_right(tally->name[k], HEAD_MOST, width, out);
    }
    fputc('\n', out);
    for (int c = 0; c < tally->classes; c++) {
        print_left(tally->name[c], NAME_MOST, names, out);
        for (int k = 0; k < tally->classes; k++) fprintf(out, "  %*lld", width, (long long)*cell(tally, c, k));
        fputc('\n', out);
    }
}

typedef struct Confusion {
    int64_t count;
    int label, predicted;
} Confusion;

/* Puts a confusion into the list of the largest, ordered; the first of equals stays first. */
static void keep_worst(Confusion *worst, int *count, Confusion one) {
    int at = *count < SHOWN_WORST ? (*count)++ : SHOWN_WORST;
    for (; at > 0 && worst[at - 1].count < one.count; at--)
        if (at < SHOWN_WORST) worst[at] = worst[at - 1];
    if (at < SHOWN_WORST) worst[at] = one;
}

static void print_worst(const Tally *tally, FILE *out) {
    Confusion worst[SHOWN_WORST];
    int count = 0;
    for (int c = 0; c < tally->classes; c++)
        for (int k = 0; k < tally->classes; k++)
            if (c != k && *cell(tally, c, k) > 0) keep_worst(worst, &count, (Confusion){*cell(tally, c, k), c, k});
    if (count == 0) {
        fputs("\nno confusions\n", out);
        return;
    }
    int names = widest_name(tally, NAME_MOST), width = digits(worst[0].count);
    fprintf(out, "\nmost frequent confusions\n%*s  %-*s  predicted\n", width > 4 ? width : 4, "rows",
            names > 4 ? names : 4, "true");
    for (int i = 0; i < count; i++) {
        fprintf(out, "%*lld  ", width > 4 ? width : 4, (long long)worst[i].count);
        print_left(tally->name[worst[i].label], NAME_MOST, names > 4 ? names : 4, out);
        fputs("  ", out);
        print_left(tally->name[worst[i].predicted], NAME_MOST, 0, out);
        fputc('\n', out);
    }
}

/* ---- classes ------------------------------------------------------------------------------------------- */

static void print_score(const char *name, int width, ClassScore score, FILE *out) {
    print_left(name, NAME_MOST, width, out);
    print_number(score.precision, 11, out);
    print_number(score.recall, 9, out);
    print_number(score.f1, 9, out);
    fprintf(out, "%10lld\n", (long long)score.support);
}

/* A sum over what is a number, and how many there were. */
typedef struct Mean {
    double sum;
    int count;
} Mean;

static void mean_add(Mean *mean, double value) {
    if (isnan(value)) return;
    mean->sum += value;
    mean->count++;
}

static double mean_of(Mean mean) { return mean.count ? mean.sum / mean.count : NAN; }

ClassScore tally_macro(const Tally *tally) {
    Mean precision = {0}, recall = {0}, f1 = {0};
    for (int c = 0; c < tally->classes; c++) {
        ClassScore score = tally_score(tally, c);
        mean_add(&precision, score.precision);
        mean_add(&recall, score.recall);
        mean_add(&f1, score.f1);
    }
    return (ClassScore){mean_of(precision), mean_of(recall), mean_of(f1), tally->rows};
}

typedef struct Ranked {
    double f1;
    int class;
} Ranked;

static int lower_first(const void *a, const void *b) {
    const Ranked *x = a, *y = b;
    if (x->f1 != y->f1) return x->f1 < y->f1 ? -1 : 1;
    return x->class - y->class;
}

/* The SHOWN_WORST classes of the lowest f1, of those that have one. */
static void print_lowest(const Tally *tally, int width, FILE *out) {
    Ranked *ranked = malloc((size_t)tally->classes * sizeof *ranked);
    int count = 0;
    for (int c = 0; ranked && c < tally->classes; c++) {
        double f1 = tally_score(tally, c).f1;
        if (!isnan(f1)) ranked[count++] = (Ranked){f1, c};
    }
    if (ranked) qsort(ranked, (size_t)count, sizeof *ranked, lower_first);
    for (int i = 0; i < count && i < SHOWN_WORST; i++)
        print_score(tally->name[ranked[i].class], width, tally_score(tally, ranked[i].class), out);
    free(ranked);
}

static void print_classes(const Tally *tally, FILE *out) {
    bool all = tally->classes <= TABLE_MOST;
    int width = widest_name(tally, NAME_MOST);
    if (width < 5) width = 5;
    if (!all) fprintf(out, "\nthe %d classes of the lowest f1, of %d", SHOWN_WORST, tally->classes);
    fprintf(out, "\n%-*s  precision   recall       f1   support\n", width, "class");
    for (int c = 0; all && c < tally->classes; c++) print_score(tally->name[c], width, tally_score(tally, c), out);
    if (!all) print_lowest(tally, width, out);
    print_score("macro", width, tally_macro(tally), out);
}

/* ---- all ----------------------------------------------------------------------------------------------- */

static void print_figure(const char *name, double value, FILE *out) {
    char text[32];
    text_print(text, sizeof text, value);
    fprintf(out, "%s %s", name, text);
}

TargetScore tally_target(const Tally *tally, int k) {
    const TargetTally *target = &tally->target[k];
    double rows = (double)tally->rows;
    return (TargetScore){.rmse = sqrt(target->squares / rows),
                         .mae = target->absolute / rows,
                         .r2 = target->spread > 0 ? 1 - target->squares / target->spread : NAN};
}

static void print_targets(const Tally *tally, FILE *out) {
    int width = widest_name(tally, NAME_MOST);
    if (width < 6) width = 6;
    fprintf(out, "\n\n%-*s  %14s  %14s  %14s\n", width, "target", "rmse", "mae", "r2");
    for (int k = 0; k < tally->targets; k++) {
        TargetScore score = tally_target(tally, k);
        double figure[] = {score.rmse, score.mae, score.r2};
        print_left(tally->name[k], NAME_MOST, width, out);
        for (int i = 0; i < 3; i++) {
            char text[32];
            text_print(text, sizeof text, figure[i]);
            fprintf(out, "  %14s", text);
        }
        fputc('\n', out);
    }
}

static double rmse(const Tally *tally) {
    double squares = 0;
    for (int k = 0; k < tally->targets; k++) squares += tally->target[k].squares;
    return sqrt(squares / ((double)tally->rows * tally->targets));
}

void tally_print(const Tally *tally, const char *title, FILE *out) {
    int64_t none = 0;
    fprintf(out, "%s\n%lld row%s  ", title, (long long)tally->rows, tally->rows == 1 ? "" : "s");
    print_figure("loss", tally->loss / tally->weight, out);
    print_figure(tally->classes ? "  accuracy" : "  rmse", tally->classes ? tally_accuracy(tally) : rmse(tally), out);
    if (tally->targets) {
        print_targets(tally, out);
        return;
    }
    fputc('\n', out);
    for (int c = 0; c < tally->classes; c++) none += tally->none[c];
    if (none)
        fprintf(out, "%lld row%s without a prediction (nan), counted as wrong\n", (long long)none,
                none == 1 ? "" : "s");
    if (tally->classes <= MATRIX_MOST) print_matrix(tally, out);
    else print_worst(tally, out);
    print_classes(tally, out);
}
