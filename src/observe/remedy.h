/* remedy: what to try, as changes of the config, for the findings to offer. Each offer is appended to out[256] unless
 * the config has it already. Decides nothing about what is wrong. */
#ifndef NNEXP_OBSERVE_REMEDY_H
#define NNEXP_OBSERVE_REMEDY_H

#include "observe/finding.h"

/* Appends, behind `joint` unless it is the first (nothing yet, or words that end in a space, "it started so: "). */
void remedy_append(char out[256], const char *joint, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* One offer after another; what must hold together is appended with another joint. */
#define OFFER(out, ...) remedy_append(out, "; or ", __VA_ARGS__)
bool remedy_none_yet(const char out[256]);

/* An init that keeps the spread of the layer's activations. */
void remedy_init(const Evidence *e, int layer, char out[256]);
void remedy_standardize(const Evidence *e, char out[256]);
/* Where most of the layer's z starts below 0. */
void remedy_higher_start(const Evidence *e, int layer, char out[256]);
void remedy_norm(const Evidence *e, char out[256]);
void remedy_clipping(const Evidence *e, char out[256]);
/* Where all else is set: fewer layers; in a net of few, smaller steps. */
void remedy_less(const Evidence *e, char out[256]);
void remedy_smaller_lr(const Evidence *e, double divisor, char out[256]);

#endif
