/* halving: see halving.h. */
#include "search/halving.h"

#include "config/refuse.h"
#include "experiment/settings.h"
#include "search/group.h"
#include "search/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- how far cells are meant to go ------------------------------------------------------------------------- */

/* Whether cells can differ in their epochs. */
static bool epochs_vary(const SweepPlan *plan) {
    for (int i = 0; i < plan->axes; i++)
        if (strcmp(plan->axis[i].key, "train") == 0 || strcmp(plan->axis[i].key, "train.epochs") == 0) return true;
    return false;
}

static int64_t epochs_of(const Json *document) {
    const Json *train = json_get(document, "train");
    const Json *epochs = train && json_type(train) == JSON_OBJECT ? json_get(train, "epochs") : NULL;
    if (epochs && json_type(epochs) == JSON_NUMBER) return (int64_t)json_number(epochs);
    Error ignored = {0};
    return (int64_t)config_field(settings_fields, "train.epochs", &ignored)->def;
}

int64_t halving_end(const SweepPlan *plan, int64_t cell) {
    Error ignored = {0}; /* a cell whose axes cannot be set is refused before it comes here */
    if (!epochs_vary(plan)) return epochs_of(plan->base);
    Json *document = plan_document(plan, cell, &ignored);
    int64_t epochs = epochs_of(document ? document : plan->base);
    json_free(document);
    return epochs;
}

int64_t halving_rungs(const SweepPlan *plan) {
    const Halving *halving = &plan->settings.halving;
    int64_t end = 0, rungs = 0;
    if (!halving->on) return 0;
    for (int64_t cell = 0; cell < (epochs_vary(plan) ? plan->cells : 1); cell++) {
        int64_t epochs = halving_end(plan, cell);
        if (epochs > end) end = epochs;
    }
    for (int64_t rung = halving->min_epochs; rung < end; rung *= halving->factor) rungs++;
    return rungs;
}

static int64_t best_of(int64_t count, int64_t factor) { return (count + factor - 1) / factor; }

double halving_ahead(const SweepPlan *plan, int64_t cells, int64_t target) {
    int64_t end = halving_end(plan, 0), factor = plan->settings.halving.factor;
    double epochs = 0;
    while (target > 0 && target < end) {
        int64_t next = target * factor < end ? target * factor : end;
        cells = best_of(cells, factor);
        epochs += (double)cells * (double)(next - target);
        target = next;
    }
    return epochs;
}

/* ---- one rung ---------------------------------------------------------------------------------------------- */

typedef struct Contender {
    int64_t group, lost; /* lost: seeds that diverged or failed */
    double figure;       /* mean over the other seeds, lower is better */
} Contender;

typedef struct Race {
    const SweepPlan *plan;
    const CellIdentity *identity;
    const char *directory;
    Groups groups;
    int64_t *end;        /* [groups]: train.epochs */
    int64_t *left;       /* [groups]: the rung that it is left at; 0: none */
    CellOutcome *now;    /* [cells] */
    CellOutcome *at;     /* [cells]: at the rung in hand */
    Contender *contends; /* [count], room for [groups] */
    int64_t count;
} Race;

static bool cell_place(const Race *race, int64_t cell, char *path, Error *err) {
    char name[CELL_NAME_BYTES];
    cell_directory(&race->identity[cell], name);
    return path_join(path, race->directory, name, err);
}

/* Whether the seed is lost to its configuration. What happened after the rung does not count, so that the same
 * question asked later has the same answer. */
static bool lost_by(const CellOutcome *now, const CellOutcome *at, int64_t rung, double figure) {
    bool failed = now->status == CELL_FAILED && at->epochs < rung;
    return failed || (now->status == CELL_DIVERGED && now->epochs <= rung) || !isfinite(figure);
}

/* Fills `at` for the contenders. False while a cell has neither reached the rung nor ended; it may be on its way
 * elsewhere. */
static bool all_there(const Race *race, int64_t rung) {
    for (int64_t i = 0; i < race->count; i++) {
        int64_t g = race->contends[i].group;
        for (int64_t m = race->groups.start[g]; m < race->groups.start[g + 1]; m++) {
            char path[PATH_BYTES];
            Error ignored = {0};
            int64_t cell = race->groups.member[m];
            if (!cell_place(race, cell, path, &ignored)) return false;
            if (!outcome_at(path, rung, &race->at[cell]) && race->now[cell].status != CELL_FAILED) return false;
        }
    }
    return true;
}

static bool validated(const Race *race) {
    for (int64_t i = 0; i < race->count; i++) {
        int64_t g = race->contends[i].group;
        for (int64_t m = race->groups.start[g]; m < race->groups.start[g + 1]; m++)
            if (race->at[race->groups.member[m]].best_epoch >= 0) return true;
    }
    return false;
}

static void judge(const Race *race, int64_t rung, Measure measure, Contender *out) {
    const Groups *groups = &race->groups;
    int64_t kept = 0;
    double sum = 0;
    out->lost = 0;
    for (int64_t m = groups->start[out->group]; m < groups->start[out->group + 1]; m++) {
        int64_t cell = groups->member[m];
        const CellOutcome *at = &race->at[cell];
        double figure = measure_figure(measure, at);
        bool lost = lost_by(&race->now[cell], at, rung, figure);
        out->lost += lost;
        kept += !lost;
        if (!lost) sum += figure;
    }
    out->figure = kept > 0 ? sum / (double)kept : INFINITY;
}

static int better_first(const void *a, const void *b) {
    const Contender *x = a, *y = b;
    if (x->lost != y->lost) return x->lost < y->lost ? -1 : 1;
    if (x->figure != y->figure) return x->figure < y->figure ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static void gather(Race *race, int64_t rung) {
    race->count = 0;
    for (int64_t g = 0; g < race->groups.count; g++)
        if (!race->left[g] && race->end[g] > rung) race->contends[race->count++] = (Contender){.group = g};
}

/* Ranks the contenders, and leaves those that do not pass. */
static void cut(Race *race, int64_t rung) {
    Measure measure = measure_of(race->plan, validated(race));
    for (int64_t i = 0; i < race->count; i++) judge(race, rung, measure, &race->contends[i]);
    qsort(race->contends, (size_t)race->count, sizeof *race->contends, better_first);
    for (int64_t i = best_of(race->count, race->plan->settings.halving.factor); i < race->count; i++)
        race->left[race->contends[i].group] = rung;
}

/* ---- all rungs --------------------------------------------------------------------------------------------- */

/* Returns the rung that waits for cells; 0: none does. */
static int64_t climb(Race *race) {
    for (int64_t rung = race->plan->settings.halving.min_epochs;; rung *= race->plan->settings.halving.factor) {
        gather(race, rung);
        if (race->count <= 1) return 0; /* who is alone has nothing to win */
        if (!all_there(race, rung)) return rung;
        cut(race, rung);
    }
}

static void set_targets(const Race *race, int64_t waiting, int64_t *out) {
    for (int64_t g = 0; g < race->groups.count; g++)
        for (int64_t m = race->groups.start[g]; m < race->groups.start[g + 1]; m++) {
            int64_t cell = race->groups.member[m], left = race->left[g];
            if (left) out[cell] = race->now[cell].status == CELL_FAILED ? left : TARGET_HALVED;
            else out[cell] = waiting && race->end[g] > waiting ? waiting : TARGET_END;
        }
}

static bool start_race(Race *race, Error *err) {
    size_t cells = (size_t)race->plan->cells;
    if (!groups_make(race->plan, &race->groups, err)) return false;
    size_t groups = (size_t)race->groups.count;
    race->end = calloc(groups, sizeof *race->end);
    race->left = calloc(groups, sizeof *race->left);
    race->now = calloc(cells, sizeof *race->now);
    race->at = calloc(cells, sizeof *race->at);
    race->contends = calloc(groups, sizeof *race->contends);
    if (!race->end || !race->left || !race->now || !race->at || !race->contends)
        return fail(err, "%zu cells need more memory than there is", cells);
    for (size_t g = 0; g < groups; g++)
        race->end[g] = halving_end(race->plan, race->groups.member[race->groups.start[g]]);
    for (int64_t cell = 0; cell < race->plan->cells; cell++) {
        char path[PATH_BYTES];
        if (!cell_place(race, cell, path, err)) return false;
        race->now[cell] = outcome_read(path);
    }
    return true;
}

static void end_race(Race *race) {
    groups_free(&race->groups);
    free(race->end);
    free(race->left);
    free(race->now);
    free(race->at);
    free(race->contends);
}

bool halving_targets(const SweepPlan *plan, const CellIdentity *identity, const char *directory, int64_t *out,
                     Error *err) {
    Race race = {.plan = plan, .identity = identity, .directory = directory};
    memset(out, 0, (size_t)plan->cells * sizeof *out); /* TARGET_END */
    if (!plan->settings.halving.on) return true;
    bool ok = start_race(&race, err);
    if (ok) set_targets(&race, climb(&race), out);
    end_race(&race);
    return ok;
}
