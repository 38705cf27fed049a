/* probe: see probe.h. */
#include "observe/probe.h"

#include <math.h>

void probe_layout(ProbeScratch *scratch, const Network *network, int rows, Arena *arena) {
    int widest = 0;
    for (int i = 0; i < network->layers; i++)
        if (network->layer[i].columns > widest) widest = network->layer[i].columns;
    size_t n = (size_t)rows * (size_t)widest;
    scratch->z = ARENA_TAKE(arena, real, n);
    scratch->slope = ARENA_TAKE(arena, real, n);
    scratch->delta = ARENA_TAKE(arena, real, n);
}

double probe_run(Network *network, Workspace *work, const Choice *loss, LossBatch *batch, const real *x,
                 bool fit_running) {
    PassMode mode = fit_running ? PASS_FIT : PASS_PROBE;
    batch->logits = network_forward(network, work, batch->rows, x, mode, NULL);
    double value = loss_of(loss)->value(choice_params(loss), batch, work->layer[network->layers - 1].delta);
    network_backward(network, work, batch->rows, x, false);
    return value;
}

/* f'(z) is what backward makes of dL/da = 1; the chosen piece of a maxout has slope 1. Where z is not a number neither
 * is f', though relu and its like answer 0 or 1. */
static void fill_slope(const Layer *layer, const real *learned, int rows, const LayerWork *work, const real *z,
                       real *slope) {
    size_t n = (size_t)rows * (size_t)layer->units;
    for (size_t i = 0; i < n; i++) slope[i] = 1;
    if (layer->columns == layer->units)
        activation_of(&layer->activation)
            ->backward(choice_params(&layer->activation), learned, rows, layer->units, work->z, work->a, slope);
    for (size_t i = 0; i < n; i++) slope[i] = isnan(z[i]) ? z[i] : slope[i];
}

LayerProbe probe_layer(const Network *network, const Workspace *work, const ProbeScratch *scratch, int index,
                       int rows, const real *x) {
    const Layer *layer = &network->layer[index];
    const LayerWork *here = &work->layer[index];
    const real *learned = layer_tensor(network, index, TENSOR_LEARNED, network->theta);
    activation_chosen(&layer->activation, rows, layer->units, here->z, scratch->z);
    activation_chosen_delta(&layer->activation, rows, layer->units, here->z, here->delta, scratch->delta);
    size_t n = (size_t)rows * (size_t)layer->units;
    for (size_t i = 0; i < n; i++) scratch->delta[i] *= (real)rows;
    fill_slope(layer, learned, rows, here, scratch->z, scratch->slope);
    return (LayerProbe){
        .layer = index + 1,
        .activation = layer->activation.variant->name,
        .rows = rows,
        .fan_in = layer->fan_in,
        .units = layer->units,
        .columns = layer->columns,
        .x = index ? work->layer[index - 1].a : x,
        .z = scratch->z,
        .a = here->a,
        .slope = scratch->slope,
        .delta = scratch->delta,
        .weight = layer_tensor(network, index, TENSOR_WEIGHT, network->theta),
        .weight_grad = layer_tensor(network, index, TENSOR_WEIGHT, network->grad),
        .max_slope = activation_of(&layer->activation)->max_slope(choice_params(&layer->activation), learned),
        .update_ratio = NAN,
    };
}
