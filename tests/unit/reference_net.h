/* reference_net: networks as tests/reference/network.py and probe.py write them: a case that names the
 * activation, with shape, data and parameters, and a case that names the norm. */
#ifndef NNEXP_TESTS_REFERENCE_NET_H
#define NNEXP_TESTS_REFERENCE_NET_H

#include "net.h"

enum { REFERENCE_ROWS = 8 };

/* A network of the reference, with its data; owns the net. */
typedef struct ReferenceNet {
    ReferenceCase start, norm;
    Net net;
    int outputs;
    real x[REFERENCE_ROWS * 8], target[REFERENCE_ROWS * 8];
} ReferenceNet;

static inline void reference_load(const ReferenceCase *it, const char *key, real *out) {
    const ReferenceList *list = reference_list(it, key);
    assert_true(list->count <= REFERENCE_ROWS * 8);
    for (int i = 0; i < list->count; i++) out[i] = (real)list->number[i];
}

/* Where in theta entry i of the tensor is, as PyTorch counts: [out][in]. */
static inline size_t reference_place(const Net *net, const Segment *segment, int i) {
    const Layer *layer = &net->network.layer[segment->layer];
    if (segment->kind != TENSOR_WEIGHT) return segment->offset + (size_t)i;
    return segment->offset + (size_t)(i % layer->fan_in * layer->columns + i / layer->fan_in);
}

/* Sets every parameter and the running statistics to where the reference starts. */
static inline void reference_restart(ReferenceNet *it) {
    Network *network = &it->net.network;
    memset(network->theta, 0, network->parameters * sizeof(real));
    for (int s = 0; s < network->segments; s++) {
        char name[64];
        segment_name(&network->segment[s], name, sizeof name);
        const ReferenceList *list = reference_list(&it->start, name);
        assert_int_equal(list->count, network->segment[s].count);
        for (int i = 0; i < list->count; i++)
            network->theta[reference_place(&it->net, &network->segment[s], i)] = (real)list->number[i];
    }
    for (int i = 0; i < network->layers; i++)
        for (int c = 0; network->layer[i].running_mean && c < network->layer[i].columns; c++)
            network->layer[i].running_mean[c] = 0, network->layer[i].running_var[c] = 1;
}

/* Reads and builds the next network; false at the file's end. */
static inline bool reference_net_next(FILE *file, ReferenceNet *it, double dropout) {
    if (!reference_next(file, &activations, &it->start)) return false;
    assert_true(reference_next(file, &norms, &it->norm));
    const ReferenceList *shape = reference_list(&it->start, "shape"); /* rows features outputs hidden … */
    assert_int_equal(shape->number[0], REFERENCE_ROWS);
    it->outputs = (int)shape->number[2];
    NetworkPlan plan = plan_of((int)shape->number[1], it->outputs, "none");
    plan.norm = it->norm.choice;
    plan.dropout = dropout;
    for (int i = 3; i < shape->count; i++) {
        plan_add(&plan, (int)shape->number[i], "relu");
        plan.activation[i - 3] = it->start.choice;
    }
    net_build(&it->net, &plan, REFERENCE_ROWS + 3);
    reference_restart(it);
    reference_load(&it->start, "x", it->x);
    reference_load(&it->start, "target", it->target);
    return true;
}

/* Compares with a list of the case, relative to 1 or the larger value. */
static inline void reference_compare(const ReferenceCase *it, const char *key, const real *seen, double allowed) {
    const ReferenceList *list = reference_list(it, key);
    for (int i = 0; i < list->count; i++) reference_near(it, key, i, (double)seen[i], list->number[i], allowed, 1);
}

/* The running statistics against the case's. */
static inline void reference_compare_running(const ReferenceNet *net, const ReferenceCase *it, double allowed) {
    for (int i = 0; i < net->net.network.layers; i++) {
        const Layer *layer = &net->net.network.layer[i];
        char key[64];
        if (!layer->running_mean) continue;
        snprintf(key, sizeof key, "layers.%d.norm.running_mean", i + 1);
        reference_compare(it, key, layer->running_mean, allowed);
        snprintf(key, sizeof key, "layers.%d.norm.running_var", i + 1);
        reference_compare(it, key, layer->running_var, allowed);
    }
}

#endif
