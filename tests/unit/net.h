/* net: small networks for tests: built from words, filled with numbers that are nowhere zero, freed in one.
 */
#ifndef NNEXP_TESTS_NET_H
#define NNEXP_TESTS_NET_H

#include "base/arena.h"
#include "base/random.h"
#include "nn/loss.h"
#include "nn/network.h"
// cmocka's macro `fail` must not meet base/error.h
#include "../reference/reference.h"

/* A network with its workspace; owns the arena both lie in. */
typedef struct Net {
    Network network;
    Workspace work;
    Arena arena;
} Net;

/* "NAME FIELD=VALUE …" as a choice. */
static inline Choice choice_from(const Family *family, const char *words) {
    char copy[256];
    snprintf(copy, sizeof copy, "%s", words);
    return reference_choice(family, copy);
}

static inline NetworkPlan plan_of(int features, int outputs, const char *norm) {
    NetworkPlan plan = {.features = features,
                        .outputs = outputs,
                        .norm = choice_from(&norms, norm),
                        .bias_init = choice_of(&inits, "zeros")};
    for (int i = 0; i < NETWORK_MOST_LAYERS; i++) plan.init[i] = choice_of(&inits, "zeros");
    return plan;
}

static inline void plan_add(NetworkPlan *plan, int units, const char *activation) {
    plan->hidden[plan->hidden_layers] = units;
    plan->activation[plan->hidden_layers++] = choice_from(&activations, activation);
}

static inline void net_layout(Net *net, int capacity) {
    network_layout(&net->network, &net->arena);
    work_layout(&net->work, &net->network, capacity, &net->arena);
}

/* Lays the network out and initialises it by the plan's inits (zeros, if the test says nothing else). */
static inline void net_build(Net *net, const NetworkPlan *plan, int capacity) {
    Error err = {0};
    *net = (Net){0};
    network_plan(&net->network, plan);
    net_layout(net, capacity);
    assert_true(arena_allocate(&net->arena, &err));
    net_layout(net, capacity);
    assert_true(network_init(&net->network, 1, 0, NULL, &net->work, &err));
}

static inline void net_free(Net *net) { arena_free(&net->arena); }

static inline void fill_normal(Stream *stream, size_t n, double mean, double std, real *out) {
    for (size_t i = 0; i < n; i++) out[i] = (real)(mean + std * random_normal(stream));
}

/* Weights of unit gain, biases and shifts that are not zero, gains about 1; learned parameters stay as they
 * start. Gaps stay zero. */
static inline void net_fill(Net *net, uint64_t seed) {
    Network *network = &net->network;
    for (int s = 0; s < network->segments; s++) {
        const Segment *segment = &network->segment[s];
        Stream stream = random_stream(seed, PURPOSE_TEST, 0, (uint32_t)s);
        real *at = network->theta + segment->offset;
        double fan_in = network->layer[segment->layer].fan_in;
        if (segment->kind == TENSOR_WEIGHT) fill_normal(&stream, segment->count, 0, 1.2 / sqrt(fan_in), at);
        if (segment->kind == TENSOR_BIAS) fill_normal(&stream, segment->count, 0, 0.4, at);
        if (segment->kind == TENSOR_NORM_GAIN) fill_normal(&stream, segment->count, 1, 0.2, at);
        if (segment->kind == TENSOR_NORM_SHIFT) fill_normal(&stream, segment->count, 0, 0.3, at);
    }
}

static inline int net_outputs(const Net *net) { return net->network.layer[net->network.layers - 1].units; }

/* The segment of that name, which must exist. */
static inline const Segment *net_segment(const Net *net, const char *name) {
    for (int s = 0; s < net->network.segments; s++) {
        char own[64];
        segment_name(&net->network.segment[s], own, sizeof own);
        if (strcmp(own, name) == 0) return &net->network.segment[s];
    }
    fail_msg("the network has no %s", name);
    return NULL;
}

#endif
