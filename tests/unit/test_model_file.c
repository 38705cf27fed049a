/* model_file: what is saved comes back, under the names and shapes of torch.nn.Linear; what does not fit, is
 * damaged or belongs to other data is refused and changes nothing. */
#include "base/safetensors.h"
#include "experiment/model_file.h"

#include <unistd.h>

#include "net.h"

enum { FEATURES = 3, VECTORS = 2 };

static char path[] = "/tmp/nnexp-model-XXXXXX";

static int enter(void **state) {
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int leave(void **state) {
    (void)state;
    return unlink(path);
}

/* 3 - 7 prelu - 5 maxout of 2 pieces - 2: every kind of tensor, no layer square. */
static void build(Net *net, const char *norm) {
    NetworkPlan plan = plan_of(FEATURES, 2, norm);
    plan_add(&plan, 7, "prelu");
    plan_add(&plan, 5, "maxout");
    net_build(net, &plan, 2);
}

static void fill(Net *net, uint64_t seed) {
    net_fill(net, seed);
    Stream stream = random_stream(seed, PURPOSE_TEST, 8, 0);
    fill_normal(&stream, net->network.running, 2, 0.1, net->network.running_stats);
    const Segment *slope = net_segment(net, "layers.1.activation.weight");
    fill_normal(&stream, 1, 0.3, 0.1, net->network.theta + slope->offset);
}

static char *class_names[] = {"a", "b \"c\""};
static FittedPreprocess fitted;

static Dataset dataset(void) {
    static const real x[2 * FEATURES] = {1, 2, 3, 3, 6, 9};
    Error err = {0};
    Choice standardize = choice_of(&preprocesses, "standardize");
    preprocess_free(&fitted);
    assert_true(preprocess_fit(&standardize, &(FitInput){.rows = 2, .features = FEATURES, .x = x}, &fitted, &err));
    Dataset data = {.task = TASK_CLASSIFICATION, .classes = 2, .class_name = class_names, .chain.steps = 1};
    data.chain.step[0] = fitted; /* borrowed */
    return data;
}

static ModelSource source_of(const Net *net, const Dataset *data) {
    return (ModelSource){
        .network = &net->network, .data = data, .config = "{\"seed\": 1}", .scratch = net->network.grad};
}

static void save(const Net *net) {
    static Error err;
    err = (Error){0};
    Dataset data = dataset();
    ModelSource source = source_of(net, &data);
    if (!model_file_save(path, &source, &err)) fail_msg("%s", err.text);
}

/* The message after "PATH: ". */
static void assert_message(const Error *err, const char *message) {
    assert_int_equal(strncmp(err->text, path, strlen(path)), 0);
    assert_string_equal(err->text + strlen(path) + 2, message);
}

/* ---- models ------------------------------------------------------------------------------------------- */

typedef struct Expected {
    const char *name;
    size_t rows, columns; /* columns 0: a vector */
} Expected;

static const Expected saved[] = {{"layers.1.weight", 7, 3},
                                 {"layers.1.bias", 7, 0},
                                 {"layers.1.norm.weight", 7, 0},
                                 {"layers.1.norm.bias", 7, 0},
                                 {"layers.1.activation.weight", 1, 0},
                                 {"layers.2.weight", 10, 7},
                                 {"layers.2.bias", 10, 0},
                                 {"layers.2.norm.weight", 10, 0},
                                 {"layers.2.norm.bias", 10, 0},
                                 {"layers.3.weight", 2, 5},
                                 {"layers.3.bias", 2, 0},
                                 {"layers.1.norm.running_mean", 7, 0},
                                 {"layers.1.norm.running_var", 7, 0},
                                 {"layers.2.norm.running_mean", 10, 0},
                                 {"layers.2.norm.running_var", 10, 0},
                                 {"preprocess.0.mean", 3, 0},
                                 {"preprocess.0.scale", 3, 0}};
enum { SAVED = sizeof saved / sizeof saved[0] };

static void assert_entries(const Net *net, const Expected *expected, const real *data) {
    size_t columns = expected->columns;
    const real *own = net->network.theta + net_segment(net, expected->name)->offset;
    for (size_t out = 0; out < expected->rows; out++)
        for (size_t in = 0; in < (columns ? columns : 1); in++)
            assert_true(data[out * (columns ? columns : 1) + in] == own[in * expected->rows + out]);
}

static void tensors_are_those_of_torch_linear(void **state) {
    (void)state;
    Net net;
    Safetensors file;
    Error err = {0};
    build(&net, "batch");
    fill(&net, 1);
    save(&net);
    assert_true(safetensors_read(path, false, &file, &err));
    assert_int_equal(file.tensors, SAVED);
    for (int i = 0; i < SAVED; i++) {
        const Tensor *tensor = &file.tensor[i];
        assert_string_equal(tensor->name, saved[i].name);
        assert_int_equal(tensor->type, TENSOR_F32);
        assert_int_equal(tensor->dimensions, saved[i].columns ? 2 : 1);
        assert_int_equal(tensor->shape[0], saved[i].rows);
        if (saved[i].columns) assert_int_equal(tensor->shape[1], saved[i].columns);
        if (i < 11) assert_entries(&net, &saved[i], tensor->data);
    }
    const real *running = file.tensor[13].data, *mean = file.tensor[15].data, *scale = file.tensor[16].data;
    assert_memory_equal(running, net.network.layer[1].running_mean, 10 * sizeof(real));
    for (int f = 0; f < FEATURES; f++) assert_true(mean[f] == 2 * (f + 1) && scale[f] == f + 1);
    assert_string_equal(safetensors_meta(&file, "config"), "{\"seed\": 1}");
    assert_string_equal(safetensors_meta(&file, "classes"), "[\"a\", \"b \\\"c\\\"\"]");
    safetensors_free(&file);
    net_free(&net);
}

static void assert_same(const Net *a, const Net *b) {
    assert_memory_equal(a->network.theta, b->network.theta, a->network.parameters * sizeof(real));
    if (a->network.running)
        assert_memory_equal(a->network.running_stats, b->network.running_stats, a->network.running * sizeof(real));
}

static void models_come_back(void **state) {
    (void)state;
    for (int n = 0; n < norms.count; n++) {
        Net net, back;
        Error err = {0};
        build(&net, family_row(&norms, n)->name);
        build(&back, family_row(&norms, n)->name);
        fill(&net, 1), fill(&back, 2);
        save(&net);
        if (!model_file_load(path, &back.network, &err)) fail_msg("%s", err.text);
        assert_same(&net, &back);
        net_free(&net), net_free(&back);
    }
}

/* A file by another program may begin with a tensor of odd length. */
static void tensors_may_lie_anywhere(void **state) {
    (void)state;
    static const real weight[6] = {1, 2, 3, 4, 5, 6}, bias[2] = {7, 8};
    static const Tensor tensors[] = {
        {.name = "odd", .type = TENSOR_U8, .dimensions = 1, .shape = {3}, .data = "xyz"},
        {.name = "layers.1.weight", .type = TENSOR_F32, .dimensions = 2, .shape = {2, 3}, .data = weight},
        {.name = "layers.1.bias", .type = TENSOR_F32, .dimensions = 1, .shape = {2}, .data = bias},
    };
    static const real expected[6] = {1, 4, 2, 5, 3, 6};
    Net net;
    Error err = {0};
    NetworkPlan plan = plan_of(3, 2, "none");
    net_build(&net, &plan, 1);
    assert_true(safetensors_write(path, tensors, 3, NULL, 0, 0, &err));
    assert_true(model_file_load(path, &net.network, &err));
    assert_memory_equal(net.network.theta, expected, sizeof expected);
    assert_memory_equal(net.network.theta + net_segment(&net, "layers.1.bias")->offset, bias, sizeof bias);
    net_free(&net);
}

static void what_does_not_fit_is_named(void **state) {
    (void)state;
    static const real numbers[16] = {0};
    const Tensor bias = {.name = "layers.1.bias", .type = TENSOR_F32, .dimensions = 1, .shape = {2}, .data = numbers};
    const struct {
        Tensor weight;
        const char *message;
    } cases[] = {
        {{.name = "layers.2.weight", .type = TENSOR_F32, .dimensions = 2, .shape = {2, 3}},
         "tensor 'layers.1.weight' is missing"},
        {{.name = "layers.1.weight", .type = TENSOR_F32, .dimensions = 2, .shape = {2, 4}},
         "tensor 'layers.1.weight' has 8 elements; expected 6"},
        {{.name = "layers.1.weight", .type = TENSOR_F32, .dimensions = 2, .shape = {3, 2}},
         "tensor 'layers.1.weight' has shape [3, 2]; expected [2, 3], as torch.nn.Linear has it"},
        {{.name = "layers.1.weight", .type = TENSOR_F32, .dimensions = 1, .shape = {6}},
         "tensor 'layers.1.weight' has shape [6]; expected [2, 3], as torch.nn.Linear has it"},
        {{.name = "layers.1.weight", .type = TENSOR_F32, .dimensions = 3, .shape = {2, 1, 3}},
         "tensor 'layers.1.weight' has shape [2, 1, 3]; expected [2, 3], as torch.nn.Linear has it"},
        {{.name = "layers.1.weight", .type = TENSOR_F64, .dimensions = 2, .shape = {2, 3}},
         "tensor 'layers.1.weight' is of type F64; expected F32"},
    };
    Net net, before;
    NetworkPlan plan = plan_of(3, 2, "none");
    net_build(&net, &plan, 1), net_build(&before, &plan, 1);
    net_fill(&net, 1), net_fill(&before, 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static Error err;
        err = (Error){0};
        Tensor tensors[] = {cases[i].weight, bias};
        tensors[0].data = numbers;
        assert_true(safetensors_write(path, tensors, 2, NULL, 0, 0, &err));
        assert_false(model_file_load(path, &net.network, &err));
        assert_int_equal(err.count, 1);
        assert_message(&err, cases[i].message);
        assert_same(&net, &before);
    }
    net_free(&net), net_free(&before);
}

/* All that is wrong in one answer, each with its own file's name. */
static void errors_are_collected(void **state) {
    (void)state;
    static Error err;
    Net net, other;
    build(&net, "none"), build(&other, "batch");
    save(&net);
    assert_false(model_file_load(path, &other.network, &err));
    assert_int_equal(err.count, 8); /* gain, shift, running mean and variance of two layers */
    assert_message(&err, "tensor 'layers.1.norm.weight' is missing");
    int before = (int)err.length;
    assert_false(model_file_load(path, &other.network, &err));
    assert_int_equal(err.count, 16);
    assert_int_equal(err.length, 2 * before); /* the first eight are as they were */
    net_free(&net), net_free(&other);
}

/* ---- checkpoints -------------------------------------------------------------------------------------- */

static EpochRow row_from(int64_t first) {
    double x = (double)first;
    return (EpochRow){first,    first + 1, x + 0.02, x + 0.03, x + 0.04, x + 0.05,
                      x + 0.06, x + 0.07,  x + 0.08, x + 0.09, x + 0.1};
}

/* Every member a value of its own. */
static RunState distinct_state(void) {
    RunState state = {.status = RUN_DIVERGED,
                      .epoch = 11,
                      .step = 1234567890123,
                      .last = row_from(100),
                      .best = row_from(200),
                      .start_loss = 2.5,
                      .schedule = {{0.1, 0.2, 0.3, 0.4, 0.5}},
                      .since_better = 12,
                      .watched_loss = INFINITY,
                      .over_limit = 13,
                      .diverged = DIVERGED_LOSS,
                      .diverged_epoch = 14,
                      .diverged_step = 15,
                      .not_finite = {true, 2, "layers.2.norm.weight"}};
    for (int f = 0; f < LOG_FILES; f++) state.log_size[f] = 1000 + f;
    state.last.val_loss = NAN;
    return state;
}

static void assert_same_row(const EpochRow *a, const EpochRow *b) {
    assert_memory_equal(a, b, sizeof *a); /* has no padding; nan too */
}

/* A member added to RunState changes this size: save it in model_file.c, compare it here. */
static void assert_same_state(const RunState *a, const RunState *b) {
    assert_int_equal(sizeof(EpochRow), 11 * 8);
    assert_int_equal(sizeof(RunState), 8 + 2 * 8 + 2 * sizeof(EpochRow) + 8 + SCHEDULE_STATE * 8 + 3 * 8 + 8 + 2 * 8 +
                                           sizeof(NotFinite) + LOG_FILES * 8);
    assert_int_equal(sizeof(NotFinite), 4 + 4 + 64);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->epoch, b->epoch);
    assert_int_equal(a->step, b->step);
    assert_same_row(&a->last, &b->last);
    assert_same_row(&a->best, &b->best);
    assert_true(a->start_loss == b->start_loss && a->watched_loss == b->watched_loss);
    assert_memory_equal(&a->schedule, &b->schedule, sizeof a->schedule);
    assert_int_equal(a->since_better, b->since_better);
    assert_int_equal(a->over_limit, b->over_limit);
    assert_int_equal(a->diverged, b->diverged);
    assert_int_equal(a->diverged_epoch, b->diverged_epoch);
    assert_int_equal(a->diverged_step, b->diverged_step);
    assert_int_equal(a->not_finite.found, b->not_finite.found);
    assert_int_equal(a->not_finite.layer, b->not_finite.layer);
    assert_string_equal(a->not_finite.tensor, b->not_finite.tensor);
    for (int f = 0; f < LOG_FILES; f++)
        if (f != LOG_TIMING) assert_int_equal(a->log_size[f], b->log_size[f]);
}

static real *vectors_of(const Net *net, real first) {
    size_t n = VECTORS * net->network.parameters;
    real *vectors = malloc(n * sizeof *vectors);
    for (size_t i = 0; i < n; i++) vectors[i] = first + (real)i / 7;
    return vectors;
}

enum { HASH = 0x1234567 };

static void save_checkpoint(const Net *net, const RunState *state, const real *vectors) {
    static Error err;
    err = (Error){0};
    Dataset data = dataset();
    ModelSource source = source_of(net, &data);
    if (!checkpoint_save(path, &source, VECTORS, vectors, state, HASH, &err)) fail_msg("%s", err.text);
}

static void checkpoints_come_back(void **unused) {
    (void)unused;
    RunState states[] = {distinct_state(), distinct_state(), run_state_start()};
    states[1].not_finite = (NotFinite){true, 0, "loss"};
    Net net, back;
    build(&net, "batch"), build(&back, "batch");
    for (int i = 0; i < 3; i++) {
        Error err = {0};
        real *vectors = vectors_of(&net, 1), *loaded = vectors_of(&net, 2);
        RunState state = run_state_start();
        fill(&net, 1), fill(&back, 2);
        save_checkpoint(&net, &states[i], vectors);
        if (!checkpoint_load(path, &back.network, VECTORS, loaded, &state, HASH, &err)) fail_msg("%s", err.text);
        assert_same(&net, &back);
        assert_same_state(&state, &states[i]);
        assert_memory_equal(vectors, loaded, VECTORS * net.network.parameters * sizeof(real));
        free(vectors), free(loaded);
    }
    net_free(&net), net_free(&back);
}

static void assert_refused(Net *net, int vectors, uint64_t hash, const char *message) {
    static Error err;
    err = (Error){0};
    Net before;
    RunState state = run_state_start();
    real *loaded = vectors_of(net, 2);
    build(&before, "batch");
    fill(&before, 2), fill(net, 2);
    assert_false(checkpoint_load(path, &net->network, vectors, loaded, &state, hash, &err));
    assert_int_equal(err.count, 1);
    if (message) assert_message(&err, message);
    assert_same(net, &before);
    free(loaded);
    net_free(&before);
}

static void checkpoints_of_something_else_are_refused(void **unused) {
    (void)unused;
    Net net;
    build(&net, "batch");
    RunState state = distinct_state();
    real *vectors = vectors_of(&net, 1);
    save_checkpoint(&net, &state, vectors);
    assert_refused(&net, VECTORS, HASH + 1,
                   "the data have changed since it was saved; restore them, or start again with --force");
    assert_refused(&net, VECTORS + 1, HASH, "tensor 'optimizer.2' is missing");
    save(&net);
    assert_refused(&net, VECTORS, HASH, "does not end with a checksum; it is cut, or no checkpoint");
    free(vectors);
    net_free(&net);
}

/* A bit anywhere, or an end anywhere. */
static void damaged_checkpoints_are_refused(void **unused) {
    (void)unused;
    Net net;
    build(&net, "batch");
    fill(&net, 1);
    RunState state = distinct_state();
    real *vectors = vectors_of(&net, 1);
    save_checkpoint(&net, &state, vectors);
    static char bytes[1 << 16];
    FILE *file = fopen(path, "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_in_range(size, 1000, sizeof bytes - 1);
    for (size_t at = 0; at < size; at += 97) {
        bytes[at] ^= 4;
        file = fopen(path, "wb");
        fwrite(bytes, 1, size, file);
        fclose(file);
        bytes[at] ^= 4;
        assert_refused(&net, VECTORS, HASH, NULL);
        file = fopen(path, "wb");
        fwrite(bytes, 1, at, file);
        fclose(file);
        assert_refused(&net, VECTORS, HASH, NULL);
    }
    free(vectors);
    net_free(&net);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors_are_those_of_torch_linear),
        cmocka_unit_test(models_come_back),
        cmocka_unit_test(tensors_may_lie_anywhere),
        cmocka_unit_test(what_does_not_fit_is_named),
        cmocka_unit_test(errors_are_collected),
        cmocka_unit_test(checkpoints_come_back),
        cmocka_unit_test(checkpoints_of_something_else_are_refused),
        cmocka_unit_test(damaged_checkpoints_are_refused),
    };
    int failed = cmocka_run_group_tests(tests, enter, leave);
    preprocess_free(&fitted);
    return failed;
}
