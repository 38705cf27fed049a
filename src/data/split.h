/* split: stratified draws. Says which rows belong to which part; moves nothing, knows no features.
 * Strata are the classes, or all rows together where `label` is NULL (regression, classes = 1). */
#ifndef NNEXP_DATA_SPLIT_H
#define NNEXP_DATA_SPLIT_H

#include "base/random.h"

#include <stdbool.h>

enum { PART_TRAIN, PART_VALIDATION, PART_UNUSED };

/* count[classes] = rows of each class in that part. */
void split_count(size_t rows, const int32_t *label, int classes, const unsigned char *part, int which, size_t *count);

/* take[c] = share · count[c], halves rounded up, but at least one row of a class stays. Returns their sum. */
size_t split_share(int classes, const size_t *count, double share, size_t *take);

/* take[classes] sums to `total` (at most all rows) in proportion to count, by largest remainders (ties: the
 * first class); each class has at least `least` (0 or 1; classes <= total then). False when memory is out. */
bool split_quota(int classes, const size_t *count, size_t total, size_t least, size_t *take);

/* Draws take[c] rows of each class out of part `from` into part `to`: the first of the class's rows shuffled
 * by random_stream(seed, purpose, 0, class), so that a larger draw holds the smaller one. False when memory
 * is out. */
bool split_draw(size_t rows, const int32_t *label, int classes, const size_t *take, uint64_t seed, Purpose purpose,
                int from, int to, unsigned char *part);

#endif
