/* trainer: epochs against a plain double loop, batches, orders, evaluation over several chunks, running
 * statistics, what it refuses, and that an epoch allocates nothing. */
#include "base/linalg.h"
#include "count_allocations.h"
#include "data/batch.h"
#include "experiment/trainer.h"
#include "observe/statistic.h"

#include "net.h"

enum { MOST_ROWS = 700, MOST_FEATURES = 200, MOST_CLASSES = 4 };

/* A data set in plain arrays, and the settings of a run on it. */
typedef struct Bench {
    Settings settings;
    Dataset data;
    Trainer trainer;
    RunState state;
    Meters meters;
    real x[MOST_ROWS * MOST_FEATURES], target[MOST_ROWS * MOST_CLASSES], weight[MOST_ROWS];
    int32_t label[MOST_ROWS];
} Bench;

static Bench bench;

/* Classification with `classes`, or regression with as many targets. */
static void start(Task task, size_t rows, int features, int classes) {
    memset(&bench, 0, sizeof bench);
    fields_default(settings_fields, &bench.settings);
    bench.settings.train.lr = 0.1;
    bench.settings.model.output_init[0] = choice_of(&inits, "glorot");
    bench.settings.model.output_init_count = 1;
    bench.settings.model.bias_init = choice_from(&inits, "gaussian std=0.3");
    bench.data = (Dataset){.task = task, .features = features};
    Stream stream = random_stream(4, PURPOSE_TEST, 0, 0);
    fill_normal(&stream, rows * (size_t)features, 0.2, 1, bench.x);
    fill_normal(&stream, rows * (size_t)classes, 0, 1, bench.target);
    for (size_t r = 0; r < rows; r++) {
        bench.label[r] = (int32_t)(r % 5 == 4 ? 0 : r % (size_t)classes); /* class 0 more often */
        bench.weight[r] = (real)(0.25 + (double)(r * 7 % 10) / 4);
    }
    View view = {.rows = rows, .x = bench.x};
    if (task == TASK_CLASSIFICATION)
        view.label = bench.label, bench.data.classes = classes;
    else
        view.target = bench.target, bench.data.targets = classes;
    bench.data.train = view;
}

static void add_layer(int units, const char *activation) {
    ModelSettings *model = &bench.settings.model;
    model->activation[model->hidden_count] = choice_from(&activations, activation);
    model->init[model->hidden_count] = choice_of(&inits, "he");
    model->hidden[model->hidden_count++] = units;
    model->activation_count = model->init_count = model->hidden_count;
}

static void use_loss(const char *loss) { bench.settings.train.loss = choice_from(&losses, loss); }

static void create(Pool *pool) {
    Error err = {0};
    if (!trainer_create(&bench.trainer, &bench.settings, &bench.data, pool, &err)) fail_msg("%s", err.text);
    bench.state = run_state_start();
    bench.state.epoch = 0;
}

static void epoch(void) {
    assert_true(trainer_epoch(&bench.trainer, &bench.state, &bench.meters, NULL, NULL));
    bench.state.epoch++;
}

static double parameter(const char *name, int i) {
    const Network *network = &bench.trainer.network;
    for (int s = 0; s < network->segments; s++) {
        char own[64];
        segment_name(&network->segment[s], own, sizeof own);
        if (strcmp(own, name) == 0) return (double)network->theta[network->segment[s].offset + (size_t)i];
    }
    fail_msg("no %s", name);
    return 0;
}

static void assert_near(double seen, double expected, double tolerance) {
    if (!(fabs(seen - expected) <= tolerance * fmax(1, fabs(expected))))
        fail_msg("%.12g is not %.12g", seen, expected);
}

/* ---- an epoch ----------------------------------------------------------------------------------------- */

/* A linear model under mse, trained in double: what trainer_epoch must do. */
typedef struct Plain {
    double w[5], b, loss, squares;
    int rows, steps;
} Plain;

static void plain_batch(Plain *plain, int features, const uint32_t *index, int rows, double lr) {
    double dw[5] = {0}, db = 0, loss = 0, total = 0;
    for (int i = 0; i < rows; i++) total += bench.data.train.weight ? (double)bench.weight[index[i]] : 1;
    for (int i = 0; i < rows; i++) {
        const real *x = bench.x + index[i] * (size_t)features;
        double share = (bench.data.train.weight ? (double)bench.weight[index[i]] : 1) / total, z = plain->b;
        for (int f = 0; f < features; f++) z += plain->w[f] * (double)x[f];
        double error = z - (double)bench.target[index[i]];
        loss += share * error * error;
        plain->squares += error * error;
        for (int f = 0; f < features; f++) dw[f] += 2 * share * error * (double)x[f];
        db += 2 * share * error;
    }
    for (int f = 0; f < features; f++) plain->w[f] -= lr * dw[f];
    plain->b -= lr * db;
    plain->loss += loss * rows;
    plain->rows += rows;
    plain->steps++;
}

static void check_epochs(int rows, int64_t batch, bool drop_last, bool shuffle, bool weights, int steps,
                         int used) {
    enum { FEATURES = 3 };
    uint32_t order[64];
    start(TASK_REGRESSION, (size_t)rows, FEATURES, 1);
    use_loss("mse");
    bench.settings.train.batch = batch;
    bench.settings.train.drop_last = drop_last;
    bench.settings.train.shuffle = shuffle;
    if (weights) bench.data.train.weight = bench.weight;
    create(NULL);
    Plain plain = {.b = parameter("layers.1.bias", 0)};
    for (int f = 0; f < FEATURES; f++) plain.w[f] = parameter("layers.1.weight", f);
    int size = batch == 0 || batch > rows ? rows : (int)batch;
    for (int e = 1; e <= 3; e++) {
        batch_order((uint64_t)bench.settings.seed, (uint32_t)e, shuffle, (size_t)rows, order);
        plain.loss = plain.squares = 0, plain.rows = plain.steps = 0;
        for (int first = 0; first < used; first += size)
            plain_batch(&plain, FEATURES, order + first, rows - first < size ? rows - first : size, 0.1);
        epoch();
        assert_int_equal(plain.steps, steps);
        assert_int_equal(bench.meters.steps, steps);
        assert_int_equal(bench.meters.rows, used);
        assert_int_equal(plain.rows, used);
        assert_int_equal(bench.state.step, e * steps);
        assert_near(bench.meters.loss, plain.loss, 1e-5);
        assert_near(bench.meters.squared_error, plain.squares, 1e-5);
        for (int f = 0; f < FEATURES; f++) assert_near(parameter("layers.1.weight", f), plain.w[f], 1e-5);
        assert_near(parameter("layers.1.bias", 0), plain.b, 1e-5);
    }
    trainer_free(&bench.trainer);
}

static void epochs_are_those_of_a_plain_loop(void **state) {
    (void)state;
    check_epochs(10, 4, false, true, false, 3, 10); /* a ragged last batch of 2 … */
    check_epochs(10, 4, true, true, false, 2, 8);   /* … left out */
    check_epochs(12, 4, true, true, false, 3, 12);
    check_epochs(10, 0, false, true, false, 1, 10); /* "all" */
    check_epochs(10, 64, true, true, false, 1, 10); /* more than there are */
    check_epochs(10, 1, false, false, false, 10, 10);
    check_epochs(10, 3, false, false, true, 4, 10);
}

static void the_order_changes_with_epoch_and_seed(void **state) {
    (void)state;
    enum { ROWS = 40 };
    uint32_t first[ROWS];
    start(TASK_CLASSIFICATION, ROWS, 3, 3);
    create(NULL);
    epoch();
    memcpy(first, bench.trainer.order, sizeof first);
    bool seen[ROWS] = {false}, sorted = true;
    for (int i = 0; i < ROWS; i++) seen[first[i]] = true, sorted &= first[i] == (uint32_t)i;
    for (int i = 0; i < ROWS; i++) assert_true(seen[i]);
    assert_false(sorted);
    epoch();
    assert_memory_not_equal(first, bench.trainer.order, sizeof first);
    bench.state.epoch = 0; /* an epoch's order does not depend on what came before */
    epoch();
    assert_memory_equal(first, bench.trainer.order, sizeof first);
    bench.settings.seed = 2, bench.state.epoch = 0;
    epoch();
    assert_memory_not_equal(first, bench.trainer.order, sizeof first);
    bench.settings.train.shuffle = false;
    epoch();
    for (int i = 0; i < ROWS; i++) assert_int_equal(bench.trainer.order[i], i);
    trainer_free(&bench.trainer);
}

/* Dropout draws by seed, epoch and batch: the second epoch's masks differ from the first's, a repeated
 * epoch's do not. */
static void dropout_is_drawn_anew_each_batch(void **state) {
    (void)state;
    enum { ROWS = 32, UNITS = 20 };
    static real mask[4][ROWS / 2 * UNITS];
    start(TASK_CLASSIFICATION, ROWS, 3, 3);
    add_layer(UNITS, "tanh");
    bench.settings.model.dropout = 0.5;
    bench.settings.train.batch = ROWS / 2;
    create(NULL);
    for (int e = 0; e < 3; e++) {
        bench.state.epoch = e % 2;
        epoch();
        memcpy(mask[e], bench.trainer.work.layer[0].mask, sizeof mask[e]);
    }
    assert_memory_not_equal(mask[0], mask[1], sizeof mask[0]);
    assert_memory_equal(mask[0], mask[2], sizeof mask[0]);
    bench.settings.train.batch = ROWS, bench.state.epoch = 0;
    bench.trainer.steps_per_epoch = 1;
    epoch();
    memcpy(mask[3], bench.trainer.work.layer[0].mask, sizeof mask[3]);
    assert_memory_not_equal(mask[0], mask[3], sizeof mask[0]); /* batch 0, where mask[0] is batch 1's */
    trainer_free(&bench.trainer);
}

/* ---- where an epoch ends early ------------------------------------------------------------------------ */

static bool two_steps(void *context, int64_t step, double loss, double lr) {
    *(int64_t *)context = step;
    assert_true(isfinite(loss) && lr == 0.1);
    return step < 2;
}

static void an_epoch_can_be_broken_off(void **state) {
    (void)state;
    int64_t seen = 0;
    start(TASK_CLASSIFICATION, 40, 3, 3);
    bench.settings.train.batch = 8;
    create(NULL);
    assert_false(trainer_epoch(&bench.trainer, &bench.state, &bench.meters, two_steps, &seen));
    assert_int_equal(seen, 2);
    assert_int_equal(bench.state.step, 2);
    assert_false(bench.state.not_finite.found);
    trainer_free(&bench.trainer);
}

static void numbers_not_finite_end_it(void **state) {
    (void)state;
    start(TASK_REGRESSION, 40, 3, 1);
    use_loss("mse");
    add_layer(4, "relu");
    bench.settings.train.batch = 8;
    bench.settings.train.lr = 1e38;
    create(NULL);
    epoch();
    assert_true(bench.state.not_finite.found);
    assert_in_range(bench.state.step, 1, 3);
    trainer_free(&bench.trainer);

    start(TASK_REGRESSION, 40, 3, 1);
    use_loss("mse");
    bench.settings.train.batch = 8;
    bench.settings.train.shuffle = false;
    bench.target[20] = 3e38f;   /* its square is no float, but a double */
    bench.x[8 * 3] = (real)NAN; /* the second batch */
    create(NULL);
    epoch();
    assert_true(bench.state.not_finite.found);
    assert_int_equal(bench.state.not_finite.layer, 0);
    assert_string_equal(bench.state.not_finite.tensor, "loss");
    assert_int_equal(bench.state.step, 2);
    trainer_free(&bench.trainer);
}

/* ---- evaluation --------------------------------------------------------------------------------------- */

/* Logits of features - 4 tanh - out, in double. */
static void plain_logits(const real *x, int features, int out, double *z) {
    for (int c = 0; c < out; c++) z[c] = parameter("layers.2.bias", c);
    for (int u = 0; u < 4; u++) {
        double sum = parameter("layers.1.bias", u);
        for (int f = 0; f < features; f++) sum += (double)x[f] * parameter("layers.1.weight", f * 4 + u);
        for (int c = 0; c < out; c++) z[c] += tanh(sum) * parameter("layers.2.weight", u * out + c);
    }
}

static double log_sum_exp(const double *z, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += exp(z[i]);
    return log(sum);
}

/* Cross-entropy with smoothing, class and sample weights: PyTorch's formula, over the first `rows` at once.
 */
static Score plain_entropy(size_t rows, int features, int classes, bool as_trained) {
    const TrainSettings *train = &bench.settings.train;
    double e = as_trained ? train->label_smoothing : 0, sum = 0, weight = 0;
    int correct = 0;
    for (size_t r = 0; r < rows; r++) {
        double z[MOST_CLASSES], s = (double)bench.weight[r];
        int label = bench.label[r], largest = 0;
        plain_logits(bench.x + r * (size_t)features, features, classes, z);
        for (int c = 0; c < classes; c++) {
            double w = as_trained ? train->class_weight[c] : 1, q = (c == label) * (1 - e) + e / classes;
            sum += s * w * q * (log_sum_exp(z, classes) - z[c]);
            if (z[c] > z[largest]) largest = c;
        }
        weight += s * (as_trained ? train->class_weight[label] : 1);
        correct += largest == label;
    }
    return (Score){sum / weight, (double)correct / (double)rows};
}

static void evaluation_is_one_mean_over_all_chunks(void **state) {
    (void)state;
    static const size_t counts[] = {1, 255, 256, 257, 600};
    start(TASK_CLASSIFICATION, 600, 5, 3);
    add_layer(4, "tanh");
    bench.settings.model.dropout = 0.5; /* off in evaluation */
    bench.settings.train.label_smoothing = 0.1;
    bench.settings.train.class_weight_count = 3;
    for (int c = 0; c < 3; c++) bench.settings.train.class_weight[c] = 0.5 + c;
    bench.data.train.weight = bench.weight;
    create(NULL);
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
        for (int as_trained = 0; as_trained < 2; as_trained++) {
            View view = bench.data.train;
            view.rows = counts[k];
            Score seen = trainer_evaluate(&bench.trainer, &view, as_trained);
            Score expected = plain_entropy(counts[k], 5, 3, as_trained);
            assert_near(seen.loss, expected.loss, 2e-6);
            assert_near(seen.accuracy, expected.accuracy, 1e-12);
        }
    View none = {0};
    Score empty = trainer_evaluate(&bench.trainer, &none, false);
    assert_true(isnan(empty.loss) && isnan(empty.accuracy));
    trainer_free(&bench.trainer);
}

static void two_classes_share_a_logit(void **state) {
    (void)state;
    start(TASK_CLASSIFICATION, 300, 5, 2);
    use_loss("bce");
    add_layer(4, "tanh");
    bench.settings.train.class_weight_count = 2;
    bench.settings.train.class_weight[0] = 0.5, bench.settings.train.class_weight[1] = 3;
    create(NULL);
    double sum = 0, weight = 0;
    int correct = 0;
    for (size_t r = 0; r < 300; r++) {
        double z, w = bench.settings.train.class_weight[bench.label[r]];
        plain_logits(bench.x + r * 5, 5, 1, &z);
        sum += w * log1p(exp(bench.label[r] ? -z : z));
        weight += w;
        correct += (z > 0) == bench.label[r];
    }
    Score seen = trainer_evaluate(&bench.trainer, &bench.data.train, true);
    assert_int_equal(bench.trainer.out, 1);
    assert_near(seen.loss, sum / weight, 2e-6);
    assert_near(seen.accuracy, correct / 300.0, 1e-12);
    trainer_free(&bench.trainer);
}

static void regression_has_an_rmse(void **state) {
    (void)state;
    start(TASK_REGRESSION, 400, 5, 2);
    use_loss("mae");
    add_layer(4, "tanh");
    create(NULL);
    double sizes = 0, squares = 0;
    for (size_t r = 0; r < 400; r++) {
        double z[2];
        plain_logits(bench.x + r * 5, 5, 2, z);
        for (int c = 0; c < 2; c++) {
            double error = z[c] - (double)bench.target[r * 2 + (size_t)c];
            sizes += fabs(error), squares += error * error;
        }
    }
    Score seen = trainer_evaluate(&bench.trainer, &bench.data.train, false);
    assert_near(seen.loss, sizes / 800, 2e-6);
    assert_near(seen.accuracy, sqrt(squares / 800), 2e-6);
    trainer_free(&bench.trainer);
}

static void balanced_weights_come_from_the_training_rows(void **state) {
    (void)state;
    start(TASK_CLASSIFICATION, 60, 3, 3);
    bench.settings.train.class_weight_count = 1;
    bench.settings.train.class_weight[0] = CLASS_WEIGHT_BALANCED;
    create(NULL);
    for (int c = 0; c < 3; c++) {
        int rows = 0;
        for (int r = 0; r < 60; r++) rows += bench.label[r] == c;
        assert_near((double)bench.trainer.class_weight[c], 60.0 / (3 * rows), 1e-6);
    }
    trainer_free(&bench.trainer);
}

/* ---- the probe
 * ---------------------------------------------------------------------------------------------------------
 */

static void the_probe_is_a_sample_of_the_training_rows(void **state) {
    (void)state;
    static real before[50 * 3];
    start(TASK_CLASSIFICATION, 200, 3, 3);
    bench.settings.log.probe_rows = 50;
    create(NULL);
    assert_int_equal(bench.trainer.probe_rows, 50);
    int row = -1, classes[3] = {0};
    for (int p = 0; p < 50; p++) { /* in the file's order, each with its own class */
        do row++;
        while (row < 200 && memcmp(bench.x + row * 3, bench.trainer.probe_x + p * 3, 3 * sizeof(real)) != 0);
        assert_in_range(row, 0, 199);
        for (int c = 0; c < 3; c++)
            assert_true(bench.trainer.probe_target[p * 3 + c] == (c == bench.label[row]));
        classes[bench.label[row]]++;
    }
    for (int c = 0; c < 3; c++) {
        int all = 0;
        for (int r = 0; r < 200; r++) all += bench.label[r] == c;
        assert_in_range(classes[c], all / 4 - 1, all / 4 + 1);
    }
    memcpy(before, bench.trainer.probe_x, sizeof before);
    trainer_free(&bench.trainer);
    bench.settings.seed = 9; /* the split's seed decides, not the run's */
    create(NULL);
    assert_memory_equal(before, bench.trainer.probe_x, sizeof before);
    trainer_free(&bench.trainer);
    bench.settings.data.split_seed = 9;
    create(NULL);
    assert_memory_not_equal(before, bench.trainer.probe_x, sizeof before);
    trainer_free(&bench.trainer);
    bench.settings.log.probe_rows = 500;
    create(NULL);
    assert_int_equal(bench.trainer.probe_rows, 200);
    assert_memory_equal(bench.trainer.probe_x, bench.x, 200 * 3 * sizeof(real));
    trainer_free(&bench.trainer);
}

/* Smoothing and class weights are no part of the probe's loss, nor are sample weights. */
static void the_probe_has_the_plain_mean_loss(void **state) {
    (void)state;
    start(TASK_CLASSIFICATION, 200, 5, 3);
    add_layer(4, "tanh");
    bench.settings.model.dropout = 0.5;
    bench.settings.train.label_smoothing = 0.2;
    bench.settings.train.class_weight_count = 1;
    bench.settings.train.class_weight[0] = CLASS_WEIGHT_BALANCED;
    create(NULL);
    for (int r = 0; r < 200; r++) bench.weight[r] = 1;
    assert_near(trainer_probe(&bench.trainer, false), plain_entropy(200, 5, 3, false).loss, 2e-6);
    trainer_free(&bench.trainer);
}

static void running_statistics_are_trainings_alone(void **state) {
    (void)state;
    real before[16];
    start(TASK_CLASSIFICATION, 100, 5, 3);
    add_layer(8, "tanh");
    bench.settings.model.norm = choice_of(&norms, "batch");
    create(NULL);
    const Network *network = &bench.trainer.network;
    assert_int_equal(network->running, 16);
    trainer_probe(&bench.trainer, true);
    for (int c = 0; c < 8; c++) { /* all rows are the probe: mean and unbiased variance of x·W + b */
        double sum = 0, squares = 0;
        for (int r = 0; r < 100; r++) {
            double u = parameter("layers.1.bias", c);
            for (int f = 0; f < 5; f++)
                u += (double)bench.x[r * 5 + f] * parameter("layers.1.weight", f * 8 + c);
            sum += u, squares += u * u;
        }
        assert_near((double)network->layer[0].running_mean[c], sum / 100, 1e-5);
        assert_near((double)network->layer[0].running_var[c], (squares - sum * sum / 100) / 99, 1e-5);
    }
    memcpy(before, network->running_stats, sizeof before);
    epoch();
    assert_memory_not_equal(before, network->running_stats, sizeof before);
    memcpy(before, network->running_stats, sizeof before);
    trainer_probe(&bench.trainer, false);
    trainer_evaluate(&bench.trainer, &bench.data.train, false);
    assert_memory_equal(before, network->running_stats, sizeof before);
    trainer_free(&bench.trainer);
}

/* ---- what is refused ---------------------------------------------------------------------------------- */

static void assert_refused(const char *message) {
    static Error err;
    err = (Error){0};
    assert_false(trainer_create(&bench.trainer, &bench.settings, &bench.data, NULL, &err));
    assert_int_equal(err.count, 1);
    if (strncmp(err.text, message, strlen(message)) != 0) fail_msg("%s", err.text);
}

static void what_cannot_be_built_is_refused(void **state) {
    (void)state;
    start(TASK_CLASSIFICATION, 40, 3, 3);
    add_layer(1 << 24, "relu");
    add_layer(1 << 24, "relu");
    assert_refused("model: needs ");
    start(TASK_CLASSIFICATION, 40, 3, 3);
    bench.settings.model.output_init[0] = choice_of(&inits, "lsuv");
    bench.settings.model.bias_init = choice_of(&inits, "zeros");
    memset(bench.x, 0, sizeof bench.x);
    assert_refused(
        "model.init: layer 1: lsuv: z has variance 0 over 40 rows; check the inputs, or use another init");
    start(TASK_CLASSIFICATION, 40, 3, 3);
    snprintf(bench.settings.model.from, sizeof bench.settings.model.from, "/nowhere/model.safetensors");
    assert_refused("model.from: /nowhere/model.safetensors: cannot read: No such file or directory");
}

/* ---- memory
 * ----------------------------------------------------------------------------------------------------------------
 */

static double look_at_everything(void) {
    double sum = trainer_probe(&bench.trainer, false) + trainer_weight_norm(&bench.trainer);
    sum += trainer_evaluate(&bench.trainer, &bench.data.train, true).loss;
    for (int i = 0; i < bench.trainer.network.layers; i++) {
        LayerProbe probe = trainer_probe_layer(&bench.trainer, i);
        for (int s = 0; s < statistics.count; s++)
            sum += ((const Statistic *)family_row(&statistics, s))->measure(&probe);
    }
    return sum;
}

/* The program's own calls; OpenBLAS's are added to *blas. */
static long allocations_of_epochs(int threads, long *blas) {
    Error err = {0};
    Pool *pool = pool_create(threads, &err);
    assert_non_null(pool);
    create(pool);
    epoch(); /* OpenBLAS takes its buffers at the first product of a thread */
    look_at_everything();
    allocations = blas_allocations = 0;
    counting = true;
    for (int e = 0; e < 3; e++) {
        epoch();
        look_at_everything();
    }
    counting = false;
    *blas += blas_allocations;
    trainer_free(&bench.trainer);
    pool_free(pool);
    return allocations;
}

static void use_everything(int row) {
    start(TASK_CLASSIFICATION, 600, 200, 4);
    add_layer(200, "prelu"); /* products large enough to be handed to threads */
    add_layer(60, "maxout pieces=3");
    TrainSettings *train = &bench.settings.train;
    bench.settings.model.dropout = 0.1;
    bench.settings.model.norm = choice_of(&norms, row % 2 ? "batch" : "layer");
    train->batch = 256;
    train->optimizer = choice_of(&optimizers, family_row(&optimizers, row)->name);
    train->clip_norm = 1;
    train->l1 = 0.001;
    train->class_weight_count = 1;
    train->class_weight[0] = CLASS_WEIGHT_BALANCED;
    bench.data.train.weight = bench.weight;
}

static void epochs_allocate_nothing(void **state) {
    (void)state;
    if (!COUNTS_ALLOCATIONS) {
        print_message("# not counted under the sanitizers\n");
        return;
    }
    counting = true;
    void *volatile kept = malloc(1000); /* volatile, or the compiler leaves both calls out */
    free(kept);
    counting = false;
    assert_int_equal(allocations, 2);
    linalg_pin_threads();
    for (int row = 0; row < optimizers.count; row++)
        for (int threads = 1; threads <= 2; threads++) {
            long blas = 0;
            use_everything(row);
            long seen = allocations_of_epochs(threads, &blas);
            if (seen)
                fail_msg("%s, %d threads: %ld calls", family_row(&optimizers, row)->name, threads, seen);
            if (blas && row == 0) print_message("# %d threads: %ld calls by OpenBLAS itself\n", threads, blas);
        }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epochs_are_those_of_a_plain_loop),
        cmocka_unit_test(the_order_changes_with_epoch_and_seed),
        cmocka_unit_test(dropout_is_drawn_anew_each_batch),
        cmocka_unit_test(an_epoch_can_be_broken_off),
        cmocka_unit_test(numbers_not_finite_end_it),
        cmocka_unit_test(evaluation_is_one_mean_over_all_chunks),
        cmocka_unit_test(two_classes_share_a_logit),
        cmocka_unit_test(regression_has_an_rmse),
        cmocka_unit_test(balanced_weights_come_from_the_training_rows),
        cmocka_unit_test(the_probe_is_a_sample_of_the_training_rows),
        cmocka_unit_test(the_probe_has_the_plain_mean_loss),
        cmocka_unit_test(running_statistics_are_trainings_alone),
        cmocka_unit_test(what_cannot_be_built_is_refused),
        cmocka_unit_test(epochs_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
