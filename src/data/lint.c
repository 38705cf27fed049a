/* lint: see lint.h. Texts are worded so that they hold for one and for many. */
#include "data/lint.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 3 }; /* names told; the others are counted */

/* Rows that may differ from the one value of a column, as a share: so few shape no weight, and scaling blows them
 * up. */
static const double rare = 1e-3;
static const double mostly_one_value =
    0.95; /* beyond, a std speaks of how rare the other values are, not of a scale */
static const double many_repeats = 0.01;
static const double unequal = 1e3;        /* stds: conditioning grows with the square */
static const double told = 0.99;          /* share of rows, of classification … */
static const double of_the_rest = 0.2;    /* … and of the errors of naming the largest class, that a rule leaves */
static const double correlated = 0.999;   /* regression */
static const double unequal_classes = 10; /* twice what a run's finding takes: the data alone show no harm yet */
static const double scattered = 0.01;     /* share of the targets' variance */
enum { FEW_IN_CLASS = 5, ROWS_TO_ORDER = 20, ROWS_TO_JUDGE = 50, ROWS_AN_INTERVAL = 10 };

#define SAY(text, ...) text_append(text, LINT_TEXT, __VA_ARGS__)

static size_t rows_of(const LintFacts *f) { return f->data->train.rows; }
static const ColumnFacts *column_of(const LintFacts *f, int j) { return &f->census->column[j]; }

static double percent(size_t part, size_t whole) { return 100 * (double)part / (double)whole; }

/* ---- which, by name ---------------------------------------------------------------------------------------- */

typedef bool (*Picks)(const LintFacts *facts, int i);

static int count_of(const LintFacts *f, int most, Picks picks) {
    int count = 0;
    for (int i = 0; i < most; i++) count += picks(f, i);
    return count;
}

/* `a, b, c and 12 more`. */
static void say_names(const LintFacts *f, int most, Picks picks, char *const *name, char *text) {
    int count = count_of(f, most, picks), said = 0;
    for (int i = 0; i < most && said < SHOWN; i++)
        if (picks(f, i)) SAY(text, "%s%s", said++ ? ", " : "", name[i]);
    if (count > SHOWN) SAY(text, " and %d more", count - SHOWN);
}

/* `WHAT: 3 of 64 inputs (a, b, c)`; false where there are none. */
static bool say_columns(const LintFacts *f, const char *what, Picks picks, char *text) {
    int features = f->data->raw_features, count = count_of(f, features, picks);
    if (count == 0) return false;
    SAY(text, "%s: %d of %d inputs (", what, count, features);
    say_names(f, features, picks, f->data->raw_name, text);
    SAY(text, ")");
    return true;
}

/* An image with a column left out is none. */
static bool may_ignore(const LintFacts *f) { return f->data->image.height == 0; }

static bool prepares(const LintFacts *f, const char *name) {
    for (int k = 0; k < f->request->preprocess_count; k++)
        if (strcmp(f->request->preprocess[k].variant->name, name) == 0) return true;
    return false;
}

/* Whether each input is brought to a scale of its own. */
static bool scales(const LintFacts *f) {
    return prepares(f, "standardize") || prepares(f, "minmax") || prepares(f, "robust") || prepares(f, "whiten");
}

/* ---- columns that carry little ------------------------------------------------------------------------------- */

static bool is_constant(const LintFacts *f, int j) { return column_of(f, j)->low == column_of(f, j)->high; }

/* A column of the file whose inputs are all constant. */
static bool is_constant_source(const LintFacts *f, int i) {
    const Source *source = &f->census->source[i];
    for (int j = source->first; j < source->first + source->width; j++)
        if (!is_constant(f, j)) return false;
    return true;
}

static bool constant_columns(const LintFacts *f, char *text) {
    int sources = f->census->sources, count = count_of(f, sources, is_constant_source), said = 0;
    if (count == 0) return false;
    SAY(text, "constant columns: %d of %d %s (", count, sources,
        sources == f->data->raw_features ? "inputs" : "columns");
    for (int i = 0; i < sources && said < SHOWN; i++)
        if (is_constant_source(f, i)) SAY(text, "%s%s", said++ ? ", " : "", f->census->source[i].name);
    if (count > SHOWN) SAY(text, " and %d more", count - SHOWN);
    SAY(text, "), one value each in training; %s", may_ignore(f) ? "put them into data.ignore, or " : "");
    return SAY(text, "leave them: standardize maps them to 0"), true;
}

/* A category that no training row has, of a column that is not constant. */
static bool is_untrained(const LintFacts *f, int j) {
    int i = 0;
    if (!column_of(f, j)->one_hot || !is_constant(f, j)) return false;
    while (j >= f->census->source[i].first + f->census->source[i].width) i++;
    return !is_constant_source(f, i);
}

static bool untrained_categories(const LintFacts *f, char *text) {
    if (!say_columns(f, "categories without a training row", is_untrained, text)) return false;
    SAY(text, ": nothing is learned of them; ");
    return SAY(text, "give them training rows or, where no row has them, leave them out of data.categories"), true;
}

static bool is_nearly_constant(const LintFacts *f, int j) {
    const ColumnFacts *column = column_of(f, j);
    size_t rows = rows_of(f), others = rows - column->common_rows;
    return others > 0 && !column->one_hot && rows >= ROWS_TO_ORDER &&
           (others == 1 || (double)others <= rare * (double)rows);
}

static bool nearly_constant_columns(const LintFacts *f, char *text) {
    if (!say_columns(f, "nearly constant columns", is_nearly_constant, text)) return false;
    double most = 0;
    for (int j = 0; j < f->data->raw_features; j++) {
        const ColumnFacts *column = column_of(f, j);
        if (!is_nearly_constant(f, j)) continue;
        most =
            fmax(most, fmax((double)column->high - column->mean, column->mean - (double)column->low) / column->std);
    }
    SAY(text,
        ", one value in all but a few training rows; standardize takes the others up to %.3g standard deviations ",
        most);
    return SAY(text, "out: %s", may_ignore(f) ? "put them into data.ignore" : "scale suits them better"), true;
}

static bool is_duplicate(const LintFacts *f, int j) { return column_of(f, j)->same_as >= 0; }

static bool duplicate_columns(const LintFacts *f, char *text) {
    int features = f->data->raw_features, count = count_of(f, features, is_duplicate), said = 0;
    if (count == 0) return false;
    SAY(text, "duplicate columns: %d of %d inputs (", count, features);
    for (int j = 0; j < features && said < SHOWN; j++)
        if (is_duplicate(f, j))
            SAY(text, "%s%s = %s", said++ ? ", " : "", f->data->raw_name[j],
                f->data->raw_name[column_of(f, j)->same_as]);
    if (count > SHOWN) SAY(text, " and %d more", count - SHOWN);
    SAY(text, "), equal to another in every training row; ");
    return SAY(text, may_ignore(f) ? "put them into data.ignore: they add nothing and count twice"
                                   : "leave them, if that is what the images are like"),
           true;
}

static bool is_row_number(const LintFacts *f, int j) {
    const ColumnFacts *column = column_of(f, j);
    size_t rows = rows_of(f);
    bool ordered = column->whole && (column->rising || column->falling) && rows >= ROWS_TO_ORDER;
    return f->census->sources > 1 && !column->one_hot && (ordered || (column->numbered && rows >= ROWS_TO_JUDGE));
}

static bool row_numbers(const LintFacts *f, char *text) {
    if (!say_columns(f, "row numbers", is_row_number, text)) return false;
    SAY(text, ", whole numbers, each in one training row, in order or with few gaps; ");
    return SAY(text, "if they number the rows, put them into data.ignore: a new row's says nothing of it"), true;
}

/* ---- rows that occur again ----------------------------------------------------------------------------------- */

static bool repeated_rows(const LintFacts *f, char *text) {
    size_t repeated = f->census->repeats.repeated;
    if (!((double)repeated > many_repeats * (double)rows_of(f))) return false;
    SAY(text, "repeated rows: %zu of %zu training rows (%.3g %%) have the inputs of an earlier one; ", repeated,
        rows_of(f), percent(repeated, rows_of(f)));
    return SAY(text, "if they are copies of it, remove them: they count twice"), true;
}

static bool contradictory_rows(const LintFacts *f, char *text) {
    const Repeats *repeats = &f->census->repeats;
    if (repeats->errors > 0)
        SAY(text,
            "contradictory rows: %zu of %zu training rows share their inputs with a row of another class, so that no "
            "model gets more than %.4g %% of them all right",
            repeats->contradictory, rows_of(f), 100 - percent(repeats->errors, rows_of(f)));
    else if (repeats->unexplained > scattered)
        SAY(text,
            "contradictory rows: training rows of equal inputs have different targets, so that no model explains "
            "more "
            "than %.4g %% of their variance",
            100 * (1 - repeats->unexplained));
    else return false;
    return SAY(text, "; correct the labels, or add a column that tells the rows apart"), true;
}

static void say_shared(size_t shared, const View *split, const char *name, const char *other, char *text) {
    if (shared == 0) return;
    SAY(text, "%s%zu of %zu %s rows (%.3g %%) have the inputs of a %s row",
        text[0] ? ", " : "rows in both splits: ", shared, split->rows, name, percent(shared, split->rows), other);
}

static bool shared_rows(const LintFacts *f, char *text) {
    const Repeats *repeats = &f->census->repeats;
    say_shared(repeats->validation_in_train, &f->data->validation, "validation", "training", text);
    say_shared(repeats->test_in_train, &f->data->test, "test", "training", text);
    say_shared(repeats->test_in_validation, &f->data->test, "test", "validation", text);
    if (text[0]) SAY(text, "; keep each in one of them: what was trained on flatters the figures");
    return text[0];
}

/* ---- values ---------------------------------------------------------------------------------------------------- */

static bool has_scale(const LintFacts *f, int j) {
    const ColumnFacts *column = column_of(f, j);
    return !column->one_hot && column->std > 0 && column->code_rows == 0 &&
           (double)column->common_rows <= mostly_one_value * (double)rows_of(f);
}

static bool unequal_scales(const LintFacts *f, char *text) {
    int least = -1, most = -1;
    for (int j = 0; j < f->data->raw_features; j++) {
        if (!has_scale(f, j)) continue;
        if (least < 0 || column_of(f, j)->std < column_of(f, least)->std) least = j;
        if (most < 0 || column_of(f, j)->std > column_of(f, most)->std) most = j;
    }
    if (scales(f) || least < 0 || !(column_of(f, most)->std > unequal * column_of(f, least)->std)) return false;
    SAY(text, "unequal scales: the standard deviation is %.3g in %s and %.3g in %s, a ratio of %.3g; ",
        column_of(f, most)->std, f->data->raw_name[most], column_of(f, least)->std, f->data->raw_name[least],
        column_of(f, most)->std / column_of(f, least)->std);
    return SAY(text, "preprocess [\"standardize\"]"), true;
}

static bool has_outliers(const LintFacts *f, int j) { return column_of(f, j)->far_rows > 0; }

static bool outliers(const LintFacts *f, char *text) {
    if (!say_columns(f, "outliers", has_outliers, text)) return false;
    size_t values = 0;
    for (int j = 0; j < f->data->raw_features; j++) values += column_of(f, j)->far_rows;
    SAY(text, " with values over %g interquartile ranges beyond the quartiles, %zu in all; ", CENSUS_FAR, values);
    return SAY(text, "correct what is a mistake, else take logarithms or clip: a few rows rule the scale"), true;
}

static bool has_code(const LintFacts *f, int j) { return column_of(f, j)->code_rows > 0; }

static bool missing_codes(const LintFacts *f, char *text) {
    if (!say_columns(f, "codes for missing values", has_code, text)) return false;
    int first = 0;
    while (!has_code(f, first)) first++;
    const ColumnFacts *column = column_of(f, first);
    SAY(text, ", as %s with %g in %zu training rows and %.4g to %.4g in the others; ", f->data->raw_name[first],
        column->code, column->code_rows, (double)column->rest_low, (double)column->rest_high);
    return SAY(text, "write such cells empty, and set data.missing"), true;
}

/* ---- the label --------------------------------------------------------------------------------------------- */

static size_t class_extreme(const LintFacts *f, bool largest) {
    const size_t *count = f->census->class_rows[0];
    int at = 0;
    for (int c = 1; c < f->data->classes; c++)
        if (largest ? count[c] > count[at] : count[c] < count[at]) at = c;
    return (size_t)at;
}

/* Far more than naming the largest class gets right, by intervals that are not made of a few rows each. */
static bool tells_class(const LintFacts *f, const Source *source) {
    double majority = (double)f->census->class_rows[0][class_extreme(f, true)] / (double)rows_of(f);
    return source->tells >= told && 1 - source->tells <= of_the_rest * (1 - majority) &&
           f->census->sample >= ROWS_AN_INTERVAL * (size_t)source->intervals;
}

static bool tells(const LintFacts *f, int i) {
    const Source *source = &f->census->source[i];
    if (f->census->sources < 2 || f->census->sample < ROWS_TO_JUDGE || isnan(source->tells)) return false;
    return f->data->classes > 0 ? tells_class(f, source) : source->tells >= correlated;
}

static bool label_alone(const LintFacts *f, char *text) {
    const Census *census = f->census;
    int best = -1, count = count_of(f, census->sources, tells);
    for (int i = 0; i < census->sources; i++)
        if (tells(f, i) && (best < 0 || census->source[i].tells > census->source[best].tells)) best = i;
    if (best < 0) return false;
    const Source *source = &census->source[best];
    SAY(text, "a column that tells the label alone: ");
    if (f->data->classes > 0)
        SAY(text, "%s gets %.4g %% of %zu training rows right by %d intervals of its values", source->name,
            100 * source->tells, census->sample, source->intervals);
    else
        SAY(text, "%s has a correlation of %.5g with %s, of the values or of their ranks", source->name,
            source->tells, f->data->target_name[source->target]);
    if (count > 1) SAY(text, " (%d more do as well)", count - 1);
    return SAY(text, "; if it is made from the label, or known only after it, put it into data.ignore"), true;
}

static bool class_imbalance(const LintFacts *f, char *text) {
    if (f->data->classes == 0 || f->class_weight) return false;
    size_t most = class_extreme(f, true), least = class_extreme(f, false);
    const size_t *count = f->census->class_rows[0];
    if (!((double)count[most] > unequal_classes * (double)count[least])) return false;
    SAY(text, "unequal classes: '%s' has %zu training rows and '%s' has %zu; ", f->data->class_name[most],
        count[most], f->data->class_name[least], count[least]);
    return SAY(text, "train.class_weight \"balanced\", and judge by more than the accuracy"), true;
}

static bool is_small(const LintFacts *f, int c) { return f->census->class_rows[0][c] < FEW_IN_CLASS; }

static bool small_classes(const LintFacts *f, char *text) {
    int classes = f->data->classes, count = count_of(f, classes, is_small);
    if (count == 0) return false;
    SAY(text, "small classes: %d of %d (", count, classes);
    say_names(f, classes, is_small, f->data->class_name, text);
    return SAY(text, ") with under %d training rows; collect more, or join classes", FEW_IN_CLASS), true;
}

static bool not_in_validation(const LintFacts *f, int c) { return f->census->class_rows[1][c] == 0; }
static bool not_in_test(const LintFacts *f, int c) { return f->census->class_rows[2][c] == 0; }

static void say_absent(const LintFacts *f, const View *split, const char *name, Picks picks, char *text) {
    int classes = f->data->classes, count = split->rows > 0 ? count_of(f, classes, picks) : 0;
    if (count == 0) return;
    SAY(text, "%s%s has no rows of %d of %d classes (", text[0] ? ", " : "absent classes: ", name, count, classes);
    say_names(f, classes, picks, f->data->class_name, text);
    SAY(text, ")");
}

static bool absent_classes(const LintFacts *f, char *text) {
    say_absent(f, &f->data->validation, "validation", not_in_validation, text);
    say_absent(f, &f->data->test, "test", not_in_test, text);
    if (text[0]) SAY(text, "; its accuracy says nothing of these: give it rows of each");
    return text[0];
}

static bool constant_target(const LintFacts *f, char *text) {
    for (int k = 0; k < f->data->targets; k++)
        if (f->census->target_std[k] == 0 && !text[0])
            SAY(text, "constant target: %s is %.4g in every training row; check data.label", f->data->target_name[k],
                f->census->target_mean[k]);
    return text[0];
}

static bool target_scale(const LintFacts *f, char *text) {
    for (int k = 0; k < f->data->targets; k++) {
        double std = f->census->target_std[k];
        if (text[0] || !(std > unequal || (std > 0 && std < 1 / unequal))) continue;
        SAY(text, "scale of the target: the standard deviation of %s is %.3g, and a net starts with outputs near 1; ",
            f->data->target_name[k], std);
        SAY(text, "divide it in the file so that it is about 1");
    }
    return text[0];
}

static bool few_rows(const LintFacts *f, char *text) {
    if ((size_t)f->data->raw_features < rows_of(f)) return false;
    SAY(text, "few rows: %zu training rows for %d inputs, so that even a linear model can learn them by heart; ",
        rows_of(f), f->data->raw_features);
    return SAY(text, "judge by data.validation, and put what is not needed into data.ignore"), true;
}

#define LINT(name, help)                                                                                             \
    { {#name, help, NO_PARAMS}, name }

/* To add a lint: write its review above and its row here. The order is that of the report. */
static const LintRow rows[] = {
    LINT(label_alone, "one column tells the class of 99 % of the rows, or correlates by 0.999"),
    LINT(row_numbers, "a column that seems to number the rows"),
    LINT(shared_rows, "rows of equal inputs in two of training, validation and test"),
    LINT(contradictory_rows, "training rows of equal inputs with different labels"),
    LINT(repeated_rows, "over 1 % of the training rows have the inputs of an earlier one"),
    LINT(few_rows, "no more training rows than inputs"),
    LINT(class_imbalance, "the largest class has over ten times the rows of the smallest"),
    LINT(small_classes, "classes of under 5 training rows"),
    LINT(absent_classes, "classes without a row in validation or test"),
    LINT(constant_target, "a target with one value in training"),
    LINT(target_scale, "a target whose standard deviation is over 1e3 or under 1e-3"),
    LINT(missing_codes, "values as -999, far from all others of their column"),
    LINT(outliers, "values over 100 interquartile ranges beyond the quartiles"),
    LINT(unequal_scales, "standard deviations of columns differ by over 1e3, and nothing scales them"),
    LINT(constant_columns, "columns with one value in training"),
    LINT(untrained_categories, "categories of a categorical column that no training row has"),
    LINT(nearly_constant_columns, "columns with one value in all but a thousandth of the training rows"),
    LINT(duplicate_columns, "columns that equal another in every training row"),
};
const Family lints = FAMILY("lint", "what nnexp check can remark on the data", rows);

int lints_review(const LintFacts *facts, Lint *out) {
    int count = 0;
    for (int i = 0; i < lints.count; i++) {
        out[count] = (Lint){.name = rows[i].head.name};
        count += rows[i].review(facts, out[count].text);
    }
    return count;
}
