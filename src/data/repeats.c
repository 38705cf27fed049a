/* repeats: rows whose inputs occur again: see census.h. Rows are found by a 64-bit hash in an open-addressed table,
 * and compared value by value. */
#include "data/census.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4096 }; /* rows hashed by a job */

/* All rows, split after split; group[i] = the first row of equal inputs. */
typedef struct RowIndex {
    const Dataset *data;
    size_t begin[CENSUS_SPLITS + 1]; /* where each split begins */
    uint64_t *hash;                  /* [rows] */
    uint32_t *group;                 /* [rows] */
    unsigned char *seen; /* [rows]: of a group's first row: a bit a split that has the inputs, and REPEATED */
    size_t slots;        /* a power of 2 */
    uint32_t *slot;      /* [slots]: row + 1, 0: free */
} RowIndex;

enum { REPEATED = 1 << CENSUS_SPLITS };

static const View *split_of(const Dataset *data, int s) {
    return s == 0 ? &data->train : s == 1 ? &data->validation : &data->test;
}

static const real *row_at(const RowIndex *index, size_t row) {
    int s = 0;
    while (row >= index->begin[s + 1]) s++;
    return split_of(index->data, s)->x + (row - index->begin[s]) * (size_t)index->data->raw_features;
}

/* FNV-1a's step on a value's bits, with a shift that brings the high bits back down; -0 hashes as its equal, 0. */
static uint64_t hash_row(const real *x, int features) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (int j = 0; j < features; j++) {
        float value = (float)x[j] + 0.0f;
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        hash = (hash ^ bits) * 0x100000001b3u;
        hash ^= hash >> 32;
    }
    return hash * 0x9e3779b97f4a7c15u;
}

static void hash_block(void *context, int number) {
    RowIndex *index = context;
    size_t from = (size_t)number * BLOCK, rows = index->begin[CENSUS_SPLITS];
    size_t end = rows - from < BLOCK ? rows : from + BLOCK;
    for (size_t row = from; row < end; row++)
        index->hash[row] = hash_row(row_at(index, row), index->data->raw_features);
}

static bool equal_rows(const RowIndex *index, size_t a, size_t b) {
    const real *x = row_at(index, a), *y = row_at(index, b);
    int j = 0;
    while (j < index->data->raw_features && x[j] == y[j]) j++;
    return j == index->data->raw_features;
}

/* The first row of the same inputs; the row itself where it is the first. */
static uint32_t find_group(RowIndex *index, size_t row) {
    size_t at = index->hash[row] >> 16 & (index->slots - 1);
    for (; index->slot[at]; at = (at + 1) & (index->slots - 1)) {
        uint32_t first = index->slot[at] - 1;
        if (index->hash[first] == index->hash[row] && equal_rows(index, first, row)) return first;
    }
    index->slot[at] = (uint32_t)row + 1;
    return (uint32_t)row;
}

static void group_rows(RowIndex *index) {
    for (int s = 0; s < CENSUS_SPLITS; s++)
        for (size_t row = index->begin[s]; row < index->begin[s + 1]; row++) {
            uint32_t first = index->group[row] = find_group(index, row);
            if (s == 0 && first != row) index->seen[first] |= REPEATED;
            index->seen[first] |= (unsigned char)(1 << s);
        }
}

static void count_repeats(const RowIndex *index, Repeats *out) {
    for (size_t row = 0; row < index->begin[1]; row++) out->repeated += index->group[row] != row;
    for (size_t row = index->begin[1]; row < index->begin[2]; row++)
        out->validation_in_train += index->seen[index->group[row]] & 1;
    for (size_t row = index->begin[2]; row < index->begin[3]; row++) {
        out->test_in_train += index->seen[index->group[row]] & 1;
        out->test_in_validation += index->seen[index->group[row]] >> 1 & 1;
    }
}

/* ---- equal inputs with other labels -------------------------------------------------------------------------- */

static int32_t label_of(const RowIndex *index, uint32_t row) {
    return index->data->train.label ? index->data->train.label[row] : 0;
}

static int compare_members(const void *a, const void *b, void *context) {
    const RowIndex *index = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (index->group[x] != index->group[y]) return index->group[x] < index->group[y] ? -1 : 1;
    int32_t one = label_of(index, x), other = label_of(index, y);
    return one != other ? (one > other) - (one < other) : (x > y) - (x < y);
}

/* A group of equal inputs, ordered by class: all but its most frequent class are errors. */
static void judge_classes(const RowIndex *index, const uint32_t *member, size_t count, Repeats *out) {
    size_t most = 0, run = 0;
    for (size_t i = 0; i < count; i++) {
        run = i > 0 && label_of(index, member[i]) == label_of(index, member[i - 1]) ? run + 1 : 1;
        most = run > most ? run : most;
    }
    if (most == count) return;
    out->contradictory += count;
    out->errors += count - most;
}

/* Sum of squares around the group's mean, each target in units of its own sum of squares. */
static double scatter(const RowIndex *index, const uint32_t *member, size_t count, const double *total) {
    const Dataset *data = index->data;
    double sum_of_shares = 0;
    for (int k = 0; k < data->targets; k++) {
        double sum = 0, squares = 0,
               shift = (double)data->train.target[member[0] * (size_t)data->targets + (size_t)k];
        for (size_t i = 0; i < count; i++) {
            double y = (double)data->train.target[member[i] * (size_t)data->targets + (size_t)k] - shift;
            sum += y;
            squares += y * y;
        }
        if (total[k] > 0) sum_of_shares += fmax(squares - sum * sum / (double)count, 0) / total[k];
    }
    return sum_of_shares / data->targets;
}

static void judge_members(RowIndex *index, const double *target_std, uint32_t *member, size_t members, Repeats *out) {
    double total[DATA_MOST_COLUMNS] = {0};
    const Dataset *data = index->data;
    for (int k = 0; k < data->targets; k++) total[k] = target_std[k] * target_std[k] * (double)data->train.rows;
    qsort_r(member, members, sizeof *member, compare_members, index);
    for (size_t from = 0, end; from < members; from = end) {
        for (end = from + 1; end < members && index->group[member[end]] == index->group[member[from]];) end++;
        if (data->classes > 0) judge_classes(index, member + from, end - from, out);
        else out->unexplained += scatter(index, member + from, end - from, total);
    }
}

/* The training rows of repeated inputs, group by group. */
static bool judge_repeated(RowIndex *index, const double *target_std, Repeats *out) {
    size_t members = 0;
    uint32_t *member = malloc((2 * out->repeated + 1) * sizeof *member);
    if (!member) return false;
    for (size_t row = 0; row < index->begin[1]; row++)
        if (index->seen[index->group[row]] & REPEATED) member[members++] = (uint32_t)row;
    if (members > 0) judge_members(index, target_std, member, members, out);
    free(member);
    return true;
}

static bool index_take(RowIndex *index) {
    size_t rows = index->begin[CENSUS_SPLITS];
    if (rows >= UINT32_MAX) return false;
    for (index->slots = 16; index->slots < 2 * rows;) index->slots *= 2;
    index->hash = malloc(rows * sizeof *index->hash);
    index->group = malloc(rows * sizeof *index->group);
    index->seen = calloc(rows, sizeof *index->seen);
    index->slot = calloc(index->slots, sizeof *index->slot);
    return index->hash && index->group && index->seen && index->slot;
}

bool census_repeats(const Dataset *data, const double *target_std, Pool *pool, Repeats *out) {
    RowIndex index = {.data = data};
    *out = (Repeats){0};
    for (int s = 0; s < CENSUS_SPLITS; s++) index.begin[s + 1] = index.begin[s] + split_of(data, s)->rows;
    bool done = index_take(&index);
    if (done) {
        pool_run(pool, hash_block, &index, (int)((index.begin[CENSUS_SPLITS] + BLOCK - 1) / BLOCK));
        group_rows(&index);
        count_repeats(&index, out);
        done = judge_repeated(&index, target_std, out);
    }
    free(index.hash);
    free(index.group);
    free(index.seen);
    free(index.slot);
    return done;
}
