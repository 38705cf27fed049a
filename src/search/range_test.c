/* range_test: see range_test.h. */
#include "search/range_test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const range_outcome_name[RANGE_OUTCOMES] = {[RANGE_BY_CURVE] = "by_curve",
                                                        [RANGE_CONFIRMED] = "confirmed",
                                                        [RANGE_MOVED] = "moved",
                                                        [RANGE_WITHDRAWN] = "withdrawn",
                                                        [RANGE_DECLINED] = "declined"};

/* What the jobs of one call share. Errors wait for the one who called. */
typedef struct Jobs {
    RangeTest *test;
    double lr[RANGE_FIRST_RATES];
    LrRun *run; /* [rates][RANGE_CONFIRM_SEEDS] */
    int seeds;
    int64_t epochs;
    bool *ok;
    Error *err; /* [jobs] */
} Jobs;

/* ---- plan -------------------------------------------------------------------------------------------- */

bool range_test_check(const RangePlan *plan, const Settings *settings, Error *err) {
    const TrainSettings *train = &settings->train;
    const Optimizer *optimizer = optimizer_of(&train->optimizer);
    int before = err->count;
    if (!(plan->low < plan->high))
        fail(err, "--low: %.9g is not below --high %.9g; lower it, or raise --high", plan->low, plan->high);
    if (train->epochs == 0)
        fail(err, "train.epochs: 0 trains nothing, so no rate is better than another; set it to 1 or more");
    if (plan->confirm > train->epochs && train->epochs > 0)
        fail(err, "--confirm: %lld epochs are more than train.epochs %lld; lower it", (long long)plan->confirm,
             (long long)train->epochs);
    if (train->warmup.on && plan->confirm > 0 && (double)plan->confirm <= train->warmup.epochs)
        fail(err,
             "--confirm: %lld epochs are no longer than train.warmup.epochs %g; raise it, or leave --confirm out",
             (long long)plan->confirm, train->warmup.epochs);
    if (optimizer->first_lr_only)
        fail(err,
             "train.optimizer: '%s' reads train.lr once, as its first step, so there is nothing to find; use "
             "another",
             optimizer->head.name);
    return err->count == before;
}

/* Half the config's epochs, but long enough to mean something and for more than the warm-up. Shorter ones see early
 * training alone: with a quarter the rate is more often too low where training has a plateau, or too high. */
static int64_t confirm_epochs(const RangePlan *plan, const TrainSettings *train) {
    if (plan->confirm != RANGE_CONFIRM_AUTO) return plan->confirm;
    int64_t epochs = (train->epochs + 1) / 2;
    if (epochs < RANGE_SHORTEST) epochs = RANGE_SHORTEST;
    if (train->warmup.on && (double)epochs < 4 * train->warmup.epochs)
        epochs = (int64_t)ceil(4 * train->warmup.epochs);
    return epochs < train->epochs ? epochs : train->epochs;
}

double range_round(double lr) {
    char text[32];
    snprintf(text, sizeof text, "%.2e", lr);
    return strtod(text, NULL);
}

/* ---- jobs -------------------------------------------------------------------------------------------- */

static bool jobs_run(Jobs *jobs, Pool *pool, PoolJob job, int count, Error *err) {
    jobs->ok = calloc((size_t)count, sizeof *jobs->ok);
    jobs->err = calloc((size_t)count, sizeof *jobs->err);
    bool ok = jobs->ok && jobs->err;
    if (ok) pool_run(pool, job, jobs, count);
    else fail(err, "memory is out");
    for (int i = 0; ok && i < count; i++) {
        ok = jobs->ok[i];
        if (jobs->err[i].count) error_prefix(&jobs->err[i], "%s: ", jobs->test->config);
        error_move(err, &jobs->err[i]);
    }
    free(jobs->ok);
    free(jobs->err);
    return ok;
}

static void sweep_job(void *context, int job) {
    Jobs *jobs = context;
    RangeTest *test = jobs->test;
    RangeCurve *curve = &test->curve[job];
    const RangePlan *plan = &test->plan;
    jobs->ok[job] = lr_trial_sweep(test->settings, test->data, curve->seed, plan->low, plan->high, (int)plan->steps,
                                   test->stop, &curve->sweep, &jobs->err[job]);
}

static void short_run_job(void *context, int job) {
    Jobs *jobs = context;
    RangeTest *test = jobs->test;
    jobs->ok[job] =
        lr_trial_run(test->settings, test->data, test->curve[job % jobs->seeds].seed, jobs->lr[job / jobs->seeds],
                     jobs->epochs, test->stop, &jobs->run[job], &jobs->err[job]);
}

/* ---- the curves -------------------------------------------------------------------------------------- */

static bool make_room(RangeTest *test, Error *err) {
    size_t seeds = (size_t)test->plan.seeds, steps = (size_t)test->plan.steps;
    size_t bytes = seeds * (sizeof(RangeCurve) + steps * (sizeof(LrStep) + sizeof(double)));
    char *at = test->memory = calloc(1, bytes);
    if (!at)
        return fail(err, "no memory for %lld seeds of %lld steps; use fewer", (long long)test->plan.seeds,
                    (long long)test->plan.steps);
    test->curve = (RangeCurve *)at;
    at += seeds * sizeof(RangeCurve);
    for (size_t s = 0; s < seeds; s++) {
        RangeCurve *curve = &test->curve[s];
        curve->seed = test->settings->seed + (int64_t)s;
        curve->sweep.step = (LrStep *)at;
        curve->smooth = (double *)(at + steps * sizeof(LrStep));
        at += steps * (sizeof(LrStep) + sizeof(double));
    }
    return true;
}

static bool read_curves(RangeTest *test, Error *err) {
    size_t steps = (size_t)test->plan.steps;
    double *work = malloc((LR_CURVE_SCRATCH + 2) * steps * sizeof *work);
    if (!work) return fail(err, "memory is out");
    double *lr = work, *loss = work + steps;
    for (int64_t s = 0; s < test->plan.seeds; s++) {
        RangeCurve *curve = &test->curve[s];
        const LrSweep *sweep = &curve->sweep;
        for (int i = 0; i < sweep->n; i++) lr[i] = sweep->step[i].lr, loss[i] = sweep->step[i].loss;
        curve->reading = lr_curve_read(sweep->n, lr, loss, sweep->diverged, curve->smooth, work + 2 * steps);
    }
    free(work);
    return true;
}

/* The medians of the readable curves, and what most of the others are. */
static bool gather_rules(RangeTest *test, Error *err) {
    int count[LR_VERDICTS] = {0};
    double *values = malloc((size_t)test->plan.seeds * sizeof *values);
    if (!values) return fail(err, "memory is out");
    for (int64_t s = 0; s < test->plan.seeds; s++) count[test->curve[s].reading.verdict]++;
    test->readable = count[LR_READABLE];
    for (int v = LR_READABLE + 1; v < LR_VERDICTS; v++)
        if (test->verdict == LR_READABLE || count[v] > count[test->verdict]) test->verdict = (LrVerdict)v;
    for (int r = 0; r < LR_RULES; r++) {
        int n = 0;
        for (int64_t s = 0; s < test->plan.seeds; s++)
            if (test->curve[s].reading.verdict == LR_READABLE) values[n++] = log(test->curve[s].reading.rule[r]);
        test->rule[r] = n ? exp(lr_curve_median(n, values)) : NAN;
        if (r == LR_STEEPEST && n) test->low = exp(values[0]), test->high = exp(values[n - 1]); /* sorted now */
    }
    free(values);
    return true;
}

/* ---- short runs -------------------------------------------------------------------------------------- */

static double judged(const LrRun *run) {
    double loss = isnan(run->val_loss) ? run->train_loss : run->val_loss;
    return run->status == RUN_DIVERGED || isnan(loss) ? INFINITY : loss;
}

static RangeRate rate_of(double lr, const LrRun *run, int runs) {
    RangeRate rate = {.lr = lr, .runs = runs};
    double loss[RANGE_CONFIRM_SEEDS], start[RANGE_CONFIRM_SEEDS];
    for (int i = 0; i < runs; i++) {
        rate.run[i] = run[i];
        rate.diverged += run[i].status == RUN_DIVERGED;
        loss[i] = judged(&run[i]), start[i] = run[i].start_loss;
    }
    rate.loss = lr_curve_median(runs, loss);
    rate.start = lr_curve_median(runs, start);
    return rate;
}

/* Runs all seeds of `count` rates, and puts what they gave at test->rate[at …]. */
static bool try_rates(RangeTest *test, const double *lr, int count, int at, Pool *pool, Error *err) {
    LrRun run[RANGE_FIRST_RATES * RANGE_CONFIRM_SEEDS];
    int seeds = test->plan.seeds < RANGE_CONFIRM_SEEDS ? (int)test->plan.seeds : RANGE_CONFIRM_SEEDS;
    Jobs jobs = {.test = test, .run = run, .seeds = seeds, .epochs = test->plan.confirm};
    memcpy(jobs.lr, lr, (size_t)count * sizeof *lr);
    if (!jobs_run(&jobs, pool, short_run_job, count * seeds, err)) return false;
    memmove(test->rate + at + count, test->rate + at, (size_t)(test->rates - at) * sizeof *test->rate);
    for (int i = 0; i < count; i++) test->rate[at + i] = rate_of(lr[i], run + i * seeds, seeds);
    test->rates += count;
    return true;
}

static int best_of(int n, const RangeRate *rate) {
    int best = 0;
    for (int i = 1; i < n; i++)
        if (rate[i].loss < rate[best].loss) best = i;
    return best;
}

/* Whether each seed did worse at `rate` than at `best`: where the rates are as good, chance has it so for five seeds
 * once in 32 times. */
static bool worse(const RangeRate *rate, const RangeRate *best) {
    for (int i = 0; i < rate->runs && isfinite(rate->loss); i++)
        if (isfinite(judged(&rate->run[i])) && judged(&rate->run[i]) <= judged(&best->run[i])) return false;
    return true;
}

int range_walk(int n, const RangeRate *rate) {
    int best = best_of(n, rate);
    if (!isfinite(rate[best].loss) || best == 0) return -1;
    if (best == n - 1 || !worse(&rate[n - 1], &rate[best])) return 1;
    return worse(&rate[0], &rate[best]) ? 0 : -1;
}

static double neighbour(double lr, double places) { return range_round(lr * pow(10, places / RANGE_RATES_A_DECADE)); }

static bool within(const RangePlan *plan, double lr) { return plan->low <= lr && lr <= plan->high; }

/* Tries the curves' suggestion with a rate on either side. */
static bool begin_walk(RangeTest *test, double from, Pool *pool, Error *err) {
    double first[RANGE_FIRST_RATES];
    int count = 0;
    for (int place = -1; place <= 1; place++) {
        double lr = neighbour(from, place);
        if (place == 0 || within(&test->plan, lr)) first[count++] = lr;
    }
    return try_rates(test, first, count, 0, pool, err);
}

/* Walks on until the best has a worse rate on either side, or as far as it may. */
static bool walk(RangeTest *test, Pool *pool, Error *err) {
    int way;
    while ((way = range_walk(test->rates, test->rate)) != 0 && test->rates < RANGE_MOST_RATES) {
        double next = neighbour(test->rate[way < 0 ? 0 : test->rates - 1].lr, way);
        if (!within(&test->plan, next)) break;
        if (!try_rates(test, &next, 1, way < 0 ? 0 : test->rates, pool, err)) return false;
    }
    int best = best_of(test->rates, test->rate);
    if (way != 0) test->edge = best == 0 ? -1 : best == test->rates - 1;
    return true;
}

/* Cuts the seeds' interval half-way to the rates beside the best, which did worse; that of a rate that the walk found
 * reaches as far. */
static void judge_walk(RangeTest *test, double from) {
    const RangeRate *best = &test->rate[best_of(test->rates, test->rate)];
    if (!(best->loss < best->start)) {
        test->outcome = RANGE_WITHDRAWN;
        test->suggestion = test->low = test->high = NAN;
        return;
    }
    test->suggestion = best->lr;
    test->outcome = best->lr == from ? RANGE_CONFIRMED : RANGE_MOVED;
    double low = fmax(neighbour(best->lr, -0.5), test->plan.low);
    double high = fmin(neighbour(best->lr, 0.5), test->plan.high);
    test->low = test->outcome == RANGE_CONFIRMED ? fmax(test->low, low) : low;
    test->high = test->outcome == RANGE_CONFIRMED ? fmin(test->high, high) : high;
}

/* From the lowest of the curves' own suggestions to the highest, each of which is read to half a step. */
static void take_scatter(RangeTest *test, double from) {
    const RangePlan *plan = &test->plan;
    double half = pow(plan->high / plan->low, 0.5 / (double)(plan->steps - 1));
    test->low = fmax(fmin(range_round(test->low / half), from), plan->low);
    test->high = fmin(fmax(range_round(test->high * half), from), plan->high);
}

static bool suggest(RangeTest *test, Pool *pool, Error *err) {
    if (2 * test->readable < test->plan.seeds) {
        test->outcome = RANGE_DECLINED;
        test->low = test->high = NAN;
        return true;
    }
    double from = test->suggestion = range_round(test->rule[LR_STEEPEST]);
    take_scatter(test, from);
    test->outcome = RANGE_BY_CURVE;
    if (test->plan.confirm > 0) {
        if (!begin_walk(test, from, pool, err) || !walk(test, pool, err)) return false;
        judge_walk(test, from);
    }
    if (test->readable == 1) test->low = test->high = NAN; /* one curve has no scatter */
    return true;
}

bool range_test_run(const RangePlan *plan, const Settings *settings, const Dataset *data, const char *config,
                    Pool *pool, const StopRequest *stop, RangeTest *out, Error *err) {
    *out = (RangeTest){.plan = *plan,
                       .settings = settings,
                       .data = data,
                       .config = config,
                       .stop = stop,
                       .suggestion = NAN,
                       .low = NAN,
                       .high = NAN};
    out->plan.confirm = confirm_epochs(plan, &settings->train);
    Jobs jobs = {.test = out};
    bool ok = make_room(out, err) && jobs_run(&jobs, pool, sweep_job, (int)plan->seeds, err) &&
              read_curves(out, err) && gather_rules(out, err) && suggest(out, pool, err);
    if (!ok) range_test_free(out);
    return ok;
}

void range_test_free(RangeTest *test) {
    free(test->memory);
    test->memory = NULL;
    test->curve = NULL;
}
