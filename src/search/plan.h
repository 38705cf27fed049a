/* plan: which cells a sweep has: the base config, the axes, and what config each cell is. A cell is a number from 0;
 * files and messages count from 1. Plan order: the first axis varies slowest; in random mode the draws, then the
 * seeds. Reads no data and runs nothing. */
#ifndef NNEXP_SEARCH_PLAN_H
#define NNEXP_SEARCH_PLAN_H

#include "base/field.h"
#include "base/file.h"
#include "search/axis.h"

enum { PLAN_MOST_AXES = 32, PLAN_MOST_UNASKED = 10000 };

/* Successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943). */
typedef struct Halving {
    bool on;
    int64_t factor, min_epochs;
} Halving;

typedef enum PlanMode { PLAN_GRID, PLAN_RANDOM } PlanMode;

/* What the `sweep` section says beside its axes. */
typedef struct SweepSettings {
    int mode; /* enum PlanMode */
    int64_t runs, repeat;
    Halving halving;
} SweepSettings;
extern const Field sweep_fields[];

/* What the command line says. */
typedef struct PlanRequest {
    const char *config;
    const char *const *set, *const *axis; /* KEY=VALUE [sets], KEY=VALUES [axes] */
    int sets, axes;
    int64_t repeat; /* 0: the config's */
    bool yes;       /* more than PLAN_MOST_UNASKED cells are meant */
} PlanRequest;

typedef struct SweepPlan {
    const char *config;  /* the config's path, borrowed */
    const char *version; /* the program's: another may give other numbers, and names its cells otherwise */
    Json *base;          /* the config's document, without its sweep */
    SweepSettings settings;
    Axis axis[PLAN_MOST_AXES]; /* [axes]; where `repeat` is more than one the last is `seed` */
    int axes, drawn;           /* drawn: random mode draws the first so many */
    int order[PLAN_MOST_AXES]; /* [axes]: the order in which a cell's values are set: what holds another key first */
    double *draw;              /* [runs][drawn] */
    int64_t cells;
} SweepPlan;

/* Reads the config, its sweep and what the command line adds; all errors are collected, each with its place. */
bool plan_load(const PlanRequest *request, SweepPlan *out, Error *err);
void plan_free(SweepPlan *plan);

/* Reads a `sweep` section for its errors alone, which begin with the config's path: for commands that run its
 * base. */
bool plan_check_section(const Json *base, const Json *section, const char *config, Error *err);

/* The value of an axis in a cell; the caller frees it. */
Json *plan_value(const SweepPlan *plan, int64_t cell, int axis);
/* The cell's config; the caller frees it. NULL, with an error, where the axes cannot be set. */
Json *plan_document(const SweepPlan *plan, int64_t cell, Error *err);
/* The first cell that differs from this one in its seed alone: who share it are repetitions of one experiment. */
int64_t plan_group(const SweepPlan *plan, int64_t cell);
/* "train.lr=0.1 seed=2", cut to fit; controls in a value are '?'. */
void plan_describe(const SweepPlan *plan, int64_t cell, char *out, size_t size);
/* sweep.json: version, cells, rungs of halving, base config, axes, mode. The caller frees it. */
Json *plan_show(const SweepPlan *plan);

#endif
