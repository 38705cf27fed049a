/* finding: the family of reviews of a run: what the logs show, with the evidence and a remedy. Each row is a pure
 * function of the Evidence, so the same logs always give the same findings. */
#ifndef NNEXP_OBSERVE_FINDING_H
#define NNEXP_OBSERVE_FINDING_H

#include "base/field.h"
#include "observe/table.h"

/* What experiment fills in. */
typedef struct Evidence {
    const Table *epochs, *layers; /* epochs.csv and layers.csv so far */
    bool classification, has_validation;
    int classes;                  /* 0 for regression */
    const int64_t *class_rows;    /* [classes] training rows of each */
    double lr;                    /* train.lr */
    const char *optimizer, *status; /* status: "running", "finished", "stopped_early", "diverged" */
    double input_scale_ratio;     /* largest over smallest column std of the prepared inputs, constant columns out */
    double input_mean_ratio;      /* largest abs(mean)/std of a prepared input column */
} Evidence;

typedef enum Severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_PROBLEM } Severity;
extern const char *const severity_name[];

typedef struct Finding {
    const char *name;   /* the row's */
    Severity severity;
    int64_t epoch;      /* where it shows first; -1: none */
    int layer;          /* 1 … L; 0: the whole net */
    char evidence[256]; /* what was seen, with its figures */
    char remedy[256];   /* what to try, as a config change */
} Finding;

typedef struct FindingRow {
    Variant head;
    /* Returns true and fills the finding (name is set by findings_review) when the evidence shows it. */
    bool (*review)(const Evidence *evidence, Finding *out);
} FindingRow;

extern const Family findings;

/* Reviews every row; returns how many findings were written to out (room for findings.count). */
int findings_review(const Evidence *evidence, Finding *out);

/* The place of the row of that name, which must exist. */
int finding_index(const char *name);

#endif
