/* sweep: nnexp sweep: every cell of a config's sweep. */
#include "base/text.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "search/collect.h"
#include "search/others.h"
#include "search/ranking.h"

#include <stdlib.h>
#include <string.h>

/* ---- which cells ------------------------------------------------------------------------------------------- */

/* Digits alone: text[0 … length) as a cell from 1 to `cells`. */
static bool read_cell_number(const char *text, size_t length, int64_t cells, int64_t *out) {
    int64_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || number > cells) return false;
        number = 10 * number + (text[i] - '0');
    }
    *out = number - 1;
    return length > 0 && number >= 1 && number <= cells;
}

/* "3,7-9" → chosen[cells]. */
static bool read_cells(const char *text, int64_t cells, bool *chosen, Error *err) {
    for (const char *at = text; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        size_t length = strcspn(at, ","), dash = strcspn(at, "-,");
        int64_t first, last;
        bool range = dash < length;
        if (!read_cell_number(at, dash, cells, &first) ||
            !read_cell_number(range ? at + dash + 1 : at, range ? length - dash - 1 : length, cells, &last) ||
            last < first)
            return fail(err, "--cells: '%.*s': expected cells from 1 to %lld, as in 3,7-9", (int)length, at,
                        (long long)cells);
        for (int64_t cell = first; cell <= last; cell++) chosen[cell] = true;
    }
    return true;
}

/* ---- the work ---------------------------------------------------------------------------------------------- */

/* "runs/x.sweep: 8 cells, 3 complete": on stderr, below the list. */
static void say_how_far(const Sweep *sweep, const CellOutcome *outcome) {
    int64_t complete = 0;
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) complete += cell_complete(&outcome[cell]);
    fprintf(stderr, "%s: %lld cells, %lld complete\n", sweep->directory, (long long)sweep->plan->cells,
            (long long)complete);
}

/* What was asked for, with the plan and the cells' names at hand. */
static int act(const Options *options, Sweep *sweep, Error *err) {
    CellOutcome *outcome = calloc((size_t)sweep->plan->cells, sizeof *outcome);
    int status = EXIT_REFUSED;
    bool run = !options->list && !options->collect;
    if (!outcome) return status;
    if (!options->quiet) others_tell(sweep, stderr);
    if (run) {
        sweep->stop = signals_catch();
        status = sweep_run(sweep, err);
    }
    if ((run ? status != EXIT_REFUSED : sweep_targets(sweep, err))) {
        collect_outcomes(sweep, outcome);
        if (options->list) status = sweep_table_list(sweep, outcome, err) ? EXIT_DONE : EXIT_FAILED;
        else if (!collect_write(sweep, outcome, err)) status = EXIT_FAILED;
        else if (!run) status = EXIT_DONE;
        if (!options->list) ranking_print(sweep->plan, outcome, stdout);
        else if (!options->quiet) say_how_far(sweep, outcome);
    }
    free(outcome);
    return status;
}

static bool name_directory(const Options *options, const SweepPlan *plan, Sweep *sweep, Error *err) {
    const Json *name = json_get(plan->base, "name");
    char stem[PATH_BYTES];
    path_stem(stem, plan->config);
    if (name && json_type(name) == JSON_TEXT && *json_text(name)) text_copy(stem, sizeof stem, json_text(name));
    if (options->out) return path_join(sweep->directory, "", options->out, err);
    text_append(stem, sizeof stem, ".sweep");
    return path_join(sweep->directory, "runs", stem, err);
}

static int sweep_plan(const Options *options, const SweepPlan *plan, Pool *pool, Error *err) {
    size_t cells = (size_t)plan->cells;
    CellIdentity *identity = calloc(cells, sizeof *identity);
    bool *chosen = options->cells ? calloc(cells, sizeof *chosen) : NULL;
    SweepProgress progress = {.quiet = options->quiet};
    Sweep *sweep = calloc(1, sizeof *sweep);
    int status = EXIT_REFUSED;
    if (identity && sweep && (chosen || !options->cells)) {
        *sweep = (Sweep){.plan = plan, .identity = identity, .pool = pool, .progress = &progress, .chosen = chosen};
        if ((!chosen || read_cells(options->cells, plan->cells, chosen, err)) &&
            name_directory(options, plan, sweep, err) && identify_cells(plan, pool, identity, err))
            status = act(options, sweep, err);
        sweep_free(sweep);
    }
    free(sweep);
    free(chosen);
    free(identity);
    return status;
}

static bool check_options(const Options *options, Error *err) {
    if (!options->config)
        return fail(err, "--config: which sweep? give a file, as in nnexp sweep --config configs/lr_sweep.json");
    if (options->list && options->collect)
        return fail(err, "--list prints the plan and --collect writes sweep.csv; give one of them");
    if (options->cells && options->collect)
        return fail(err, "--cells: sweep.csv has a row for every cell; leave it out with --collect");
    return true;
}

static int sweep(const Options *options, Error *err) {
    SweepPlan *plan = malloc(sizeof *plan);
    PlanRequest request = {.config = options->config,
                           .set = options->set,
                           .sets = options->sets,
                           .axis = options->axis,
                           .axes = options->axes,
                           .repeat = options->repeat,
                           .yes = options->yes};
    int status = EXIT_REFUSED;
    if (!plan || !check_options(options, err) || !plan_load(&request, plan, err)) {
        free(plan);
        return status;
    }
    Pool *pool = pool_create(options->jobs ? options->jobs : pool_processors(), err);
    if (pool) status = sweep_plan(options, plan, pool, err);
    pool_free(pool);
    plan_free(plan);
    free(plan);
    return status;
}

const Command sweep_command = {
    .name = "sweep",
    .usage = "--config FILE [--axis KEY=VALUES]... [options]",
    .help = "every cell of a config's sweep, into one directory; run again, it goes on",
    .takes = "csAKojCTIYq",
    .run = sweep,
};
