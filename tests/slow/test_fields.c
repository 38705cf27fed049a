/* test_fields: no option is accepted and ignored. Every key of a config, every row of every family and every
 * parameter is changed in a small run in which it matters: some byte of the run directory changes, or the
 * change is refused. config.json, timing.csv and the config inside the model files do not count.
 *
 * A key that is added is tried by itself. Where its default does not matter in the small run, or no other
 * value can be made from its range, the test fails and names it: give it an entry in `company`. */
#include "config/describe.h"
#include "search/plan.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/every_field.h"
#include "small_run.h"

enum { MOST_SETS = 6, MOST_VALUES = 80, VALUE_BYTES = 256 };

/* What a key needs to matter. In `set`, @ stands for the spot's place; these come last. */
typedef struct Company {
    const char *key;
    const char *set[MOST_SETS];
    const char *value[4];     /* other values to try, beside those made from the field */
    const char *only_refusal; /* why every other value may be refused */
    const char *exempt;       /* why it cannot change a byte, or which test below looks at it */
} Company;

#define BIASES "model.bias_init={\"name\": \"gaussian\", \"std\": 1}"
#define PIXELS "data.file=pixels.csv"
#define IMAGE "@.height=4", "@.width=6", "@.channels=3"
#define IMAGED "data.image={\"height\": 4, \"width\": 6, \"channels\": 3}"
static const Company company[] = {
    {"about", .exempt = "a note for readers, in config.json alone: notes_are_kept"},
    {"name", .value = {"other"}},
    {"data.file", .value = {"other.csv"}},
    {"data.label", .value = {"count", "2"}},
    {"data.task", .set = {"data.task=regression", "train.loss=mse"}},
    {"data.validation", .value = {"other.csv"}},
    {"data.test", .value = {"other.csv"}},
    {"data.header", .set = {"data.file=bare.csv", "data.header=true"}},
    {"data.delimiter", .set = {"data.file=semicolons.csv", "data.delimiter=;"}, .value = {","},
     .only_refusal = "a file has one right delimiter"},
    {"data.ignore", .value = {"x2"}},
    {"data.categorical", .value = {"count"}},
    {"data.categories", .set = {"data.categorical=count"},
     .value = {"[\"count=2\", \"count=1\", \"count=0\"]", "[\"count=0\", \"count=1\", \"count=2\", \"count=3\"]",
               "[\"count=1\"]"}},
    {"data.missing", .set = {"data.file=gaps.csv", "data.missing=drop_row"}},
    {"data.weight", .value = {"w"}},
    {"data.image", .value = {"{\"height\": 3, \"width\": 1}"},
     .only_refusal = "the right one alone says what is there"},
    {"data.image.height", .value = {"5"}, .only_refusal = "an image has as many values as a row"},
    {"data.image.width", .value = {"5"}, .only_refusal = "an image has as many values as a row"},
    {"data.image.channels", .value = {"5"}, .only_refusal = "an image has as many values as a row"},
    {"preprocess:per_row_norm.norm", .set = {"@.norm=l1"}},
    {"preprocess:whiten.components", .set = {"@.components=3"}},
    {"preprocess:onehot.columns", .set = {"data.file=codes.csv", "@.columns=[0]"}, .value = {"[1]", "[0, -1]", "[]"}},
    {"preprocess:log1p.symmetric", .set = {"data.file=codes.csv"}},
    {"preprocess:per_channel.std", .set = {"data.image={\"height\": 1, \"width\": 2, \"channels\": 2}"}},
    {"data.image.layout", .set = {PIXELS, "augment=[\"translate\"]", IMAGE}},
    {"data.image.max", .set = {PIXELS, "augment=[\"noise\"]", IMAGE}, .value = {"300"}},
    {"model.from", .value = {"start.safetensors"}},
    {"train.warmup", .value = {"{\"epochs\": 1}"}},
    {"train.class_weight", .set = {"train.class_weight=[1, 2, 3]"}},
    {"train.early_stop", .value = {"{\"patience\": 1, \"min_delta\": 10}"}},
    {"train.early_stop.patience", .set = {"@.patience=1", "@.min_delta=10"}},
    {"train.early_stop.min_delta", .set = {"@.patience=1"}, .value = {"10"}},
    {"train.diverge_factor", .set = {"model.hidden=[]", "train.lr=100", "train.diverge_factor=1"}, .value = {"1e30"}},
    {"log.checkpoint_every", .exempt = "acts while a run goes on: checkpoints_are_saved_on_the_way"},
    {"log.path", .value = {"[\"layers.1.weight[0,0]\"]", "[\"layers.3.bias[2]\", \"layers.1.bias[0]\"]", "[\"x\"]"}},
    {"augment", .set = {PIXELS, IMAGED}},
    {"augment:flip.p", .set = {PIXELS, IMAGED}},
    {"augment:flip.direction", .set = {PIXELS, IMAGED}},
    {"augment:crop.p", .set = {PIXELS, IMAGED}},
    {"augment:crop.pad", .set = {PIXELS, IMAGED}},
    {"augment:crop.padding", .set = {PIXELS, IMAGED}},
    {"augment:crop.height", .set = {PIXELS, IMAGED}},
    {"augment:crop.width", .set = {PIXELS, IMAGED}},
    {"augment:crop.evaluate", .set = {PIXELS, IMAGED, "@.height=3"}},
    {"augment:resized_crop.p", .set = {PIXELS, IMAGED}},
    {"augment:resized_crop.height", .set = {PIXELS, IMAGED}},
    {"augment:resized_crop.width", .set = {PIXELS, IMAGED}},
    {"augment:resized_crop.min_scale", .set = {PIXELS, IMAGED}},
    {"augment:resized_crop.max_scale", .set = {PIXELS, IMAGED}},
    {"augment:resized_crop.min_ratio", .set = {PIXELS, IMAGED}},
    {"augment:resized_crop.max_ratio", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter.p", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter.hue", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter.saturation", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter.value", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter_torchvision.p", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter_torchvision.brightness", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter_torchvision.contrast", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter_torchvision.saturation", .set = {PIXELS, IMAGED}},
    {"augment:color_jitter_torchvision.hue", .set = {PIXELS, IMAGED}},
    {"augment:pca_color.p", .set = {PIXELS, IMAGED}},
    {"augment:pca_color.std", .set = {PIXELS, IMAGED}},
    {"augment:brightness_contrast.p", .set = {PIXELS, IMAGED}},
    {"augment:brightness_contrast.brightness", .set = {PIXELS, IMAGED}},
    {"augment:brightness_contrast.contrast", .set = {PIXELS, IMAGED}},
    {"augment:gray.p", .set = {PIXELS, IMAGED}},
    {"augment:rotate.p", .set = {PIXELS, IMAGED}},
    {"augment:rotate.degrees", .set = {PIXELS, IMAGED}},
    {"augment:rotate.fill", .set = {PIXELS, IMAGED}},
    {"augment:translate.p", .set = {PIXELS, IMAGED}},
    {"augment:translate.vertical", .set = {PIXELS, IMAGED}},
    {"augment:translate.horizontal", .set = {PIXELS, IMAGED}},
    {"augment:translate.fill", .set = {PIXELS, IMAGED}},
    {"augment:noise.p", .set = {PIXELS, IMAGED}},
    {"augment:noise.std", .set = {PIXELS, IMAGED}},
    {"augment:cutout.p", .set = {PIXELS, IMAGED}},
    {"augment:cutout.size", .set = {PIXELS, IMAGED}},
    {"augment:cutout.fill", .set = {PIXELS, IMAGED}},
    {"augment:mixup.p", .set = {PIXELS, IMAGED}},
    {"augment:mixup.alpha", .set = {PIXELS, IMAGED}},
    {"init:sparse.std", .set = {"@.sparsity=0.5"}},
    {"init:lsuv.tolerance", .set = {BIASES, "@.iterations=50"}},
    {"init:lsuv.iterations", .set = {BIASES, "@.iterations=1", "@.tolerance=1e-5"}},
    {"optimizer:sgd.dampening", .set = {"@.momentum=0.9"}},
    {"optimizer:sgd.nesterov", .set = {"@.momentum=0.9"}},
    {"optimizer:adam.amsgrad", .set = {"@.beta2=0.5"}},
    {"optimizer:adamw.amsgrad", .set = {"@.beta2=0.5"}},
    {"optimizer:rprop.step_max", .set = {"@.step_max=0.015"}},
    {"schedule:cyclic.mode", .set = {"@.mode=triangular2"}},
    {"schedule:cyclic.gamma", .set = {"@.mode=exp_range"}},
    {"schedule:plateau.threshold", .set = {"@.threshold=0"}},
};
enum { COMPANIES = sizeof company / sizeof company[0] };

static const Company *company_of(const char *key) {
    for (int i = 0; i < COMPANIES; i++)
        if (strcmp(company[i].key, key) == 0) return &company[i];
    return NULL;
}

/* ---- other values of a field ------------------------------------------------------------------------- */

/* Of `each`, every value must be refused or change a byte; of `some`, one. */
typedef struct Values {
    int each, some;
    char each_value[MOST_VALUES][VALUE_BYTES], some_value[MOST_VALUES][VALUE_BYTES];
} Values;

static void add_each(Values *values, const char *value) {
    assert_true(values->each < MOST_VALUES);
    snprintf(values->each_value[values->each++], VALUE_BYTES, "%s", value);
}

static const Json *json_below(const Json *json, const char *path) {
    char copy[SPOT_BYTES], *rest = copy;
    snprintf(copy, sizeof copy, "%s", path);
    for (char *part; json && (part = strsep(&rest, "."));)
        json = json_type(json) == JSON_ARRAY ? json_at(json, atoi(part)) : json_get(json, part);
    return json;
}

static double number_of(const Json *json) {
    if (json && json_type(json) == JSON_ARRAY) json = json_first(json);
    return json && json_type(json) == JSON_NUMBER ? json_number(json) : 0;
}

/* A number as the field takes it: in a list, in the place of its first item. */
static void add_number(Values *values, const Field *field, const Json *base, double number) {
    char *out = values->some_value[values->some++], *rest;
    if (!field->most) {
        snprintf(out, VALUE_BYTES, "%.17g", number);
        return;
    }
    Json *list = base && json_type(base) == JSON_ARRAY ? json_copy(base) : json_new_array();
    if (json_count(list)) json_replace(list, 0, json_new_number(number));
    else json_append(list, json_new_number(number));
    rest = json_print(list, false);
    snprintf(out, VALUE_BYTES, "%s", rest);
    free(rest);
    json_free(list);
}

/* Numbers near the base value first: the middle of a wide range may be slow to run. */
static void add_numbers(Values *values, const Field *field, const Json *base) {
    double low, high, at = number_of(base);
    describe_limits(field, &low, &high);
    const double middle = isfinite(low) && isfinite(high) ? (low + high) / 2 : at;
    const double tries[] = {at * 1.5, at / 2, at + 1, at - 1, at + 10, at + 0.3, at - 0.3, 0.1, middle};
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        double number = field->kind == FIELD_KIND_INT ? round(tries[i]) : tries[i];
        if (number != at && describe_in_range(field, number)) add_number(values, field, base, number);
    }
}

static void add_rows(Values *values, const Field *field, const Json *base) {
    const Json *name = base && json_type(base) == JSON_OBJECT ? json_get(base, "name") : base;
    bool named = name && json_type(name) == JSON_TEXT;
    for (int i = 0; i < field->family->count; i++) {
        char value[SPOT_BYTES];
        const char *row = family_row(field->family, i)->name;
        if (named && strcmp(row, json_text(name)) == 0) continue;
        row_value(field, row, value);
        add_each(values, value);
    }
}

static void add_names(Values *values, const Field *field, const Json *base) {
    const char *now = json_type(base) == JSON_TEXT ? json_text(base) : json_bool(base) ? "true" : "false";
    for (int i = 0; field->names[i]; i++)
        if (strcmp(now, field->names[i]) != 0) add_each(values, field->names[i]);
}

static void add_word(Values *values, const Field *field, const Json *base) {
    char word[VALUE_BYTES];
    bool at_word = base && json_type(base) == JSON_TEXT;
    snprintf(word, sizeof word, "\"%s\"", field->word);
    if (!at_word) add_each(values, word);
}

static void other_values(const Field *field, const Company *with, const Json *base, Values *values) {
    *values = (Values){0};
    for (int i = 0; with && i < 4 && with->value[i]; i++) add_each(values, with->value[i]);
    if (field->word) add_word(values, field, base);
    if (field->kind == FIELD_KIND_NAME) add_names(values, field, base);
    if (field->kind == FIELD_KIND_CHOICE) add_rows(values, field, base);
    if (field->kind == FIELD_KIND_BOOL) add_each(values, json_bool(base) ? "false" : "true");
    if (field->kind == FIELD_KIND_INT || field->kind == FIELD_KIND_REAL || field->kind == FIELD_KIND_NUMBER_OR_TEXT)
        add_numbers(values, field, base);
}

/* ---- one field --------------------------------------------------------------------------------------- */

/* How the walk went: what was tried, and what is wrong. */
typedef struct Tally {
    int spots, runs, wrong;
} Tally;

static void wrong(Tally *tally, const Spot *spot, const char *what, const char *value) {
    print_message("# %s (at %s): %s%s\n", spot->key, spot->path, what, value);
    tally->wrong++;
}

static Trial base_trial(const Spot *spot, const Company *with) {
    static const Company none;
    const char *const *set = (with ? with : &none)->set;
    Trial trial = {0};
    int i = 0;
    for (; set[i] && set[i][0] != '@'; i++) add_set(&trial, set[i]);
    if (*spot->row) add_set(&trial, spot->row);
    for (; set[i]; i++) {
        char below[2 * SPOT_BYTES];
        snprintf(below, sizeof below, "%s%s", spot->place, set[i] + 1);
        add_set(&trial, below);
    }
    return trial;
}

typedef enum Effect { NO_EFFECT, CHANGES, IS_REFUSED } Effect;

static Effect effect_of(const Spot *spot, const Trial *base, const Seen *before, const char *value, Tally *tally) {
    Trial trial = *base;
    char set[2 * SPOT_BYTES];
    snprintf(set, sizeof set, "%s=%s", spot->path, value);
    add_set(&trial, set);
    Seen after = observe(&trial);
    tally->runs++;
    json_free(after.config);
    return !after.ran ? IS_REFUSED : after.bytes != before->bytes ? CHANGES : NO_EFFECT;
}

static void try_values(const Spot *spot, const Company *with, const Trial *base, const Seen *before, Tally *tally) {
    static Values values;
    bool changed = false, refused = false;
    other_values(spot->field, with, json_below(before->config, spot->path), &values);
    if (spot->field->kind == FIELD_KIND_NAME && values.each == 0) return; /* one name: nothing to choose */
    for (int i = 0; i < values.each; i++) {
        Effect effect = effect_of(spot, base, before, values.each_value[i], tally);
        changed = changed || effect == CHANGES;
        refused = refused || effect == IS_REFUSED;
        if (effect == NO_EFFECT) wrong(tally, spot, "accepted and ignored: ", values.each_value[i]);
    }
    for (int i = 0; i < values.some && !changed; i++)
        changed = effect_of(spot, base, before, values.some_value[i], tally) == CHANGES;
    if (!changed && !(with && with->only_refusal && refused))
        wrong(tally, spot, "no other value changed a byte; give it a base in which it matters in `company`", "");
}

static void check_spot(const Spot *spot, void *context) {
    Tally *tally = context;
    const Company *with = company_of(spot->key);
    tally->spots++;
    if (with && with->exempt) return;
    Trial base = base_trial(spot, with);
    Seen before = observe(&base);
    tally->runs++;
    bool never_there = strstr(before.why, "is for matrices"); /* some inits cannot fill a bias, and say so */
    if (before.ran) try_values(spot, with, &base, &before, tally);
    else if (!never_there) wrong(tally, spot, "its base is refused: ", before.why);
    json_free(before.config);
}

/* ---- the tests --------------------------------------------------------------------------------------- */

static void no_option_is_ignored(void **state) {
    (void)state;
    Tally tally = {0};
    each_spot(check_spot, &tally);
    print_message("# %d keys, rows' parameters included; %d runs\n", tally.spots, tally.runs);
    assert_true(tally.spots > 200);
    assert_int_equal(tally.wrong, 0);
}

/* What `observe` sees must not change by itself. */
static void the_same_run_has_the_same_bytes(void **state) {
    (void)state;
    Trial none = {0};
    Seen first = observe(&none), second = observe(&none);
    assert_true(first.ran && second.ran);
    assert_true(first.bytes == second.bytes);
    json_free(first.config), json_free(second.config);
}

static void mark(const Spot *spot, void *context) {
    bool *used = context;
    const Company *with = company_of(spot->key);
    if (with) used[with - company] = true;
}

static void company_names_fields_that_there_are(void **state) {
    (void)state;
    bool used[COMPANIES] = {false};
    each_spot(mark, used);
    for (int i = 0; i < COMPANIES; i++)
        if (!used[i]) fail_msg("%s: no such field", company[i].key);
}

static void notes_are_kept(void **state) {
    (void)state;
    Trial none = {0}, noted = {1, {"about=of mice and nets"}};
    Seen without = observe(&none), with = observe(&noted);
    assert_string_equal(json_text(json_get(with.config, "about")), "of mice and nets");
    assert_true(without.bytes == with.bytes);
    json_free(without.config), json_free(with.config);
}

/* How many checkpoints, the last and the one before, are there in the midst of a run, which is trained in a
 * child, looked at once its log has some rows, and killed. */
static int checkpoints_within(const char *checkpoint_every) {
    static Settings settings;
    static Error err;
    Trial trial = {0};
    Dataset data;
    err = (Error){0};
    add_set(&trial, "train.epochs=4000000");
    add_set(&trial, checkpoint_every);
    assert_true(prepare(&trial, &settings, &data, &err));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(run_here(&settings, &data, &err));
    size_t size = 0;
    for (int i = 0; i < 10000 && size < 1500; i++) { /* a row has some 100 bytes */
        char *text;
        usleep(1000);
        if (file_exists("run/epochs.csv") && file_read("run/epochs.csv", &text, &size, &err)) free(text);
    }
    bool one = file_exists("run/checkpoint.safetensors"), two = file_exists("run/checkpoint.prev.safetensors");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(system("rm -r run"), 0);
    dataset_free(&data);
    assert_true(size >= 1500);
    return two ? 2 : one;
}

static void checkpoints_are_saved_on_the_way(void **state) {
    (void)state;
    assert_int_equal(checkpoints_within("log.checkpoint_every=0"), 0);
    assert_int_equal(checkpoints_within("log.checkpoint_every=3000000"), 1); /* epoch 0's */
    assert_int_equal(checkpoints_within("log.checkpoint_every=2"), 2);
}

/* ---- the sweep's section ------------------------------------------------------------------------------ */

/* Sections that differ in one key: their plans differ, or the second is refused. */
typedef struct SweepChange {
    const char *key, *one, *other;
} SweepChange;

#define AXES "\"axes\": {\"train.lr\": [0.1, 0.2, 0.3]}"
#define RANDOM AXES ", \"mode\": \"random\""
static const SweepChange sweep_change[] = {
    {"axes", AXES, "\"axes\": {\"train.lr\": [0.1, 0.2, 0.4]}"},
    {"axes", AXES, "\"axes\": {\"train.batch\": [1, 2, 3]}"},
    {"axes", AXES, "\"axes\": {}"},
    {"mode", AXES, RANDOM},
    {"mode", RANDOM ", \"runs\": 2", AXES ", \"runs\": 2"},
    {"runs", RANDOM ", \"runs\": 2", RANDOM ", \"runs\": 3"},
    {"runs", RANDOM ", \"runs\": 2", RANDOM ", \"runs\": 4"},
    {"runs", RANDOM ", \"runs\": 2", RANDOM ", \"runs\": null"},
    {"runs", AXES, AXES ", \"runs\": 3"},
    {"repeat", AXES, AXES ", \"repeat\": 2"},
    {"repeat", RANDOM ", \"runs\": 2", RANDOM ", \"runs\": 2, \"repeat\": 2"},
};

/* The cells' configs, hashed; false where the plan is refused. Halving is no part of them: its own tests look at it. */
static bool plan_bytes(const char *section, uint64_t *bytes) {
    static SweepPlan plan;
    static Error err;
    char text[1024];
    snprintf(text, sizeof text, "{\"data\": {\"file\": \"data.csv\"}, \"sweep\": {%s}}", section);
    write_text("sweep.json", text);
    err = (Error){0};
    if (!plan_load(&(PlanRequest){.config = "sweep.json"}, &plan, &err)) return false;
    *bytes = 0xcbf29ce484222325u;
    for (int64_t cell = 0; cell < plan.cells; cell++) {
        Json *document = plan_document(&plan, cell, &err);
        char *printed = json_print(document, false);
        *bytes = hash(*bytes, printed, strlen(printed) + 1);
        free(printed);
        json_free(document);
    }
    plan_free(&plan);
    return true;
}

static void no_key_of_a_sweep_is_ignored(void **state) {
    (void)state;
    enum { CHANGES_TRIED = sizeof sweep_change / sizeof sweep_change[0] };
    for (const Field *field = sweep_fields; field->name; field++) {
        int tried = 0;
        for (int i = 0; i < CHANGES_TRIED; i++) {
            uint64_t one, other;
            if (strcmp(sweep_change[i].key, field->name) != 0) continue;
            tried++;
            assert_true(plan_bytes(sweep_change[i].one, &one));
            if (plan_bytes(sweep_change[i].other, &other) && one == other)
                fail_msg("sweep.%s: ignored in {%s}", field->name, sweep_change[i].other);
        }
        if (tried == 0 && strcmp(field->name, "halving") != 0)
            fail_msg("sweep.%s: give it an entry in `sweep_change`", field->name);
    }
}

static int prepare_files(void **state) {
    (void)state;
    enter_directory();
    small_run_files();
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_run_has_the_same_bytes),
        cmocka_unit_test(company_names_fields_that_there_are),
        cmocka_unit_test(no_option_is_ignored),
        cmocka_unit_test(notes_are_kept),
        cmocka_unit_test(no_key_of_a_sweep_is_ignored),
        cmocka_unit_test(checkpoints_are_saved_on_the_way),
    };
    return cmocka_run_group_tests_name("fields", tests, prepare_files, remove_files);
}
