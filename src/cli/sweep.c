/* sweep: nnexp sweep: every cell of a config's sweep. */
#include "base/text.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "search/collect.h"
#include "search/halving.h"
#include "search/ranking.h"
#include "search/sweep_table.h"

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
    long long complete = 0;
    for (int64_t cell = 0; cell < sweep->plan->cells; cell++) complete += cell_complete(&outcome[cell]);
    long long cells = sweep->plan->cells, rounds = halving_rungs(sweep->plan) + 1;
    fprintf(stderr, "%s: %lld cell%s, %lld complete", sweep->directory, cells, cells == 1 ? "" : "s", complete);
    if (sweep->plan->settings.halving.on) fprintf(stderr, "; %lld round%s", rounds, rounds == 1 ? "" : "s");
    fputs("\n", stderr);
}

static void tell_notes(Sweep *sweep) {
    if (!sweep->progress->quiet) error_print_notes(&sweep->notes, stderr);
    sweep->notes = (Error){0};
}

static bool begin(Sweep *sweep, Error *err) {
    sweep->stop = signals_catch(); /* from here on there is something to save */
    bool ok = collect_plan(sweep, err);
    tell_notes(sweep);
    return ok;
}

/* Cells that are not complete, by what they are: "2 missing, 1 failed". */
static void describe_rest(const Collection *found, char *out, size_t size) {
    out[0] = '\0';
    for (CellStatus s = CELL_MISSING; s < CELL_FINISHED; s++)
        if (found->with_status[s] > 0)
            text_append(out, size, "%s%lld %s", *out ? ", " : "", (long long)found->with_status[s],
                        cell_status_name[s]);
}

/* What "N of CELLS cell" goes on with. */
static const char *are(long long cells, long long n) { return cells == 1 ? " is" : n == 1 ? "s is" : "s are"; }

static void tell_standing(Sweep *sweep, const Collection *found, bool stopped, bool collecting) {
    long long cells = sweep->plan->cells, rest = 0, elsewhere = found->elsewhere;
    char text[128];
    for (CellStatus s = CELL_MISSING; s < CELL_FINISHED; s++) rest += found->with_status[s];
    describe_rest(found, text, sizeof text);
    if (stopped)
        fail(&sweep->notes,
             "%s: stopped by a signal; %lld of %lld cell%s complete; the same command goes on with the other%s",
             sweep->directory, cells - rest, cells, are(cells, cells - rest), rest == 1 ? "" : "s");
    else if (rest > 0 && (collecting || elsewhere == 0))
        fail(&sweep->notes, "%s: %lld of %lld cell%s not complete: %s", sweep->directory, rest, cells,
             are(cells, rest), text);
    if (elsewhere > 0)
        fail(&sweep->notes, "%s: %lld cell%s run by another process, which will write sweep.csv", sweep->directory,
             elsewhere, elsewhere == 1 ? " is" : "s are");
    else if (found->other_plan)
        fail(&sweep->notes, "%s: sweep.json is another plan's by now; its command writes sweep.csv",
             sweep->directory);
}

/* Writes sweep.csv and tells how the sweep stands. */
static bool end(Sweep *sweep, bool stopped, bool collecting, Error *err) {
    Collection found;
    bool ok = collect_end(sweep, collecting, &found, err);
    if (found.seen && (ok || collecting)) tell_standing(sweep, &found, stopped, collecting);
    tell_notes(sweep);
    bool whole = collecting || (ok && found.elsewhere == 0 && !found.other_plan);
    if (found.seen && whole) ranking_print(sweep->plan, found.outcome, stdout);
    collection_free(&found);
    return ok;
}

static int run(Sweep *sweep, Error *err) {
    sweep->begin = begin;
    int status = sweep_run(sweep, err);
    if (status == EXIT_REFUSED) return status;
    return end(sweep, status > EXIT_SIGNALLED, false, err) ? status : EXIT_FAILED;
}

static int list(Sweep *sweep, Error *err) {
    CellOutcome *outcome = calloc((size_t)sweep->plan->cells, sizeof *outcome);
    bool ok = outcome && sweep_targets(sweep, err);
    for (int64_t cell = 0; ok && cell < sweep->plan->cells; cell++) outcome[cell] = sweep_outcome(sweep, cell);
    if (ok) sweep_table_list(sweep, outcome, stdout);
    if (ok && !sweep->progress->quiet) say_how_far(sweep, outcome);
    free(outcome);
    return ok ? EXIT_DONE : EXIT_REFUSED;
}

/* What was asked for, with the plan and the cells' names at hand. */
static int act(const Options *options, Sweep *sweep, Error *err) {
    if (options->list) return list(sweep, err);
    if (!options->collect && options->cells && !options->yes && !collect_fits(sweep, err)) return EXIT_REFUSED;
    if (!options->collect) return run(sweep, err);
    if (!collect_possible(sweep, err)) return EXIT_REFUSED;
    return end(sweep, false, true, err) ? EXIT_DONE : EXIT_FAILED;
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
