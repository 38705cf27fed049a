/* surface: nnexp surface: a run's training loss over two of its weights. */
#include "experiment/surface.h"

#include "base/text.h"
#include "cli/options.h"
#include "experiment/run.h"

#include <math.h>
#include <string.h>

static bool check(const Options *options, Error *err) {
    if (!options->run)
        return fail(err, "--run: which run? give its directory, as in nnexp surface --run runs/relu_he");
    if (!options->weights[0])
        return fail(err,
                    "--weights: which two? name them, as in --weights \"layers.1.weight[0,0]\" \"layers.1.bias[0]\"");
    if (isnan(options->from) != isnan(options->to))
        return fail(err, "--%s: given alone; give --%s too", isnan(options->to) ? "low" : "high",
                    isnan(options->to) ? "high" : "low");
    if (!isnan(options->from) && !(options->from < options->to))
        return fail(err, "--low: %.9g is not below --high %.9g", options->from, options->to);
    return true;
}

static bool is_axis(const SurfaceAxis *axis, const char *name, size_t length) {
    return strlen(axis->weight) == length && memcmp(axis->weight, name, length) == 0;
}

/* WEIGHT:LOW:HIGH; the names of weights have no colon. */
static bool read_range(const char *text, SurfacePlan *plan, Error *err) {
    size_t name = strcspn(text, ":");
    const char *low = text[name] ? text + name + 1 : "", *high = strchr(low, ':');
    double from, to;
    if (!high || !text_number(low, (size_t)(high - low), &from) || !text_number(high + 1, strlen(high + 1), &to) ||
        !isfinite(from) || !isfinite(to))
        return fail(err, "--range: expected WEIGHT:LOW:HIGH, got '%s'", text);
    if (!(from < to)) return fail(err, "--range: '%s': its low is not below its high", text);
    for (int i = 0; i < 2; i++) {
        if (!is_axis(&plan->axis[i], text, name)) continue;
        plan->axis[i] = (SurfaceAxis){plan->axis[i].weight, true, from, to};
        return true;
    }
    return fail(err, "--range: '%.*s' is none of --weights '%s' and '%s'", (int)name, text, plan->axis[0].weight,
                plan->axis[1].weight);
}

static bool read_plan(const Options *options, SurfacePlan *plan, Error *err) {
    enum { SIDE = 41 };
    if (!check(options, err)) return false;
    *plan = (SurfacePlan){.run = options->run, .out = options->out, .points = options->side ? options->side : SIDE};
    if (plan->out && strcmp(plan->out, "-") == 0) plan->out = NULL;
    for (int i = 0; i < 2; i++)
        plan->axis[i] = (SurfaceAxis){options->weights[i], !isnan(options->from), options->from, options->to};
    for (int i = 0; i < options->ranges; i++)
        if (!read_range(options->range[i], plan, err)) return false;
    return true;
}

static int surface_command_run(const Options *options, Error *err) {
    SurfacePlan plan;
    bool began = false, done = read_plan(options, &plan, err);
    if (!done) return EXIT_REFUSED;
    done = (plan.pool = options_pool(options, err)) && surface(&plan, &began, err);
    pool_free(plan.pool);
    return done ? EXIT_DONE : began ? EXIT_FAILED : EXIT_REFUSED;
}

const Command surface_command = {
    .name = "surface",
    .usage = "--run DIR --weights A B [--low VALUE --high VALUE | --range A:LOW:HIGH]... [options]",
    .help = "a run's training loss over two of its weights",
    .takes = "r2[]=3Ot",
    .run = surface_command_run,
};
