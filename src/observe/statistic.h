/* statistic: the family of what layers.csv holds: one pure function a column, in the file's order. */
#ifndef NNEXP_OBSERVE_STATISTIC_H
#define NNEXP_OBSERVE_STATISTIC_H

#include "base/field.h"
#include "observe/probe.h"

typedef struct Statistic {
    Variant head; /* name: the column's */
    double (*measure)(const LayerProbe *probe);
} Statistic;

/* The columns after epoch,layer,activation,fan_in,units. */
extern const Family statistics;

#endif
