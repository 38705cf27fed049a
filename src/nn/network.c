/* network: see network.h. */
#include "nn/network.h"

#include "base/linalg.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { TENSOR_ALIGN = 16 }; /* entries: every tensor of theta starts on a cache line */

/* ---- shapes ------------------------------------------------------------------------------------------ */

static void add_segment(Network *network, int layer, TensorKind kind, size_t count) {
    if (count == 0) return;
    network->layer[layer].segment[kind] = network->segments;
    network->segment[network->segments++] = (Segment){.layer = layer,
                                                      .kind = kind,
                                                      .offset = network->parameters,
                                                      .count = count,
                                                      .decayed = kind != TENSOR_LEARNED};
    network->parameters += (count + TENSOR_ALIGN - 1) / TENSOR_ALIGN * TENSOR_ALIGN;
}

static void add_segments(Network *network, int index) {
    Layer *layer = &network->layer[index];
    for (int kind = 0; kind < TENSOR_KINDS; kind++) layer->segment[kind] = -1;
    size_t columns = (size_t)layer->columns, normed = norm_of(&layer->norm)->forward ? columns : 0;
    add_segment(network, index, TENSOR_WEIGHT, (size_t)layer->fan_in * columns);
    add_segment(network, index, TENSOR_BIAS, columns);
    add_segment(network, index, TENSOR_NORM_GAIN, normed);
    add_segment(network, index, TENSOR_NORM_SHIFT, normed);
    add_segment(network, index, TENSOR_LEARNED, (size_t)activation_of(&layer->activation)->learned);
    if (norm_of(&layer->norm)->uses_running) network->running += 2 * columns;
}

void network_plan(Network *network, const NetworkPlan *plan) {
    *network = (Network){.features = plan->features, .layers = plan->hidden_layers + 1};
    network->bias_init = plan->bias_init;
    int fan_in = plan->features;
    for (int i = 0; i < network->layers; i++) {
        Layer *layer = &network->layer[i];
        bool output = i == plan->hidden_layers;
        layer->fan_in = fan_in;
        layer->units = output ? plan->outputs : plan->hidden[i];
        layer->activation = output ? choice_of(&activations, "identity") : plan->activation[i];
        layer->norm = output ? choice_of(&norms, "none") : plan->norm;
        layer->init = plan->init[i];
        layer->dropout = output ? 0 : plan->dropout;
        layer->columns = layer->units * activation_pieces(&layer->activation);
        add_segments(network, i);
        fan_in = layer->units;
    }
}

void network_layout(Network *network, Arena *arena) {
    network->theta = ARENA_TAKE(arena, real, network->parameters);
    network->grad = ARENA_TAKE(arena, real, network->parameters);
    network->running_stats = ARENA_TAKE(arena, real, network->running);
    if (!network->running_stats) return;
    real *next = network->running_stats;
    for (int i = 0; i < network->layers; i++) {
        Layer *layer = &network->layer[i];
        if (!norm_of(&layer->norm)->uses_running) continue;
        layer->running_mean = next;
        layer->running_var = next + layer->columns;
        next += 2 * layer->columns;
    }
}

static void layer_work_layout(LayerWork *work, const Layer *layer, bool output, size_t rows, Arena *arena) {
    size_t units = rows * (size_t)layer->units, columns = rows * (size_t)layer->columns;
    work->z = ARENA_TAKE(arena, real, columns);
    work->a = output ? work->z : ARENA_TAKE(arena, real, units);
    work->delta = ARENA_TAKE(arena, real, columns);
    if (layer->dropout > 0) work->mask = ARENA_TAKE(arena, real, units);
    if (!norm_of(&layer->norm)->forward) return;
    work->normalised = ARENA_TAKE(arena, real, columns);
    work->inverse_std = ARENA_TAKE(arena, real, rows > (size_t)layer->columns ? rows : (size_t)layer->columns);
}

void work_layout(Workspace *work, const Network *network, int capacity, Arena *arena) {
    work->capacity = capacity;
    int widest = 0;
    for (int i = 0; i < network->layers; i++) {
        const Layer *layer = &network->layer[i];
        layer_work_layout(&work->layer[i], layer, i == network->layers - 1, (size_t)capacity, arena);
        if (norm_of(&layer->norm)->forward && layer->columns > widest) widest = layer->columns;
    }
    if (widest) work->du = ARENA_TAKE(arena, real, (size_t)capacity * (size_t)widest);
}

/* ---- initialisation ------------------------------------------------------------------------------------ */

static bool init_layer(Network *network, uint64_t seed, int index, Error *err) {
    const Layer *layer = &network->layer[index];
    InitShape shape = {layer->fan_in, layer->columns, layer->fan_in, layer->columns};
    Stream stream = random_stream(seed, PURPOSE_INIT, 0, (uint32_t)index);
    real *weight = layer_tensor(network, index, TENSOR_WEIGHT, network->theta);
    if (!init_of(&layer->init)->fill(choice_params(&layer->init), &stream, &shape, weight, err)) return false;

    shape.rows = 1;
    stream = random_stream(seed, PURPOSE_BIAS, 0, (uint32_t)index);
    real *bias = layer_tensor(network, index, TENSOR_BIAS, network->theta);
    const Choice *bias_init = &network->bias_init;
    if (!init_of(bias_init)->fill(choice_params(bias_init), &stream, &shape, bias, err)) return false;

    real *gain = layer_tensor(network, index, TENSOR_NORM_GAIN, network->theta);
    for (int i = 0; gain && i < layer->columns; i++) gain[i] = 1;
    real *learned = layer_tensor(network, index, TENSOR_LEARNED, network->theta);
    if (learned) activation_of(&layer->activation)->learned_start(choice_params(&layer->activation), learned);
    for (int i = 0; layer->running_var && i < layer->columns; i++) layer->running_var[i] = 1;
    return true;
}

bool network_init(Network *network, uint64_t seed, int rows, const real *x, Workspace *work, Error *err) {
    for (int i = 0; i < network->layers; i++)
        if (!init_layer(network, seed, i, err)) return error_prefix(err, "layer %d: ", i + 1);
    for (int i = 0; i < network->layers; i++) {
        const Choice *init = &network->layer[i].init;
        if (!init_of(init)->calibrate) continue;
        if (!init_of(init)->calibrate(choice_params(init), network, i, rows, x, work, err))
            return error_prefix(err, "layer %d: ", i + 1);
    }
    return true;
}

/* ---- forward ------------------------------------------------------------------------------------------- */

/* u = x·W + b. Laying the bias down first and adding the product to it measured slower. */
static void affine(const Network *network, int index, int rows, const real *x, real *restrict u, Pool *pool) {
    const Layer *layer = &network->layer[index];
    size_t columns = (size_t)layer->columns;
    const real *restrict bias = layer_tensor(network, index, TENSOR_BIAS, network->theta);
    multiply(pool, rows, layer->columns, layer->fan_in, x,
             layer_tensor(network, index, TENSOR_WEIGHT, network->theta), false, u);
    for (size_t r = 0; r < (size_t)rows; r++)
        for (size_t c = 0; c < columns; c++) u[r * columns + c] += bias[c];
}

static NormCall norm_call(const Network *network, const LayerWork *work, int index, int rows) {
    const Layer *layer = &network->layer[index];
    return (NormCall){.rows = rows,
                      .columns = layer->columns,
                      .gain = layer_tensor(network, index, TENSOR_NORM_GAIN, network->theta),
                      .shift = layer_tensor(network, index, TENSOR_NORM_SHIFT, network->theta),
                      .running_mean = layer->running_mean,
                      .running_var = layer->running_var,
                      .normalised = work->normalised,
                      .inverse_std = work->inverse_std};
}

/* Fills z, the activation's input. */
static void forward_z(const Network *network, Workspace *work, int index, int rows, const real *x, PassMode mode) {
    static const NormMode norm_mode[] = {[PASS_TRAIN] = NORM_TRAIN,
                                         [PASS_PROBE] = NORM_PROBE,
                                         [PASS_FIT] = NORM_FIT,
                                         [PASS_EVALUATE] = NORM_EVALUATE};
    LayerWork *here = &work->layer[index];
    const Choice *norm = &network->layer[index].norm;
    affine(network, index, rows, x, here->normalised ? here->normalised : here->z, work->pool);
    if (!here->normalised) return;
    NormCall call = norm_call(network, here, index, rows);
    norm_of(norm)->forward(choice_params(norm), &call, norm_mode[mode], here->z);
}

/* Inverted dropout: what is kept is scaled up by 1/(1 - share), so that evaluation needs no change. */
static void drop(const Layer *layer, LayerWork *work, int index, size_t n, const PassAddress *address) {
    Purpose purpose = (Purpose)(PURPOSE_DROPOUT + PURPOSE_LAYER * index);
    Stream stream = random_stream(address->seed, purpose, address->epoch, address->batch);
    real share = (real)layer->dropout, kept = 1 / (1 - share);
    real *mask = work->mask, *a = work->a;
    random_fill_uniform(&stream, n, mask);
    for (size_t i = 0; i < n; i++) {
        mask[i] = mask[i] < share ? 0 : kept;
        a[i] *= mask[i];
    }
}

static void forward_a(const Network *network, Workspace *work, int index, int rows, PassMode mode,
                      const PassAddress *address) {
    const Layer *layer = &network->layer[index];
    LayerWork *here = &work->layer[index];
    const real *learned = layer_tensor(network, index, TENSOR_LEARNED, network->theta);
    activation_of(&layer->activation)
        ->forward(choice_params(&layer->activation), learned, rows, layer->units, here->z, here->a);
    if (mode == PASS_TRAIN && layer->dropout > 0)
        drop(layer, here, index, (size_t)rows * (size_t)layer->units, address);
}

real *network_forward_to(const Network *network, Workspace *work, int upto, int rows, const real *x, PassMode mode,
                         const PassAddress *address) {
    assert(rows <= work->capacity && upto >= 1 && upto <= network->layers);
    for (int i = 0; i < upto; i++) {
        if (i > 0) forward_a(network, work, i - 1, rows, mode, address);
        forward_z(network, work, i, rows, i ? work->layer[i - 1].a : x, mode);
    }
    return work->layer[upto - 1].z;
}

real *network_forward(const Network *network, Workspace *work, int rows, const real *x, PassMode mode,
                      const PassAddress *address) {
    return network_forward_to(network, work, network->layers, rows, x, mode, address);
}

/* ---- backward ------------------------------------------------------------------------------------------ */

/* sum[columns] over d[rows][columns]: float over blocks of rows, the blocks in double. */
static void column_sums(int rows, int columns, const real *d, real *sum) {
    enum { TILE = 64, BLOCK = 64 };
    for (int c = 0; c < columns; c += TILE) {
        int width = columns - c < TILE ? columns - c : TILE;
        double total[TILE] = {0};
        for (int r = 0; r < rows; r += BLOCK) {
            int end = rows - r < BLOCK ? rows : r + BLOCK;
            real part[TILE] = {0};
            for (int row = r; row < end; row++) {
                const real *from = d + (size_t)row * (size_t)columns + c;
                for (int i = 0; i < width; i++) part[i] += from[i];
            }
            for (int i = 0; i < width; i++) total[i] += (double)part[i];
        }
        for (int i = 0; i < width; i++) sum[c + i] = (real)total[i];
    }
}

/* delta: from dL/da (after dropout) to dL/dz. */
static void backward_a(const Network *network, Workspace *work, int index, int rows, bool dropped) {
    const Layer *layer = &network->layer[index];
    const Activation *activation = activation_of(&layer->activation);
    const void *params = choice_params(&layer->activation);
    LayerWork *here = &work->layer[index];
    const real *learned = layer_tensor(network, index, TENSOR_LEARNED, network->theta);
    size_t n = (size_t)rows * (size_t)layer->units;
    if (dropped)
        for (size_t i = 0; i < n; i++) here->delta[i] *= here->mask[i];
    if (learned)
        activation->learned_grad(params, learned, rows, layer->units, here->z, here->delta,
                                 layer_tensor(network, index, TENSOR_LEARNED, network->grad));
    activation->backward(params, learned, rows, layer->units, here->z, here->a, here->delta);
}

/* dL/du: delta itself, or what the norm's backward makes of it. */
static const real *backward_norm(const Network *network, Workspace *work, int index, int rows) {
    LayerWork *here = &work->layer[index];
    if (!here->normalised) return here->delta;
    const Choice *norm = &network->layer[index].norm;
    NormCall call = norm_call(network, here, index, rows);
    norm_of(norm)->backward(choice_params(norm), &call, here->delta, work->du,
                            layer_tensor(network, index, TENSOR_NORM_GAIN, network->grad),
                            layer_tensor(network, index, TENSOR_NORM_SHIFT, network->grad));
    return work->du;
}

void network_backward(Network *network, Workspace *work, int rows, const real *x, bool dropped) {
    for (int i = network->layers - 1; i >= 0; i--) {
        const Layer *layer = &network->layer[i];
        if (i < network->layers - 1) backward_a(network, work, i, rows, dropped && layer->dropout > 0);
        const real *du = backward_norm(network, work, i, rows);
        column_sums(rows, layer->columns, du, layer_tensor(network, i, TENSOR_BIAS, network->grad));
        multiply_at(work->pool, layer->fan_in, layer->columns, rows, i ? work->layer[i - 1].a : x, du,
                    layer_tensor(network, i, TENSOR_WEIGHT, network->grad));
        if (i > 0)
            multiply_bt(work->pool, rows, layer->fan_in, layer->columns, du,
                        layer_tensor(network, i, TENSOR_WEIGHT, network->theta), work->layer[i - 1].delta);
    }
}

void segment_name(const Segment *segment, char *out, size_t size) {
    static const char *const tail[] = {[TENSOR_WEIGHT] = "weight",
                                       [TENSOR_BIAS] = "bias",
                                       [TENSOR_NORM_GAIN] = "norm.weight",
                                       [TENSOR_NORM_SHIFT] = "norm.bias",
                                       [TENSOR_LEARNED] = "activation.weight"};
    snprintf(out, size, "layers.%d.%s", segment->layer + 1, tail[segment->kind]);
}
