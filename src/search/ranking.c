/* ranking: see ranking.h. */
#include "search/ranking.h"

#include "base/terminal.h"
#include "search/advice.h"

#include <math.h>
#include <stdlib.h>

double ranking_figure(const Ranking *ranking, int64_t cell) {
    return measure_figure(ranking->measure, &ranking->outcome[cell]);
}

/* ---- configurations ---------------------------------------------------------------------------------------- */

static RankClass class_of(const Configuration *it) {
    if (it->seeds == 0) return RANK_NONE;
    if (it->unmeasured > 0) return RANK_UNMEASURED;
    if (it->diverged == it->seeds) return RANK_DIVERGED;
    if (it->halved > 0) return RANK_HALVED;
    return it->diverged > 0 ? RANK_UNSTEADY : RANK_WHOLE;
}

/* Ended well, but without validation rows, which others have. */
static bool is_unmeasured(const Ranking *ranking, const CellOutcome *outcome) {
    return ranking->measure != MEASURE_TRAIN_LOSS && outcome->best_epoch < 0 && outcome->status != CELL_DIVERGED &&
           !isfinite(outcome->val_loss);
}

/* `figures` has room for thrice the group's cells. */
static Configuration summarize(const Ranking *ranking, int64_t group, double *figures) {
    const int64_t *member = ranking->groups.member + ranking->groups.start[group];
    int64_t cells = ranking->groups.start[group + 1] - ranking->groups.start[group], kept = 0;
    Configuration it = {.group = group, .cell = member[0], .cells = cells, .epochs = INT64_MAX};
    for (int64_t m = 0; m < cells; m++) {
        const CellOutcome *outcome = &ranking->outcome[member[m]];
        double figure = ranking_figure(ranking, member[m]);
        if (!cell_complete(outcome)) continue;
        bool unmeasured = is_unmeasured(ranking, outcome);
        bool diverged = outcome->status == CELL_DIVERGED || (!unmeasured && !isfinite(figure));
        it.seeds++;
        it.diverged += diverged;
        it.halved += outcome->status == CELL_HALVED;
        it.unmeasured += unmeasured;
        if (diverged || unmeasured) continue;
        if (outcome->epochs < it.epochs) it.epochs = outcome->epochs;
        figures[kept] = ranking->measure == MEASURE_TRAIN_LOSS ? outcome->train_loss : outcome->val_loss;
        figures[cells + kept] = outcome->val_score;
        figures[2 * cells + kept++] = figure;
    }
    it.loss = sample_of(figures, kept);
    it.score = sample_of(figures + cells, kept);
    it.judged = sample_of(figures + 2 * cells, kept);
    it.class = class_of(&it);
    return it;
}

/* Whole ones are ordered by their figure; unsteady ones first by how seldom they diverge; halved ones first by how
 * far they came, then as those. */
static int better_first(const void *a, const void *b) {
    const Configuration *x = a, *y = b;
    if (x->class != y->class) return x->class < y->class ? -1 : 1;
    if (x->class == RANK_HALVED && x->epochs != y->epochs) return x->epochs > y->epochs ? -1 : 1;
    double lost = (double)x->diverged / (double)(x->seeds ? x->seeds : 1),
           other = (double)y->diverged / (double)(y->seeds ? y->seeds : 1);
    if (lost != other) return lost < other ? -1 : 1;
    if (x->judged.mean != y->judged.mean && x->class < RANK_DIVERGED) return x->judged.mean < y->judged.mean ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static void look(Ranking *ranking) {
    bool validated = false;
    for (int64_t cell = 0; cell < ranking->plan->cells; cell++) {
        const CellOutcome *outcome = &ranking->outcome[cell];
        ranking->status[outcome->status]++;
        ranking->rmse = ranking->rmse || outcome->rmse;
        validated = validated || outcome->best_epoch >= 0;
    }
    ranking->measure = measure_of(ranking->plan, validated);
    ranking->mixed = measure_mixed_by(ranking->plan, ranking->measure);
}

static bool is_whole(const Configuration *it) { return it->class == RANK_WHOLE && it->seeds == it->cells; }

bool ranking_make(const SweepPlan *plan, const CellOutcome *outcome, Ranking *out, Error *err) {
    *out = (Ranking){.plan = plan, .outcome = outcome};
    if (!groups_make(plan, &out->groups, err)) return false;
    double *figures = calloc(3 * (size_t)plan->cells, sizeof *figures);
    out->configuration = calloc((size_t)out->groups.count, sizeof *out->configuration);
    if (!figures || !out->configuration) {
        free(figures);
        ranking_free(out);
        return fail(err, "%lld cells need more memory than there is", (long long)plan->cells);
    }
    look(out);
    for (int64_t g = 0; g < out->groups.count; g++) out->configuration[g] = summarize(out, g, figures);
    free(figures);
    qsort(out->configuration, (size_t)out->groups.count, sizeof *out->configuration, better_first);
    for (int64_t i = 0; i < out->groups.count; i++) out->ranked += out->configuration[i].class != RANK_NONE;
    while (out->whole < out->groups.count && is_whole(&out->configuration[out->whole])) out->whole++;
    return true;
}

void ranking_free(Ranking *ranking) {
    groups_free(&ranking->groups);
    free(ranking->configuration);
    ranking->configuration = NULL;
}

void ranking_print(const SweepPlan *plan, const CellOutcome *outcome, FILE *out) {
    Ranking ranking;
    Error err = {0};
    bool utf8 = terminal_is_utf8();
    if (!ranking_make(plan, outcome, &ranking, &err)) {
        error_print(&err, stderr);
        return;
    }
    ranking_table(&ranking, utf8, out);
    advice_print(&ranking, utf8, out);
    ranking_free(&ranking);
}
