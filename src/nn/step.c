/* step: see step.h. */
#include "nn/step.h"

#include "base/reduce.h"

#include <math.h>
#include <stdio.h>

/* Entries handled at a time: theta, gradient, update and three state vectors of a piece stay in L1. */
enum { PIECE = 1024 };

/* What one update needs beside the piece. */
typedef struct Update {
    const StepPlan *plan;
    const Optimizer *optimizer;
    const void *params;
    double lr, scale; /* scale: of the gradient, by clipping */
    double decoupled; /* the optimizer's own decay */
    int vectors;
    int64_t t;
} Update;

/* Sums over one tensor. */
typedef struct Squares {
    double theta, update; /* ‖θ‖² before the update, ‖Δθ‖² */
} Squares;

int step_vectors(const StepPlan *plan) {
    return optimizer_of(&plan->optimizer)->vectors(choice_params(&plan->optimizer));
}

/* clip, then l1 and L2 into the gradient. */
static void penalise(const Update *update, bool decayed, size_t n, const real *restrict theta, real *restrict grad) {
    real scale = (real)update->scale;
    real l1 = decayed ? (real)update->plan->l1 : 0, l2 = decayed ? (real)update->plan->weight_decay : 0;
    if (scale != 1)
        for (size_t i = 0; i < n; i++) grad[i] *= scale;
    if (l1 > 0)
        for (size_t i = 0; i < n; i++) grad[i] += l1 * (real)((theta[i] > 0) - (theta[i] < 0));
    if (l2 > 0)
        for (size_t i = 0; i < n; i++) grad[i] += l2 * theta[i];
}

static void add(size_t n, const real *restrict update, real *restrict theta) {
    for (size_t i = 0; i < n; i++) theta[i] += update[i];
}

static void decay(size_t n, real rate, const real *restrict theta, real *restrict update) {
    for (size_t i = 0; i < n; i++) update[i] -= rate * theta[i];
}

static Squares update_segment(const Update *update, const Segment *segment, size_t parameters, real *theta,
                              real *grad, real *state) {
    _Alignas(64) real change[PIECE];
    Squares squares = {0};
    for (size_t done = 0; done < segment->count; done += PIECE) {
        size_t at = segment->offset + done, left = segment->count - done, n = left < PIECE ? left : PIECE;
        OptimizerPiece piece = {.n = n, .theta = theta + at, .grad = grad + at, .update = change};
        for (int v = 0; v < update->vectors; v++) piece.state[v] = state + (size_t)v * parameters + at;
        penalise(update, segment->decayed, n, theta + at, grad + at);
        update->optimizer->step(update->params, &piece, update->lr, update->t);
        if (update->decoupled > 0 && segment->decayed)
            decay(n, (real)(update->lr * update->decoupled), theta + at, change);
        squares.theta += reduce_sum_squares(n, theta + at);
        squares.update += reduce_sum_squares(n, change);
        add(n, change, theta + at);
    }
    return squares;
}

static double ratio(Squares squares) { return squares.theta == 0 ? INFINITY : sqrt(squares.update / squares.theta); }

/* Finite sums of squares before and of the change mean finite parameters after, but where both are near the
 * largest float; the sums of the next step, or of the epoch's weight norm, see those. */
static void check_segment(const Network *network, const Segment *segment, Squares squares, NotFinite *not_finite) {
    if (not_finite->found || (isfinite(squares.theta) && isfinite(squares.update))) return;
    if (reduce_first_not_finite(segment->count, network->theta + segment->offset) == segment->count) return;
    not_finite->found = true;
    not_finite->layer = segment->layer + 1;
    segment_name(segment, not_finite->tensor, sizeof not_finite->tensor);
}

bool step_find_not_finite(const Network *network, NotFinite *not_finite) {
    for (int s = 0; s < network->segments; s++)
        check_segment(network, &network->segment[s], (Squares){NAN, NAN}, not_finite);
    return not_finite->found;
}

void step_apply(const StepPlan *plan, Network *network, real *state, double lr, int64_t t, Meters *meters,
                NotFinite *not_finite) {
    const Choice *optimizer = &plan->optimizer;
    double norm = sqrt(reduce_sum_squares(network->parameters, network->grad));
    Update update = {.plan = plan,
                     .optimizer = optimizer_of(optimizer),
                     .params = choice_params(optimizer),
                     .lr = lr,
                     .scale = plan->clip_norm > 0 && norm > plan->clip_norm ? plan->clip_norm / norm : 1,
                     .vectors = step_vectors(plan),
                     .t = t};
    if (update.optimizer->decoupled_decay) update.decoupled = update.optimizer->decoupled_decay(update.params);

    Squares all = {0};
    for (int s = 0; s < network->segments; s++) {
        const Segment *segment = &network->segment[s];
        Squares squares = update_segment(&update, segment, network->parameters, network->theta, network->grad, state);
        check_segment(network, segment, squares, not_finite);
        all.theta += squares.theta;
        all.update += squares.update;
        if (segment->kind == TENSOR_WEIGHT) meters->layer_update_ratio[segment->layer] += ratio(squares);
    }
    meters->steps++;
    meters->lr = lr;
    meters->grad_norm += norm;
    /* written so that a nan norm is kept */
    if (!(norm <= meters->grad_norm_max)) meters->grad_norm_max = norm;
    meters->last_grad_norm = norm;
    meters->last_update_ratio = ratio(all);
    meters->update_ratio += meters->last_update_ratio;
}
