/* range_test: finds a learning rate for a config: a range test for each of several seeds, what their curves say
 * together, and short real runs that confirm the suggestion, move it, or withdraw it. All in memory: range_report
 * writes it down.
 *
 * The interval of a suggestion by the curves is the range of the seeds' own: that of n seeds holds the median over
 * all seeds with probability 1 - 2^(1-n), whatever its distribution; five seeds are the fewest for nine in ten. It
 * tells how well the steepest point is known, not which rates are good; where rates beside it were tried, it ends
 * half-way to them at the latest. */
#ifndef NNEXP_SEARCH_RANGE_TEST_H
#define NNEXP_SEARCH_RANGE_TEST_H

#include "base/pool.h"
#include "search/lr_curve.h"
#include "search/lr_trial.h"

enum {
    RANGE_SEEDS = 5,   /* the default */
    RANGE_STEPS = 100, /* likewise */
    RANGE_FEWEST_STEPS = 2 * LR_CURVE_FEWEST,
    RANGE_MOST_STEPS = 100000,
    RANGE_CONFIRM_SEEDS = 5,  /* short runs at each rate; no more than there are seeds */
    RANGE_FIRST_RATES = 3,    /* rates that are tried in any case (within the plan's) … */
    RANGE_MOST_RATES = 11,    /* … and with those that the walk adds */
    RANGE_RATES_A_DECADE = 2, /* how far apart they are */
    RANGE_SHORTEST = 5, /* epochs of a short run: half the config's, but at least these, and no more than it has */
    RANGE_CONFIRM_AUTO = -1
};

typedef struct RangePlan {
    double low, high; /* the first rate and the last */
    int64_t steps, seeds;
    int64_t confirm; /* epochs of a short run; RANGE_CONFIRM_AUTO; 0: no short runs */
} RangePlan;

/* One seed's test. */
typedef struct RangeCurve {
    int64_t seed;
    LrSweep sweep;
    double *smooth; /* [sweep.n] */
    LrReading reading;
} RangeCurve;

/* A rate that was tried in short runs. */
typedef struct RangeRate {
    double lr;
    double loss;  /* the median over its seeds: of val_loss, or of train_loss where there is no validation; a run that
                     diverged counts as infinite */
    double start; /* the same before training */
    int runs, diverged;
    LrRun run[RANGE_CONFIRM_SEEDS];
} RangeRate;

typedef enum RangeOutcome {
    RANGE_BY_CURVE,  /* suggested by the curves alone: no short runs were asked for */
    RANGE_CONFIRMED, /* the curves' suggestion did best in short runs */
    RANGE_MOVED,     /* another rate did better */
    RANGE_WITHDRAWN, /* no short run got below the loss before training */
    RANGE_DECLINED,  /* fewer than half of the curves can be read */
    RANGE_OUTCOMES
} RangeOutcome;
extern const char *const range_outcome_name[RANGE_OUTCOMES];

typedef struct RangeTest {
    RangePlan plan; /* confirm resolved */
    const Settings *settings;
    const Dataset *data;
    const char *config; /* the config file, named in messages */
    const StopRequest *stop;
    RangeCurve *curve; /* [plan.seeds] */
    void *memory;
    int readable;          /* how many of the curves are */
    LrVerdict verdict;     /* the commonest among the others */
    double rule[LR_RULES]; /* medians over the readable curves */
    RangeOutcome outcome;
    double suggestion, low, high; /* the rate and its interval; nan when there is none */
    int edge; /* -1, 1: the best rate tried is the lowest, the highest, and no further one may be tried; else 0 */
    int rates;
    RangeRate rate[RANGE_MOST_RATES]; /* in rising order */
} RangeTest;

/* What can be told before there are data: `KEY: what is wrong; what to do`. */
bool range_test_check(const RangePlan *plan, const Settings *settings, Error *err);

/* Runs all of it, seeds and short runs side by side on the pool; the results do not depend on its threads.
 * `settings` must have met `data`; both must outlive the test. range_test_free it when it is done. Returns false on
 * an error, or on a stop request with err empty. */
bool range_test_run(const RangePlan *plan, const Settings *settings, const Dataset *data, const char *config,
                    Pool *pool, const StopRequest *stop, RangeTest *out, Error *err);
void range_test_free(RangeTest *test);

/* Where to look next, given rates in rising order: -1 below them, 1 above, 0 nowhere: the best has one on either side
 * that did worse under every seed; between, differences are the seeds'. Below when all are infinite. */
int range_walk(int n, const RangeRate *rate);

/* A number of three significant digits: what is printed is what runs. */
double range_round(double lr);

#endif
