/* predict: a run's own rows, as a file once more, give the logits that training had, bit for bit, whatever the widths of
 * the chain; and an encoding that was saved is the one that was settled. */
#include "data/encoding.h"
#include "experiment/model_file.h"
#include "experiment/model_inputs.h"
#include "experiment/predictor.h"
#include "experiment/trainer.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

#include "data_files.h"

enum { ROWS = 700 }; /* more than two blocks */

static Settings settings;
static DataRequest request;
static Dataset data;
static Trainer trainer;
static Predictor predictor;
static Error err;

static void write_rows(const char *path, int from, int to) {
    static const char *const colours[] = {"red", "green", "blue"};
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("a,colour,b,w,y\n", file);
    for (int i = from; i < to; i++) {
        if (i % 50 != 7) fprintf(file, "%.6f", sin(1.3 * i) * 10);
        fprintf(file, ",%s,%.7g,%.2f,%d\n", colours[i % 3], cos(0.7 * i) / 3, 1 + i % 4 * 0.25, i / 2 % 3);
    }
    assert_int_equal(fclose(file), 0);
}

static void write_config(const char *chain, const char *loss) {
    FILE *file = fopen("config.json", "w");
    fprintf(
        file,
        "{\"data\": {\"file\": \"train.csv\", \"validation\": \"held.csv\", \"missing\": \"mean\", \"weight\": "
        "\"w\", "
        "\"categorical\": \"colour\"}, \"preprocess\": %s, \"model\": {\"hidden\": [33, 7], \"norm\": \"batch\"}, "
        "\"train\": {\"loss\": \"%s\"}}",
        chain, loss);
    assert_int_equal(fclose(file), 0);
}

/* A run directory of untrained weights. */
static void make_run(const char *chain, const char *loss) {
    err = (Error){0};
    write_config(chain, loss);
    if (!settings_load("config.json", NULL, 0, &settings, &err)) fail_msg("%s", err.text);
    request = settings_data_request(&settings);
    if (!dataset_build(&request, NULL, &data, &err) || !settings_meet_data(&settings, &data, &err) ||
        !trainer_create(&trainer, &settings, &data, NULL, &err))
        fail_msg("%s", err.text);
    trainer_probe(&trainer, true);
    char *encoding = model_inputs_encoding(data.encoding);
    Json *shown = settings_show(&settings);
    char *config = json_print(shown, true);
    ModelSource source = {&trainer.network, &data, config, encoding, trainer.network.grad, false};
    mkdir("run", 0777);
    write_text("run/config.json", config);
    write_text("run/summary.json", "{}");
    if (!model_file_save("run/model.safetensors", &source, &err)) fail_msg("%s", err.text);
    free(encoding), free(config), json_free(shown);
}

static void end_run(void) {
    predictor_close(&predictor);
    trainer_free(&trainer);
    dataset_free(&data);
}

static void open_run(void) {
    if (!predictor_open(&predictor, "run", MODEL_AUTO, NULL, &err)) fail_msg("%s", err.text);
}

static const real *training_logits(size_t first, int rows) {
    return network_forward(&trainer.network, &trainer.work, rows, data.validation.x + first * (size_t)data.features,
                           PASS_EVALUATE, NULL);
}

/* The rows of held.csv, block by block. */
static void check_logits(void) {
    Rows rows;
    if (!encoding_read_inputs(&predictor.encoding, "held.csv", NULL, &rows, &err)) fail_msg("%s", err.text);
    assert_int_equal(rows.count, ROWS);
    assert_memory_equal(rows.label, data.validation.label, ROWS * sizeof *rows.label);
    assert_memory_equal(rows.weight, data.validation.weight, ROWS * sizeof *rows.weight);
    for (size_t first = 0; first < ROWS; first += PREDICTOR_ROWS) {
        int count = ROWS - first < PREDICTOR_ROWS ? (int)(ROWS - first) : PREDICTOR_ROWS;
        const real *raw = rows.x + first * (size_t)data.raw_features;
        const real *logits = predictor_logits(&predictor, count, raw, &err);
        assert_non_null(logits);
        assert_memory_equal(logits, training_logits(first, count),
                            (size_t)count * (size_t)predictor.out * sizeof *logits);
    }
    rows_free(&rows);
}

static void logits_are_those_of_training(void **state) {
    (void)state;
    static const char *const chains[] = {"[]", "[\"standardize\"]",
                                         "[\"center\", {\"name\": \"scale\", \"factor\": 0.3}, \"minmax\"]"};
    static const char *const loss[] = {"cross_entropy", "bce", "hinge"};
    for (int i = 0; i < 3; i++) {
        make_run(chains[i], loss[i]);
        open_run();
        check_logits();
        end_run();
    }
}

static void classes_are_counted_as_in_training(void **state) {
    (void)state;
    make_run("[\"standardize\"]", "cross_entropy");
    open_run();
    const real tie[] = {1, 2, 2}, none[] = {1, NAN, 2};
    double value[3];
    assert_int_equal(predictor_class(&predictor, tie), 1);
    assert_int_equal(predictor_class(&predictor, none), -1);
    const real large[] = {1000, 1001, -1e30f};
    predictor_read(&predictor, large, value);
    assert_true(fabs(value[1] - 1 / (1 + exp(-1))) < 1e-15 && fabs(value[0] + value[1] - 1) < 1e-15 && value[2] == 0);
    end_run();
}

/* ---- the encoding -------------------------------------------------------------------------------------- */

static Json *parsed(const char *text) {
    Json *json = json_parse(text, strlen(text), &err);
    if (!json) fail_msg("%s", err.text);
    return json;
}

static void an_encoding_comes_back(void **state) {
    (void)state;
    Encoding again;
    make_run("[]", "cross_entropy");
    const Encoding *first = data.encoding;
    Json *shown = encoding_show(first), *classes = parsed("[\"0\", \"1\", \"2\"]");
    char *text = json_print(shown, false);
    Json *read = parsed(text);
    if (!encoding_from(read, classes, &request.csv, request.file, &again, &err)) fail_msg("%s", err.text);
    Json *shown_again = encoding_show(&again);
    assert_true(json_equal(shown, shown_again));
    assert_int_equal(again.coding.features, 5);
    assert_memory_equal(again.missing_mean, first->missing_mean, 5 * sizeof(real));
    for (int j = 0; j < 5; j++) assert_string_equal(again.name[j], first->name[j]);
    assert_string_equal(again.name[3], "colour=red");
    assert_int_equal(again.columns.label_is_text, first->columns.label_is_text);
    assert_string_equal(again.columns.path, request.file);
    encoding_free(&again);
    json_free(shown), json_free(shown_again), json_free(read), json_free(classes);
    free(text);
    trainer_free(&trainer);
    dataset_free(&data);
}

static const struct {
    const char *json, *damaged;
} damages[] = {
    {"[]", "columns"},
    {"{\"columns\": [], \"named\": true}", "columns"},
    {"{\"columns\": [\"a\", 3], \"named\": true}", "columns"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": 1}", "named"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [], \"ignored\": []}", "label"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [2], \"ignored\": []}", "label"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [1]}", "ignored"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [], \"weight\": 0.5}", "weight"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [], \"categories\": [3]}",
     "column"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [], \"categories\": [{\"column\": "
     "1, "
     "\"values\": [\"q\"]}]}",
     "categories"},
    {"{\"columns\": [\"a\", \"b\", \"y\"], \"named\": true, \"label\": [2], \"ignored\": [], \"categories\": "
     "[{\"column\": "
     "1, \"values\": [\"q\"]}, {\"column\": 0, \"values\": [\"q\"]}]}",
     "categories"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [], \"categories\": [], \"task\": "
     "\"x\"}",
     "task"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [0], \"categories\": [], \"task\": "
     "\"classification\"}",
     "columns"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [], \"categories\": [], \"task\": "
     "\"classification\", \"missing_mean\": [1, 2]}",
     "missing_mean"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [], \"categories\": [], \"task\": "
     "\"classification\", \"low\": [\"1\"]}",
     "low"},
    {"{\"columns\": [\"a\", \"y\"], \"named\": true, \"label\": [1], \"ignored\": [], \"categories\": [], \"task\": "
     "\"classification\", \"high\": [1e300]}",
     "high"},
};

static void a_damaged_encoding_is_refused(void **state) {
    (void)state;
    Json *classes = parsed("[\"0\", \"1\"]");
    CsvOptions csv = {.delimiter = ','};
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        Encoding encoding;
        char expected[128];
        Json *json = parsed(damages[i].json);
        err = (Error){0};
        snprintf(expected, sizeof expected, "its encoding is damaged at '%s'; train the run anew",
                 damages[i].damaged);
        if (encoding_from(json, classes, &csv, "a.csv", &encoding, &err)) fail_msg("%s is taken", damages[i].json);
        assert_messages(&err, expected);
        json_free(json);
    }
    json_free(classes);
}

static int enter(void **state) {
    (void)state;
    enter_directory();
    write_rows("train.csv", 0, 300);
    write_rows("held.csv", 300, 300 + ROWS);
    return 0;
}

static int leave(void **state) {
    (void)state;
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logits_are_those_of_training),
        cmocka_unit_test(classes_are_counted_as_in_training),
        cmocka_unit_test(an_encoding_comes_back),
        cmocka_unit_test(a_damaged_encoding_is_refused),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
