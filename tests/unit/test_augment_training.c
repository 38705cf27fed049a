/* Augmentation in the data set and in training: what is kept raw, what the chain is fitted on, what a batch holds, mixed
 * targets, evaluation by ten crops, and that nothing is allocated on the way. */
#include "base/linalg.h"
#include "count_allocations.h"
#include "data/batch.h"
#include "experiment/run.h"

#include "data_files.h"
#include "trainer_bench.h"

static const ImageShape small = {4, 5, 3, IMAGE_HWC, 1};

static Choice step(const char *words) { return choice_from(&augments, words); }

/* ---- the data set ------------------------------------------------------------------------------------ */

static DataRequest request;
static Dataset data;
static Error err;

/* Nine rows of 2 x 3 grey pixels: row r has pixels 10 r … 10 r + 5. */
static void write_images(const char *path, const char *first) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("a,b,c,d,e,f,class\n", file);
    for (int r = 1; r < 10; r++) {
        if (r == 1 && *first) fputs(first, file);
        else
            for (int i = 0; i < 6; i++) fprintf(file, "%d,", 10 * r + i);
        fprintf(file, "%c\n", 'x' + r % 3);
    }
    assert_int_equal(fclose(file), 0);
}

static bool build(const char *augment_words, double max) {
    request = (DataRequest){
        .csv = {.delimiter = ','}, .file = "images.csv", .test = "images.csv", .image = {2, 3, 1, IMAGE_HWC, max}};
    request.validation.number = 1.0 / 3;
    request.preprocess[request.preprocess_count++] = choice_of(&preprocesses, "center");
    if (augment_words) request.augment[request.augment_count++] = step(augment_words);
    err = (Error){0};
    return dataset_build(&request, NULL, &data, &err);
}

static void the_chain_is_fitted_on_what_evaluation_sees(void **state) {
    (void)state;
    write_images("images.csv", "");
    assert_true(build("crop pad=0 width=2", 100)); /* the centre: columns 0 and 1 */
    assert_int_equal(data.features, 4);
    assert_int_equal(data.raw_features, 6);
    static const char *const names[] = {"p0_0", "p0_1", "p1_0", "p1_1"};
    static const int column[] = {0, 1, 3, 4};
    for (int j = 0; j < 4; j++) {
        double mean = 0;
        assert_string_equal(data.feature_name[j], names[j]);
        for (size_t r = 0; r < data.train.rows; r++) mean += (double)data.train.raw[r * 6 + (size_t)column[j]] / 6;
        assert_true(fabs((double)data.chain.step[0].tensor[0].data[j] - mean) < 1e-4);
        for (size_t r = 0; r < data.train.rows; r++)
            assert_true(fabs((double)(data.train.x[r * 4 + (size_t)j] - data.train.raw[r * 6 + (size_t)column[j]]) +
                             mean) < 1e-4);
        for (size_t r = 0; r < 9; r++)
            assert_true(fabs((double)data.test.x[r * 4 + (size_t)j] + mean - (10 * (r + 1) + (double)column[j])) <
                        1e-4);
    }
    assert_int_equal(data.train.rows, 6);
    assert_true(data.validation.rows == 3 && !data.validation.raw && !data.test.raw);
    uint64_t hash = dataset_hash(&data);
    dataset_free(&data);
    assert_true(build("crop pad=0 width=2 evaluate=ten", 100));
    assert_true(data.train.raw && data.validation.raw == data.train.raw + 6 * 6 && data.test.raw[6] == 20);
    assert_true(dataset_hash(&data) != hash);
    dataset_free(&data);
    assert_true(build("flip", 100));
    assert_true(data.features == 6 && data.train.raw && !data.validation.raw);
    assert_string_equal(data.feature_name[0], "a");
    dataset_free(&data);
    assert_true(build(NULL, 1)); /* nobody looks at max */
    assert_true(!data.train.raw && data.augmentation.steps == 0);
    dataset_free(&data);
}

static void assert_refused(double max, const char *message) {
    char whole[1024];
    assert_false(build("flip", max));
    snprintf(whole, sizeof whole, "images.csv: %s", message);
    assert_messages(&err, whole);
}

static void pixels_must_lie_in_their_range(void **state) {
    (void)state;
    write_images("images.csv", "");
    assert_refused(60.5, "column 'b' has a pixel of 61, outside 0 to data.image.max, which is 60.5; correct it");
    assert_refused(800,
                   "data.image.max is 800, and no training pixel is above 85; set it to what full brightness is");
    write_images("images.csv", "0,0,-1,0,0,0,");
    assert_refused(255, "column 'c' has a pixel of -1, outside 0 to data.image.max, which is 255; correct it");
}

/* ---- mixed targets ----------------------------------------------------------------------------------- */

static void targets_and_weights_are_mixed(void **state) {
    (void)state;
    const int32_t label[] = {0, 2, 1};
    const real value[] = {1, 2, 3, 4, 5, 6}, row_weight[] = {1, 3, 5};
    const AugmentMix mix[] = {{1, (real)0.75}, {1, 1}, {0, (real)0.25}};
    real target[9] = {1, 0, 0, 0, 0, 1, 0, 1, 0}, weight[] = {1, 3, 5};
    View view = {.rows = 3, .label = label, .weight = row_weight};
    batch_mix(&view, 3, mix, 3, target, weight);
    const real mixed[9] = {0.75, 0, 0.25, 0, 0, 1, 0.75, 0.25, 0}, mixed_weight[] = {1.5, 3, 2};
    assert_memory_equal(target, mixed, sizeof mixed);
    assert_memory_equal(weight, mixed_weight, sizeof mixed_weight);
    const int32_t two[] = {0, 1, 1};
    real one[] = {0, 1, 1};
    view = (View){.rows = 3, .label = two};
    batch_mix(&view, 1, mix, 3, one, NULL);
    assert_true(one[0] == (real)0.25 && one[1] == 1 && one[2] == (real)0.25);
    real values[] = {1, 2, 3, 4, 5, 6};
    view = (View){.rows = 3, .target = value};
    batch_mix(&view, 2, mix, 3, values, NULL);
    assert_true(values[0] == (real)1.5 && values[1] == (real)2.5 && values[2] == 3 && values[4] == 2 &&
                values[5] == 3);
}

/* ---- training ---------------------------------------------------------------------------------------- */

/* A trainer on random images with these steps; what evaluation sees is the first view. */
static void start_images(size_t rows, int steps, const char *const *words) {
    static real raw[MOST_ROWS * 60], work[256];
    Choice choice[4];
    Error wrong = {0};
    Augmentation plan;
    for (int k = 0; k < steps; k++) choice[k] = step(words[k]);
    if (!augment_plan(choice, steps, small, &plan, &wrong)) fail_msg("%s", wrong.text);
    int features = (int)image_values(plan.out);
    start(TASK_CLASSIFICATION, rows, features, 3);
    bench.data.augmentation = plan;
    Stream stream = random_stream(4, PURPOSE_TEST, 1, 0);
    random_fill_uniform(&stream, rows * 60, raw);
    assert_true(augment_work(&plan) <= 256);
    augment_fit(&bench.data.augmentation, rows, raw);
    for (size_t r = 0; r < rows; r++) augment_evaluate(&plan, 0, raw + r * 60, work, bench.x + r * (size_t)features);
    bench.data.train.raw = raw;
    bench.data.train.weight = bench.weight;
}

static void a_batch_holds_augmented_rows_and_mixed_targets(void **state) {
    (void)state;
    enum { ROWS = 30 };
    static const char *const words[] = {"crop pad=1 height=3", "mixup alpha=1", "noise"};
    real work[256], out[60];
    start_images(ROWS, 3, words);
    bench.settings.train.batch = 0;
    bench.settings.seed = 9;
    create(NULL);
    const Trainer *trainer = &bench.trainer;
    for (uint32_t e = 1; e <= 2; e++) {
        epoch();
        AugmentSource source = {bench.data.train.raw, ROWS, 9, e};
        int correct = 0;
        for (int i = 0; i < ROWS; i++) {
            uint32_t row = trainer->order[i];
            AugmentMix mix = augment_row(&bench.data.augmentation, &source, row, work, out);
            assert_memory_equal(out, trainer->x + i * 45, 45 * sizeof *out);
            double share = (double)mix.share, target[3] = {0};
            target[bench.label[row]] += share;
            target[bench.label[mix.partner]] += 1 - share;
            double weight = share * (double)bench.weight[row] + (1 - share) * (double)bench.weight[mix.partner];
            for (int c = 0; c < 3; c++) assert_near((double)trainer->target[3 * i + c], target[c], 1e-6);
            assert_near((double)trainer->weight[i], weight, 1e-6);
            int32_t heavier = share > 0.5 ? bench.label[row] : bench.label[mix.partner];
            const real *z = trainer->work.layer[0].z + 3 * i;
            correct += z[heavier] > z[(heavier + 1) % 3] && z[heavier] > z[(heavier + 2) % 3];
        }
        assert_int_equal(bench.meters.correct, correct);
        assert_int_equal(bench.meters.rows, ROWS);
    }
    trainer_free(&bench.trainer);
}

/* Batch and threads change the steps, but no row's image: the same rows stand in another order of batches. */
static void without_learning_an_epoch_is_the_same_for_any_batch(void **state) {
    (void)state;
    enum { ROWS = 61 };
    static const char *const words[] = {"crop pad=1", "color_jitter", "mixup"};
    double loss[6];
    Error wrong = {0};
    for (int k = 0; k < 6; k++) {
        Pool *pool = pool_create(1 + k % 3, &wrong);
        start_images(ROWS, 3, words);
        bench.data.train.weight = NULL;
        bench.settings.train.batch = k < 3 ? 7 : 32;
        bench.settings.train.lr = 1e-30;
        create(pool);
        epoch();
        loss[k] = bench.meters.loss / ROWS;
        trainer_free(&bench.trainer);
        pool_free(pool);
        assert_true(k % 3 == 0 || loss[k] == loss[k / 3 * 3]);
    }
    assert_near(loss[0], loss[3], 1e-6);
}

/* The loss of the mean probabilities of ten crops, by a plain loop in double over a linear model. */
static void evaluation_averages_ten_crops(void **state) {
    (void)state;
    enum { ROWS = 300, OUT = 3, IN = 3 * 3 * 3 };
    static const char *const words[] = {"flip", "crop pad=0 height=3 width=3 evaluate=ten"};
    start_images(ROWS, 2, words);
    bench.data.train.weight = NULL;
    create(NULL);
    double loss = 0, right = 0;
    real work[256], out[IN];
    for (size_t r = 0; r < ROWS; r++) {
        double mean[OUT] = {0};
        for (int view = 0; view < 10; view++) {
            double p[OUT], sum = 0;
            augment_evaluate(&bench.data.augmentation, view, bench.data.train.raw + r * 60, work, out);
            for (int c = 0; c < OUT; c++) {
                double z = parameter("layers.1.bias", c);
                for (int i = 0; i < IN; i++) z += (double)out[i] * parameter("layers.1.weight", i * OUT + c);
                sum += p[c] = exp(z);
            }
            for (int c = 0; c < OUT; c++) mean[c] += p[c] / sum / 10;
        }
        int best = 0;
        for (int c = 1; c < OUT; c++) best = mean[c] > mean[best] ? c : best;
        loss -= log(mean[bench.label[r]]) / ROWS;
        right += best == bench.label[r];
    }
    Score score = trainer_evaluate(&bench.trainer, &bench.data.train, false);
    assert_near(score.loss, loss, 1e-6);
    assert_near(score.accuracy, right / ROWS, 1e-12);
    trainer_free(&bench.trainer);
}

/* ---- what goes wrong on the way ------------------------------------------------------------------------ */

static bool picky_apply(const FittedPreprocess *fitted, size_t rows, const real *from, real *to, Error *wrong) {
    (void)fitted, (void)rows, (void)to;
    return from[0] < 0 || (fail)(wrong, "cannot take that; take another");
}
static const Preprocess picky = {.head = {.name = "picky"}, .apply = picky_apply, .in_place = true};

static void a_step_that_cannot_take_an_image_ends_the_epoch(void **state) {
    (void)state;
    static const char *const words[] = {"flip"};
    for (int threads = 1; threads <= 2; threads++) {
        Error wrong = {0};
        Pool *pool = pool_create(threads, &wrong);
        start_images(40, 1, words);
        bench.data.chain.steps = 1;
        bench.data.chain.step[0] = (FittedPreprocess){.choice.variant = &picky.head, .in = 60, .out = 60};
        create(pool);
        assert_false(trainer_epoch(&bench.trainer, &bench.state, &bench.meters, NULL, NULL));
        assert_messages(bench.trainer.failure, "preprocess.0: cannot take that; take another");
        assert_int_equal(bench.state.step, 0);
        trainer_free(&bench.trainer);
        pool_free(pool);
    }
}

/* In an epoch's training, or already in the evaluation of epoch 0. */
static void and_the_run_says_so(void **state) {
    (void)state;
    static const char *const sets[] = {
        "augment=[\"flip\"]", "augment=[{\"name\": \"crop\", \"pad\": 0, \"width\": 2, \"evaluate\": \"ten\"}]"};
    static Settings settings;
    const RunOptions options = {.quiet = true, .config = "a.json"};
    write_images("images.csv", "");
    write_text("a.json", "{\"data\": {\"file\": \"images.csv\", \"image\": {\"height\": 2, \"width\": 3}}}");
    for (int i = 0; i < 2; i++) {
        RunDirectory directory;
        err = (Error){0};
        assert_true(settings_load("a.json", &sets[i], 1, &settings, &err));
        request = settings_data_request(&settings);
        assert_true(dataset_build(&request, NULL, &data, &err) && settings_meet_data(&settings, &data, &err));
        data.chain.steps = 1;
        data.chain.step[0] =
            (FittedPreprocess){.choice.variant = &picky.head, .in = data.features, .out = data.features};
        assert_true(run_directory_claim(&directory, "run", CLAIM_FORCE, &err));
        assert_int_equal(run_experiment(&settings, &data, &directory, &options, &err), EXIT_REFUSED);
        assert_messages(&err, "a.json: preprocess.0: cannot take that; take another");
        run_directory_release(&directory);
        dataset_free(&data);
    }
}

static void augmented_epochs_allocate_nothing(void **state) {
    (void)state;
    static const char *const words[] = {"crop pad=2 height=3 width=3 evaluate=ten", "color_jitter", "mixup", "noise"};
    Error wrong = {0};
    if (!COUNTS_ALLOCATIONS) return;
    linalg_pin_threads();
    for (int threads = 1; threads <= 2; threads++) {
        Pool *pool = pool_create(threads, &wrong);
        start_images(300, 4, words);
        create(pool);
        epoch();
        trainer_evaluate(&bench.trainer, &bench.data.train, true);
        allocations = blas_allocations = 0;
        counting = true;
        epoch();
        trainer_evaluate(&bench.trainer, &bench.data.train, true);
        counting = false;
        assert_int_equal(allocations, 0);
        trainer_free(&bench.trainer);
        pool_free(pool);
    }
}

static int begin(void **state) {
    (void)state;
    enter_directory();
    return 0;
}

static int end(void **state) {
    (void)state;
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chain_is_fitted_on_what_evaluation_sees),
        cmocka_unit_test(pixels_must_lie_in_their_range),
        cmocka_unit_test(targets_and_weights_are_mixed),
        cmocka_unit_test(a_batch_holds_augmented_rows_and_mixed_targets),
        cmocka_unit_test(without_learning_an_epoch_is_the_same_for_any_batch),
        cmocka_unit_test(evaluation_averages_ten_crops),
        cmocka_unit_test(a_step_that_cannot_take_an_image_ends_the_epoch),
        cmocka_unit_test(and_the_run_says_so),
        cmocka_unit_test(augmented_epochs_allocate_nothing),
    };
    return cmocka_run_group_tests_name("augment_training", tests, begin, end);
}
