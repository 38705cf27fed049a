/* schedule: see schedule.h. Formulas, names and defaults are those of torch.optim.lr_scheduler where it has
 * the schedule; sources of the others stand by them. */
#include "nn/schedule.h"

#include <assert.h>
#include <math.h>

static const double pi = 3.14159265358979323846;

static const char *const units[] = {"epoch", "step", NULL};
static const char *const epoch_alone[] = {"epoch", NULL};

#define UNIT(T, preset) FIELD_NAME(T, unit, .names = units, .def = (preset), .help = "what the schedule counts")
#define UNIT_EPOCH_ALONE(T) FIELD_NAME(T, unit, .names = epoch_alone, .help = "what the schedule counts")
#define LENGTH(T, m, ...) FIELD_INT(T, m, .min = 1, .max = 1e9, .unit = "epochs or steps", __VA_ARGS__)
#define SHARE(T, m, preset, about) FIELD_REAL(T, m, .def = (preset), .min = 0, .max = 1, .help = about)
#define GAMMA(T, preset, about)                                                                                      \
    FIELD_REAL(T, gamma, .def = (preset), .min = 0, .max = 1, .above_min = true, .help = about)

/* ---- constant, steps, decays -------------------------------------------------------------------------- */

typedef struct Constant {
    int unit;
} Constant;
static const Field constant_fields[] = {UNIT_EPOCH_ALONE(Constant), {0}};

static double constant(const void *p, double t, double total, const ScheduleState *state) {
    (void)p, (void)t, (void)total, (void)state;
    return 1;
}

typedef struct Step {
    int unit;
    int64_t size;
    double gamma;
} Step;
static const Field step_fields[] = {
    UNIT(Step, UNIT_EPOCH),
    LENGTH(Step, size, .def = 10, .help = "length of a stair"),
    GAMMA(Step, 0.1, "factor from stair to stair"),
    {0},
};

static double stairs(const void *p, double t, double total, const ScheduleState *state) {
    (void)total, (void)state;
    const Step *s = p;
    return pow(s->gamma, floor(t / (double)s->size));
}

typedef struct Multistep {
    int unit, milestones_count;
    int64_t milestones[64];
    double gamma;
} Multistep;
static const Field multistep_fields[] = {
    UNIT(Multistep, UNIT_EPOCH),
    FIELD_INTS(Multistep, milestones, .required = true, .least = 1, .min = 1, .max = 1e9, .unit = "epochs or steps",
               .help = "where the rate drops; a doubled one drops it twice"),
    GAMMA(Multistep, 0.1, "factor of a drop"),
    {0},
};

static double multistep(const void *p, double t, double total, const ScheduleState *state) {
    (void)total, (void)state;
    const Multistep *s = p;
    int passed = 0;
    for (int i = 0; i < s->milestones_count; i++) passed += t >= (double)s->milestones[i];
    return pow(s->gamma, passed);
}

typedef struct Exponential {
    int unit;
    double gamma;
} Exponential;
static const Field exponential_fields[] = {
    UNIT(Exponential, UNIT_EPOCH),
    GAMMA(Exponential, 0.95, "factor from unit to unit"),
    {0},
};

static double exponential(const void *p, double t, double total, const ScheduleState *state) {
    (void)total, (void)state;
    return pow(((const Exponential *)p)->gamma, t);
}

typedef struct InverseTime {
    int unit;
    double decay;
} InverseTime;
static const Field inverse_time_fields[] = {
    UNIT(InverseTime, UNIT_EPOCH),
    FIELD_REAL(InverseTime, decay, .def = 0.1, .min = 0, .max = 1e6, .help = "k in 1 / (1 + k t)"),
    {0},
};

static double inverse_time(const void *p, double t, double total, const ScheduleState *state) {
    (void)total, (void)state;
    return 1 / (1 + ((const InverseTime *)p)->decay * t);
}

/* Vaswani et al. 2017 (arXiv:1706.03762) without its warm-up; held at first as in Raffel et al. 2020 (T5,
 * arXiv:1910.10683), and scaled so that it starts at 1. */
typedef struct InverseSqrt {
    int unit;
    int64_t flat;
} InverseSqrt;
static const Field inverse_sqrt_fields[] = {
    UNIT(InverseSqrt, UNIT_EPOCH),
    LENGTH(InverseSqrt, flat, .def = 1, .help = "length at the full rate; then sqrt(flat / t)"),
    {0},
};

static double inverse_sqrt(const void *p, double t, double total, const ScheduleState *state) {
    (void)total, (void)state;
    double flat = (double)((const InverseSqrt *)p)->flat;
    return sqrt(flat / fmax(t, flat));
}

typedef struct Polynomial {
    int unit;
    double power, final_factor;
} Polynomial;
static const Field polynomial_fields[] = {
    UNIT(Polynomial, UNIT_EPOCH),
    FIELD_REAL(Polynomial, power, .def = 1, .min = 0, .max = 100, .help = "1 is a straight line"),
    SHARE(Polynomial, final_factor, 0, "factor at the end"),
    {0},
};

static double polynomial(const void *p, double t, double total, const ScheduleState *state) {
    (void)state;
    const Polynomial *s = p;
    return s->final_factor + (1 - s->final_factor) * pow(fmax(0, 1 - t / total), s->power);
}

typedef struct Linear {
    int unit;
    double start_factor, end_factor;
} Linear;
static const Field linear_fields[] = {
    UNIT(Linear, UNIT_EPOCH),
    SHARE(Linear, start_factor, 1, "factor at the start"),
    SHARE(Linear, end_factor, 0, "factor at the end"),
    {0},
};

static double line(double from, double to, double share) { return from + (to - from) * share; }

static double linear(const void *p, double t, double total, const ScheduleState *state) {
    (void)state;
    const Linear *s = p;
    return line(s->start_factor, s->end_factor, fmin(1, t / total));
}

/* ---- cosines and cycles ------------------------------------------------------------------------------- */

static double half_wave(double from, double to, double share) { return to + (from - to) * (1 + cos(pi * share)) / 2; }

typedef struct Cosine {
    int unit;
    double min_factor;
} Cosine;
static const Field cosine_fields[] = {
    UNIT(Cosine, UNIT_EPOCH), SHARE(Cosine, min_factor, 0, "factor at the end"), {0}};

/* Stays down after the end, as Keras has it; torch's CosineAnnealingLR rises again. */
static double cosine(const void *p, double t, double total, const ScheduleState *state) {
    (void)state;
    return half_wave(1, ((const Cosine *)p)->min_factor, fmin(1, t / total));
}

/* SGDR: Loshchilov and Hutter 2017, arXiv:1608.03983. */
typedef struct CosineRestarts {
    int unit;
    int64_t first, multiplier;
    double min_factor;
} CosineRestarts;
static const Field cosine_restarts_fields[] = {
    UNIT(CosineRestarts, UNIT_EPOCH),
    LENGTH(CosineRestarts, first, .def = 10, .help = "length of the first wave"),
    FIELD_INT(CosineRestarts, multiplier, .def = 1, .min = 1, .max = 1000,
              .help = "how many times longer each wave is than the one before"),
    SHARE(CosineRestarts, min_factor, 0, "factor at the end of a wave"),
    {0},
};

static double cosine_restarts(const void *p, double t, double total, const ScheduleState *state) {
    (void)total, (void)state;
    const CosineRestarts *s = p;
    double length = (double)s->first, growth = (double)s->multiplier;
    if (growth == 1) return half_wave(1, s->min_factor, fmod(t, length) / length);
    for (; t >= length; length *= growth) t -= length;
    return half_wave(1, s->min_factor, t / length);
}

/* Smith and Topin 2018, arXiv:1708.07120; train.lr is the peak. */
typedef struct OneCycle {
    int unit, anneal;
    double start_divisor, final_divisor, share;
} OneCycle;
static const char *const anneals[] = {"cos", "linear", NULL};
static const Field one_cycle_fields[] = {
    UNIT(OneCycle, UNIT_STEP),
    FIELD_REAL(OneCycle, start_divisor, .def = 25, .min = 1, .max = 1e12, .help = "the start is 1 / start_divisor"),
    FIELD_REAL(OneCycle, final_divisor, .def = 1e4, .min = 1, .max = 1e12,
               .help = "the end is the start / final_divisor"),
    SHARE(OneCycle, share, 0.3, "share of the run in which the rate rises"),
    FIELD_NAME(OneCycle, anneal, .names = anneals, .help = "form of the rise and of the fall"),
    {0},
};

/* How far `t` is on the way from `from` to `to`; a way without length has been gone. */
static double progress(double t, double from, double to) { return to > from ? (t - from) / (to - from) : 1; }

/* As torch, the peak is at share·total - 1 and the end at total - 1, the last unit there is. */
static double one_cycle(const void *p, double t, double total, const ScheduleState *state) {
    (void)state;
    const OneCycle *s = p;
    double (*way)(double, double, double) = s->anneal ? line : half_wave;
    double start = 1 / s->start_divisor, peak = s->share * total - 1;
    if (t <= peak) return way(start, 1, progress(t, 0, peak));
    return way(1, start / s->final_divisor, progress(t, peak, total - 1));
}

/* Smith 2017, arXiv:1506.01186; train.lr is the top of the triangles. */
typedef struct Cyclic {
    int unit, mode;
    double base_factor, gamma;
    int64_t up, down;
} Cyclic;
enum { TRIANGULAR, TRIANGULAR2, EXP_RANGE };
static const char *const modes[] = {"triangular", "triangular2", "exp_range", NULL};
static const Field cyclic_fields[] = {
    UNIT(Cyclic, UNIT_STEP),
    SHARE(Cyclic, base_factor, 0.1, "factor at the foot of the triangles"),
    LENGTH(Cyclic, up, .def = 2000, .help = "length of the rise"),
    LENGTH(Cyclic, down, .nullable = true, .def_text = "that of up", .help = "length of the fall"),
    FIELD_NAME(Cyclic, mode, .names = modes,
               .help = "triangular2 halves the height each cycle, exp_range shrinks it by gamma each unit"),
    GAMMA(Cyclic, 1, "exp_range: factor on the height from unit to unit"),
    {0},
};

static double cyclic(const void *p, double t, double total, const ScheduleState *state) {
    (void)total, (void)state;
    const Cyclic *s = p;
    double up = (double)s->up, down = s->down == INT64_MIN ? up : (double)s->down, at = fmod(t, up + down);
    double height = at <= up ? at / up : (up + down - at) / down;
    if (s->mode == TRIANGULAR2) height *= pow(0.5, floor(t / (up + down)));
    if (s->mode == EXP_RANGE) height *= pow(s->gamma, t);
    return line(s->base_factor, 1, height);
}

static bool cyclic_check(const void *p, Error *err) {
    const Cyclic *s = p;
    if (s->gamma == 1 || s->mode == EXP_RANGE) return true;
    return fail(err, "gamma: %.9g has no effect in mode %s; set mode to exp_range or leave gamma out", s->gamma,
                modes[s->mode]);
}

/* ---- plateau ------------------------------------------------------------------------------------------ */

typedef struct Plateau {
    int unit;
    double factor, threshold, min_factor;
    int64_t patience, cooldown;
} Plateau;
static const Field plateau_fields[] = {
    UNIT_EPOCH_ALONE(Plateau),
    FIELD_REAL(Plateau, factor, .def = 0.1, .min = 0, .max = 1, .above_min = true, .below_max = true,
               .help = "factor of a drop"),
    FIELD_INT(Plateau, patience, .def = 10, .min = 0, .max = 1e9, .unit = "epochs",
              .help = "epochs without improvement that are borne; the next drops the rate"),
    FIELD_REAL(Plateau, threshold, .def = 1e-4, .min = 0, .max = 1, .below_max = true,
               .help = "an improvement is a val_loss below (1 - threshold) times the best"),
    FIELD_INT(Plateau, cooldown, .def = 0, .min = 0, .max = 1e9, .unit = "epochs",
              .help = "epochs after a drop that are not counted"),
    SHARE(Plateau, min_factor, 0, "lowest factor"),
    {0},
};

enum { DROPS, BAD_EPOCHS, COOLING, SEEN, BEST }; /* entries of its state; BEST counts once SEEN is 1 */

static double plateau(const void *p, double t, double total, const ScheduleState *state) {
    (void)t, (void)total;
    const Plateau *s = p;
    return fmax(s->min_factor, pow(s->factor, state->value[DROPS]));
}

static void plateau_after_epoch(const void *p, ScheduleState *state, double val_loss) {
    const Plateau *s = p;
    double *value = state->value, best = value[SEEN] ? value[BEST] : INFINITY;
    if (val_loss < best * (1 - s->threshold)) {
        value[SEEN] = 1;
        value[BEST] = val_loss;
        value[BAD_EPOCHS] = 0;
    } else {
        value[BAD_EPOCHS]++;
    }
    if (value[COOLING] > 0) {
        value[COOLING]--;
        value[BAD_EPOCHS] = 0;
    }
    if (value[BAD_EPOCHS] > (double)s->patience) {
        value[DROPS]++;
        value[COOLING] = (double)s->cooldown;
        value[BAD_EPOCHS] = 0;
    }
}

/* ---- the rate of an update ---------------------------------------------------------------------------- */

const Field warmup_fields[] = {
    FIELD_REAL(Warmup, epochs, .required = true, .min = 0, .max = 1e9, .above_min = true, .unit = "epochs",
               .help = "length of the rise; may be a fraction"),
    SHARE(Warmup, start, 0, "factor at the first update"),
    {0},
};

int64_t schedule_warmup(const Warmup *warmup, int64_t steps_per_epoch) {
    return warmup->on ? (int64_t)fmax(1, round(warmup->epochs * (double)steps_per_epoch)) : 0;
}

ScheduleUnit schedule_unit(const Choice *choice) { return *(const int *)choice_params(choice); }

double schedule_rate(const Choice *schedule, const Warmup *warmup, const ScheduleState *state, double lr,
                     int64_t step, int64_t steps_per_epoch, int64_t epochs) {
    int64_t warm = schedule_warmup(warmup, steps_per_epoch);
    if (step < warm) return lr * line(warmup->start, 1, (double)step / (double)warm);
    int64_t t = step - warm, total = steps_per_epoch * epochs - warm;
    if (schedule_unit(schedule) == UNIT_EPOCH) {
        t /= steps_per_epoch;
        total = (total + steps_per_epoch - 1) / steps_per_epoch;
    }
    assert(t < total);
    return lr * schedule_of(schedule)->factor(choice_params(schedule), (double)t, (double)total, state);
}

bool schedule_same_start(const Choice *schedule, const Warmup *warmup, const ScheduleState *state,
                         int64_t steps_per_epoch, int64_t done, int64_t epochs, int64_t others) {
    for (int64_t step = steps_per_epoch - 1; step < done * steps_per_epoch; step += steps_per_epoch)
        if (schedule_rate(schedule, warmup, state, 1, step, steps_per_epoch, epochs) !=
            schedule_rate(schedule, warmup, state, 1, step, steps_per_epoch, others))
            return false;
    return true;
}

/* To add a schedule: write its parameters and function above and its row here. */
/* clang-format off */
static const Schedule rows[] = {
    {{"constant",        "1: the rate stays train.lr",                  PARAMS(Constant, constant_fields)},              .factor = constant},
    {{"step",            "gamma^floor(t / size)",                       PARAMS(Step, step_fields)},                      .factor = stairs},
    {{"multistep",       "gamma^(milestones passed)",                   PARAMS(Multistep, multistep_fields)},            .factor = multistep},
    {{"exponential",     "gamma^t",                                     PARAMS(Exponential, exponential_fields)},        .factor = exponential},
    {{"inverse_time",    "1 / (1 + decay t)",                           PARAMS(InverseTime, inverse_time_fields)},       .factor = inverse_time},
    {{"inverse_sqrt",    "sqrt(flat / max(t, flat))",                   PARAMS(InverseSqrt, inverse_sqrt_fields)},       .factor = inverse_sqrt},
    {{"polynomial",      "(1 - t / total)^power, down to final_factor", PARAMS(Polynomial, polynomial_fields)},          .factor = polynomial},
    {{"linear",          "a line from start_factor to end_factor",      PARAMS(Linear, linear_fields)},                  .factor = linear},
    {{"cosine",          "half a cosine wave from 1 to min_factor",     PARAMS(Cosine, cosine_fields)},                  .factor = cosine},
    {{"cosine_restarts", "cosine waves that start anew at 1 (SGDR)",    PARAMS(CosineRestarts, cosine_restarts_fields)}, .factor = cosine_restarts},
    {{"one_cycle",       "up to 1, then down to almost nothing",        PARAMS(OneCycle, one_cycle_fields)},             .factor = one_cycle},
    {{"cyclic",          "triangles between base_factor and 1",         PARAMS(Cyclic, cyclic_fields)},                  .factor = cyclic, .check = cyclic_check},
    {{"plateau",         "drops when val_loss stops improving",         PARAMS(Plateau, plateau_fields)},                .factor = plateau, .after_epoch = plateau_after_epoch},
};
/* clang-format on */
const Family schedules = FAMILY("schedule", "the learning rate over the run, as a factor on train.lr", rows);
