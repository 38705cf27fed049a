/* test_settings: loading a config: defaults that depend on others, paths, --set, what is shown, and every
 * message of the checks that look at several keys or at keys and data. */
#include "base/file.h"
#include "experiment/settings.h"

#include <glob.h>
#include <sys/stat.h>

#include "data_files.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
enum { MOST_SETS = 4 };

static Settings settings;
static Error err;
static char root[PATH_BYTES]; /* of the repository: where the program was started */

/* Loads with --set assignments, given up to a NULL. */
static bool load(const char *path, const char *const *sets) {
    int count = 0;
    err = (Error){0};
    while (count < MOST_SETS && sets[count]) count++;
    return settings_load(path, sets, count, &settings, &err);
}

static void must_load(const char *path, const char *const *sets) {
    if (!load(path, sets)) fail_msg("%s", err.text);
}

#define LOAD(path, ...) must_load(path, (const char *const[MOST_SETS]){__VA_ARGS__})

/* ---- defaults that depend on others ----------------------------------------------------------------------
 */

static void lr_is_the_optimizers_own(void **state) {
    (void)state;
    for (int i = 0; i < optimizers.count; i++) {
        char set[64];
        snprintf(set, sizeof set, "train.optimizer=%s", family_row(&optimizers, i)->name);
        LOAD("base.json", set);
        assert_true(settings.train.lr == ((const Optimizer *)family_row(&optimizers, i))->lr);
        LOAD("base.json", set, "train.lr=0.125");
        assert_true(settings.train.lr == 0.125);
    }
}

static void name_is_the_files_stem(void **state) {
    (void)state;
    LOAD("base.json", NULL);
    assert_string_equal(settings.name, "base");
    LOAD("below/deep.er.json", NULL);
    assert_string_equal(settings.name, "deep.er");
    LOAD("base.json", "name=other");
    assert_string_equal(settings.name, "other");
}

static void output_init_is_the_last_init(void **state) {
    (void)state;
    LOAD("base.json", NULL);
    assert_string_equal(settings.model.output_init[0].variant->name, "he");
    LOAD("base.json", "model.init=[\"zeros\", {\"name\": \"gaussian\", \"std\": 0.5}]");
    assert_string_equal(settings.model.output_init[0].variant->name, "gaussian");
    assert_true(*(const double *)choice_params(&settings.model.output_init[0]) == 0); /* its mean */
    assert_memory_equal(&settings.model.output_init[0].params, &settings.model.init[1].params, CHOICE_BYTES);
    LOAD("base.json", "model.output_init=zeros");
    assert_string_equal(settings.model.output_init[0].variant->name, "zeros");
    assert_string_equal(settings.model.init[0].variant->name, "he");
}

/* ---- paths -----------------------------------------------------------------------------------------------
 */

static void assert_path(const char *seen, const char *below) {
    char here[PATH_BYTES - 256], wanted[PATH_BYTES];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(wanted, sizeof wanted, "%s/%s", here, below);
    assert_string_equal(seen, wanted);
}

static void paths_in_the_file_are_relative_to_it(void **state) {
    (void)state;
    LOAD("below/deep.er.json", NULL);
    assert_path(settings.data.file, "data.csv");
    assert_true(settings.data.validation.is_text);
    assert_path(settings.data.validation.text, "below/held.csv");
    assert_path(settings.model.from, "below/start.safetensors");
    assert_string_equal(settings.data.test, "");
}

static void paths_of_set_are_relative_to_the_working_directory(void **state) {
    (void)state;
    LOAD("below/deep.er.json", "data.file=./x/../other.csv", "data.test=below/t.csv", "data.validation=0.5");
    assert_path(settings.data.file, "other.csv");
    assert_path(settings.data.test, "below/t.csv");
    assert_false(settings.data.validation.is_text);
    assert_true(settings.data.validation.number == 0.5);
    assert_path(settings.model.from, "below/start.safetensors");
    LOAD("below/deep.er.json", "data.file=/somewhere/data.csv");
    assert_string_equal(settings.data.file, "/somewhere/data.csv");
}

/* ---- what is shown ---------------------------------------------------------------------------------------
 */

/* The resolved config, written and loaded, is resolved to itself. */
static void assert_shown_loads_the_same(void) {
    static Settings before;
    before = settings;
    Json *json = settings_show(&settings);
    char *text = json_print(json, true);
    write_text("shown.json", text);
    LOAD("shown.json", NULL);
    Json *again = settings_show(&settings);
    assert_true(json_equal(json, again));
    assert_string_equal(before.name, settings.name); /* not "shown" */
    json_free(json), json_free(again);
    free(text);
}

static void the_resolved_config_resolves_to_itself(void **state) {
    (void)state;
    LOAD("base.json", NULL);
    assert_shown_loads_the_same();
    LOAD("below/deep.er.json", "model.activation=[\"prelu\", \"gelu\"]", "train.batch=all", "data.label=[\"y\", -2]");
    assert_shown_loads_the_same();
    LOAD("base.json", "train.early_stop={}", "train.warmup={\"epochs\": 0.5}", "train.class_weight=balanced");
    assert_shown_loads_the_same();
}

static void committed_configs_load_and_resolve_to_themselves(void **state) {
    (void)state;
    char pattern[PATH_BYTES + 16];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/configs/*.json", root);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 10);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        LOAD(found.gl_pathv[i], NULL);
        if (!*settings.about) fail_msg("%s: no about", found.gl_pathv[i]);
        if (!file_exists(settings.data.file)) fail_msg("%s: no %s", found.gl_pathv[i], settings.data.file);
        assert_shown_loads_the_same();
    }
    globfree(&found);
}

/* ---- messages --------------------------------------------------------------------------------------------
 */

typedef struct Message {
    const char *set[MOST_SETS];
    const char *message; /* that of loading: behind "base.json: " */
} Message;

static void assert_message(const Message *it) {
    char wanted[1024];
    snprintf(wanted, sizeof wanted, "base.json: %s", it->message);
    assert_messages(&err, wanted);
}

static void documents_that_are_no_config(void **state) {
    (void)state;
    assert_false(load("missing.json", (const char *const[MOST_SETS]){NULL}));
    assert_messages(&err, "missing.json: cannot read: No such file or directory");
    write_text("list.json", "[1]");
    assert_false(load("list.json", (const char *const[MOST_SETS]){NULL}));
    assert_messages(&err, "list.json: expected an object, got a list; a config begins with {");
    write_text("broken.json", "{\n  \"seed\": 01\n}");
    assert_false(load("broken.json", (const char *const[MOST_SETS]){NULL}));
    assert_messages(&err, "broken.json:2:11: number begins with 0; remove the leading zeros\n"
                          "  \"seed\": 01\n"
                          "          ^");
    write_text("empty.json", "{}");
    assert_false(load("empty.json", (const char *const[MOST_SETS]){NULL}));
    assert_messages(&err, "empty.json: data.file: required key is missing; CSV file of the training data (or .gz, or "
                          "- for standard input): path");
}

static void every_error_comes_at_once(void **state) {
    (void)state;
    assert_false(
        load("base.json", (const char *const[MOST_SETS]){"train.lr=0", "modle.hidden=[1]", "model.activation=rleu"}));
    assert_messages(&err, "base.json: model.activation: unknown activation 'rleu'; did you mean 'relu'?\n"
                          "base.json: train.lr: 0 is out of range; use a number above 0\n"
                          "base.json: modle: unknown key; did you mean 'model'?");
}

static const Message checks[] = {
    {{"data.delimiter=ab"}, "data.delimiter: expected one character such as ',' ';' or a tab, got 'ab'"},
    {{"data.delimiter="}, "data.delimiter: expected one character such as ',' ';' or a tab, got ''"},
    {{"data.delimiter=."}, "data.delimiter: expected one character such as ',' ';' or a tab, got '.'"},
    {{"data.delimiter=\"0\""}, "data.delimiter: expected one character such as ',' ';' or a tab, got '0'"},
    {{"name=a/b"}, "name: 'a/b' is no name of a directory; leave out the slash, or use --out"},
    {{"name=.."}, "name: '..' is no name of a directory; leave out the slash, or use --out"},
    {{"preprocess=[\"center\", {\"name\": \"minmax\", \"low\": 2}]"},
     "preprocess.1.low: 2 is not below high 1; set low below high"},
    {{"model.activation=[\"relu\", \"tanh\", \"elu\"]"},
     "model.activation: 3 entries for 2 hidden layers; give one, or one a hidden layer"},
    {{"model.init=[\"he\", \"he\"]", "model.hidden=[3]", "model.output_init=he"},
     "model.init: 2 entries for 1 hidden layer; give one, or one a hidden layer"},
    {{"model.init={\"name\": \"uniform\", \"low\": 1}"},
     "model.init.low: 1 is not below high 0.05; set low below high"},
    {{"model.init=[\"he\", {\"name\": \"uniform\", \"low\": 1}]"},
     "model.init.1.low: 1 is not below high 0.05; set low below high"},
    {{"model.output_init={\"name\": \"uniform\", \"high\": -1}"},
     "model.output_init.low: -0.05 is not below high -1; set low below high"},
    {{"model.bias_init={\"name\": \"uniform\", \"high\": -1}"},
     "model.bias_init.low: -0.05 is not below high -1; set low below high"},
    {{"model.bias_init=orthogonal"},
     "model.bias_init: 'orthogonal' is for matrices; use zeros, constant, uniform or gaussian"},
    {{"model.hidden=[]", "model.dropout=0.5"},
     "model.dropout: there is no hidden layer to drop from; add model.hidden or leave it out"},
    {{"model.hidden=[]", "model.norm=batch"},
     "model.norm: there is no hidden layer to normalise; add model.hidden or use 'none'"},
    {{"train.optimizer.nesterov=true"},
     "train.optimizer.nesterov: true with momentum 0 and dampening 0; set momentum above 0 and dampening 0"},
    {{"train.optimizer={\"name\": \"rprop\", \"step_min\": 100}"},
     "train.optimizer.step_min: 100 is above step_max 50; set step_min to at most step_max"},
    {{"train.schedule={\"name\": \"cyclic\", \"gamma\": 0.5}"},
     "train.schedule.gamma: 0.5 has no effect in mode triangular; set mode to exp_range or leave gamma out"},
    {{"train.optimizer=rprop", "train.schedule=cosine"},
     "train.schedule: 'cosine' cannot act: 'rprop' reads train.lr once, as its first step; use constant, or "
     "another optimizer"},
    {{"train.optimizer=rprop", "train.warmup={\"epochs\": 1}"},
     "train.warmup: cannot act: 'rprop' reads train.lr once, as its first step; leave it out, or use another "
     "optimizer"},
    {{"train.warmup={\"epochs\": 5}", "train.epochs=5"},
     "train.warmup.epochs: 5 is not shorter than train.epochs 5; shorten it"},
    {{"train.warmup={\"epochs\": 7.5}", "train.epochs=5"},
     "train.warmup.epochs: 7.5 is not shorter than train.epochs 5; shorten it"},
    {{"train.weight_decay=0.1", "train.optimizer=adamw"},
     "train.weight_decay: 0.1 together with the decoupled decay 0.01 of 'adamw'; set one of them to 0"},
    {{"train.loss=hinge", "train.label_smoothing=0.1"},
     "train.label_smoothing: 'hinge' cannot smooth its targets; use cross_entropy, or 0"},
    {{"train.class_weight=[1, \"balanced\"]"},
     "train.class_weight.1: 'balanced' stands for the whole list; give it alone, or numbers only"},
    {{"data.image={\"height\": 16384, \"width\": 16384, \"channels\": 8}"},
     "data.image: 16384 x 16384 x 8 are more than 2147483647 values; correct it"},
    {{"train.class_weight=[0, 0]"}, "train.class_weight: no class counts when all weights are 0; give one above 0"},
    {{"data.validation=0", "train.early_stop={}"},
     "train.early_stop: there is no validation loss to watch; set data.validation, or leave it out"},
    {{"data.validation=0", "train.schedule=plateau"},
     "train.schedule: 'plateau' watches the validation loss and there is none; set data.validation, or use "
     "another"},
};

static void what_does_not_go_together_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(checks); i++) {
        if (load("base.json", checks[i].set)) fail_msg("%s is taken", checks[i].set[0]);
        assert_message(&checks[i]);
    }
}

/* The neighbours of what is refused. */
static void what_goes_together_is_taken(void **state) {
    (void)state;
    LOAD("base.json", "train.warmup={\"epochs\": 4.9}", "train.epochs=5", "train.schedule=cosine");
    LOAD("base.json", "train.warmup={\"epochs\": 5}", "train.epochs=0");
    LOAD("base.json", "train.optimizer=rprop", "train.schedule=constant");
    LOAD("base.json", "train.optimizer={\"name\": \"adamw\", \"weight_decay\": 0}", "train.weight_decay=0.1");
    LOAD("base.json", "model.activation=[\"relu\", \"tanh\"]", "model.init=[\"he\", \"glorot\"]");
    LOAD("base.json", "data.delimiter=\t", "model.bias_init=uniform", "train.class_weight=[0, 1]");
    LOAD("base.json", "data.validation=held.csv", "train.early_stop={}", "train.schedule=plateau");
    LOAD("base.json", "model.hidden=[]", "model.init=zeros");
}

/* ---- with the data ---------------------------------------------------------------------------------------
 */

static bool meet(const Message *it) {
    static DataRequest request;
    Dataset data;
    if (!load("base.json", it->set)) fail_msg("%s", err.text);
    request = settings_data_request(&settings);
    if (!dataset_build(&request, NULL, &data, &err)) fail_msg("%s", err.text);
    bool ok = settings_meet_data(&settings, &data, &err);
    dataset_free(&data);
    return ok;
}

static const Message meetings[] = {
    {{"data.task=regression"},
     "train.loss: 'cross_entropy' is for classes and the labels are values; use mse, or set data.task"},
    {{"data.task=regression", "train.loss=mse", "train.class_weight=[1, 2]"},
     "train.class_weight: there are no classes in regression; leave it out"},
    {{"train.class_weight=2"}, "train.class_weight: 1 weight for 3 classes; give one a class"},
    {{"model.norm=batch", "train.batch=1"},
     "train.batch: batch norm cannot normalise a batch of one row; enlarge it"},
    {{"train.batch=50", "train.drop_last=true"},
     "train.drop_last: the 9 training rows fill no batch of 50; make train.batch smaller"},
    {{"model.norm=batch", "train.batch=4"},
     "train.batch: 4 leaves a batch of one row, which batch norm cannot normalise; change it, or set "
     "train.drop_last"},
    {{"model.norm=batch", "log.probe_rows=1"}, "log.probe_rows: batch norm needs at least 2; enlarge it"},
};

static void what_does_not_suit_the_data_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(meetings); i++) {
        if (meet(&meetings[i])) fail_msg("%s is taken", meetings[i].set[0]);
        assert_messages(&err, meetings[i].message);
    }
}

static void the_data_say_task_and_label(void **state) {
    (void)state;
    assert_true(meet(&(Message){{NULL}, NULL}));
    assert_int_equal(settings.data.task, TASK_CLASSIFICATION);
    assert_int_equal(settings.data.label_count, 1);
    assert_string_equal(settings.data.label[0].name, "y");
    assert_true(meet(&(Message){{"data.task=regression", "train.loss=mse", "data.label=[0, -1]"}, NULL}));
    assert_int_equal(settings.data.task, TASK_REGRESSION);
    assert_int_equal(settings.data.label_count, 2);
    assert_string_equal(settings.data.label[0].name, "x");
    assert_true(meet(&(Message){{"model.norm=batch", "train.batch=4", "train.drop_last=true"}, NULL}));
}

static void batches_and_steps(void **state) {
    (void)state;
    static const struct {
        const char *batch, *drop_last;
        int64_t rows, steps;
    } cases[] = {
        {"train.batch=32", "train.drop_last=false", 32, 4},   {"train.batch=32", "train.drop_last=true", 32, 3},
        {"train.batch=all", "train.drop_last=false", 100, 1}, {"train.batch=200", "train.drop_last=true", 100, 1},
        {"train.batch=50", "train.drop_last=true", 50, 2},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        LOAD("base.json", cases[i].batch, cases[i].drop_last);
        assert_int_equal(settings_batch_rows(&settings, 100), cases[i].rows);
        assert_int_equal(settings_steps_per_epoch(&settings, 100), cases[i].steps);
    }
}

static int write_files(void **state) {
    (void)state;
    assert_non_null(getcwd(root, sizeof root));
    enter_directory();
    assert_int_equal(mkdir("below", 0755), 0);
    write_text("base.json",
               "{\"data\": {\"file\": \"data.csv\", \"validation\": 0.25}, \"model\": {\"hidden\": [3, 2]}}");
    write_text("below/deep.er.json", "{\"data\": {\"file\": \"../data.csv\", \"validation\": \"held.csv\"},"
                                     " \"model\": {\"hidden\": [3, 2], \"from\": \"start.safetensors\"}}");
    write_text("data.csv",
               "x,z,y\n0,1,0\n1,0,1\n2,1,2\n3,0,0\n4,1,1\n5,0,2\n6,1,0\n7,0,1\n8,1,2\n9,0,0\n10,1,1\n11,0,2\n");
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
        cmocka_unit_test(lr_is_the_optimizers_own),
        cmocka_unit_test(name_is_the_files_stem),
        cmocka_unit_test(output_init_is_the_last_init),
        cmocka_unit_test(paths_in_the_file_are_relative_to_it),
        cmocka_unit_test(paths_of_set_are_relative_to_the_working_directory),
        cmocka_unit_test(the_resolved_config_resolves_to_itself),
        cmocka_unit_test(committed_configs_load_and_resolve_to_themselves),
        cmocka_unit_test(documents_that_are_no_config),
        cmocka_unit_test(every_error_comes_at_once),
        cmocka_unit_test(what_does_not_go_together_is_refused),
        cmocka_unit_test(what_goes_together_is_taken),
        cmocka_unit_test(what_does_not_suit_the_data_is_refused),
        cmocka_unit_test(the_data_say_task_and_label),
        cmocka_unit_test(batches_and_steps),
    };
    return cmocka_run_group_tests_name("settings", tests, write_files, remove_files);
}
