/* finding: see finding.h. A review that lacks its columns, or sees nan where it needs a number, finds
 * nothing: every comparison is written so that nan is no evidence. Thresholds are meant to leave a healthy
 * run alone; a remedy names nothing that the config has already. */
#include "observe/finding.h"

#include "observe/evidence.h"
#include "observe/remedy.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const severity_name[] = {"note", "warning", "problem"};

/* A few per cent of ReLU units die in most runs; beyond a tenth the net is smaller than its config says. */
static const double many_dead = 0.1;
/* He and Xavier keep the spread of a within a factor of three over ten layers. */
static const double collapsed = 0.1;
/* Smaller changes of the loss are noise of the minibatches. */
static const double same_loss = 0.02;
/* The rule of thumb for the update ratio is 1e-3: a hundred times more destroys what was learned, a hundred
 * times less needs a hundred times the epochs. */
static const double large_update = 1e-1, small_update = 1e-5;
static const double often = 0.3;      /* share of epochs with a rising loss that is more than bad luck */
static const double improving = 0.05; /* of the loss, over the last tenth of the epochs … */
static const double matters = 0.01;   /* … and of epoch 0's, so that 1e-4 falling to 1e-5 does not count */
static const double imbalanced = 5;   /* below, plain training still learns the small class */
static const double unequal_scales = 1e3, off_centre = 10; /* conditioning grows with the square of both */
static const double one_signed = 0.99;                     /* exactly 1, but for a few rows with other signs */

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

/* ---- remedies of several findings ------------------------------------------------------------------------ */

static void offer_for_gradients(const Evidence *e, char out[256]) {
    if (!evidence_bounded(e, 1)) remedy_init(e, 1, out);
    else if (is(e->chosen.init[0], "he")) OFFER(out, "model.activation \"relu\"");
    else OFFER(out, "model.activation \"relu\" with model.init \"he\"");
    remedy_norm(e, out);
    remedy_less(e, out);
}

static void offer_for_explosion(const Evidence *e, char out[256]) {
    if (!evidence_init_fits(e, 1)) say(out, "smaller initial weights: ");
    remedy_init(e, 1, out);
    remedy_clipping(e, out);
    remedy_norm(e, out);
    remedy_less(e, out);
}

/* Rates that kill most of a layer kill a leaky one's net by divergence. */
static void offer_for_died(const Evidence *e, int layer, char out[256]) {
    bool most = evidence_mostly_dead(e, evidence_blocks(e) - 1, layer);
    const char *activation = evidence_activation(e, layer);
    OFFER(out, "train.lr %.2g", e->lr / (most ? 10 : 3));
    if (evidence_starts_low(e, layer) && !is(e->chosen.bias_init, "zeros"))
        remedy_append(out, " with ", "model.bias_init \"zeros\"");
    if (!most && !evidence_bounded(e, layer) && !is(activation, "leaky_relu"))
        OFFER(out, "model.activation \"leaky_relu\"");
    if (most || evidence_bounded(e, layer)) remedy_norm(e, out);
}

/* The share of dead ReLU units does not depend on the weights' scale; of two-sided ones it does. */
static void offer_for_born_dead(const Evidence *e, int layer, char out[256]) {
    bool two_sided = evidence_bounded(e, layer);
    if (two_sided) remedy_init(e, layer, out);
    else remedy_higher_start(e, layer, out);
    remedy_standardize(e, out);
    if (!two_sided && !is(evidence_activation(e, layer), "leaky_relu")) OFFER(out, "model.activation \"leaky_relu\"");
    remedy_norm(e, out);
    remedy_less(e, out);
}

static bool died_later(const Evidence *e, int layer) { return evidence_first_over(e, layer, "dead", many_dead) > 0; }

static void offer_for_dead(const Evidence *e, int layer, char out[256]) {
    if (died_later(e, layer)) offer_for_died(e, layer, out);
    else offer_for_born_dead(e, layer, out);
}

/* ---- the loss blows up, or does not move -------------------------------------------------------------- */

static bool diverged(const Evidence *e, Finding *out) {
    double loss = evidence_last(e, "train_loss");
    int64_t epoch = evidence_epoch(e, evidence_trained(e));
    if (!is(e->status, "diverged") && (e->epochs->rows == 0 || isfinite(loss))) return false;
    say(out->evidence, "training diverged: train_loss was %.3g at epoch 0 and is %.3g at epoch %lld",
        evidence_cell(e, 0, "train_loss"), loss, (long long)epoch);
    remedy_smaller_lr(e, 10, out->remedy);
    remedy_clipping(e, out->remedy);
    return found(out, SEVERITY_PROBLEM, epoch, 0);
}

static void offer_for_no_learning(const Evidence *e, char out[256]) {
    double ratio = evidence_last(e, "update_ratio");
    int dead = evidence_dead_layer(e);
    if (dead) offer_for_dead(e, dead, out);
    else if (evidence_vanishes(e, &(size_t){0})) offer_for_gradients(e, out);
    else if (evidence_explodes(e, &(size_t){0})) offer_for_explosion(e, out);
    else if (ratio > large_update) remedy_smaller_lr(e, 10, out);
    else if (ratio < 1e-4) say(out, "raise the learning rate: train.lr %.2g", e->lr * 10);
    else {
        say(out, "check data.label");
        if (evidence_layers(e) == 1) OFFER(out, "model.hidden [64]");
        else remedy_init(e, 1, out);
        remedy_standardize(e, out);
        OFFER(out, "train.lr %.2g", ratio > 1e-3 ? e->lr / 3 : e->lr * 3);
    }
}

static bool no_learning(const Evidence *e, Finding *out) {
    size_t epochs = evidence_trained(e);
    if (epochs < EVIDENCE_FEWEST_EPOCHS || is(e->status, "diverged") || evidence_ends_above_start(e)) return false;
    double start = evidence_cell(e, 0, "train_loss");
    bool flat = evidence_share_over(e, "train_loss", (1 - same_loss) * start) == 1;
    if (!flat && !evidence_at_chance(e)) return false;
    say(out->evidence, "no learning in %zu epochs: train_loss was %.4g at epoch 0 and is %.4g%s", epochs, start,
        evidence_last(e, "train_loss"), flat ? "" : ", no better than guessing by the classes' shares");
    offer_for_no_learning(e, out->remedy);
    return found(out, SEVERITY_PROBLEM, evidence_epoch(e, epochs), 0);
}

/* ---- how gradients travel ------------------------------------------------------------------------------ */

static bool tell_ratio(const Evidence *e, const char *what, size_t block, Finding *out) {
    int top = evidence_layers(e);
    int64_t epoch = evidence_block_epoch(e, block);
    say(out->evidence,
        "gradients %s on the way down: delta_rms is %.2g in layer %d and %.2g in layer 1 at epoch %lld", what,
        evidence_layer(e, block, top, "delta_rms"), top, evidence_layer(e, block, 1, "delta_rms"), (long long)epoch);
    return found(out, SEVERITY_PROBLEM, epoch, 1);
}

/* A layer of dead units lets nothing pass: that is told as dead_units. */
static bool vanishing_gradient(const Evidence *e, Finding *out) {
    size_t block;
    if (!evidence_vanishes(e, &block) || evidence_dead_layer(e)) return false;
    offer_for_gradients(e, out->remedy);
    return tell_ratio(e, "vanish", block, out);
}

static bool exploding_gradient(const Evidence *e, Finding *out) {
    size_t block;
    if (!evidence_explodes(e, &block)) return false;
    offer_for_explosion(e, out->remedy);
    return tell_ratio(e, "explode", block, out);
}

/* ---- layers that carry little -------------------------------------------------------------------------- */

static void offer_for_saturated(const Evidence *e, int layer, bool grew, char out[256]) {
    say(out, grew ? "it grew so: " : "it started so: ");
    if (grew) {
        OFFER(out, "train.lr %.2g", e->lr / 3);
        if (e->chosen.weight_decay == 0 && e->chosen.decoupled_decay == 0) OFFER(out, "train.weight_decay 1e-4");
        return;
    }
    remedy_init(e, layer, out);
    if (!is(e->chosen.bias_init, "zeros")) remedy_higher_start(e, layer, out);
    remedy_standardize(e, out);
    if (remedy_none_yet(out)) remedy_norm(e, out);
    if (remedy_none_yet(out)) remedy_less(e, out);
}

static bool saturated_layer(const Evidence *e, Finding *out) {
    size_t last = evidence_blocks(e) - 1;
    int layer = evidence_blocks(e) ? evidence_most_saturated(e, last) : 0;
    if (!layer) return false;
    size_t first = evidence_first_over(e, layer, "saturated", evidence_saturated_limit(e, last, layer));
    say(out->evidence, "layer %d (%s) is saturated: %.0f %% of its entries have next to no slope at epoch %lld",
        layer, evidence_activation(e, layer), 100 * evidence_layer(e, last, layer, "saturated"),
        (long long)evidence_block_epoch(e, last));
    offer_for_saturated(e, layer, first > 0, out->remedy);
    return found(out, SEVERITY_WARNING, evidence_block_epoch(e, first), layer);
}

static bool dead_units(const Evidence *e, Finding *out) {
    size_t last = evidence_blocks(e) - 1;
    int layer = evidence_blocks(e) ? evidence_worst(e, last, "dead") : 0;
    double share = layer ? evidence_layer(e, last, layer, "dead") : 0;
    if (!(share > many_dead)) return false;
    size_t first = evidence_first_over(e, layer, "dead", many_dead);
    say(out->evidence, "layer %d (%s) has dead units: %.0f %% of its %.0f at epoch %lld, %.0f %% at epoch %lld",
        layer, evidence_activation(e, layer), 100 * share, evidence_layer(e, last, layer, "units"),
        (long long)evidence_block_epoch(e, last), 100 * evidence_layer(e, 0, layer, "dead"),
        (long long)evidence_block_epoch(e, 0));
    say(out->remedy, died_later(e, layer) ? "they died: " : "they started so: ");
    offer_for_dead(e, layer, out->remedy);
    return found(out, evidence_mostly_dead(e, last, layer) ? SEVERITY_PROBLEM : SEVERITY_WARNING,
                 evidence_block_epoch(e, first), layer);
}

static bool collapsed_activations(const Evidence *e, Finding *out) {
    double first = evidence_layer(e, 0, 1, "a_std");
    int layer = 2, layers = evidence_layers(e);
    while (layer < layers && !(evidence_layer(e, 0, layer, "a_std") < collapsed * first)) layer++;
    if (layer >= layers) return false;
    int64_t epoch = evidence_block_epoch(e, 0);
    say(out->evidence, "activations collapse with depth: a_std is %.2g in layer 1 and %.2g in layer %d at epoch %lld",
        first, evidence_layer(e, 0, layer, "a_std"), layer, (long long)epoch);
    if (!evidence_init_fits(e, layer)) say(out->remedy, "larger initial weights: ");
    remedy_init(e, layer, out->remedy);
    if (remedy_none_yet(out->remedy)) remedy_norm(e, out->remedy);
    remedy_less(e, out->remedy);
    return found(out, SEVERITY_WARNING, epoch, layer);
}

static bool symmetric_units(const Evidence *e, Finding *out) {
    int layer = 1, layers = evidence_layers(e);
    while (layer < layers && !evidence_starts_equal(e, layer)) layer++;
    if (layer >= layers) return false;
    say(out->evidence, "all weights of layer %d start at %.3g: its %.0f units get equal gradients and stay equal",
        layer, evidence_layer(e, 0, layer, "weight_mean"), evidence_layer(e, 0, layer, "units"));
    say(out->remedy, "random initial weights: model.init \"%s\"", evidence_fitting_init(e, layer));
    return found(out, SEVERITY_WARNING, evidence_block_epoch(e, 0), layer);
}

/* ---- the learning rate --------------------------------------------------------------------------------- */

static bool rising_loss(const Evidence *e, Finding *out) {
    bool start = evidence_ends_above_start(e);
    size_t best = start ? 0 : evidence_best(e, "train_loss");
    int64_t epoch = evidence_epoch(e, evidence_trained(e));
    say(out->evidence, "the loss rises: train_loss was %.3g at epoch %lld and is %.3g at epoch %lld",
        evidence_cell(e, best, "train_loss"), (long long)evidence_epoch(e, best), evidence_last(e, "train_loss"),
        (long long)epoch);
    remedy_smaller_lr(e, 10, out->remedy);
    remedy_clipping(e, out->remedy);
    return found(out, start ? SEVERITY_PROBLEM : SEVERITY_WARNING, evidence_epoch(e, best), 0);
}

static bool large_steps(const Evidence *e, Finding *out) {
    int64_t epoch = evidence_epoch(e, evidence_trained(e));
    say(out->evidence, "steps are large: update_ratio is %.2g at epoch %lld, where 1e-3 is usual",
        evidence_last(e, "update_ratio"), (long long)epoch);
    remedy_smaller_lr(e, 10, out->remedy);
    return found(out, SEVERITY_WARNING, epoch, 0);
}

static bool restless_loss(const Evidence *e, size_t count, Finding *out) {
    size_t epochs = evidence_trained(e);
    int64_t larger = 4 * e->chosen.batch;
    say(out->evidence, "the loss is restless: train_loss rose in %zu of %zu epochs", count, epochs);
    remedy_smaller_lr(e, 3, out->remedy);
    if (larger > 0 && larger < e->train_rows) OFFER(out->remedy, "train.batch %lld", (long long)larger);
    return found(out, SEVERITY_WARNING, evidence_epoch(e, epochs), 0);
}

static bool lr_too_high(const Evidence *e, Finding *out) {
    size_t epochs = evidence_trained(e), count = evidence_rises(e);
    if (is(e->status, "diverged")) return false;
    if (evidence_loss_rises(e)) return rising_loss(e, out);
    if (epochs < EVIDENCE_FEWEST_EPOCHS) return false;
    if (evidence_share_over(e, "update_ratio", large_update) > 0.5) return large_steps(e, out);
    if (count < EVIDENCE_FEWEST_EPOCHS || !((double)count > often * (double)epochs)) return false;
    return restless_loss(e, count, out);
}

/* Only where the loss is still high: steps shrink as a run arrives. */
static bool lr_too_low(const Evidence *e, Finding *out) {
    size_t epochs = evidence_trained(e);
    double start = evidence_cell(e, 0, "train_loss"), now = evidence_last(e, "train_loss");
    if (epochs < EVIDENCE_FEWEST_EPOCHS || !(now > start / 2) || evidence_loss_rises(e)) return false;
    if (evidence_explodes(e, &(size_t){0})) return false; /* steps are tiny against weights that were blown up */
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

/* Ten times the decay there is, under its own key; with none, a usual one. */
static void offer_decay(const Evidence *e, char out[256]) {
    double decoupled = e->chosen.decoupled_decay, decay = e->chosen.weight_decay;
    if (decoupled > 0) remedy_append(out, "; ", "train.optimizer.weight_decay %.2g", 10 * decoupled);
    else if (decay > 0) remedy_append(out, "; ", "train.weight_decay %.2g", 10 * decay);
    else remedy_append(out, "; ", "train.weight_decay 1e-4");
}

static void offer_for_overfitting(const Evidence *e, char out[256]) {
    double dropout = e->chosen.dropout;
    if (!e->chosen.early_stop) remedy_append(out, "; ", "train.early_stop {\"patience\": 10}");
    if (evidence_layers(e) > 1 && dropout < 0.5)
        remedy_append(out, "; ", "model.dropout %g", dropout > 0 ? 0.5 : 0.2);
    offer_decay(e, out);
    OFFER(out, "more data");
}

static bool overfitting(const Evidence *e, Finding *out) {
    size_t best = evidence_best(e, "val_loss"), last = evidence_trained(e);
    if (!e->has_validation || last < best + EVIDENCE_FEWEST_EPOCHS || !evidence_validation_rose(e, best))
        return false;
    double train = evidence_last(e, "train_loss");
    if (!(train < evidence_cell(e, best, "train_loss"))) return false;
    say(out->evidence,
        "overfitting: val_loss was best at epoch %zu (%.3g) and is %.3g, while train_loss fell to %.3g", best,
        evidence_cell(e, best, "val_loss"), evidence_last(e, "val_loss"), train);
    offer_for_overfitting(e, out->remedy);
    return found(out, SEVERITY_WARNING, evidence_epoch(e, best), 0);
}

static bool still_improving(const Evidence *e, Finding *out) {
    const char *column = e->has_validation ? "val_loss" : "train_loss";
    size_t last = evidence_trained(e), window = last / 10 > 1 ? last / 10 : 1;
    if (!is(e->status, "finished") || last == 0 || evidence_best(e, column) != last) return false;
    double now = evidence_cell(e, last, column), before = evidence_cell(e, last - window, column);
    double fall = before - now;
    if (!(fall >= improving * before) || !(fall >= matters * evidence_cell(e, 0, column))) return false;
    say(out->evidence, "still improving: %s fell from %.3g to %.3g between epoch %zu and the last, %zu", column,
        before, now, last - window, last);
    say(out->remedy, "train longer: train.epochs %zu", 2 * last);
    return found(out, SEVERITY_NOTE, evidence_epoch(e, last), 0);
}

/* ---- the data ------------------------------------------------------------------------------------------ */

/* Class weights are the remedy: with them there is nothing to tell. */
static bool class_imbalance(const Evidence *e, Finding *out) {
    int few = 0, many = 0;
    if (!e->classification || !e->class_rows || e->classes < 2 || e->chosen.class_weight) return false;
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
        say(out->evidence, "input columns differ in scale: the largest standard deviation is %.2g times the smallest",
            e->input_scale_ratio);
    else say(out->evidence, "an input column lies %.2g standard deviations away from 0", e->input_mean_ratio);
    if (evidence_prepares(e, "pca")) say(out->remedy, "\"whiten\" in place of \"pca\" in preprocess");
    else if (evidence_prepares(e, "standardize")) say(out->remedy, "put \"standardize\" last in preprocess");
    else say(out->remedy, "preprocess [\"standardize\"]");
    return found(out, SEVERITY_WARNING, -1, 0);
}

/* Whether preprocess leaves each input with both signs: a minmax after it may undo that. */
static bool is_centred(const Evidence *e) {
    static const char *const centring[] = {"standardize", "center", "mean_image", "per_channel", "pca", "whiten"};
    bool centres = false;
    for (size_t i = 0; i < sizeof centring / sizeof *centring; i++)
        centres = centres || evidence_prepares(e, centring[i]);
    return centres && !evidence_prepares(e, "minmax");
}

/* With a single input there is one sign, whatever the data; and where inputs are centred, few pairs are left. */
static bool one_sign_gradients(const Evidence *e, Finding *out) {
    if (evidence_blocks(e) == 0 || is_centred(e)) return false;
    size_t last = evidence_blocks(e) - 1;
    double share = evidence_layer(e, last, 1, "same_sign_row");
    if (!(share > one_signed) || !(evidence_layer(e, last, 1, "fan_in") > 1)) return false;
    say(out->evidence, "inputs have one sign: for %.4g %% of (row, unit) pairs of layer 1 all weight gradients agree",
        100 * share);
    if (evidence_prepares(e, "minmax"))
        say(out->remedy, "preprocess [{\"name\": \"minmax\", \"low\": -1}]; or [\"standardize\"]");
    else say(out->remedy, "preprocess [\"standardize\"]; or [\"center\"]");
    return found(out, SEVERITY_NOTE, evidence_block_epoch(e, last), 1);
}

#define FINDING(name, help)                                                                                          \
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
