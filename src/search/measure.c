/* measure: see measure.h. */
#include "search/measure.h"

#include <math.h>
#include <string.h>

/* Whether the key is one of the paths, lies inside one, or holds one. */
static bool touches(const char *key, const char *path) {
    size_t have = strlen(key), want = strlen(path), common = have < want ? have : want;
    return strncmp(key, path, common) == 0 && (have == want || (have > want ? key[want] : path[have]) == '.');
}

static const Axis *axis_touching(const SweepPlan *plan, const char *const *path) {
    for (; *path; path++)
        for (int i = 0; i < plan->axes; i++)
            if (touches(plan->axis[i].key, *path)) return &plan->axis[i];
    return NULL;
}

static const char *const losses[] = {"train.loss", NULL};
/* train_loss has them in, val_loss has not. */
static const char *const trained_losses[] = {"train.loss", "train.label_smoothing", "train.class_weight", NULL};
/* Which rows are measured, and against what. */
static const char *const rows[] = {
    "data.file",    "data.label",     "data.task",   "data.validation", "data.split_seed",
    "data.missing", "data.delimiter", "data.header", "data.weight",     NULL};

Measure measure_of(const SweepPlan *plan, bool validated) {
    if (!validated) return MEASURE_TRAIN_LOSS;
    return axis_touching(plan, losses) ? MEASURE_VAL_SCORE : MEASURE_VAL_LOSS;
}

double measure_figure(Measure measure, const CellOutcome *outcome) {
    switch (measure) {
    case MEASURE_VAL_LOSS: return outcome->val_loss;
    case MEASURE_VAL_SCORE: return outcome->rmse ? outcome->val_score : -outcome->val_score;
    case MEASURE_TRAIN_LOSS: break;
    }
    return outcome->train_loss;
}

const Axis *measure_mixed_by(const SweepPlan *plan, Measure measure) {
    const Axis *axis = measure == MEASURE_TRAIN_LOSS ? axis_touching(plan, trained_losses) : NULL;
    return axis ? axis : axis_touching(plan, rows);
}
