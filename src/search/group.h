/* group: the cells of a plan, those that differ in their seed alone together: one configuration under several
 * seeds. */
#ifndef NNEXP_SEARCH_GROUP_H
#define NNEXP_SEARCH_GROUP_H

#include "search/plan.h"

typedef struct Groups {
    int64_t count;   /* in plan order of their first cells */
    int64_t *start;  /* [count + 1]: group g has member[start[g] … start[g + 1]) */
    int64_t *member; /* [cells]: cells, by group, within it by seed */
} Groups;

bool groups_make(const SweepPlan *plan, Groups *out, Error *err);
void groups_free(Groups *groups);

/* Whether the axis is what tells a group's cells apart. */
bool groups_by_axis(const SweepPlan *plan, int axis);
/* "train.lr=0.1 model.init=he": a cell without its group's seed, cut to fit. */
void group_describe(const SweepPlan *plan, int64_t cell, char *out, size_t size);

#endif
