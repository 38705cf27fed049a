/* evidence: see evidence.h. */
#include "observe/evidence.h"

#include <math.h>

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
