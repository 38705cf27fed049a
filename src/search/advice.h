/* advice: what can be said of a sweep's outcome: a table of remarks, each a function of the ranking that has
 * something to say or has not. Judges results; runs nothing. */
#ifndef NNEXP_SEARCH_ADVICE_H
#define NNEXP_SEARCH_ADVICE_H

#include "search/ranking.h"

enum { ADVICE_BYTES = 4096 };

typedef struct Remark {
    const char *name;
    bool at_end;                                    /* only where no cell is missing or unfinished */
    void (*say)(const Ranking *ranking, char *out); /* out[ADVICE_BYTES]: "" when there is nothing to say */
} Remark;
extern const Remark remarks[];
extern const int remark_count;

/* Prints a line for each remark that has something to say. */
void advice_print(const Ranking *ranking, bool utf8, FILE *out);

/* The difference of losses, configuration `other` of the ranking's order minus configuration `best`, over their
 * common seeds, both of ranking->whole: order, batches and initial weights of equal seeds have much in common, so
 * pairs scatter less than the losses do. */
Sample advice_difference(const Ranking *ranking, int64_t best, int64_t other);

/* How far beyond its error a difference must lie for each comparison of the best with the others, so that with 95
 * % probability none of them all errs: one-sided, and shared out evenly (Bonferroni), so that the truly best one
 * is called worse in at most 5 % of sweeps. As a share of Student's t, for student_quantile. */
double advice_tail(const Ranking *ranking);

#endif
