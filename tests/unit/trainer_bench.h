/* trainer_bench: one trainer on a data set in plain arrays, set up without files, for the tests of the
 * trainer. */
#ifndef NNEXP_TESTS_TRAINER_BENCH_H
#define NNEXP_TESTS_TRAINER_BENCH_H

#include "experiment/trainer.h"

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
static inline void start(Task task, size_t rows, int features, int classes) {
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
    if (task == TASK_CLASSIFICATION) view.label = bench.label, bench.data.classes = classes;
    else view.target = bench.target, bench.data.targets = classes;
    bench.data.train = view;
}

static inline void add_layer(int units, const char *activation) {
    ModelSettings *model = &bench.settings.model;
    model->activation[model->hidden_count] = choice_from(&activations, activation);
    model->init[model->hidden_count] = choice_of(&inits, "he");
    model->hidden[model->hidden_count++] = units;
    model->activation_count = model->init_count = model->hidden_count;
}

static inline void use_loss(const char *loss) { bench.settings.train.loss = choice_from(&losses, loss); }

static inline void create(Pool *pool) {
    Error err = {0};
    if (!trainer_create(&bench.trainer, &bench.settings, &bench.data, pool, &err)) fail_msg("%s", err.text);
    bench.state = run_state_start();
    bench.state.epoch = 0;
}

static inline void epoch(void) {
    assert_true(trainer_epoch(&bench.trainer, &bench.state, &bench.meters, NULL, NULL));
    bench.state.epoch++;
}

static inline double parameter(const char *name, int i) {
    const Network *network = &bench.trainer.network;
    for (int s = 0; s < network->segments; s++) {
        char own[64];
        segment_name(&network->segment[s], own, sizeof own);
        if (strcmp(own, name) == 0) return (double)network->theta[network->segment[s].offset + (size_t)i];
    }
    fail_msg("no %s", name);
    return 0;
}

static inline void assert_near(double seen, double expected, double tolerance) {
    if (!(fabs(seen - expected) <= tolerance * fmax(1, fabs(expected))))
        fail_msg("%.12g is not %.12g", seen, expected);
}

#endif
