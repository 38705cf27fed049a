/* trainer: epochs against a plain double loop, batches, orders, what ends an epoch, what is refused, and that
 * an epoch allocates nothing. */
#include "base/linalg.h"
#include "count_allocations.h"
#include "data/batch.h"
#include "observe/statistic.h"

#include "trainer_bench.h"

#include <float.h>

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

static void check_epochs(int rows, int64_t batch, bool drop_last, bool shuffle, bool weights, int steps, int used) {
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

static bool two_steps(void *context, const TrainerUpdate *update) {
    *(int64_t *)context = update->step_in_epoch;
    assert_true(update->finite && isfinite(update->loss) && update->lr == 0.1);
    return update->step_in_epoch < 2;
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

/* A velocity that fades: its gradient is 0, since its input is. */
static void what_fades_ends_as_0(void **state) {
    (void)state;
    start(TASK_REGRESSION, 8, 2, 1);
    use_loss("mse");
    for (int r = 0; r < 8; r++) bench.x[2 * r + 1] = 0;
    bench.settings.train.optimizer = choice_of(&optimizers, "sgd");
    *(double *)bench.settings.train.optimizer.params.bytes = 0.9; /* momentum */
    create(NULL);
    bench.trainer.optimizer_state[1] = 2 * FLT_MIN;
    for (int e = 0; e < 9; e++) epoch(); /* 0.9^9 is 0.39 */
    volatile real velocity = bench.trainer.optimizer_state[1], least = FLT_MIN;
#if defined __x86_64__ || defined __aarch64__
    assert_true(velocity == 0);
#endif
    assert_true(least * (real)0.5 > 0); /* outside an epoch small numbers are what they are */
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

/* ---- what is refused ---------------------------------------------------------------------------------- */

static void assert_refused(const char *message) {
    static Error err;
    err = (Error){0};
    if (trainer_create(&bench.trainer, &bench.settings, &bench.data, NULL, &err)) {
        assert_false(trainer_load_from(&bench.trainer, &err));
        trainer_free(&bench.trainer);
    }
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
    assert_refused("model.init: layer 1: lsuv: z has variance 0 over 40 rows; check the inputs, or use another init");
    start(TASK_CLASSIFICATION, 40, 3, 3);
    snprintf(bench.settings.model.from, sizeof bench.settings.model.from, "/nowhere/model.safetensors");
    assert_refused("model.from: /nowhere/model.safetensors: cannot read: No such file or directory");
}

/* ---- memory ------------------------------------------------------------------------------------------- */

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
            if (seen) fail_msg("%s, %d threads: %ld calls", family_row(&optimizers, row)->name, threads, seen);
            if (blas && row == 0) print_message("# %d threads: %ld calls by OpenBLAS itself\n", threads, blas);
        }
}

static bool write_update(void *context, const TrainerUpdate *update) {
    Error *err = NULL; /* nothing fails here */
    StepRow row = {bench.state.step, 1, update->lr, update->loss, update->grad_norm, update->update_ratio};
    return writer_step(context, &row, bench.trainer.network.theta, 2, err);
}

static void rows_of_steps_allocate_nothing(void **state) {
    (void)state;
    static TextPool path;
    char directory[] = "/tmp/nnexp-steps-XXXXXX", log[64];
    const LogPlan plan = {.steps = true, .path = &path};
    Writer writer;
    Error err = {0};
    text_pool_add(&path, "layers.1.weight[0,0]");
    text_pool_add(&path, "layers.1.weight[1,0]");
    assert_non_null(mkdtemp(directory));
    assert_true(writer_open(&writer, directory, &plan, NULL, &err));
    start(TASK_CLASSIFICATION, 600, 3, 3);
    bench.settings.train.batch = 1; /* more rows than the stream's buffer holds */
    create(NULL);
    epoch();
    allocations = 0;
    counting = COUNTS_ALLOCATIONS;
    for (int e = 0; e < 3; e++)
        assert_true(trainer_epoch(&bench.trainer, &bench.state, &bench.meters, write_update, &writer));
    counting = false;
    assert_int_equal(allocations, 0);
    assert_true(writer_close(&writer, &err));
    trainer_free(&bench.trainer);
    for (int f = 0; f < LOG_FILES; f++) {
        snprintf(log, sizeof log, "%s/%s", directory, log_file_name[f]);
        remove(log);
    }
    assert_int_equal(remove(directory), 0);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epochs_are_those_of_a_plain_loop),
        cmocka_unit_test(the_order_changes_with_epoch_and_seed),
        cmocka_unit_test(dropout_is_drawn_anew_each_batch),
        cmocka_unit_test(an_epoch_can_be_broken_off),
        cmocka_unit_test(what_fades_ends_as_0),
        cmocka_unit_test(numbers_not_finite_end_it),
        cmocka_unit_test(what_cannot_be_built_is_refused),
        cmocka_unit_test(epochs_allocate_nothing),
        cmocka_unit_test(rows_of_steps_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
