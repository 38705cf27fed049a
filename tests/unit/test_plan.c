/* test_plan: which cells a sweep has, in which order, and what each cell's config is. */
#include "search/plan.h"

#include "base/text.h"
#include "experiment/catalog.h"

#include "data_files.h"

enum { MOST_ARGUMENTS = 8, TEXT = 8192 };

/* A request in words: "--axis k=v --set k=v" as two lists. */
typedef struct Asked {
    const char *axis[MOST_ARGUMENTS], *set[MOST_ARGUMENTS];
    int64_t repeat;
    bool yes;
} Asked;

static PlanRequest request_of(const Asked *asked) {
    PlanRequest request = {
        .config = "a.json", .axis = asked->axis, .set = asked->set, .repeat = asked->repeat, .yes = asked->yes};
    while (request.axes < MOST_ARGUMENTS && asked->axis[request.axes]) request.axes++;
    while (request.sets < MOST_ARGUMENTS && asked->set[request.sets]) request.sets++;
    return request;
}

/* config: the members of an object, without braces. */
static bool load(const char *config, const Asked *asked, SweepPlan *plan, Error *err) {
    char text[TEXT];
    PlanRequest request = request_of(asked);
    snprintf(text, sizeof text, "{%s}", config);
    write_text("a.json", text);
    return plan_load(&request, plan, err);
}

static void load_well(const char *config, const Asked *asked, SweepPlan *plan) {
    static Error err;
    err = (Error){0};
    if (!load(config, asked, plan, &err)) fail_msg("%s", err.text);
}

static void assert_refused(const char *config, Asked asked, const char *expected) {
    static Error err;
    static SweepPlan plan;
    err = (Error){0};
    assert_false(load(config, &asked, &plan, &err));
    assert_messages(&err, expected);
}

static char *describe_all(const SweepPlan *plan) {
    static char all[TEXT];
    all[0] = '\0';
    for (int64_t cell = 0; cell < plan->cells; cell++) {
        char one[512];
        plan_describe(plan, cell, one, sizeof one);
        text_append(all, sizeof all, "%s%s", cell ? "; " : "", one);
    }
    return all;
}

static void assert_cells(const char *config, Asked asked, const char *expected) {
    static SweepPlan plan;
    load_well(config, &asked, &plan);
    assert_string_equal(describe_all(&plan), expected);
    plan_free(&plan);
}

/* The value at a dotted key of a cell's config, as compact JSON, must be so. */
static void assert_at(const SweepPlan *plan, int64_t cell, const char *key, const char *expected) {
    static Error err;
    char parts[256], *rest = parts;
    Json *document = plan_document(plan, cell, &err);
    const Json *at = document;
    assert_non_null(document);
    snprintf(parts, sizeof parts, "%s", key);
    for (char *part; at && (part = strsep(&rest, "."));)
        at = json_type(at) == JSON_ARRAY ? json_at(at, atoi(part)) : json_get(at, part);
    char *text = at ? json_print(at, false) : strdup("nothing");
    assert_string_equal(text, expected);
    free(text);
    json_free(document);
}

/* ---- grids ------------------------------------------------------------------------------------------------ */

static void the_first_axis_is_slowest(void **state) {
    (void)state;
    assert_cells(
        "\"sweep\": {\"axes\": {\"train.lr\": [0.1, 0.2], \"model.init\": [\"he\", {\"name\": \"gaussian\"}]}}",
        (Asked){0},
        "train.lr=0.1 model.init=he; train.lr=0.1 model.init={\"name\": \"gaussian\"}; "
        "train.lr=0.2 model.init=he; train.lr=0.2 model.init={\"name\": \"gaussian\"}");
}

static void the_command_line_replaces_and_adds(void **state) {
    (void)state;
    const char *config = "\"sweep\": {\"axes\": {\"train.lr\": [0.1, 0.2], \"train.batch\": [4, 8]}}";
    assert_cells(config, (Asked){.axis = {"train.lr=1", "seed=5,6"}},
                 "train.lr=1 train.batch=4 seed=5; train.lr=1 train.batch=4 seed=6; "
                 "train.lr=1 train.batch=8 seed=5; train.lr=1 train.batch=8 seed=6");
    assert_cells("\"seed\": 3", (Asked){.axis = {"train.lr=log:0.1:10:3"}}, "train.lr=0.1; train.lr=1; train.lr=10");
}

static void seeds_are_the_last_axis(void **state) {
    (void)state;
    static SweepPlan plan;
    const char *config = "\"seed\": 7, \"sweep\": {\"repeat\": 2, \"axes\": {\"train.lr\": [1, 2]}}";
    assert_cells(config, (Asked){0}, "train.lr=1 seed=7; train.lr=1 seed=8; train.lr=2 seed=7; train.lr=2 seed=8");
    assert_cells(config, (Asked){.repeat = 1}, "train.lr=1; train.lr=2");
    assert_cells(config, (Asked){.set = {"seed=20"}},
                 "train.lr=1 seed=20; train.lr=1 seed=21; train.lr=2 seed=20; train.lr=2 seed=21");
    assert_cells("", (Asked){.repeat = 3}, "seed=1; seed=2; seed=3"); /* seeds alone */
    load_well(config, &(Asked){0}, &plan);
    for (int64_t cell = 0; cell < 4; cell++) assert_int_equal(plan_group(&plan, cell), cell / 2 * 2);
    plan_free(&plan);
}

/* Who differ in their seed alone are one group, wherever the seed stands. */
static void a_seed_axis_may_stand_anywhere(void **state) {
    (void)state;
    static SweepPlan plan;
    load_well("", &(Asked){.axis = {"train.lr=1,2", "seed=1,2,3", "train.batch=4,8"}}, &plan);
    assert_int_equal(plan.cells, 12);
    for (int64_t cell = 0; cell < 12; cell++) assert_int_equal(plan_group(&plan, cell), cell / 6 * 6 + cell % 2);
    plan_free(&plan);
    load_well("", &(Asked){.axis = {"seed=1,2,3", "train.lr=1,2"}}, &plan);
    for (int64_t cell = 0; cell < 6; cell++) assert_int_equal(plan_group(&plan, cell), cell % 2);
    plan_free(&plan);
    load_well("", &(Asked){.axis = {"train.lr=1,2"}}, &plan);
    for (int64_t cell = 0; cell < 2; cell++) assert_int_equal(plan_group(&plan, cell), cell);
    plan_free(&plan);
}

static void any_key_is_an_axis(void **state) {
    (void)state;
    static SweepPlan plan;
    load_well("\"model\": {\"hidden\": [3, 4], \"init\": \"he\"}, \"train\": {\"optimizer\": \"sgd\"}",
              &(Asked){.axis = {"preprocess=[],[\"standardize\"]", "model.hidden.1=7", "model.init.fan=out",
                                "train.optimizer.momentum=0,0.5", "train.schedule={\"name\":\"step\",\"size\":2}"}},
              &plan);
    assert_int_equal(plan.cells, 4);
    assert_at(&plan, 0, "preprocess", "[]");
    assert_at(&plan, 3, "preprocess", "[\"standardize\"]");
    assert_at(&plan, 0, "model.hidden", "[3, 7]");
    assert_at(&plan, 0, "model.init", "{\"name\": \"he\", \"fan\": \"out\"}");
    assert_at(&plan, 1, "train.optimizer", "{\"name\": \"sgd\", \"momentum\": 0.5}");
    assert_at(&plan, 1, "train.schedule.size", "2");
    assert_at(&plan, 1, "sweep", "nothing");
    plan_free(&plan);
}

/* What lies within another axis' value is set after it, in whichever order they are given. */
static void an_axis_may_lie_within_another(void **state) {
    (void)state;
    static SweepPlan plan;
    load_well("", &(Asked){.axis = {"train.optimizer.momentum=0,0.5", "train.lr=1", "train.optimizer=sgd,rmsprop"}},
              &plan);
    assert_at(&plan, 2, "train.optimizer", "{\"name\": \"sgd\", \"momentum\": 0.5}");
    assert_at(&plan, 3, "train.optimizer", "{\"name\": \"rmsprop\", \"momentum\": 0.5}");
    plan_free(&plan);
}

static void ranges_of_whole_keys_are_whole(void **state) {
    (void)state;
    assert_cells("", (Asked){.axis = {"train.batch=log:1:100:5"}},
                 "train.batch=1; train.batch=3; train.batch=10; train.batch=32; train.batch=100");
    assert_cells("\"model\": {\"hidden\": [1]}", (Asked){.axis = {"model.hidden.0=linear:1:4:3"}},
                 "model.hidden.0=1; model.hidden.0=3; model.hidden.0=4");
    assert_cells("", (Asked){.axis = {"train.lr=linear:1:4:3"}}, "train.lr=1; train.lr=2.5; train.lr=4");
}

/* Rows that share a parameter's name share whether it is whole: a key says it without its row. */
static void parameters_of_one_name_are_of_one_kind(void **state) {
    (void)state;
    for (int f = 0; f < catalog_count; f++) {
        const Family *family = catalog[f];
        for (int i = 0; i < family->count; i++)
            for (const Field *field = family_row(family, i)->fields; field && field->name; field++)
                for (int j = 0; j < i; j++)
                    for (const Field *other = family_row(family, j)->fields; other && other->name; other++)
                        if (strcmp(field->name, other->name) == 0 &&
                            (field->kind == FIELD_KIND_INT) != (other->kind == FIELD_KIND_INT))
                            fail_msg("%s: %s", family->name, field->name);
    }
}

static void paths_are_seen_from_where_they_are_written(void **state) {
    (void)state;
    static SweepPlan plan;
    char here[512], expected[600];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(system("mkdir -p sub"), 0);
    write_text("sub/a.json",
               "{\"data\": {\"file\": \"base.csv\"},"
               " \"sweep\": {\"axes\": {\"data.test\": [\"t.csv\"], \"data\": [{\"file\": \"x.csv\"}]}}}");
    Error err = {0};
    const char *axis[] = {"data.file=y.csv"};
    assert_true(plan_load(&(PlanRequest){.config = "sub/a.json", .axis = axis, .axes = 1}, &plan, &err));
    snprintf(expected, sizeof expected, "\"%s/sub/t.csv\"", here);
    assert_at(&plan, 0, "data.test", expected);
    snprintf(expected, sizeof expected, "\"%s/y.csv\"", here);
    assert_at(&plan, 0, "data.file", expected);
    plan_free(&plan);
    assert_true(plan_load(&(PlanRequest){.config = "sub/a.json"}, &plan, &err));
    snprintf(expected, sizeof expected, "\"%s/sub/x.csv\"", here);
    assert_at(&plan, 0, "data.file", expected);
    plan_free(&plan);
}

static void cells_write_no_histograms_unless_asked(void **state) {
    (void)state;
    static SweepPlan plan;
    load_well("", &(Asked){.repeat = 2}, &plan);
    assert_at(&plan, 0, "log.histograms", "false");
    plan_free(&plan);
    load_well("\"log\": {\"histograms\": true}", &(Asked){.repeat = 2}, &plan);
    assert_at(&plan, 0, "log.histograms", "true");
    plan_free(&plan);
}

/* ---- random mode ------------------------------------------------------------------------------------------ */

static void more_runs_keep_the_first_draws(void **state) {
    (void)state;
    static SweepPlan few, many, other;
    const char *config =
        "\"sweep\": {\"mode\": \"random\", \"runs\": 20, \"axes\": {\"train.lr\": {\"log\": [1e-4, 1]},"
        " \"train.batch\": {\"log\": [4, 64]}, \"model.init\": [\"he\", \"xavier\"]}}";
    load_well(config, &(Asked){0}, &few);
    load_well(config, &(Asked){.set = {"sweep.runs=50"}}, &many);
    load_well(config, &(Asked){.set = {"seed=2"}}, &other);
    assert_int_equal(few.cells, 20);
    assert_int_equal(many.cells, 50);
    assert_memory_equal(few.draw, many.draw, 20 * 3 * sizeof(double));
    assert_memory_not_equal(few.draw, other.draw, 20 * 3 * sizeof(double));
    for (int i = 0; i < 20; i++) {
        double lr = few.draw[3 * i], batch = few.draw[3 * i + 1];
        assert_true(lr >= 1e-4 && lr <= 1 && batch >= 4 && batch <= 64 && batch == (int)batch);
        for (int64_t cell = 0; cell < 20; cell++) assert_int_equal(plan_group(&few, cell), cell);
    }
    plan_free(&few), plan_free(&many), plan_free(&other);
}

static void random_runs_have_seeds_too(void **state) {
    (void)state;
    static SweepPlan plan;
    load_well("\"sweep\": {\"mode\": \"random\", \"runs\": 4, \"repeat\": 3, \"axes\": {\"train.lr\": {\"log\": "
              "[1e-4, 1]}}}",
              &(Asked){0}, &plan);
    assert_int_equal(plan.cells, 12);
    for (int64_t cell = 0; cell < 12; cell++) {
        char seed[8];
        assert_int_equal(plan_group(&plan, cell), cell / 3 * 3);
        snprintf(seed, sizeof seed, "%d", 1 + (int)cell % 3);
        assert_at(&plan, cell, "seed", seed);
        Json *here = plan_value(&plan, cell, 0), *first = plan_value(&plan, cell / 3 * 3, 0);
        assert_true(json_equal(here, first));
        json_free(here), json_free(first);
    }
    plan_free(&plan);
}

/* All combinations, when so many are asked for; none twice. */
static void draws_run_out_with_the_combinations(void **state) {
    (void)state;
    static SweepPlan plan;
    const char *config = "\"sweep\": {\"mode\": \"random\", \"runs\": 5000, \"axes\": {"
                         "\"train.epochs\": {\"linear\": [1, 1000]}, \"train.batch\": [1, 2, 3, 4, 5]}}";
    load_well(config, &(Asked){0}, &plan);
    static bool seen[5000];
    for (int i = 0; i < 5000; i++) {
        int place = ((int)plan.draw[2 * i] - 1) * 5 + (int)plan.draw[2 * i + 1];
        assert_true(place >= 0 && place < 5000 && !seen[place]);
        seen[place] = true;
    }
    plan_free(&plan);
    assert_refused(config, (Asked){.set = {"sweep.runs=5001"}},
                   "a.json: sweep.runs: 5001 draws of 5000 combinations; use fewer, or a grid");
}

/* ---- refusals --------------------------------------------------------------------------------------------- */

static void keys_that_name_nothing_are_told_once(void **state) {
    (void)state;
    assert_refused("", (Asked){.axis = {"train.lrr=1,2,3"}},
                   "a.json: sweep.axes.train.lrr: unknown key; did you mean 'lr'?");
    assert_refused("\"sweep\": {\"axes\": {\"trian.lr\": [1], \"model.init.stdd\": [1], \"seed\": []}}", (Asked){0},
                   "a.json: sweep.axes.trian: unknown key; did you mean 'train'?\n"
                   "a.json: sweep.axes.model.init.stdd: no init has 'stdd'; did you mean 'std'?\n"
                   "a.json: sweep.axes.seed: has no values; give some, as in [0.01, 0.1], or leave the axis out");
    assert_refused("", (Asked){.axis = {"train.lr.x=1"}},
                   "a.json: sweep.axes.train.lr: expected a number or null, got an object");
    assert_refused("", (Asked){.axis = {"train.lr.0=1"}},
                   "a.json: sweep.axes.train.lr: expected a number or null, got a list");
    assert_refused("", (Asked){.axis = {"model.hidden.x=1"}},
                   "a.json: sweep.axes.model.hidden: expected a list, each a whole number, got an object");
    assert_refused("", (Asked){.axis = {"model.norm.zz=1"}},
                   "a.json: sweep.axes.model.norm.zz: no norm has 'zz'; their parameters: eps, momentum");
}

static void axes_that_change_no_number_are_refused(void **state) {
    (void)state;
    const char *keys[] = {"name", "about", "log.every", "log"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char axis[64], expected[256];
        snprintf(axis, sizeof axis, "%s=1,2", keys[i]);
        snprintf(
            expected, sizeof expected,
            "a.json: sweep.axes.%s: changes no number of a run, so that its cells would be one experiment; leave "
            "it out",
            keys[i]);
        assert_refused("", (Asked){.axis = {axis}}, expected);
    }
}

static void wrong_sections_are_refused(void **state) {
    (void)state;
    assert_refused("\"sweep\": 3", (Asked){0},
                   "a.json: sweep: expected an object, got a number; write {\"axes\": {…}}");
    assert_refused("", (Asked){0},
                   "a.json: sweep.axes: there is none; give one, as in --axis train.lr=log:1e-4:1:13");
    assert_refused("\"sweep\": {\"axis\": {}}", (Asked){0}, "a.json: sweep.axis: unknown key; did you mean 'axes'?");
    assert_refused("\"sweep\": {\"axes\": [1]}", (Asked){0}, "a.json: sweep.axes: expected an object, got a list");
    assert_refused("\"sweep\": {\"mode\": \"random\", \"axes\": {\"seed\": [1]}}", (Asked){0},
                   "a.json: sweep.runs: mode \"random\" needs the number of draws");
    assert_refused("\"sweep\": {\"runs\": 3, \"axes\": {\"seed\": [1]}}", (Asked){0},
                   "a.json: sweep.runs: a grid runs all its cells; leave it out, or set sweep.mode to random");
    assert_refused("\"sweep\": {\"mode\": \"random\", \"runs\": 3, \"repeat\": 2}", (Asked){0},
                   "a.json: sweep.axes: there is none; give one, as in --axis train.lr=log:1e-4:1:13");
    assert_refused("\"sweep\": {\"repeat\": 0, \"axes\": {\"seed\": [1]}}", (Asked){0},
                   "a.json: sweep.repeat: 0 is out of range; use a whole number from 1 to 1e6");
    assert_refused("\"sweep\": {\"halving\": {\"factor\": 1}, \"axes\": {\"seed\": [1]}}", (Asked){0},
                   "a.json: sweep.halving.factor: 1 is out of range; use a whole number from 2 to 1000");
    assert_refused("", (Asked){.repeat = 2, .axis = {"seed=1,2"}},
                   "a.json: sweep.repeat: `seed` is an axis already; leave one of the two out");
}

static void wrong_arguments_are_refused(void **state) {
    (void)state;
    const char *const form = "write KEY=VALUES, as in train.lr=log:1e-4:1:13";
    char expected[512];
    snprintf(expected, sizeof expected, "a.json: --axis: 'x': %s\na.json: --axis: '=3': %s", form, form);
    assert_refused("", (Asked){.axis = {"x", "=3"}}, expected);
    assert_refused("", (Asked){.axis = {"seed=1", "seed=2"}}, "a.json: --axis: seed is given twice; give it once");
    assert_refused("", (Asked){.axis = {"seed=1,2"}, .set = {"seed=3"}},
                   "a.json: --set: seed is an axis of the sweep; give --axis seed=VALUES");
    assert_refused("", (Asked){.axis = {"train.optimizer=sgd,adam"}, .set = {"train.optimizer.momentum=0.9"}},
                   "a.json: --set: train.optimizer.momentum lies within train.optimizer, an axis of the sweep, whose "
                   "values replace it");
    assert_refused("", (Asked){.set = {"sweep.axes.train.lr=[1]"}},
                   "a.json: --set: sweep.axes.train.lr=[1]: an axis is given as --axis KEY=VALUES");
}

static void too_many_cells_are_counted(void **state) {
    (void)state;
    static SweepPlan plan;
    assert_refused("", (Asked){.axis = {"train.lr=linear:1:2:1000", "seed=linear:1:1000:1000"}},
                   "a.json: sweep: 1000000 cells; add --yes if so many are meant");
    load_well("", &(Asked){.yes = true, .axis = {"train.lr=linear:1:2:1000", "seed=linear:1:1000:1000"}}, &plan);
    assert_int_equal(plan.cells, 1000000);
    plan_free(&plan);
    load_well("", &(Asked){.axis = {"train.lr=linear:1:2:10000"}}, &plan);
    plan_free(&plan);
    assert_refused("", (Asked){.axis = {"train.lr=linear:1:2:10001"}},
                   "a.json: sweep: 10001 cells; add --yes if so many are meant");
    assert_refused("", (Asked){.yes = true, .axis = {"train.lr=linear:1:2:200000", "seed=linear:1:1000:1000"}},
                   "a.json: sweep: 200000000 cells; at most 100000000 can be planned");
    assert_refused(
        "\"sweep\": {\"mode\": \"random\", \"runs\": 20000, \"axes\": {\"train.lr\": {\"log\": [1e-4, 1]}}}",
        (Asked){0}, "a.json: sweep: 20000 cells; add --yes if so many are meant");
}

static int prepare(void **state) {
    (void)state;
    enter_directory();
    return 0;
}

static int clean(void **state) {
    (void)state;
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_axis_is_slowest),
        cmocka_unit_test(the_command_line_replaces_and_adds),
        cmocka_unit_test(seeds_are_the_last_axis),
        cmocka_unit_test(a_seed_axis_may_stand_anywhere),
        cmocka_unit_test(any_key_is_an_axis),
        cmocka_unit_test(an_axis_may_lie_within_another),
        cmocka_unit_test(ranges_of_whole_keys_are_whole),
        cmocka_unit_test(parameters_of_one_name_are_of_one_kind),
        cmocka_unit_test(paths_are_seen_from_where_they_are_written),
        cmocka_unit_test(cells_write_no_histograms_unless_asked),
        cmocka_unit_test(more_runs_keep_the_first_draws),
        cmocka_unit_test(random_runs_have_seeds_too),
        cmocka_unit_test(draws_run_out_with_the_combinations),
        cmocka_unit_test(keys_that_name_nothing_are_told_once),
        cmocka_unit_test(axes_that_change_no_number_are_refused),
        cmocka_unit_test(wrong_sections_are_refused),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(too_many_cells_are_counted),
    };
    return cmocka_run_group_tests_name("plan", tests, prepare, clean);
}
