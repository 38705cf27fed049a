/* advice: see advice.h. */
#include "search/advice.h"

#include "base/terminal.h"
#include "base/text.h"
#include "config/path.h"
#include "experiment/run_directory.h"
#include "search/halving.h"
#include "search/widen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAMED = 4, MOST_SEEDS = 10000, SEEDS_WORTH_IT = 100, FEWEST_VALUES = 2 };

/* ---- comparisons ------------------------------------------------------------------------------------------- */

Sample advice_difference(const Ranking *ranking, int64_t best, int64_t other) {
    const Groups *groups = &ranking->groups;
    const Configuration *x = &ranking->configuration[best], *y = &ranking->configuration[other];
    double *difference = calloc((size_t)x->cells, sizeof *difference);
    if (!difference) abort();
    for (int64_t s = 0; s < x->cells; s++)
        difference[s] = ranking_figure(ranking, groups->member[groups->start[y->group] + s]) -
                        ranking_figure(ranking, groups->member[groups->start[x->group] + s]);
    Sample sample = sample_of(difference, x->cells);
    free(difference);
    return sample;
}

double advice_tail(const Ranking *ranking) { return 0.05 / (double)(ranking->whole - 1); }

/* Whether the seeds tell a configuration from the best. */
static bool told_apart(const Sample *difference, double t) { return sample_t(difference) > t; }

/* The t that differences must exceed. */
static double limit(const Ranking *ranking) {
    return student_quantile(advice_tail(ranking), (double)(ranking->configuration[0].cells - 1));
}

static bool comparable(const Ranking *ranking) {
    return ranking->whole > 1 && ranking->configuration[0].cells > 1 && !ranking->mixed;
}

/* The axis of that key; -1: there is none. */
static int find_axis(const SweepPlan *plan, const char *key) {
    for (int i = 0; i < plan->axes; i++)
        if (strcmp(plan->axis[i].key, key) == 0) return i;
    return -1;
}

/* What runs so many seeds: where they are an axis of the config's own, that axis. */
static void print_seeds(const SweepPlan *plan, int64_t count, char *out, size_t size) {
    out[0] = '\0';
    for (int i = 0; i < plan->axes; i++) {
        if (strcmp(plan->axis[i].key, "seed") != 0 || plan->settings.repeat > 1) continue;
        if (!groups_by_axis(plan, i)) return;
        double first = json_number(plan->axis[i].value[0]);
        text_append(out, size, ": --axis seed=linear:%.0f:%.0f:%lld", first, first + (double)(count - 1),
                    (long long)count);
        return;
    }
    text_append(out, size, ": --repeat %lld", (long long)count);
}

/* Configurations that the seeds do not tell from the best. */
typedef struct Alike {
    int64_t count;
    int64_t needed; /* seeds to tell them all; beyond MOST_SEEDS where so many would not */
    int named;
    int64_t name[MOST_NAMED];
} Alike;

static void add_alike(Alike *alike, int64_t i, int64_t needed) {
    if (needed > alike->needed) alike->needed = needed;
    if (alike->named < MOST_NAMED) alike->name[alike->named++] = i;
    alike->count++;
}

/* Those that SEEDS_WORTH_IT would tell from it, and the rest. */
static void find_alike(const Ranking *ranking, Alike *near, Alike *rest) {
    double tail = advice_tail(ranking), t = limit(ranking);
    for (int64_t i = 1; i < ranking->whole; i++) {
        Sample difference = advice_difference(ranking, 0, i);
        if (told_apart(&difference, t)) continue;
        int64_t needed = sample_needed(&difference, tail, MOST_SEEDS);
        add_alike(needed > SEEDS_WORTH_IT ? rest : near, i, needed);
    }
}

static void name_alike(const Ranking *ranking, const Alike *alike, char *out) {
    char name[512];
    for (int i = 0; i < alike->named; i++) {
        group_describe(ranking->plan, ranking->configuration[alike->name[i]].cell, name, sizeof name);
        text_append(out, ADVICE_BYTES, "%s%s", i ? "; " : "", name);
    }
    if (alike->count > alike->named)
        text_append(out, ADVICE_BYTES, "; and %lld more", (long long)alike->count - alike->named);
}

/* What it would take to tell the best from each, and where that is out of reach. */
static void say_needed(const Ranking *ranking, const Alike *near, const Alike *rest, char *out) {
    char command[128], seeds[64];
    bool both = near->count > 0 && rest->count > 0;
    print_seeds(ranking->plan, near->needed, command, sizeof command);
    if (near->count > 0) text_append(out, ADVICE_BYTES, "; about %lld would%s", (long long)near->needed, command);
    if (rest->count == 0) return;
    if (both) {
        text_append(out, ADVICE_BYTES, "; nor from ");
        name_alike(ranking, rest, out);
    }
    if (rest->needed > MOST_SEEDS) snprintf(seeds, sizeof seeds, "more than %d", MOST_SEEDS);
    else snprintf(seeds, sizeof seeds, "about %lld", (long long)rest->needed);
    text_append(out, ADVICE_BYTES, "%s would take %s seeds: take any of them", both ? ", which" : "; to do so",
                seeds);
}

/* ---- remarks ----------------------------------------------------------------------------------------------- */

static void noise(const Ranking *ranking, char *out) {
    char best[512];
    if (!comparable(ranking)) return;
    Alike near = {0}, rest = {0};
    find_alike(ranking, &near, &rest);
    long long seeds = (long long)ranking->configuration[0].cells, others = (long long)ranking->whole - 1;
    group_describe(ranking->plan, ranking->configuration[0].cell, best, sizeof best);
    if (near.count + rest.count == 0) {
        text_append(out, ADVICE_BYTES,
                    "%s is better than %s by more than the noise of %lld seeds (paired by seed, 95 %%%s)", best,
                    others == 1 ? "the other" : "each of the others", seeds, others == 1 ? "" : " for all together");
        return;
    }
    text_append(out, ADVICE_BYTES, "no winner: %lld seeds do not tell %s from ", seeds, best);
    name_alike(ranking, near.count > 0 ? &near : &rest, out);
    text_append(out, ADVICE_BYTES, " (paired by seed, 95 %%%s)", others == 1 ? "" : " for all comparisons together");
    say_needed(ranking, &near, &rest, out);
}

static void seeds(const Ranking *ranking, char *out) {
    char command[128];
    if (ranking->ranked < 2 || ranking->configuration[0].cells > 1 || ranking->mixed) return;
    print_seeds(ranking->plan, 3, command, sizeof command);
    text_append(out, ADVICE_BYTES,
                "one seed each: how much of the differences is noise is not known; three would show it%s", command);
}

/* Why nothing is said of noise and edges. */
static void mixed(const Ranking *ranking, char *out) {
    if (!ranking->mixed || ranking->ranked < 2) return;
    bool loss = strncmp(ranking->mixed->key, "train", 5) == 0;
    text_append(out, ADVICE_BYTES, "cells with another %s are measured %s: their figures do not compare",
                ranking->mixed->key, loss ? "by another loss" : "on other rows or against other targets");
}

/* ---- edges */

static bool is_numeric(const Axis *axis) {
    for (int i = 0; i < axis->count; i++)
        if (json_type(axis->value[i]) != JSON_NUMBER) return false;
    return strcmp(axis->key, "seed") != 0;
}

static double value_of(const SweepPlan *plan, int64_t cell, int axis) {
    Json *value = plan_value(plan, cell, axis);
    double number = json_number(value);
    json_free(value);
    return number;
}

/* Where the best's value lies. A draw from a continuum is at its edge in the outer twentieth of it. */
static Edge edge_of(const SweepPlan *plan, int64_t cell, int axis) {
    const Axis *a = &plan->axis[axis];
    double value = value_of(plan, cell, axis);
    if (a->count == 0) {
        bool logs = a->kind == AXIS_LOG;
        double share = logs ? log(value / a->low) / log(a->high / a->low) : (value - a->low) / (a->high - a->low);
        return share < 0.05 ? EDGE_LOW : share > 0.95 ? EDGE_HIGH : EDGE_NONE;
    }
    if (a->count < FEWEST_VALUES) return EDGE_NONE;
    bool lowest = true, highest = true;
    for (int i = 0; i < a->count; i++) {
        lowest = lowest && value <= json_number(a->value[i]);
        highest = highest && value >= json_number(a->value[i]);
    }
    return lowest ? EDGE_LOW : highest ? EDGE_HIGH : EDGE_NONE;
}

/* Whether a configuration that the seeds do not tell from the best lies further in. */
static bool inner_alike(const Ranking *ranking, int axis, Edge edge) {
    if (!comparable(ranking)) return false;
    double best = value_of(ranking->plan, ranking->configuration[0].cell, axis), t = limit(ranking);
    for (int64_t i = 1; i < ranking->whole; i++) {
        double value = value_of(ranking->plan, ranking->configuration[i].cell, axis);
        Sample difference = advice_difference(ranking, 0, i);
        if ((edge == EDGE_LOW ? value > best : value < best) && !told_apart(&difference, t)) return true;
    }
    return false;
}

static void edge(const Ranking *ranking, char *out) {
    const SweepPlan *plan = ranking->plan;
    if (ranking->ranked < 2 || ranking->configuration[0].class > RANK_UNSTEADY || ranking->mixed) return;
    int64_t cell = ranking->configuration[0].cell;
    for (int i = 0; i < plan->axes; i++) {
        char argument[WIDEN_BYTES], value[32];
        Edge at = is_numeric(&plan->axis[i]) ? edge_of(plan, cell, i) : EDGE_NONE;
        Widened widened = at == EDGE_NONE ? WIDENED_NOT : widen_axis(plan, cell, i, at, argument);
        if (widened == WIDENED_NOT) continue;
        text_print(value, sizeof value, value_of(plan, cell, i));
        text_append(out, ADVICE_BYTES, "%sthe best %s, %s, is at the %s edge of what was tried%s", *out ? "; " : "",
                    plan->axis[i].key, value, at == EDGE_LOW ? "lower" : "upper",
                    inner_alike(ranking, i, at) ? ", though not told from values further in" : "");
        if (widened == WIDENED) text_append(out, ADVICE_BYTES, "; further out: --axis %s", argument);
        else text_append(out, ADVICE_BYTES, "; further out there is more to try");
    }
}

/* ---- divergence */

typedef struct Ended {
    double value;
    bool diverged;
} Ended;

typedef struct Split {
    int axis; /* -1: none */
    double from;
    int64_t above, above_of, below, below_of; /* diverged cells, of so many complete */
} Split;

static int by_value(const void *a, const void *b) {
    const Ended *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* From the top down while of each value's cells at least half have diverged. */
static Split split_sorted(const Ended *ended, int64_t count, int axis) {
    Split split = {.axis = axis, .from = NAN};
    int64_t at = count;
    while (at > 0) {
        int64_t first = at, lost = 0;
        while (first > 0 && ended[first - 1].value == ended[at - 1].value) lost += ended[--first].diverged;
        if (2 * lost < at - first) break;
        split.from = ended[first].value;
        split.above += lost;
        at = first;
    }
    split.above_of = count - at;
    split.below_of = at;
    for (int64_t i = 0; i < at; i++) split.below += ended[i].diverged;
    return split;
}

static Split split_by(const Ranking *ranking, int axis, Ended *ended) {
    int64_t count = 0;
    for (int64_t cell = 0; cell < ranking->plan->cells; cell++)
        if (cell_complete(&ranking->outcome[cell]))
            ended[count++] =
                (Ended){value_of(ranking->plan, cell, axis), ranking->outcome[cell].status == CELL_DIVERGED};
    qsort(ended, (size_t)count, sizeof *ended, by_value);
    return split_sorted(ended, count, axis);
}

static double contrast(const Split *split) {
    if (split->above_of == 0 || split->below_of == 0) return 0;
    return (double)split->above / (double)split->above_of - (double)split->below / (double)split->below_of;
}

/* The numeric axis whose large values go with divergence most. */
static Split best_split(const Ranking *ranking) {
    Split best = {.axis = -1};
    Ended *ended = calloc((size_t)ranking->plan->cells, sizeof *ended);
    if (!ended) abort();
    for (int i = 0; i < ranking->plan->axes; i++) {
        if (!is_numeric(&ranking->plan->axis[i])) continue;
        Split split = split_by(ranking, i, ended);
        if (contrast(&split) > (best.axis < 0 ? 0 : contrast(&best))) best = split;
    }
    free(ended);
    return best;
}

/* Where nothing has trained: what is most often the reason. */
static void say_lower(const Ranking *ranking, char *out) {
    char argument[WIDEN_BYTES];
    const SweepPlan *plan = ranking->plan;
    int axis = find_axis(plan, "train.lr");
    bool written = axis >= 0 && is_numeric(&plan->axis[axis]) &&
                   widen_axis(plan, ranking->configuration[0].cell, axis, EDGE_LOW, argument) == WIDENED;
    text_append(out, ADVICE_BYTES, ": try lower rates%s%s", written ? ": --axis " : "", written ? argument : "");
}

static void divergence(const Ranking *ranking, char *out) {
    char from[32], above[48];
    long long lost = (long long)ranking->status[CELL_DIVERGED], complete = lost;
    complete += ranking->status[CELL_FINISHED] + ranking->status[CELL_STOPPED_EARLY] + ranking->status[CELL_HALVED];
    if (lost == 0) return;
    text_append(out, ADVICE_BYTES, "%lld of %lld cell%s diverged", lost, complete, complete == 1 ? "" : "s");
    if (lost == complete) say_lower(ranking, out);
    Split split = best_split(ranking);
    if (split.axis < 0) return;
    text_print(from, sizeof from, split.from);
    if (split.above_of == 1) snprintf(above, sizeof above, "the one");
    else if (split.above == split.above_of) snprintf(above, sizeof above, "all %lld", (long long)split.above);
    else snprintf(above, sizeof above, "%lld of the %lld", (long long)split.above, (long long)split.above_of);
    text_append(out, ADVICE_BYTES, ": %s with %s from %s up", above, ranking->plan->axis[split.axis].key, from);
    if (split.below == 0) text_append(out, ADVICE_BYTES, ", none below");
    else
        text_append(out, ADVICE_BYTES, ", %lld of the %lld below", (long long)split.below, (long long)split.below_of);
}

/* ---- how long */

/* Finished cells, and of them those that `early` asks for: best in the first half of the epochs, or else at the
 * last. */
static int64_t count_best(const Ranking *ranking, bool early, int64_t *finished) {
    int64_t count = 0;
    *finished = 0;
    for (int64_t cell = 0; cell < ranking->plan->cells; cell++) {
        const CellOutcome *outcome = &ranking->outcome[cell];
        if (outcome->status != CELL_FINISHED || outcome->best_epoch < 0 || outcome->epochs == 0) continue;
        ++*finished;
        count += early ? 2 * outcome->best_epoch <= outcome->epochs : outcome->best_epoch == outcome->epochs;
    }
    return count;
}

static void longer(const Ranking *ranking, char *out) {
    int64_t finished, count = count_best(ranking, false, &finished);
    if (2 * count <= finished) return;
    text_append(out, ADVICE_BYTES,
                "%lld of %lld finished cells are best at their last epoch: more epochs may do better",
                (long long)count, (long long)finished);
    if (find_axis(ranking->plan, "train.epochs") < 0 && find_axis(ranking->plan, "train") < 0)
        text_append(out, ADVICE_BYTES, ": --set train.epochs=%lld", (long long)(2 * halving_end(ranking->plan, 0)));
}

static void shorter(const Ranking *ranking, char *out) {
    int64_t finished, count = count_best(ranking, true, &finished);
    if (2 * count <= finished) return;
    text_append(
        out, ADVICE_BYTES,
        "%lld of %lld finished cells are best in the first half of their epochs, and the ranking is by the last: "
        "fewer epochs, or train.early_stop",
        (long long)count, (long long)finished);
}

static void stopped(const Ranking *ranking, char *out) {
    int64_t first = INT64_MAX, last = 0;
    if (ranking->status[CELL_STOPPED_EARLY] == 0) return;
    for (int64_t cell = 0; cell < ranking->plan->cells; cell++) {
        const CellOutcome *outcome = &ranking->outcome[cell];
        if (outcome->status != CELL_STOPPED_EARLY) continue;
        if (outcome->epochs < first) first = outcome->epochs;
        if (outcome->epochs > last) last = outcome->epochs;
    }
    text_append(out, ADVICE_BYTES, "%lld of %lld cell%s stopped early, after %lld",
                (long long)ranking->status[CELL_STOPPED_EARLY], (long long)ranking->plan->cells,
                ranking->plan->cells == 1 ? "" : "s", (long long)first);
    if (last > first) text_append(out, ADVICE_BYTES, " to %lld", (long long)last);
    text_append(out, ADVICE_BYTES, " epochs");
}

/* ---- the rest */

static void failed(const Ranking *ranking, char *out) {
    int64_t count = ranking->status[CELL_FAILED], named = 0;
    if (count == 0) return;
    text_append(out, ADVICE_BYTES, "%lld cell%s failed (", (long long)count, count == 1 ? "" : "s");
    for (int64_t cell = 0; cell < ranking->plan->cells && named < MOST_NAMED; cell++)
        if (ranking->outcome[cell].status == CELL_FAILED)
            text_append(out, ADVICE_BYTES, "%s%lld", named++ ? ", " : "", (long long)cell + 1);
    text_append(out, ADVICE_BYTES,
                "%s): " RUN_ERROR_FILE " in a cell's directory says why; the same command tries %s again",
                count > named ? ", ..." : "", count == 1 ? "it" : "them");
}

static void halving(const Ranking *ranking, char *out) {
    int64_t trained = 0, full = 0;
    if (!ranking->plan->settings.halving.on) return;
    for (int64_t cell = 0; cell < ranking->plan->cells; cell++) {
        const CellOutcome *outcome = &ranking->outcome[cell];
        bool ended = cell_complete(outcome) && outcome->status != CELL_HALVED;
        trained += outcome->epochs;
        full += ended ? outcome->epochs : halving_end(ranking->plan, cell);
    }
    text_append(out, ADVICE_BYTES, "%lld epochs trained of the %lld of a full sweep (%.0f %%)", (long long)trained,
                (long long)full, full > 0 ? 100 * (double)trained / (double)full : 100);
}

/* clang-format off */
/* To add a remark: write its function above and its row here. */
const Remark remarks[] = {
    {"failed",     false, failed},
    {"noise",      true,  noise},
    {"seeds",      true,  seeds},
    {"mixed",      false, mixed},
    {"edge",       true,  edge},
    {"divergence", false, divergence},
    {"longer",     true,  longer},
    {"shorter",    true,  shorter},
    {"stopped",    true,  stopped},
    {"halving",    false, halving},
};
/* clang-format on */
const int remark_count = sizeof remarks / sizeof remarks[0];

void advice_print(const Ranking *ranking, bool utf8, FILE *out) {
    bool open = ranking->status[CELL_MISSING] > 0 || ranking->status[CELL_UNFINISHED] > 0;
    for (int i = 0; i < remark_count; i++) {
        char text[ADVICE_BYTES] = "", line[ADVICE_BYTES];
        if (!remarks[i].at_end || !open) remarks[i].say(ranking, text);
        if (!*text) continue;
        terminal_harmless(line, sizeof line, text, utf8);
        fprintf(out, "%s: %s\n", remarks[i].name, line);
    }
}
