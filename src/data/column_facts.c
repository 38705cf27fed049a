/* column_facts: facts of the columns: see census.h. A strip of columns at a time over all rows, so that a strip's
 * accumulators stay in the first cache and its loops run along the row. */
#include "data/census.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP = 64, VOTERS = 31 };

/* One strip's running figures, column by column. */
typedef struct Strip {
    real low[STRIP], high[STRIP], before[STRIP], common[STRIP];
    double sum[STRIP], squares[STRIP]; /* of differences from the first row */
    int32_t fractions[STRIP], not_rising[STRIP], not_falling[STRIP];
    uint32_t others[STRIP]; /* rows that do not have the common value */
    uint32_t hash[2][STRIP];
} Strip;

typedef struct ColumnJob {
    const View *train;
    int features;
    ColumnFacts *column;
} ColumnJob;

/* A pseudo-random multiplier for a row: splitmix64's finaliser (Steele, Lea, Flood 2014). */
static uint64_t scramble(uint64_t z) {
    z = (z + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int compare_reals(const void *a, const void *b) {
    real x = *(const real *)a, y = *(const real *)b;
    return (x > y) - (x < y);
}

/* The median of a few rows spread over the file: the common value, if there is one. */
static real vote(const ColumnJob *job, int j) {
    real value[VOTERS];
    size_t rows = job->train->rows, voters = rows < VOTERS ? rows : VOTERS;
    for (size_t i = 0; i < voters; i++)
        value[i] = job->train->x[(i * rows / voters) * (size_t)job->features + (size_t)j];
    qsort(value, voters, sizeof *value, compare_reals);
    return value[voters / 2];
}

static void strip_begin(const ColumnJob *job, int from, int width, Strip *s) {
    memset(s, 0, sizeof *s);
    for (int j = 0; j < width; j++) {
        s->low[j] = s->high[j] = s->before[j] = job->train->x[from + j];
        s->common[j] = vote(job, from + j);
    }
}

/* -0 hashes as 0, which it equals. Sums of bits times random numbers: equal columns have equal hashes. */
static void strip_hash(Strip *s, const real *x, int width, uint64_t multiplier) {
    uint32_t first = (uint32_t)multiplier | 1, second = (uint32_t)(multiplier >> 32) | 1;
    for (int j = 0; j < width; j++) {
        float value = (float)x[j] + 0.0f;
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        bits ^= bits >> 15;
        s->hash[0][j] += bits * first;
        s->hash[1][j] += bits * second;
    }
}

static void strip_order(Strip *s, const real *x, int width) {
    for (int j = 0; j < width; j++) {
        s->not_rising[j] |= !(x[j] > s->before[j]);
        s->not_falling[j] |= !(x[j] < s->before[j]);
        s->before[j] = x[j];
    }
}

static void strip_add(Strip *s, const real *first, const real *x, int width) {
    for (int j = 0; j < width; j++) {
        s->low[j] = x[j] < s->low[j] ? x[j] : s->low[j];
        s->high[j] = x[j] > s->high[j] ? x[j] : s->high[j];
        s->others[j] += x[j] != s->common[j];
        s->fractions[j] |= x[j] != (real)rint((double)x[j]);
    }
    for (int j = 0; j < width; j++) {
        double difference = (double)x[j] - (double)first[j];
        s->sum[j] += difference;
        s->squares[j] += difference * difference;
    }
}

static void strip_end(const Strip *s, const real *first, size_t rows, int width, ColumnFacts *column) {
    for (int j = 0; j < width; j++) {
        double mean = s->sum[j] / (double)rows, variance = s->squares[j] / (double)rows - mean * mean;
        column[j] = (ColumnFacts){.low = s->low[j],
                                  .high = s->high[j],
                                  .mean = (double)first[j] + mean,
                                  .std = s->low[j] < s->high[j] ? sqrt(fmax(variance, 0)) : 0,
                                  .common = s->common[j],
                                  .common_rows = rows - s->others[j],
                                  .whole = !s->fractions[j],
                                  .rising = !s->not_rising[j],
                                  .falling = !s->not_falling[j],
                                  .same_as = -1,
                                  .hash = {s->hash[0][j], s->hash[1][j]}};
    }
}

static void strip_run(void *context, int number) {
    const ColumnJob *job = context;
    int from = number * STRIP, width = job->features - from < STRIP ? job->features - from : STRIP;
    const real *first = job->train->x + from, *x = first;
    Strip s;
    strip_begin(job, from, width, &s);
    for (size_t row = 0; row < job->train->rows; row++, x += job->features) {
        strip_hash(&s, x, width, scramble(row));
        if (row > 0) strip_order(&s, x, width);
        strip_add(&s, first, x, width);
    }
    strip_end(&s, first, job->train->rows, width, job->column + from);
}

/* ---- columns that equal another -------------------------------------------------------------------------- */

/* A column to be compared with the first of the same hash. */
typedef struct Twin {
    int column, first;
    bool equal;
} Twin;

static int compare_hashes(const void *a, const void *b, void *columns) {
    int i = *(const int *)a, j = *(const int *)b;
    const ColumnFacts *x = (const ColumnFacts *)columns + i, *y = (const ColumnFacts *)columns + j;
    int order = memcmp(x->hash, y->hash, sizeof x->hash);
    return order ? order : i - j;
}

static int pair_up(int features, const ColumnFacts *column, int *order, Twin *twin) {
    int twins = 0, first = 0;
    for (int j = 0; j < features; j++) order[j] = j;
    qsort_r(order, (size_t)features, sizeof *order, compare_hashes, (void *)column);
    for (int k = 1; k < features; k++) {
        const ColumnFacts *one = &column[order[first]], *other = &column[order[k]];
        if (memcmp(one->hash, other->hash, sizeof one->hash) != 0) first = k;
        else if (one->std > 0) twin[twins++] = (Twin){order[k], order[first], true};
    }
    return twins;
}

static bool find_twins(const View *train, int features, ColumnFacts *column) {
    int *order = malloc((size_t)features * sizeof *order);
    Twin *twin = malloc((size_t)features * sizeof *twin);
    bool done = order && twin;
    int twins = done ? pair_up(features, column, order, twin) : 0;
    const real *x = train->x;
    for (size_t row = 0; twins > 0 && row < train->rows; row++, x += features)
        for (int t = 0; t < twins; t++) twin[t].equal &= x[twin[t].column] == x[twin[t].first];
    for (int t = 0; t < twins; t++)
        if (twin[t].equal) column[twin[t].column].same_as = twin[t].first;
    free(order);
    free(twin);
    return done;
}

/* ---- columns that number the rows ------------------------------------------------------------------------- */

/* Distinct whole numbers in a range of under twice the rows: by a bit a number. */
static bool all_distinct(const View *train, int features, int j, real low, unsigned char *seen) {
    memset(seen, 0, train->rows / 4 + 1);
    for (size_t row = 0; row < train->rows; row++) {
        size_t at = (size_t)((double)train->x[row * (size_t)features + (size_t)j] - (double)low);
        if (seen[at / 8] >> at % 8 & 1) return false;
        seen[at / 8] |= (unsigned char)(1 << at % 8);
    }
    return true;
}

static bool find_numbered(const View *train, int features, ColumnFacts *column) {
    unsigned char *seen = malloc(train->rows / 4 + 1);
    for (int j = 0; seen && j < features; j++) {
        double range = (double)column[j].high - (double)column[j].low;
        if (column[j].whole && range >= (double)train->rows - 1 && range < 2 * (double)train->rows)
            column[j].numbered = all_distinct(train, features, j, column[j].low, seen);
    }
    free(seen);
    return seen;
}

bool census_columns(const View *train, int features, Pool *pool, ColumnFacts *column) {
    ColumnJob job = {train, features, column};
    pool_run(pool, strip_run, &job, (features + STRIP - 1) / STRIP);
    return find_twins(train, features, column) && find_numbered(train, features, column);
}

/* ---- values far away ----------------------------------------------------------------------------------------- */

/* What is written for "missing" where a number has to stand. */
static const double codes[] = {-9, -99, -999, -9999, -99999, 99, 999, 9999, 99999};
enum { CODES = sizeof codes / sizeof codes[0] };
static const double least_gap = 10; /* -9 among small whole numbers is one of them */

/* A column with values to be counted: those outside low … high, and those equal to `code`. */
typedef struct Suspect {
    int column;
    real low, high, code, rest_low, rest_high; /* rest: the least and the greatest that are no code */
    size_t far_rows, code_rows;
} Suspect;

static bool is_code(real value) {
    for (int i = 0; i < CODES; i++)
        if ((double)value == codes[i]) return true;
    return false;
}

static bool suspect(const ColumnFacts *facts, int j, Suspect *out) {
    double reach = CENSUS_FAR * ((double)facts->quartile[2] - (double)facts->quartile[0]);
    bool code = is_code(facts->low) || is_code(facts->high);
    *out = (Suspect){.column = j,
                     .low = reach > 0 ? (real)((double)facts->quartile[0] - reach) : -INFINITY,
                     .high = reach > 0 ? (real)((double)facts->quartile[2] + reach) : INFINITY,
                     .code = !code                 ? NAN
                             : is_code(facts->low) ? facts->low
                                                   : facts->high,
                     .rest_low = INFINITY,
                     .rest_high = -INFINITY};
    return !facts->one_hot && (code || facts->low < out->low || facts->high > out->high);
}

static void count_row(const real *x, int suspects, Suspect *s) {
    for (int k = 0; k < suspects; k++) {
        real value = x[s[k].column];
        if (value == s[k].code) {
            s[k].code_rows++;
            continue;
        }
        s[k].far_rows += value < s[k].low || value > s[k].high;
        s[k].rest_low = value < s[k].rest_low ? value : s[k].rest_low;
        s[k].rest_high = value > s[k].rest_high ? value : s[k].rest_high;
    }
}

/* A code lies farther from the others than they lie from one another; else it is a value like any. */
static void settle_suspect(const Suspect *s, ColumnFacts *facts) {
    double spread = (double)s->rest_high - (double)s->rest_low;
    double gap =
        s->code < s->rest_low ? (double)s->rest_low - (double)s->code : (double)s->code - (double)s->rest_high;
    bool code = s->code_rows > 0 && spread > 0 && gap > spread && gap >= least_gap;
    facts->far_rows = s->far_rows;
    if (code) {
        facts->code = (double)s->code;
        facts->code_rows = s->code_rows;
        facts->rest_low = s->rest_low;
        facts->rest_high = s->rest_high;
    } else if (s->code < s->low || s->code > s->high) facts->far_rows += s->code_rows;
}

bool census_far(const View *train, int features, ColumnFacts *column) {
    Suspect *list = malloc((size_t)features * sizeof *list);
    int suspects = 0;
    if (!list) return false;
    for (int j = 0; j < features; j++) suspects += suspect(&column[j], j, &list[suspects]);
    for (size_t row = 0; suspects > 0 && row < train->rows; row++)
        count_row(train->x + row * (size_t)features, suspects, list);
    for (int k = 0; k < suspects; k++) settle_suspect(&list[k], &column[list[k].column]);
    free(list);
    return true;
}
