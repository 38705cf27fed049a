/* parameter: single numbers of theta by the names that they have in a file: "layers.1.weight[0,1]" (unit, input: the
 * tensor is [out, in]), "layers.1.bias[0]". Knows shapes alone: a planned network need not be laid out. */
#ifndef NNEXP_NN_PARAMETER_H
#define NNEXP_NN_PARAMETER_H

#include "nn/network.h"

enum { PARAMETER_MOST = 64 };

/* Indices into theta. */
typedef struct ParameterList {
    int count;
    size_t index[PARAMETER_MOST];
} ParameterList;

/* *index = where theta has it. Errors, which begin with the name: no such tensor, indices that are not its own; each
 * tells what there is. */
bool parameter_find(const Network *network, const char *name, size_t *index, Error *err);

/* All of `names`, at most PARAMETER_MOST. Errors, one a name and each beginning with "PLACE.N: ", also for a name that
 * comes twice. */
bool parameter_find_all(const Network *network, const TextPool *names, const char *place, ParameterList *out,
                        Error *err);

#endif
