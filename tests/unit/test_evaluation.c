/* evaluation: what the trainer measures: scores over several chunks against plain double loops, the probe's
 * rows and loss, running statistics. */
#include "trainer_bench.h"

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

/* ---- the probe ---------------------------------------------------------------------------------------- */

static void the_probe_is_a_sample_of_the_training_rows(void **state) {
    (void)state;
    static real before[50 * 3];
    start(TASK_CLASSIFICATION, 200, 3, 3);
    bench.settings.log.probe_rows = 50;
    create(NULL);
    assert_int_equal(bench.trainer.probe_rows, 50);
    int row = -1, classes[3] = {0};
    uint32_t index[50];
    assert_int_equal(dataset_sample(&bench.data, 50, 1, PURPOSE_PROBE, index), 50);
    for (int p = 0; p < 50; p++) { /* in the file's order, each with its own class */
        do row++;
        while (row < 200 && memcmp(bench.x + row * 3, bench.trainer.probe_x + p * 3, 3 * sizeof(real)) != 0);
        assert_int_equal(row, index[p]);
        for (int c = 0; c < 3; c++) assert_true(bench.trainer.probe_target[p * 3 + c] == (c == bench.label[row]));
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
            for (int f = 0; f < 5; f++) u += (double)bench.x[r * 5 + f] * parameter("layers.1.weight", f * 8 + c);
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

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evaluation_is_one_mean_over_all_chunks),
        cmocka_unit_test(two_classes_share_a_logit),
        cmocka_unit_test(regression_has_an_rmse),
        cmocka_unit_test(balanced_weights_come_from_the_training_rows),
        cmocka_unit_test(the_probe_is_a_sample_of_the_training_rows),
        cmocka_unit_test(the_probe_has_the_plain_mean_loss),
        cmocka_unit_test(running_statistics_are_trainings_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
