/* model_inputs: what was saved comes back, of every preprocessing; and a file whose tensors or encoding cannot come from
 * training by its config is refused, whichever tensor is damaged and however. */
#include "experiment/model_inputs.h"

#include "../reference/reference.h"
#include "base/safetensors.h"
#include "data_files.h"

#include <math.h>

enum { ROWS = 40, SIDE = 2, CHANNELS = 3, FEATURES = SIDE * SIDE * CHANNELS };
static const char damaged[] = "m: its preprocess.0 is damaged or not that of the config; train the run anew";

#ifdef REAL_IS_DOUBLE
#define TENSOR_REAL TENSOR_F64
#else
#define TENSOR_REAL TENSOR_F32
#endif

/* A model file in parts, free to be changed. */
typedef struct Parts {
    int count;
    Tensor tensor[PREPROCESS_MOST_TENSORS + 1];
    char *steps, *encoding;
    const char *classes;
    _Alignas(8) real data[PREPROCESS_MOST_TENSORS][4096];
} Parts;

static DataRequest request;
static Dataset data;
static Augmentation plan;
static Parts parts;
static Error err;

static void write_rows(void) {
    FILE *file = fopen("a.csv", "w");
    for (int j = 0; j < FEATURES; j++) fprintf(file, "p%d,", j);
    fputs("y\n", file);
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < FEATURES; j++) fprintf(file, "%d,", (i * i + 7 * j * i + j) % 11);
        fprintf(file, "%d\n", i % 2);
    }
    assert_int_equal(fclose(file), 0);
}

static void build(const char *step) {
    char text[128];
    snprintf(text, sizeof text, "%s", step);
    request =
        (DataRequest){.file = "a.csv", .csv = {.delimiter = ','}, .image = {SIDE, SIDE, CHANNELS, IMAGE_HWC, 255}};
    request.preprocess[request.preprocess_count++] = reference_choice(&preprocesses, text);
    err = (Error){0};
    if (!dataset_build(&request, NULL, &data, &err)) fail_msg("%s", err.text);
    plan = data.augmentation;
}

static void take_apart(void) {
    const FittedPreprocess *step = &data.chain.step[0];
    parts.count = step->tensors;
    parts.steps = model_inputs_steps(&data.chain);
    parts.encoding = model_inputs_encoding(data.encoding);
    parts.classes = "[\"0\", \"1\"]";
    for (int t = 0; t < step->tensors; t++) {
        const FittedTensor *from = &step->tensor[t];
        size_t rows = from->rows ? (size_t)from->rows : 1, columns = (size_t)from->columns;
        Tensor *to = &parts.tensor[t];
        assert_true((rows + 1) * (columns + 1) <= 4096);
        memset(parts.data[t], 0, sizeof parts.data[t]);
        memcpy(parts.data[t], from->data, rows * columns * sizeof(real));
        *to = (Tensor){.type = TENSOR_REAL, .dimensions = from->rows ? 2 : 1, .data = parts.data[t]};
        to->shape[0] = from->rows ? rows : columns;
        to->shape[1] = from->rows ? columns : 0;
        snprintf(to->name, sizeof to->name, "preprocess.0.%s", from->name);
    }
}

static void drop_parts(void) {
    free(parts.steps);
    free(parts.encoding);
    parts.steps = parts.encoding = NULL;
}

static bool load(void) {
    Metadata meta[] = {{"preprocess", parts.steps}, {"encoding", parts.encoding}, {"classes", parts.classes}};
    Encoding encoding;
    Chain chain;
    err = (Error){0};
    if (!safetensors_write("m", parts.tensor, parts.count, meta, 3, 0, &err)) fail_msg("%s", err.text);
    bool done = model_inputs_load("m", &request, &plan, &encoding, &chain, &err);
    if (!done) return false;
    assert_int_equal(chain.step[0].out, data.chain.step[0].out);
    for (int t = 0; t < chain.step[0].tensors; t++) {
        const FittedTensor *a = &chain.step[0].tensor[t], *b = &data.chain.step[0].tensor[t];
        assert_true(a->rows == b->rows && a->columns == b->columns);
        assert_memory_equal(a->data, b->data, (size_t)(a->rows ? a->rows : 1) * (size_t)a->columns * sizeof(real));
    }
    encoding_free(&encoding);
    chain_free(&chain);
    return true;
}

static void refused(const char *step, const char *what, const char *expected) {
    if (load()) fail_msg("%s: %s is taken", step, what);
    if (strcmp(err.text, expected) != 0) fail_msg("%s: %s: %s", step, what, err.text);
}

/* ---- damages of a tensor --------------------------------------------------------------------------------- */

static void shorten(Tensor *tensor, real *values) { (void)values, tensor->shape[0]--; }
static void lengthen(Tensor *tensor, real *values) { (void)values, tensor->shape[0]++; }
static void narrow(Tensor *tensor, real *values) {
    (void)values;
    tensor->shape[tensor->dimensions - 1]--;
}
static void widen(Tensor *tensor, real *values) {
    (void)values;
    tensor->shape[tensor->dimensions - 1]++;
}
static void misshape(Tensor *tensor, real *values) { /* a vector as a matrix of one row, a matrix as a vector */
    (void)values;
    if (tensor->dimensions == 1) tensor->shape[1] = tensor->shape[0], tensor->shape[0] = 1, tensor->dimensions = 2;
    else tensor->shape[0] *= tensor->shape[1], tensor->dimensions = 1;
}
static void nan_at_the_end(Tensor *tensor, real *values) { values[tensor_count(tensor) - 1] = NAN; }
static void infinite_at_the_start(Tensor *tensor, real *values) { (void)tensor, values[0] = INFINITY; }
static void rename_it(Tensor *tensor, real *values) {
    (void)values;
    tensor->name[strlen("preprocess.0.")] = 'q';
}
static void retype(Tensor *tensor, real *values) { (void)values, tensor->type = TENSOR_I64, tensor->shape[0] /= 2; }

static const struct {
    const char *what;
    void (*damage)(Tensor *tensor, real *values);
} damages[] = {
    {"a shorter tensor", shorten},       {"a longer tensor", lengthen}, {"a narrower tensor", narrow},
    {"a wider tensor", widen},           {"another shape", misshape},   {"nan", nan_at_the_end},
    {"infinity", infinite_at_the_start}, {"another name", rename_it},   {"another type", retype},
};

static void damage_each_tensor(const char *step) {
    for (int t = 0; t < data.chain.step[0].tensors; t++)
        for (int d = 0; d < (int)(sizeof damages / sizeof damages[0]); d++) {
            take_apart();
            damages[d].damage(&parts.tensor[t], parts.data[t]);
            refused(step, damages[d].what, damaged);
            drop_parts();
        }
}

static void remove_each_tensor(const char *step) {
    for (int t = 0; t < data.chain.step[0].tensors; t++) {
        take_apart();
        parts.tensor[t] = parts.tensor[--parts.count];
        refused(step, "a tensor that is not there", damaged);
        drop_parts();
    }
}

/* The list of steps with other widths, or the tensors of `names`. */
static void damage_the_list(const char *step, const char *what, int in, int out, const char *names) {
    char text[512];
    take_apart();
    snprintf(text, sizeof text, "[{\"name\": \"%s\", \"in\": %d, \"out\": %d, \"tensors\": [%s]}]",
             data.chain.step[0].choice.variant->name, in, out, names);
    free(parts.steps);
    parts.steps = strdup(text);
    if (what) refused(step, what, damaged);
    else if (!load()) fail_msg("%s: %s", step, err.text);
    drop_parts();
}

static void damage_the_lists(const char *step) {
    const FittedPreprocess *fitted = &data.chain.step[0];
    char names[256] = "", doubled[300];
    for (int t = 0; t < fitted->tensors; t++)
        sprintf(names + strlen(names), "%s\"%s\"", t ? ", " : "", fitted->tensor[t].name);
    damage_the_list(step, NULL, fitted->in, fitted->out, names);
    damage_the_list(step, "other inputs", fitted->in + 1, fitted->out, names);
    damage_the_list(step, "fewer outputs", fitted->in, fitted->out - 1, names);
    damage_the_list(step, "more outputs", fitted->in, fitted->out + 1, names);
    if (fitted->tensors > 0) damage_the_list(step, "no tensors", fitted->in, fitted->out, "");
    for (int t = 0; t < fitted->tensors; t++) {
        snprintf(doubled, sizeof doubled, "%s, \"%s\"", names, fitted->tensor[t].name);
        damage_the_list(step, "a doubled tensor", fitted->in, fitted->out, doubled);
    }
}

static void add_a_tensor(const char *step) {
    static const real one[1] = {1};
    take_apart();
    Tensor *more = &parts.tensor[parts.count++];
    *more = (Tensor){.name = "preprocess.0.more", .type = TENSOR_REAL, .dimensions = 1, .shape = {1}, .data = one};
    refused(step, "a tensor too many", damaged);
    drop_parts();
}

static void damage_all(const char *step) {
    build(step);
    take_apart();
    if (!load()) fail_msg("%s: %s", step, err.text);
    drop_parts();
    damage_each_tensor(step);
    remove_each_tensor(step);
    damage_the_lists(step);
    add_a_tensor(step);
    dataset_free(&data);
}

static void damaged_steps_are_refused(void **state) {
    (void)state;
    for (int i = 0; i < preprocesses.count; i++) {
        const char *name = family_row(&preprocesses, i)->name;
        char text[64];
        snprintf(text, sizeof text, strcmp(name, "clip") == 0 ? "%s by=quantile low=0.1 high=0.8" : "%s", name);
        damage_all(text);
    }
    damage_all("clip low=2");
    damage_all("onehot columns=0,-1");
    damage_all("whiten method=zca");
}

/* Of shapes that are right. */
static void damage_a_value(const char *step, const char *tensor, int at, double value) {
    char name[64];
    build(step);
    take_apart();
    snprintf(name, sizeof name, "preprocess.0.%s", tensor);
    for (int t = 0; t < parts.count; t++)
        if (strcmp(parts.tensor[t].name, name) == 0) parts.data[t][at] = (real)value;
    refused(step, tensor, damaged);
    drop_parts();
    dataset_free(&data);
}

static void damaged_values_are_refused(void **state) {
    (void)state;
    damage_a_value("onehot", "counts", 1, 1e9);
    damage_a_value("onehot", "counts", 1, -1);
    damage_a_value("onehot", "counts", 1, 2.5);
    damage_a_value("onehot", "counts", 1, 0);
    damage_a_value("onehot columns=0", "counts", 1, 1);
    damage_a_value("onehot", "categories", 1, -7);
    damage_a_value("standardize", "scale", 3, 0);
    damage_a_value("robust", "scale", 3, -1);
    damage_a_value("whiten", "deviation", 0, -1);
}

static void parameters_of_another_run_are_refused(void **state) {
    (void)state;
    static const char *const steps[][2] = {
        {"pca", "pca components=3"},    {"clip low=2", "clip high=2"}, {"whiten", "whiten method=zca eps=0"},
        {"onehot", "onehot columns=1"}, {"minmax", "center"},          {"pca components=0.5", "pca"}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        build(steps[i][0]);
        take_apart();
        char text[64];
        snprintf(text, sizeof text, "%s", steps[i][1]);
        request.preprocess[0] = reference_choice(&preprocesses, text);
        refused(steps[i][0], steps[i][1], damaged);
        drop_parts();
        dataset_free(&data);
    }
}

/* ---- the encoding -------------------------------------------------------------------------------------- */

static void encodings_of_another_run_are_refused(void **state) {
    (void)state;
    static const char expected[] = "m: its encoding is not that of the config; train the run anew";
    build("center");
    take_apart();
    request.task = TASK_CLASSIFICATION;
    assert_true(load());
    request.task = TASK_REGRESSION;
    refused("center", "another task", expected);
    request.task = TASK_AUTO;
    request.image.height++;
    refused("center", "another image", expected);
    request.image = (ImageShape){0};
    assert_true(load());
    request.csv.missing = CSV_MISSING_MEAN;
    refused("center", "no means", expected);
    request.csv.missing = CSV_MISSING_ERROR;
    parts.classes = "[\"0\"]";
    refused("center", "one class", "m: its encoding is damaged at 'classes'; train the run anew");
    drop_parts();
    dataset_free(&data);
}

static int enter(void **state) {
    (void)state;
    enter_directory();
    write_rows();
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
        cmocka_unit_test(damaged_steps_are_refused),
        cmocka_unit_test(damaged_values_are_refused),
        cmocka_unit_test(parameters_of_another_run_are_refused),
        cmocka_unit_test(encodings_of_another_run_are_refused),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
