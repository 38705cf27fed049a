/* remedy: see remedy.h. */
#include "observe/remedy.h"

#include "observe/evidence.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEEP = 20 }; /* hidden layers from which fewer of them are a remedy worth naming */

static bool is(const char *text, const char *word) { return text && strcmp(text, word) == 0; }

void remedy_append(char out[256], const char *joint, const char *format, ...) {
    size_t length = strlen(out);
    bool first = length == 0 || out[length - 1] == ' '; /* nothing yet, or "it started so: " */
    if (!first) length += (size_t)snprintf(out + length, 256 - length, "%s", joint);
    if (length >= 256) return;
    va_list args;
    va_start(args, format);
    vsnprintf(out + length, 256 - length, format, args);
    va_end(args);
}
bool remedy_none_yet(const char out[256]) { return !*out || out[strlen(out) - 1] == ' '; }

void remedy_init(const Evidence *e, int layer, char out[256]) {
    if (!evidence_init_fits(e, layer)) OFFER(out, "model.init \"%s\"", evidence_fitting_init(e, layer));
}

void remedy_standardize(const Evidence *e, char out[256]) {
    if (!evidence_standardized(e)) OFFER(out, "preprocess [\"standardize\"]");
}

/* Where most of z starts below 0: the bias is why, or else the weights are. */
void remedy_higher_start(const Evidence *e, int layer, char out[256]) {
    if (!evidence_starts_low(e, layer)) return;
    if (is(e->chosen.bias_init, "zeros")) remedy_init(e, layer, out);
    else OFFER(out, "model.bias_init \"zeros\"");
}

void remedy_norm(const Evidence *e, char out[256]) {
    if (!e->chosen.norm || is(e->chosen.norm, "none")) OFFER(out, "model.norm \"batch\"");
}

void remedy_clipping(const Evidence *e, char out[256]) {
    if (e->chosen.clip_norm == 0 || e->chosen.clip_norm > 1) OFFER(out, "train.clip_norm 1");
}

/* Where all else is set: fewer layers; in a net of few, smaller steps. */
void remedy_less(const Evidence *e, char out[256]) {
    int hidden = evidence_layers(e) - 1;
    if (hidden >= DEEP || (remedy_none_yet(out) && hidden > 2)) OFFER(out, "fewer hidden layers than %d", hidden);
    else if (remedy_none_yet(out)) OFFER(out, "train.lr %.2g", e->lr / 3);
}

void remedy_smaller_lr(const Evidence *e, double divisor, char out[256]) {
    remedy_append(out, "", "lower the learning rate: train.lr %.2g instead of %.2g", e->lr / divisor, e->lr);
}
