/* split: see split.h. */
#include "data/split.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int stratum(const int32_t *label, size_t row) { return label ? label[row] : 0; }

void split_count(size_t rows, const int32_t *label, int classes, const unsigned char *part, int which,
                 size_t *count) {
    memset(count, 0, (size_t)classes * sizeof *count);
    for (size_t row = 0; row < rows; row++)
        if (part[row] == which) count[stratum(label, row)]++;
}

size_t split_share(int classes, const size_t *count, double share, size_t *take) {
    /* 0.145 · 100 is 14.499999999999998 in binary, and yet a half to whoever wrote it */
    const double slack = 1e-9;
    size_t sum = 0;
    for (int c = 0; c < classes; c++) {
        size_t wanted = (size_t)floor(share * (double)count[c] + 0.5 + slack);
        take[c] = count[c] > 0 && wanted >= count[c] ? count[c] - 1 : wanted;
        sum += take[c];
    }
    return sum;
}

typedef struct Remainder {
    uint64_t rest;
    int class;
} Remainder;

static int larger_first(const void *a, const void *b) {
    const Remainder *x = a, *y = b;
    if (x->rest != y->rest) return x->rest > y->rest ? -1 : 1;
    return x->class - y->class;
}

/* Gives every class that has rows but got none one of the class that got most. */
static void leave_none_out(int classes, const size_t *count, size_t *take) {
    for (int c = 0; c < classes; c++) {
        if (take[c] > 0 || count[c] == 0) continue;
        int most = 0;
        for (int other = 1; other < classes; other++)
            if (take[other] > take[most]) most = other;
        take[most]--;
        take[c]++;
    }
}

bool split_quota(int classes, const size_t *count, size_t total, size_t least, size_t *take) {
    uint64_t rows = 0;
    size_t left = total;
    Remainder *remainder = malloc((size_t)classes * sizeof *remainder);
    if (!remainder) return false;
    for (int c = 0; c < classes; c++) rows += count[c];
    assert(total <= rows && rows <= UINT32_MAX);
    for (int c = 0; c < classes; c++) {
        uint64_t product = (uint64_t)total * count[c];
        take[c] = rows ? product / rows : 0;
        remainder[c] = (Remainder){.rest = rows ? product % rows : 0, .class = c};
        left -= take[c];
    }
    qsort(remainder, (size_t)classes, sizeof *remainder, larger_first);
    for (size_t i = 0; i < left; i++) take[remainder[i].class]++;
    free(remainder);
    if (least) leave_none_out(classes, count, take);
    return true;
}

/* Sorts the rows of part `which` by class, ascending within each: row[…], class c from start[c] to
 * start[c+1]. */
static void group_rows(size_t rows, const int32_t *label, int classes, const unsigned char *part, int which,
                       size_t *start, uint32_t *row) {
    split_count(rows, label, classes, part, which, start);
    for (int c = 1; c < classes; c++) start[c] += start[c - 1];
    start[classes] = start[classes - 1];
    for (size_t i = rows; i-- > 0;)
        if (part[i] == which) row[--start[stratum(label, i)]] = (uint32_t)i;
}

bool split_draw(size_t rows, const int32_t *label, int classes, const size_t *take, uint64_t seed, Purpose purpose,
                int from, int to, unsigned char *part) {
    uint32_t *row = malloc((rows + 1) * sizeof *row);
    size_t *start = malloc(((size_t)classes + 1) * sizeof *start);
    bool done = row && start;
    if (done) group_rows(rows, label, classes, part, from, start, row);
    for (int c = 0; done && c < classes; c++) {
        uint32_t *group = row + start[c];
        assert(take[c] <= start[c + 1] - start[c]);
        Stream stream = random_stream(seed, purpose, 0, (uint32_t)c);
        random_shuffle(&stream, start[c + 1] - start[c], group);
        for (size_t i = 0; i < take[c]; i++) part[group[i]] = (unsigned char)to;
    }
    free(row);
    free(start);
    return done;
}
