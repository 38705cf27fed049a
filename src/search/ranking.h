/* ranking: a sweep's configurations (a configuration's seeds together), best first, and the table of them for
 * people. What can be said of them is advice's. */
#ifndef NNEXP_SEARCH_RANKING_H
#define NNEXP_SEARCH_RANKING_H

#include "search/group.h"
#include "search/measure.h"
#include "search/outcome.h"
#include "search/student.h"

#include <stdio.h>

/* Better ones first. */
typedef enum RankClass {
    RANK_WHOLE,      /* all complete seeds ended well */
    RANK_UNSTEADY,   /* some diverged */
    RANK_HALVED,     /* left at a rung: measured earlier than the others */
    RANK_DIVERGED,   /* all diverged */
    RANK_UNMEASURED, /* no validation, where others have one */
    RANK_NONE        /* no seed is complete */
} RankClass;

typedef struct Configuration {
    int64_t group, cell;                  /* cell: its first */
    int64_t cells, seeds;                 /* seeds: complete cells, the diverged among them */
    int64_t diverged, halved, unmeasured; /* cells; unmeasured: without validation, where others have one */
    int64_t epochs;                       /* the fewest that one of its seeds has done */
    Sample loss, score; /* over the seeds that have not diverged: val_loss (or train_loss), val_score */
    Sample judged;      /* the figure it is ranked by, lower is better */
    RankClass class;
} Configuration;

typedef struct Ranking {
    const SweepPlan *plan;
    const CellOutcome *outcome; /* [cells] */
    Groups groups;
    Configuration *configuration; /* [groups.count], best first */
    int64_t ranked;               /* those with a complete seed */
    int64_t whole;                /* those of RANK_WHOLE whose seeds are all complete, the first of them */
    int64_t status[CELL_STATUSES];
    Measure measure;
    const Axis *mixed; /* makes the figures of different cells mean different things; NULL: none does */
    bool rmse;
} Ranking;

/* Ranks by the mean over seeds of the plan's measure (measure.h) after the last epoch. */
bool ranking_make(const SweepPlan *plan, const CellOutcome *outcome /* [cells] */, Ranking *out, Error *err);
void ranking_free(Ranking *ranking);

/* The figure that a cell is ranked by, lower is better. */
double ranking_figure(const Ranking *ranking, int64_t cell);

/* The table, at most 20 configurations of it, and below it what stands not in it. */
void ranking_table(const Ranking *ranking, bool utf8, FILE *out);

/* The table, then the advice. */
void ranking_print(const SweepPlan *plan, const CellOutcome *outcome /* [cells] */, FILE *out);

#endif
