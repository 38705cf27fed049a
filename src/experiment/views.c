/* views: see views.h. */
#include "experiment/views.h"

#include <math.h>

/* log(exp(a) + exp(b)) without overflow. */
static double log_sum(double a, double b) {
    double high = a > b ? a : b, low = a > b ? b : a;
    return low == -INFINITY ? high : high + log1p(exp(low - high));
}

/* log(1 + exp(z)) */
static double softplus(double z) { return log_sum(0, z); }

static double log_normaliser(int out, const real *z) {
    double sum = -INFINITY;
    for (int c = 0; c < out; c++) sum = log_sum(sum, (double)z[c]);
    return sum;
}

typedef struct Views {
    int views, out;
    size_t stride; /* from a row's logits in one view to those in the next */
} Views;

/* Column by column: mean[c] may lie where the first view's logits are, so their normalisers come first. */
static void mean_of_softmax(Views of, const real *z, real *mean) {
    double normaliser[VIEWS_MOST];
    for (int v = 0; v < of.views; v++) normaliser[v] = log_normaliser(of.out, z + (size_t)v * of.stride);
    for (int c = 0; c < of.out; c++) {
        double sum = -INFINITY;
        for (int v = 0; v < of.views; v++)
            sum = log_sum(sum, (double)z[(size_t)v * of.stride + (size_t)c] - normaliser[v]);
        mean[c] = (real)(sum - log(of.views));
    }
}

/* log(p / (1 - p)) of the mean p: both sums in logarithms, so that neither 0 nor 1 comes up. */
static void mean_of_sigmoid(Views of, const real *z, real *mean) {
    for (int c = 0; c < of.out; c++) {
        double yes = -INFINITY, no = -INFINITY;
        for (int v = 0; v < of.views; v++) {
            double logit = (double)z[(size_t)v * of.stride + (size_t)c];
            yes = log_sum(yes, -softplus(-logit));
            no = log_sum(no, -softplus(logit));
        }
        mean[c] = (real)(yes - no);
    }
}

static void mean_of_values(Views of, const real *z, real *mean) {
    for (int c = 0; c < of.out; c++) {
        double sum = 0;
        for (int v = 0; v < of.views; v++) sum += (double)z[(size_t)v * of.stride + (size_t)c];
        mean[c] = (real)(sum / of.views);
    }
}

void views_mean(const Loss *loss, int views, int rows, int out, const real *logits, real *mean) {
    const Views of = {views, out, (size_t)rows * (size_t)out};
    for (int r = 0; r < rows; r++, logits += out, mean += out) {
        if (loss->link == LINK_SOFTMAX) mean_of_softmax(of, logits, mean);
        else if (loss->link == LINK_SIGMOID) mean_of_sigmoid(of, logits, mean);
        else mean_of_values(of, logits, mean);
    }
}
