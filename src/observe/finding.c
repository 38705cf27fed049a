/* finding: see finding.h. A review that lacks its columns, or sees nan where it needs a number, finds
 * nothing: every comparison is written so that nan is no evidence. Thresholds are meant to leave a healthy
 * run alone. */
#include "observe/finding.h"

#include "nn/activation.h"
#include "observe/evidence.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const severity_name[] = {"note", "warning", "problem"};

/* A healthy net passes gradients on within a factor of ten or so a few layers down; a thousand is no
 * accident. */
static const double vanished = 1e-3, exploded = 1e3;
/* Half of a ReLU's entries have no slope in health, and in deep layers three quarters: nearly all is too
 * many. */
static const double saturated_two_sided = 0.5, saturated_one_sided = 0.9;
/* A few per cent of ReLU units die in most runs; beyond a tenth the net is smaller than its config says. */
static const double many_dead = 0.1, most_dead = 0.5;
/* He and Xavier keep the spread of a within a factor of three over ten layers. */
static const double collapsed = 0.1;
/* Weights that differ by rounding alone. */
static const double equal_weights = 1e-6;
/* Smaller changes of the loss are noise of the minibatches. */
static const double same_loss = 0.02;
/* The rule of thumb for the update ratio is 1e-3: a hundred times more destroys what was learned, a hundred
 * times less needs a hundred times the epochs. */
static const double large_update = 1e-1, small_update = 1e-5;
static const double often = 0.3;      /* share of epochs with a rising loss that is more than bad luck */
static const double overfitted = 1.1; /* val_loss against its best */
static const double improving = 0.05; /* of the loss, over the last tenth of the epochs … */
static const double matters = 0.01;   /* … and of epoch 0's, so that 1e-4 falling to 1e-5 does not count */
static const double imbalanced = 5;   /* below, plain training still learns the small class */
static const double unequal_scales = 1e3, off_centre = 10; /* conditioning grows with the square of both */
static const double one_signed = 0.99; /* exactly 1, but for a few rows with other signs */

enum { FEWEST_EPOCHS = 3 }; /* before that a trend is no trend */

__attribute__((format(printf, 2, 3))) static void say(char out[256], const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(out, 256, format, args);
    va_end(args);
}

/* Fills what every finding has; returns true, so that a review can end with it. */
static bool found(Finding *out, Severity severity, int64_t epoch, int layer) {
    out->severity = severity;
    out->epoch = epoch;
    out->layer = layer;
    return true;
}

static bool is(const char *text, const char *word) { return text && strcmp(text, word) == 0; }

static bool is_bounded(const char *activation) {
    const Activation *row = (const Activation *)family_find(&activations, activation);
    return row && row->bounded;
}

/* The init that keeps the spread of a layer's activations. */
static const char *fitting_init(const Evidence *e, int layer) {
    return is_bounded(evidence_activation(e, layer)) ? "xavier" : "he";
}

/* ---- the loss blows up, or does not move -------------------------------------------------------------- */

static bool diverged(const Evidence *e, Finding *out) {
    double loss = evidence_last(e, "train_loss");
    int64_t epoch = evidence_epoch(e, evidence_trained(e));
    if (!is(e->status, "diverged") && (e->epochs->rows == 0 || isfinite(loss))) return false;
    say(out->evidence, "training diverged: train_loss was %.3g at epoch 0 and is %.3g at epoch %lld",
        evidence_cell(e, 0, "train_loss"), loss, (long long)epoch);
    say(out->remedy,
        "lower the learning rate: train.lr %.2g instead of %.2g; or limit steps: train.clip_norm 1",
        e->lr / 10, e->lr);
    return found(out, SEVERITY_PROBLEM, epoch, 0);
}

/* The loss of always answering with the classes' shares: nothing was learned from the inputs. */
static double chance_loss(const Evidence *e) {
    double rows = 0, loss = 0;
    for (int c = 0; c < e->classes; c++) rows += (double)e->class_rows[c];
    for (int c = 0; c < e->classes; c++) {
        double share = (double)e->class_rows[c] / rows;
        if (share > 0) loss -= share * log(share);
    }
    return loss;
}

/* The last epochs' losses all lie at chance, and so does the accuracy: losses other than cross-entropy may
 * pass through that value by accident. */
static bool at_chance(const Evidence *e) {
    if (!e->classification || !e->class_rows) return false;
    if (!(evidence_last(e, "train_accuracy") < 2.0 / e->classes)) return false;
    double chance = chance_loss(e);
    for (size_t row = e->epochs->rows - FEWEST_EPOCHS; row < e->epochs->rows; row++)
        if (!(fabs(evidence_cell(e, row, "train_loss") - chance) <= same_loss * chance)) return false;
    return true;
}

static bool no_learning(const Evidence *e, Finding *out) {
    size_t epochs = evidence_trained(e);
    if (epochs < FEWEST_EPOCHS || is(e->status, "diverged")) return false;
    double start = evidence_cell(e, 0, "train_loss"), ratio = evidence_last(e, "update_ratio");
    bool flat = evidence_share_over(e, "train_loss", (1 - same_loss) * start) == 1;
    if (!flat && !at_chance(e)) return false;
    say(out->evidence, "no learning in %zu epochs: train_loss was %.4g at epoch 0 and is %.4g%s", epochs,
        start, evidence_last(e, "train_loss"),
        flat ? "" : ", no better than guessing by the classes' shares");
    if (ratio > large_update)
        say(out->remedy, "lower the learning rate: train.lr %.2g", e->lr / 10);
    else if (ratio < 1e-4)
        say(out->remedy, "raise the learning rate: train.lr %.2g", e->lr * 10);
    else
        say(out->remedy, "check data.label; then model.init \"he\", preprocess [\"standardize\"]");
    return found(out, SEVERITY_PROBLEM, evidence_epoch(e, epochs), 0);
}

/* ---- how gradients travel ------------------------------------------------------------------------------ */

static double delta_ratio(const Evidence *e, size_t block) {
    return evidence_layer(e, block, 1, "delta_rms") /
           evidence_layer(e, block, evidence_layers(e), "delta_rms");
}

/* The last measurement whose ratio is a number (after divergence it is none); false: there is no such. */
static bool last_ratio(const Evidence *e, size_t *block, double *ratio) {
    for (*block = evidence_blocks(e); (*block)-- > 0;) {
        *ratio = delta_ratio(e, *block);
        if (isfinite(*ratio)) return true;
    }
    return false;
}

static bool tell_ratio(const Evidence *e, const char *what, size_t block, Finding *out) {
    int top = evidence_layers(e);
    int64_t epoch = evidence_block_epoch(e, block);
    say(out->evidence,
        "gradients %s on the way down: delta_rms is %.2g in layer %d and %.2g in layer 1 at epoch %lld", what,
        evidence_layer(e, block, top, "delta_rms"), top, evidence_layer(e, block, 1, "delta_rms"),
        (long long)epoch);
    return found(out, SEVERITY_PROBLEM, epoch, 1);
}

static bool vanishing_gradient(const Evidence *e, Finding *out) {
    size_t block;
    double ratio;
    if (!last_ratio(e, &block, &ratio) || !(ratio < vanished)) return false;
    say(out->remedy, "%smodel.init \"he\"; or model.norm \"batch\"",
        is_bounded(evidence_activation(e, 1)) ? "model.activation \"relu\" with " : "");
    return tell_ratio(e, "vanish", block, out);
}

static bool exploding_gradient(const Evidence *e, Finding *out) {
    size_t block;
    double ratio;
    if (!last_ratio(e, &block, &ratio) || !(ratio > exploded)) return false;
    say(out->remedy,
        "smaller initial weights: model.init \"%s\"; or train.clip_norm 1; or model.norm \"batch\"",
        fitting_init(e, 1));
    return tell_ratio(e, "explode", block, out);
}

/* ---- layers that carry little -------------------------------------------------------------------------- */

/* One-sided activations show by their exact zeros (relu6 is bounded too). */
static double saturated_limit(const Evidence *e, size_t block, int layer) {
    bool two_sided =
        is_bounded(evidence_activation(e, layer)) && evidence_layer(e, block, layer, "zero") < 0.25;
    return two_sided ? saturated_two_sided : saturated_one_sided;
}

/* The hidden layer that is furthest over its limit; 0 when none is. */
static int most_saturated(const Evidence *e, size_t block) {
    int worst = 0;
    double most = 0;
    for (int layer = 1; layer < evidence_layers(e); layer++) {
        double excess = evidence_layer(e, block, layer, "saturated") - saturated_limit(e, block, layer);
        if (!(excess > most)) continue;
        worst = layer;
        most = excess;
    }
    return worst;
}

static bool saturated_layer(const Evidence *e, Finding *out) {
    size_t last = evidence_blocks(e) - 1;
    int layer = evidence_blocks(e) ? most_saturated(e, last) : 0;
    if (!layer) return false;
    size_t first = evidence_first_over(e, layer, "saturated", saturated_limit(e, last, layer));
    say(out->evidence,
        "layer %d (%s) is saturated: %.0f %% of its entries have next to no slope at epoch %lld", layer,
        evidence_activation(e, layer), 100 * evidence_layer(e, last, layer, "saturated"),
        (long long)evidence_block_epoch(e, last));
    if (first > 0)
        say(out->remedy, "it grew so: train.lr %.2g; or train.weight_decay 1e-4", e->lr / 3);
    else
        say(out->remedy, "it started so: model.init \"%s\", preprocess [\"standardize\"]",
            fitting_init(e, layer));
    return found(out, SEVERITY_WARNING, evidence_block_epoch(e, first), layer);
}

static bool dead_units(const Evidence *e, Finding *out) {
    size_t last = evidence_blocks(e) - 1;
    int layer = evidence_blocks(e) ? evidence_worst(e, last, "dead") : 0;
    double share = layer ? evidence_layer(e, last, layer, "dead") : 0;
    if (!(share > many_dead)) return false;
    size_t first = evidence_first_over(e, layer, "dead", many_dead);
    say(out->evidence,
        "layer %d (%s) has dead units: %.0f %% of its %.0f at epoch %lld, %.0f %% at epoch %lld", layer,
        evidence_activation(e, layer), 100 * share, evidence_layer(e, last, layer, "units"),
        (long long)evidence_block_epoch(e, last), 100 * evidence_layer(e, 0, layer, "dead"),
        (long long)evidence_block_epoch(e, 0));
    if (first > 0)
        say(out->remedy, "they died: train.lr %.2g; or model.activation \"leaky_relu\"", e->lr / 3);
    else
        say(out->remedy,
            "they started so: model.init \"%s\", model.bias_init \"zeros\"; or preprocess [\"standardize\"]",
            fitting_init(e, layer));
    return found(out, share > most_dead ? SEVERITY_PROBLEM : SEVERITY_WARNING, evidence_block_epoch(e, first),
                 layer);
}

static bool collapsed_activations(const Evidence *e, Finding *out) {
    double first = evidence_layer(e, 0, 1, "a_std");
    int layer = 2, layers = evidence_layers(e);
    while (layer < layers && !(evidence_layer(e, 0, layer, "a_std") < collapsed * first)) layer++;
    if (layer >= layers) return false;
    int64_t epoch = evidence_block_epoch(e, 0);
    say(out->evidence,
        "activations collapse with depth: a_std is %.2g in layer 1 and %.2g in layer %d at epoch %lld", first,
        evidence_layer(e, 0, layers - 1, "a_std"), layers - 1, (long long)epoch);
    say(out->remedy, "larger initial weights: model.init \"%s\"", fitting_init(e, layer));
    return found(out, SEVERITY_WARNING, epoch, layer);
}

static bool starts_equal(const Evidence *e, int layer) {
    double spread = evidence_layer(e, 0, layer, "weight_std"),
           mean = evidence_layer(e, 0, layer, "weight_mean");
    return spread <= equal_weights * fabs(mean) && evidence_layer(e, 0, layer, "units") > 1;
}

static bool symmetric_units(const Evidence *e, Finding *out) {
    int layer = 1, layers = evidence_layers(e);
    while (layer < layers && !starts_equal(e, layer)) layer++;
    if (layer >= layers) return false;
    say(out->evidence,
        "all weights of layer %d start at %.3g: its %.0f units get equal gradients and stay equal", layer,
        evidence_layer(e, 0, layer, "weight_mean"), evidence_layer(e, 0, layer, "units"));
    say(out->remedy, "random initial weights: model.init \"%s\"", fitting_init(e, layer));
    return found(out, SEVERITY_WARNING, evidence_block_epoch(e, 0), layer);
}

/* ---- the learning rate --------------------------------------------------------------------------------- */

static size_t rises(const Evidence *e) {
    double step = same_loss * evidence_cell(e, 0, "train_loss");
    size_t count = 0;
    for (size_t row = 1; row < e->epochs->rows; row++)
        count += evidence_cell(e, row, "train_loss") > evidence_cell(e, row - 1, "train_loss") + step;
    return count;
}

static bool lr_too_high(const Evidence *e, Finding *out) {
    size_t epochs = evidence_trained(e), risen = rises(e);
    if (epochs < FEWEST_EPOCHS || is(e->status, "diverged")) return false;
    bool large = evidence_share_over(e, "update_ratio", large_update) > 0.5;
    bool restless = risen >= FEWEST_EPOCHS && (double)risen > often * (double)epochs;
    if (!large && !restless) return false;
    if (large)
        say(out->evidence, "steps are large: update_ratio is %.2g at epoch %lld, where 1e-3 is usual",
            evidence_last(e, "update_ratio"), (long long)evidence_epoch(e, epochs));
    else
        say(out->evidence, "the loss is restless: train_loss rose in %zu of %zu epochs", risen, epochs);
    say(out->remedy, "lower the learning rate: train.lr %.2g instead of %.2g", e->lr / (large ? 10 : 3),
        e->lr);
    return found(out, SEVERITY_WARNING, evidence_epoch(e, epochs), 0);
}

/* Only where the loss is still high: steps shrink as a run arrives. */
static bool lr_too_low(const Evidence *e, Finding *out) {
    size_t epochs = evidence_trained(e);
    double start = evidence_cell(e, 0, "train_loss"), now = evidence_last(e, "train_loss");
    if (epochs < FEWEST_EPOCHS || !(now > start / 2)) return false;
    if (!(evidence_share_under(e, "update_ratio", small_update) > 0.5)) return false;
    say(out->evidence,
        "steps are tiny: update_ratio is %.2g at epoch %zu, where 1e-3 is usual; train_loss fell from "
        "%.4g to %.4g",
        evidence_last(e, "update_ratio"), epochs, start, now);
    say(out->remedy, "raise the learning rate: train.lr %.2g instead of %.2g", e->lr * 10, e->lr);
    return found(out, SEVERITY_WARNING, evidence_epoch(e, epochs), 0);
}

/* ---- how long, and how well it generalises ---------------------------------------------------------------
 */

/* The last epochs all lie over the best by a tenth: one bad epoch is no overfitting. */
static bool validation_rose(const Evidence *e, size_t best) {
    double least = evidence_cell(e, best, "val_loss"), noise = matters * evidence_cell(e, 0, "val_loss");
    for (size_t row = e->epochs->rows - FEWEST_EPOCHS; row < e->epochs->rows; row++) {
        double seen = evidence_cell(e, row, "val_loss");
        if (!(seen >= overfitted * least) || !(seen > least + noise)) return false;
    }
    return true;
}

static bool overfitting(const Evidence *e, Finding *out) {
    size_t best = evidence_best(e, "val_loss"), last = evidence_trained(e);
    if (!e->has_validation || last < best + FEWEST_EPOCHS || !validation_rose(e, best)) return false;
    double train = evidence_last(e, "train_loss");
    if (!(train < evidence_cell(e, best, "train_loss"))) return false;
    say(out->evidence,
        "overfitting: val_loss was best at epoch %zu (%.3g) and is %.3g, while train_loss fell to %.3g", best,
        evidence_cell(e, best, "val_loss"), evidence_last(e, "val_loss"), train);
    say(out->remedy,
        "train.early_stop {\"patience\": 10}; model.dropout 0.2; train.weight_decay 1e-4; or more data");
    return found(out, SEVERITY_WARNING, evidence_epoch(e, best), 0);
}

static bool still_improving(const Evidence *e, Finding *out) {
    const char *column = e->has_validation ? "val_loss" : "train_loss";
    size_t last = evidence_trained(e), window = last / 10 > 1 ? last / 10 : 1;
    if (!is(e->status, "finished") || last == 0 || evidence_best(e, column) != last) return false;
    double now = evidence_cell(e, last, column), before = evidence_cell(e, last - window, column);
    double fall = before - now;
    if (!(fall >= improving * before) || !(fall >= matters * evidence_cell(e, 0, column))) return false;
    say(out->evidence, "still improving: %s fell from %.3g to %.3g between epoch %zu and the last, %zu",
        column, before, now, last - window, last);
    say(out->remedy, "train longer: train.epochs %zu", 2 * last);
    return found(out, SEVERITY_NOTE, evidence_epoch(e, last), 0);
}

/* ---- the data ------------------------------------------------------------------------------------------ */

static bool class_imbalance(const Evidence *e, Finding *out) {
    int few = 0, many = 0;
    if (!e->classification || !e->class_rows || e->classes < 2) return false;
    for (int c = 1; c < e->classes; c++) {
        if (e->class_rows[c] < e->class_rows[few]) few = c;
        if (e->class_rows[c] > e->class_rows[many]) many = c;
    }
    if (!((double)e->class_rows[many] > imbalanced * (double)e->class_rows[few])) return false;
    say(out->evidence, "classes are unequal: class %d has %lld training rows, class %d has %lld", many,
        (long long)e->class_rows[many], few, (long long)e->class_rows[few]);
    say(out->remedy, "train.class_weight \"balanced\"; and judge by more than the accuracy");
    return found(out, SEVERITY_WARNING, -1, 0);
}

static bool unscaled_inputs(const Evidence *e, Finding *out) {
    bool scales = e->input_scale_ratio > unequal_scales;
    if (!scales && !(e->input_mean_ratio > off_centre)) return false;
    if (scales)
        say(out->evidence,
            "input columns differ in scale: the largest standard deviation is %.2g times the smallest",
            e->input_scale_ratio);
    else
        say(out->evidence, "an input column lies %.2g standard deviations away from 0", e->input_mean_ratio);
    say(out->remedy, "preprocess [\"standardize\"]");
    return found(out, SEVERITY_WARNING, -1, 0);
}

/* With a single input there is one sign, whatever the data. */
static bool one_sign_gradients(const Evidence *e, Finding *out) {
    if (evidence_blocks(e) == 0) return false;
    size_t last = evidence_blocks(e) - 1;
    double share = evidence_layer(e, last, 1, "same_sign_row");
    if (!(share > one_signed) || !(evidence_layer(e, last, 1, "fan_in") > 1)) return false;
    say(out->evidence,
        "inputs have one sign: for %.4g %% of (row, unit) pairs of layer 1 all weight gradients agree",
        100 * share);
    say(out->remedy, "preprocess [\"standardize\"], or [\"center\"]");
    return found(out, SEVERITY_NOTE, evidence_block_epoch(e, last), 1);
}

#define FINDING(name, help)                                                                                  \
    { {#name, help, NO_PARAMS}, name }

/* To add a finding: write its review above and its row here. The order is that of the report. */
static const FindingRow rows[] = {
    FINDING(diverged, "the loss stopped being finite, or grew far beyond its start"),
    FINDING(no_learning, "the training loss does not fall below its start, or below chance"),
    FINDING(vanishing_gradient, "delta_rms of layer 1 is under a thousandth of the output layer's"),
    FINDING(exploding_gradient, "delta_rms of layer 1 is over a thousand times the output layer's"),
    FINDING(saturated_layer, "most entries of a hidden layer have next to no slope"),
    FINDING(dead_units, "over a tenth of a hidden layer's units has no slope on any row"),
    FINDING(collapsed_activations, "a_std falls tenfold with depth at epoch 0"),
    FINDING(symmetric_units, "a hidden layer starts with equal weights"),
    FINDING(lr_too_high, "updates are large against the weights, or the loss often rises"),
    FINDING(lr_too_low, "updates are tiny against the weights, and the loss is still high"),
    FINDING(overfitting, "the validation loss rises while the training loss falls"),
    FINDING(still_improving, "the last epoch is the best, by far"),
    FINDING(class_imbalance, "the largest class has over five times the rows of the smallest"),
    FINDING(unscaled_inputs, "input columns differ much in scale, or lie far from 0"),
    FINDING(one_sign_gradients, "all weight gradients of a unit of layer 1 share a sign, row by row"),
};
const Family findings = FAMILY("finding", "what a review of the logs can find", rows);

int findings_review(const Evidence *evidence, Finding *out) {
    int count = 0;
    for (int i = 0; i < findings.count; i++) {
        out[count] = (Finding){.name = rows[i].head.name, .epoch = -1};
        count += rows[i].review(evidence, &out[count]);
    }
    return count;
}

int finding_index(const char *name) {
    int i = 0;
    while (strcmp(family_row(&findings, i)->name, name) != 0) i++;
    return i;
}
