/* schedule: the family of learning-rate schedules, as factors on train.lr. Each row's `unit` parameter says
 * whether t counts updates ("step") or whole epochs ("epoch") done before, from 0. Warm-up stands once, outside,
 * and t restarts after it over what remains (schedule_rate). */
#ifndef NNEXP_NN_SCHEDULE_H
#define NNEXP_NN_SCHEDULE_H

#include "base/error.h"
#include "base/field.h"

#include <stdint.h>

enum { SCHEDULE_STATE = 5 };

/* What a schedule remembers (plateau); zero at the start, saved in checkpoints. */
typedef struct ScheduleState {
    double value[SCHEDULE_STATE];
} ScheduleState;

typedef enum ScheduleUnit { UNIT_EPOCH, UNIT_STEP } ScheduleUnit;

/* The parameter struct of every row begins with `int unit`, a ScheduleUnit. */
typedef struct Schedule {
    Variant head;
    /* The factor on train.lr for t of `total` units; t < total, total >= 1. */
    double (*factor)(const void *p, double t, double total, const ScheduleState *state);
    /* Called with the validation loss as each epoch ends. NULL: none. */
    void (*after_epoch)(const void *p, ScheduleState *state, double val_loss);
    /* Parameters that do not go together: `FIELD: what is wrong; what to do`. NULL: all do. */
    bool (*check)(const void *p, Error *err);
} Schedule;

/* Linear warm-up over the first `epochs`: at update i of n the rate is start + (1 - start)·i/n of train.lr, where
 * i counts from 0 (as torch LinearLR with start_factor, total_iters = n, stepped every update); n is rounded to
 * whole updates, at least one. */
typedef struct Warmup {
    bool on;
    double epochs; /* may be a fraction */
    double start;  /* factor at the first update */
} Warmup;
extern const Field warmup_fields[];

/* The updates of it; 0 where there is none. */
int64_t schedule_warmup(const Warmup *warmup, int64_t steps_per_epoch);

extern const Family schedules;
static inline const Schedule *schedule_of(const Choice *choice) { return (const Schedule *)choice->variant; }
ScheduleUnit schedule_unit(const Choice *choice);

/* The learning rate of update `step` (from 0) of epochs·steps_per_epoch. With a warm-up of n updates t counts
 * the updates, or whole epochs' worth of updates, done since then. */
double schedule_rate(const Choice *schedule, const Warmup *warmup, const ScheduleState *state, double lr,
                     int64_t step, int64_t steps_per_epoch, int64_t epochs);

/* Whether the first `done` epochs have the same rates in a run of `epochs` and in one of `others`: false for what is
 * laid out over the whole run. Looks at each epoch's last update; done <= both. */
bool schedule_same_start(const Choice *schedule, const Warmup *warmup, const ScheduleState *state,
                         int64_t steps_per_epoch, int64_t done, int64_t epochs, int64_t others);

#endif
