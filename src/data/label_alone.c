/* label_alone: quartiles of the columns, and what one column alone tells of the label: see census.h. Over a
 * stratified sample of the training rows: 4096 of them give a share of 0.99 to within 0.3 % (two standard errors),
 * and sorting all rows by every column would take longer than reading them. */
#include "data/census.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 16 }; /* sources a job: their values share cache lines */

/* An interval of the rule has to earn so many rows more than it replaces: noise gives a rule fewer. */
static const double interval_price = 3;

typedef struct SampleJob {
    const Dataset *data;
    Census *census;
    const uint32_t *row;  /* [sample] */
    const double *target; /* [2][targets][sample]: targets and their ranks, to mean 0 and length 1; regression */
    bool *done;           /* [jobs] */
} SampleJob;

/* A job's own memory. */
typedef struct Scratch {
    real *value;    /* [CHUNK][sample] */
    uint64_t *key;  /* [sample]: value above, place in the sample below */
    double *score;  /* [classes] */
    double *vector; /* [2][sample] */
    int *switches;  /* [classes] */
} Scratch;

static bool scratch_take(Scratch *s, size_t sample, int classes) {
    size_t states = classes > 0 ? (size_t)classes : 1;
    *s = (Scratch){.value = malloc(CHUNK * sample * sizeof *s->value),
                   .key = malloc(sample * sizeof *s->key),
                   .score = malloc(states * sizeof *s->score),
                   .vector = malloc(2 * sample * sizeof *s->vector),
                   .switches = malloc(states * sizeof *s->switches)};
    return s->value && s->key && s->score && s->vector && s->switches;
}

static void scratch_free(Scratch *s) {
    free(s->value);
    free(s->key);
    free(s->score);
    free(s->vector);
    free(s->switches);
}

/* ---- order ----------------------------------------------------------------------------------------------- */

/* Bits that order as the floats do; -0 and 0 are one. */
static uint64_t ordered_bits(real x) {
    float value = (float)x + 0.0f;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & 0x80000000u ? (uint32_t)~bits : bits | 0x80000000u;
}

static int compare_keys(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void sort_sample(const real *value, size_t n, uint64_t *key) {
    for (size_t i = 0; i < n; i++) key[i] = ordered_bits(value[i]) << 32 | i;
    qsort(key, n, sizeof *key, compare_keys);
}

static size_t place(uint64_t key) { return key & UINT32_MAX; }

/* The end of the run of equal values that begins at `from`. */
static size_t run_end(const uint64_t *key, size_t n, size_t from) {
    size_t end = from + 1;
    while (end < n && key[end] >> 32 == key[from] >> 32) end++;
    return end;
}

/* ---- classification: the best rule of intervals ------------------------------------------------------------ */

/* The class of the best path so far. */
static int best_class(int classes, const double *score) {
    int best = 0;
    for (int c = 1; c < classes; c++)
        if (score[c] > score[best]) best = c;
    return best;
}

/* Viterbi's recursion over the sorted values: state = class of the present interval, score = rows right less the
 * price of the intervals. A run of equal values lies in one interval. */
static void rule_of_intervals(const SampleJob *job, const Scratch *s, Source *source) {
    const int32_t *label = job->data->train.label;
    int classes = job->data->classes;
    size_t n = job->census->sample;
    memset(s->score, 0, (size_t)classes * sizeof *s->score);
    memset(s->switches, 0, (size_t)classes * sizeof *s->switches);
    for (size_t from = 0, end; from < n; from = end) {
        int best = best_class(classes, s->score), switches = s->switches[best] + 1;
        double changed = s->score[best] - interval_price;
        for (int c = 0; from > 0 && c < classes; c++)
            if (s->score[c] < changed) s->score[c] = changed, s->switches[c] = switches;
        end = run_end(s->key, n, from);
        for (size_t i = from; i < end; i++) s->score[label[job->row[place(s->key[i])]]]++;
    }
    int best = best_class(classes, s->score);
    source->intervals = s->switches[best] + 1;
    source->tells = (s->score[best] + interval_price * s->switches[best]) / (double)n;
}

/* ---- regression: correlation of values and of ranks -------------------------------------------------------- */

/* To mean 0 and length 1; zeros where all are equal. */
static void normalize(size_t n, double *x) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    for (size_t i = 0; i < n; i++) {
        x[i] -= sum / (double)n;
        squares += x[i] * x[i];
    }
    for (size_t i = 0; i < n; i++) x[i] = squares > 0 ? x[i] / sqrt(squares) : 0;
}

/* Values and ranks (equal values share the mean of theirs) of a sorted sample, normalised: out[2][n]. */
static void values_and_ranks(const real *value, const uint64_t *key, size_t n, double *out) {
    for (size_t i = 0; i < n; i++) out[i] = (double)value[i];
    for (size_t from = 0, end; from < n; from = end) {
        end = run_end(key, n, from);
        for (size_t i = from; i < end; i++) out[n + place(key[i])] = (double)(from + end - 1) / 2;
    }
    normalize(n, out);
    normalize(n, out + n);
}

static void correlate(const SampleJob *job, const real *value, const Scratch *s, Source *source) {
    size_t n = job->census->sample;
    int targets = job->data->targets;
    values_and_ranks(value, s->key, n, s->vector);
    source->tells = 0;
    for (int t = 0; t < 2 * targets; t++) {
        const double *x = s->vector + (size_t)(t / targets) * n, *y = job->target + (size_t)t * n;
        double r = 0;
        for (size_t i = 0; i < n; i++) r += x[i] * y[i];
        if (fabs(r) <= source->tells) continue;
        source->tells = fabs(r);
        source->target = t % targets;
    }
}

/* ---- the columns -------------------------------------------------------------------------------------------- */

/* The input itself, or which category it is. */
static real value_of(const Source *source, const real *x) {
    if (source->width == 1) return x[source->first];
    int k = 0;
    while (k < source->width - 1 && x[source->first + k] == 0) k++;
    return (real)k;
}

static void set_quartiles(const real *value, const uint64_t *key, size_t n, ColumnFacts *facts) {
    for (int q = 1; q <= 3; q++) facts->quartile[q - 1] = value[place(key[(n - 1) * (size_t)q / 4])];
}

static void look_at(const SampleJob *job, const real *value, Scratch *s, Source *source) {
    Census *census = job->census;
    ColumnFacts *facts = &census->column[source->first];
    sort_sample(value, census->sample, s->key);
    if (source->width == 1) set_quartiles(value, s->key, census->sample, facts);
    if (facts->low == facts->high && source->width == 1) return;
    if (job->data->classes > 0) rule_of_intervals(job, s, source);
    else if (!facts->one_hot) correlate(job, value, s, source);
}

static void chunk_run(void *context, int number) {
    const SampleJob *job = context;
    Census *census = job->census;
    size_t n = census->sample;
    int from = number * CHUNK, count = census->sources - from < CHUNK ? census->sources - from : CHUNK;
    Scratch s;
    job->done[number] = scratch_take(&s, n, job->data->classes);
    for (size_t i = 0; job->done[number] && i < n; i++) {
        const real *x = job->data->train.x + (size_t)job->row[i] * (size_t)job->data->raw_features;
        for (int k = 0; k < count; k++) s.value[(size_t)k * n + i] = value_of(&census->source[from + k], x);
    }
    for (int k = 0; job->done[number] && k < count; k++)
        look_at(job, s.value + (size_t)k * n, &s, &census->source[from + k]);
    scratch_free(&s);
}

/* [2][targets][n], as SampleJob has it. NULL: memory is out. */
static double *sample_targets(const Dataset *data, const uint32_t *row, size_t n) {
    size_t targets = (size_t)data->targets;
    double *out = malloc((2 * targets + 2) * n * sizeof *out), *both = out ? out + 2 * targets * n : NULL;
    real *value = malloc(n * sizeof *value);
    uint64_t *key = malloc(n * sizeof *key);
    bool done = out && value && key;
    for (size_t k = 0; done && k < targets; k++) {
        for (size_t i = 0; i < n; i++) value[i] = data->train.target[row[i] * targets + k];
        sort_sample(value, n, key);
        values_and_ranks(value, key, n, both);
        memcpy(out + k * n, both, n * sizeof *out);
        memcpy(out + (targets + k) * n, both + n, n * sizeof *out);
    }
    free(value);
    free(key);
    if (!done) free(out);
    return done ? out : NULL;
}

bool census_sample(const Dataset *data, uint64_t split_seed, Pool *pool, Census *census) {
    int jobs = (census->sources + CHUNK - 1) / CHUNK;
    uint32_t *row = malloc(CENSUS_SAMPLE * sizeof *row);
    bool *done = calloc((size_t)jobs + 1, sizeof *done);
    census->sample = row ? dataset_sample(data, CENSUS_SAMPLE, split_seed, PURPOSE_PROBE, row) : 0;
    double *target = census->sample > 0 && data->targets > 0 ? sample_targets(data, row, census->sample) : NULL;
    bool all = done && census->sample > 0 && (target || data->targets == 0);
    SampleJob job = {data, census, row, target, done};
    if (all) pool_run(pool, chunk_run, &job, jobs);
    for (int i = 0; all && i < jobs; i++) all = done[i];
    free(row);
    free(done);
    free(target);
    return all;
}
