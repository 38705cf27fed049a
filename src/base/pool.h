/* pool: n jobs on k threads. Jobs take an index and write to places of their own; which thread runs which job
 * never shows in a result. A pool of one thread runs its jobs in the caller, and starts none. */
#ifndef NNEXP_BASE_POOL_H
#define NNEXP_BASE_POOL_H

#include "base/error.h"

typedef struct Pool Pool;
typedef void (*PoolJob)(void *context, int job);

/* threads counts the caller, and is at least 1. Workers pin OpenBLAS to one thread. NULL on failure. */
Pool *pool_create(int threads, Error *err);
void pool_free(Pool *pool);         /* NULL allowed */
int pool_threads(const Pool *pool); /* 1 for NULL */
/* Runs job 0 … jobs-1, and returns when all are done. The caller works too. Workers spin a few microseconds
 * between calls before they sleep, so that parts of a product can be handed out, and round as the caller does
 * (float_mode.h). Not reentrant. */
void pool_run(Pool *pool, PoolJob job, void *context, int jobs);
/* Processors this process may use (sched_getaffinity). */
int pool_processors(void);

#endif
