/* evidence: see evidence.h. */
#include "observe/evidence.h"

#include "nn/activation.h"

#include <math.h>
#include <string.h>

/* A healthy net passes gradients on within a factor of ten or so a few layers down; a thousand is no
 * accident. */
static const double vanished = 1e-3, exploded = 1e3;
/* Half of a ReLU's entries have no slope in health, and in deep layers three quarters: nearly all is too
 * many. */
static const double saturated_two_sided = 0.5, saturated_one_sided = 0.9;
/* Weights that differ by rounding alone. */
static const double equal_weights = 1e-6;
/* Smaller changes of the loss are noise of the minibatches. */
static const double same_loss = 0.02, noise_of_start = 0.01;
/* A run does not end half above its start, and one that arrives does not go back to twice its best, nor by a
 * tenth of where it started. */
static const double begun_above = 1.5, risen = 2, risen_far = 0.1;
static const double overfitted = 1.1; /* val_loss against its best */

double evidence_cell(const Evidence *e, size_t row, const char *column) {
    return row < e->epochs->rows ? table_cell(e->epochs, row, column) : NAN;
}

size_t evidence_trained(const Evidence *e) { return e->epochs->rows ? e->epochs->rows - 1 : 0; }
double evidence_last(const Evidence *e, const char *column) { return evidence_cell(e, evidence_trained(e), column); }

static int64_t epoch_of(double cell) { return isnan(cell) ? -1 : (int64_t)cell; }
int64_t evidence_epoch(const Evidence *e, size_t row) { return epoch_of(evidence_cell(e, row, "epoch")); }

size_t evidence_best(const Evidence *e, const char *column) {
    size_t best = 0;
    for (size_t row = 1; row < e->epochs->rows; row++) {
        double seen = evidence_cell(e, row, column), least = evidence_cell(e, best, column);
        if (seen < least || (isnan(least) && !isnan(seen))) best = row;
    }
    return best;
}

/* Layers of the network: rows of layers.csv with the first row's epoch. */
int evidence_layers(const Evidence *e) {
    size_t count = 0;
    while (count < e->layers->rows && table_cell(e->layers, count, "epoch") == table_cell(e->layers, 0, "epoch"))
        count++;
    return (int)count;
}

size_t evidence_blocks(const Evidence *e) {
    int layers = evidence_layers(e);
    return layers ? e->layers->rows / (size_t)layers : 0;
}

static size_t layer_row(const Evidence *e, size_t block, int layer) {
    return block * (size_t)evidence_layers(e) + (size_t)(layer - 1);
}
double evidence_layer(const Evidence *e, size_t block, int layer, const char *column) {
    return block < evidence_blocks(e) ? table_cell(e->layers, layer_row(e, block, layer), column) : NAN;
}
const char *evidence_activation(const Evidence *e, int layer) {
    return table_text(e->layers, layer_row(e, 0, layer), "activation");
}
int64_t evidence_block_epoch(const Evidence *e, size_t block) {
    return epoch_of(evidence_layer(e, block, 1, "epoch"));
}

int evidence_worst(const Evidence *e, size_t block, const char *column) {
    int worst = 0;
    for (int layer = 1; layer < evidence_layers(e); layer++) {
        double seen = evidence_layer(e, block, layer, column);
        if (!isnan(seen) && (!worst || seen > evidence_layer(e, block, worst, column))) worst = layer;
    }
    return worst;
}

size_t evidence_first_over(const Evidence *e, int layer, const char *column, double limit) {
    size_t block = 0;
    while (block + 1 < evidence_blocks(e) && !(evidence_layer(e, block, layer, column) > limit)) block++;
    return block;
}

double evidence_share_over(const Evidence *e, const char *column, double limit) {
    size_t count = 0;
    for (size_t row = 1; row <= evidence_trained(e); row++) count += evidence_cell(e, row, column) > limit;
    return (double)count / (double)evidence_trained(e);
}
double evidence_share_under(const Evidence *e, const char *column, double limit) {
    size_t count = 0;
    for (size_t row = 1; row <= evidence_trained(e); row++) count += evidence_cell(e, row, column) < limit;
    return (double)count / (double)evidence_trained(e);
}

static bool is(const char *text, const char *word) { return text && strcmp(text, word) == 0; }

bool evidence_bounded(const Evidence *e, int layer) {
    const Activation *row = (const Activation *)family_find(&activations, evidence_activation(e, layer));
    return row && row->bounded;
}

const char *evidence_fitting_init(const Evidence *e, int layer) {
    if (is(evidence_activation(e, layer), "selu")) return "lecun";
    return evidence_bounded(e, layer) ? "xavier" : "he";
}

/* lsuv measures the spread and fits all; xavier, lecun, glorot and orthogonal have one spread where layers are
 * equally wide. */
bool evidence_init_fits(const Evidence *e, int layer) {
    static const char *const alike[] = {"xavier", "lecun", "glorot", "orthogonal"};
    const char *init = e->chosen.init[layer - 1], *fitting = evidence_fitting_init(e, layer);
    if (is(init, "lsuv") || is(init, fitting)) return true;
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        if (is(init, alike[i])) return !is(fitting, "he");
    return false;
}

bool evidence_prepares(const Evidence *e, const char *name) {
    for (int i = 0; i < PREPROCESS_MOST && e->chosen.preprocess[i]; i++)
        if (is(e->chosen.preprocess[i], name)) return true;
    return false;
}

bool evidence_standardized(const Evidence *e) {
    bool alike = e->input_scale_ratio < 2 && e->input_std > 0.5 && e->input_std < 2;
    return evidence_prepares(e, "standardize") || (alike && e->input_mean_ratio < 0.5);
}

bool evidence_starts_low(const Evidence *e, int layer) {
    return evidence_layer(e, 0, layer, "z_mean") < -evidence_layer(e, 0, layer, "z_std") / 2;
}

double evidence_chance(const Evidence *e) {
    double rows = 0, loss = 0;
    if (!e->classification || !e->class_rows) return NAN;
    for (int c = 0; c < e->classes; c++) rows += (double)e->class_rows[c];
    for (int c = 0; c < e->classes; c++) {
        double share = (double)e->class_rows[c] / rows;
        if (share > 0) loss -= share * log(share);
    }
    return loss;
}

/* ---- what the logs show --------------------------------------------------------------------------------- */

/* The last epochs' losses all lie at chance, and so does the accuracy: losses other than cross-entropy may
 * pass through that value by accident. */
bool evidence_at_chance(const Evidence *e) {
    if (!(evidence_last(e, "train_accuracy") < 2.0 / e->classes)) return false;
    double chance = evidence_chance(e);
    for (size_t row = e->epochs->rows - EVIDENCE_FEWEST_EPOCHS; row < e->epochs->rows; row++)
        if (!(fabs(evidence_cell(e, row, "train_loss") - chance) <= same_loss * chance)) return false;
    return true;
}

/* Where the loss started, or chance if that is more: a net that starts well (model.from) may lose a little. */
static double start_loss(const Evidence *e) { return fmax(evidence_cell(e, 0, "train_loss"), evidence_chance(e)); }

bool evidence_ends_above_start(const Evidence *e) {
    return evidence_trained(e) > 0 && evidence_last(e, "train_loss") > begun_above * start_loss(e);
}

/* The last epochs all lie far over the best, and no schedule has raised the rate since. */
static bool ends_above_best(const Evidence *e, size_t best) {
    double least = evidence_cell(e, best, "train_loss"), far = least + risen_far * start_loss(e);
    if (evidence_trained(e) < best + EVIDENCE_FEWEST_EPOCHS) return false;
    if (evidence_last(e, "lr") > 1.01 * evidence_cell(e, best, "lr")) return false;
    for (size_t row = e->epochs->rows - EVIDENCE_FEWEST_EPOCHS; row < e->epochs->rows; row++) {
        double seen = evidence_cell(e, row, "train_loss");
        if (!(seen > risen * least) || !(seen > far)) return false;
    }
    return true;
}

bool evidence_loss_rises(const Evidence *e) {
    return evidence_ends_above_start(e) || ends_above_best(e, evidence_best(e, "train_loss"));
}

size_t evidence_rises(const Evidence *e) {
    double step = same_loss * evidence_cell(e, 0, "train_loss");
    size_t count = 0;
    for (size_t row = 1; row < e->epochs->rows; row++)
        count += evidence_cell(e, row, "train_loss") > evidence_cell(e, row - 1, "train_loss") + step;
    return count;
}

/* The last epochs all lie over the best by a tenth: one bad epoch is no overfitting. */
bool evidence_validation_rose(const Evidence *e, size_t best) {
    double least = evidence_cell(e, best, "val_loss"), noise = noise_of_start * evidence_cell(e, 0, "val_loss");
    for (size_t row = e->epochs->rows - EVIDENCE_FEWEST_EPOCHS; row < e->epochs->rows; row++) {
        double seen = evidence_cell(e, row, "val_loss");
        if (!(seen >= overfitted * least) || !(seen > least + noise)) return false;
    }
    return true;
}

static double delta_ratio(const Evidence *e, size_t block) {
    return evidence_layer(e, block, 1, "delta_rms") / evidence_layer(e, block, evidence_layers(e), "delta_rms");
}

/* The last measurement whose ratio is a number (after divergence it is none); false: there is no such. */
static bool last_ratio(const Evidence *e, size_t *block, double *ratio) {
    for (*block = evidence_blocks(e); (*block)-- > 0;) {
        *ratio = delta_ratio(e, *block);
        if (isfinite(*ratio)) return true;
    }
    return false;
}

bool evidence_vanishes(const Evidence *e, size_t *block) {
    double ratio;
    return last_ratio(e, block, &ratio) && ratio < vanished;
}

/* At the end, or at the start: a first step may blow the weights up, and hide it. */
bool evidence_explodes(const Evidence *e, size_t *block) {
    double ratio;
    if (last_ratio(e, block, &ratio) && ratio > exploded) return true;
    *block = 0;
    return isfinite(delta_ratio(e, 0)) && delta_ratio(e, 0) > exploded;
}

bool evidence_mostly_dead(const Evidence *e, size_t block, int layer) {
    return evidence_layer(e, block, layer, "dead") > 0.5;
}

/* The first hidden layer without a living unit in the last measurement; 0: none. */
int evidence_dead_layer(const Evidence *e) {
    size_t blocks = evidence_blocks(e);
    for (int layer = 1; blocks && layer < evidence_layers(e); layer++)
        if (evidence_layer(e, blocks - 1, layer, "dead") == 1) return layer;
    return 0;
}

/* One-sided activations show by their exact zeros (relu6 is bounded too). */
double evidence_saturated_limit(const Evidence *e, size_t block, int layer) {
    bool two_sided = evidence_bounded(e, layer) && evidence_layer(e, block, layer, "zero") < 0.25;
    return two_sided ? saturated_two_sided : saturated_one_sided;
}

/* The hidden layer that is furthest over its limit; 0 when none is. One whose units are mostly dead is told as
 * dead_units. */
int evidence_most_saturated(const Evidence *e, size_t block) {
    int worst = 0;
    double most = 0;
    for (int layer = 1; layer < evidence_layers(e); layer++) {
        double excess = evidence_layer(e, block, layer, "saturated") - evidence_saturated_limit(e, block, layer);
        if (!(excess > most) || evidence_mostly_dead(e, block, layer)) continue;
        worst = layer;
        most = excess;
    }
    return worst;
}

bool evidence_starts_equal(const Evidence *e, int layer) {
    double spread = evidence_layer(e, 0, layer, "weight_std"), mean = evidence_layer(e, 0, layer, "weight_mean");
    return spread <= equal_weights * fabs(mean) && evidence_layer(e, 0, layer, "units") > 1;
}
