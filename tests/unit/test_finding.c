/* finding: a healthy run is left alone; each illness gives its finding, word for word; nan gives none. */
#include "observe/finding.h"
#include "observe/writer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// cmocka wants those
#include <cmocka.h>

enum { EPOCHS = 30, LAYERS = 3, MOST_LAYERS = 26, MOST_FINDINGS = 32 };

/* One row of layers.csv, as far as reviews look. */
typedef struct LayerRow {
    const char *activation;
    double fan_in, units, a_std, zero, saturated, dead, delta_rms, weight_mean, weight_std, same_sign_row, z_mean,
        z_std;
} LayerRow;

/* A run that a test makes ill. */
typedef struct Run {
    int epochs; /* trained */
    EpochRow epoch[EPOCHS + 1];
    int layers;
    LayerRow layer[EPOCHS + 1][MOST_LAYERS];
    int64_t class_rows[10];
    Evidence evidence;
    Table epochs_table, layers_table;
    int count;
    Finding found[MOST_FINDINGS];
} Run;

/* Ten classes, two ReLU layers of 64: the loss falls as 1/(1 + epoch), and flattens. */
static Run *healthy(void) {
    static Run run;
    run = (Run){.epochs = EPOCHS, .layers = LAYERS};
    for (int e = 0; e <= EPOCHS; e++) {
        double loss = 2.3 * exp(-0.4 * e) + 0.05;
        run.epoch[e] = (EpochRow){e, 45 * e, 0.05, loss, 0.1 + 0.9 * e / EPOCHS, loss + 0.02, 0.1, 1, 2, 12, 2e-3};
        for (int l = 0; l < LAYERS; l++)
            run.layer[e][l] = (LayerRow){"relu", 64, 64, 0.8, 0.5, 0.5, 0.03, 0.3, 0.001, 0.17, 0.4, 0, 1.4};
        run.layer[e][LAYERS - 1] = (LayerRow){"identity", 64, 10, 1.5, 0, 0, 0, 0.4, 0.001, 0.17, 1, 0, 1.4};
    }
    run.epoch[0].lr = run.epoch[0].update_ratio = NAN;
    for (int c = 0; c < 10; c++) run.class_rows[c] = 140 + c;
    run.evidence = (Evidence){.classification = true,
                              .has_validation = true,
                              .classes = 10,
                              .train_rows = 1445,
                              .lr = 0.05,
                              .chosen = {.init = {"he", "he", "he"},
                                         .bias_init = "zeros",
                                         .norm = "none",
                                         .preprocess = {"standardize"},
                                         .batch = 32},
                              .class_rows = run.class_rows,
                              .optimizer = "sgd",
                              .status = "finished",
                              .input_scale_ratio = 1.2,
                              .input_mean_ratio = 0.1,
                              .input_std = 1};
    return &run;
}

static void each_layer(Run *run, int layer, size_t offset, double value) {
    for (int e = 0; e <= EPOCHS; e++) *(double *)((char *)&run->layer[e][layer - 1] + offset) = value;
}
#define EACH_LAYER(run, layer, member, value) each_layer(run, layer, offsetof(LayerRow, member), value)

static void write_epochs(const Run *run, FILE *file) {
    fprintf(file, "epoch,lr,train_loss,train_accuracy,val_loss,update_ratio\n");
    for (int e = 0; e <= run->epochs; e++) {
        const EpochRow *row = &run->epoch[e];
        fprintf(file, "%d,%.9g,%.9g,%.9g,%.9g,%.9g\n", e, row->lr, row->train_loss, row->train_accuracy,
                row->val_loss, row->update_ratio);
    }
}

static void write_layers(const Run *run, FILE *file) {
    fprintf(file, "epoch,layer,activation,fan_in,units,a_std,zero,saturated,dead,delta_rms,weight_mean,weight_std,"
                  "same_sign_row,z_mean,z_std\n");
    for (int e = 0; e <= run->epochs; e++)
        for (int l = 0; l < run->layers; l++) {
            const LayerRow *row = &run->layer[e][l];
            fprintf(file, "%d,%d,%s,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g,%g\n", e, l + 1, row->activation, row->fan_in,
                    row->units, row->a_std, row->zero, row->saturated, row->dead, row->delta_rms, row->weight_mean,
                    row->weight_std, row->same_sign_row, row->z_mean, row->z_std);
        }
}

static void read_back(const Run *run, void (*write)(const Run *, FILE *), Table *out) {
    char path[] = "/tmp/nnexp-finding-XXXXXX";
    Error err = {0};
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    write(run, file);
    assert_int_equal(fclose(file), 0);
    bool ok = table_read(path, out, &err);
    unlink(path);
    assert_true(ok);
}

static void review(Run *run) {
    assert_true(findings.count <= MOST_FINDINGS);
    read_back(run, write_epochs, &run->epochs_table);
    read_back(run, write_layers, &run->layers_table);
    run->evidence.epochs = &run->epochs_table;
    run->evidence.layers = &run->layers_table;
    run->count = findings_review(&run->evidence, run->found);
    table_free(&run->epochs_table);
    table_free(&run->layers_table);
}

static void check_none(Run *run) {
    review(run);
    if (run->count) fail_msg("found %s: %s", run->found[0].name, run->found[0].evidence);
}

static const Finding *find(Run *run, const char *name) {
    review(run);
    for (int i = 0; i < run->count; i++)
        if (strcmp(run->found[i].name, name) == 0) return &run->found[i];
    fail_msg("%s was not found", name);
    return NULL;
}

static void check_remedy(Run *run, const char *name, const char *remedy) {
    assert_string_equal(find(run, name)->remedy, remedy);
}

/* A config that has done nothing for its start. */
static void choose_nothing(Run *run) {
    run->evidence.chosen =
        (Chosen){.init = {"gaussian", "gaussian", "gaussian"}, .bias_init = "zeros", .norm = "none"};
    run->evidence.input_std = 12; /* as the data are */
}

/* Exactly that finding, and no other. */
static void check_one(Run *run, Finding expected) {
    review(run);
    if (run->count == 0) fail_msg("%s was not found", expected.name);
    const Finding *seen = &run->found[0];
    assert_string_equal(seen->name, expected.name);
    assert_string_equal(seen->evidence, expected.evidence);
    assert_string_equal(seen->remedy, expected.remedy);
    assert_int_equal(seen->severity, expected.severity);
    assert_int_equal(seen->epoch, expected.epoch);
    assert_int_equal(seen->layer, expected.layer);
    if (run->count > 1) fail_msg("found %s too: %s", run->found[1].name, run->found[1].evidence);
}

static void every_row_has_a_help(void **state) {
    (void)state;
    for (int i = 0; i < findings.count; i++) assert_true(strlen(family_row(&findings, i)->help) > 8);
}

/* ---- no false alarms ------------------------------------------------------------------------------------
 */

static void a_healthy_run_is_left_alone(void **state) {
    (void)state;
    check_none(healthy());
    for (int epochs = 0; epochs < EPOCHS; epochs++) {
        Run *run = healthy();
        run->epochs = epochs;
        run->evidence.status = "running";
        check_none(run);
    }
}

static void a_healthy_tanh_net_is_left_alone(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 0; e <= EPOCHS; e++)
        for (int l = 0; l < 2; l++)
            run->layer[e][l] = (LayerRow){"tanh", 64, 64, 0.6, 0, 0.3, 0, 0.1, 0.001, 0.17, 0.4, 0, 1.4};
    check_none(run);
}

static void a_loss_near_zero_may_wobble(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 15; e <= EPOCHS; e++) {
        run->epoch[e].train_loss = e % 2 ? 2e-4 : 1e-4;
        run->epoch[e].val_loss = e % 2 ? 3e-4 : 2e-4;
    }
    check_none(run);
}

static void nan_is_no_evidence(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 0; e <= EPOCHS; e++) {
        run->epoch[e].val_loss = run->epoch[e].train_accuracy = run->epoch[e].update_ratio = NAN;
        for (int l = 0; l < LAYERS; l++)
            run->layer[e][l] = (LayerRow){"relu", 64, 64, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    }
    run->evidence.input_scale_ratio = run->evidence.input_mean_ratio = run->evidence.input_std = NAN;
    run->evidence.chosen = (Chosen){0};
    run->evidence.class_rows = NULL;
    check_none(run);
}

static void empty_logs_are_no_evidence(void **state) {
    (void)state;
    Run *run = healthy();
    run->epochs = -1;
    check_none(run);
    const Table none = {0};
    run->evidence.epochs = run->evidence.layers = &none;
    assert_int_equal(findings_review(&run->evidence, run->found), 0);
    run->evidence.status = "diverged"; /* before anything was logged */
    assert_int_equal(findings_review(&run->evidence, run->found), 1);
    assert_int_equal(run->found[0].epoch, -1);
}

/* ---- one illness each ------------------------------------------------------------------------------------
 */

static void divergence_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    run->epochs = 2;
    run->epoch[2].train_loss = NAN;
    run->evidence.status = "diverged";
    check_one(run, (Finding){"diverged", SEVERITY_PROBLEM, 2, 0,
                             "training diverged: train_loss was 2.35 at epoch 0 and is nan at epoch 2",
                             "lower the learning rate: train.lr 0.005 instead of 0.05; or train.clip_norm 1"});
    run->evidence.chosen.clip_norm = 5;
    check_remedy(run, "diverged", "lower the learning rate: train.lr 0.005 instead of 0.05; or train.clip_norm 1");
    run->evidence.chosen.clip_norm = 1;
    check_remedy(run, "diverged", "lower the learning rate: train.lr 0.005 instead of 0.05");
}

static void a_loss_that_does_not_move_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 0; e <= EPOCHS; e++) run->epoch[e].train_loss = run->epoch[e].val_loss = 2.31 - 1e-3 * (e % 2);
    check_one(run, (Finding){"no_learning", SEVERITY_PROBLEM, 30, 0,
                             "no learning in 30 epochs: train_loss was 2.31 at epoch 0 and is 2.31",
                             "check data.label; or train.lr 0.017"});
    choose_nothing(run);
    check_remedy(run, "no_learning",
                 "check data.label; or model.init \"he\"; or preprocess [\"standardize\"]; or train.lr 0.017");
    for (int e = 1; e <= EPOCHS; e++) run->epoch[e].update_ratio = 5e-4;
    run->evidence.input_std = 1; /* standardized as it is */
    check_remedy(run, "no_learning", "check data.label; or model.init \"he\"; or train.lr 0.15");
    EACH_LAYER(run, 1, delta_rms, 1e-5);
    check_remedy(run, "no_learning", "model.init \"he\"; or model.norm \"batch\"");
    EACH_LAYER(run, 1, delta_rms, 1e5);
    check_remedy(run, "no_learning",
                 "smaller initial weights: model.init \"he\"; or train.clip_norm 1; or model.norm \"batch\"");
    for (int e = 5; e <= EPOCHS; e++) run->layer[e][1].dead = 1;
    check_remedy(run, "no_learning", "train.lr 0.005; or model.norm \"batch\"");
}

static void a_linear_model_that_does_not_learn_is_asked_for_a_layer(void **state) {
    (void)state;
    Run *run = healthy();
    run->layers = 1;
    for (int e = 0; e <= EPOCHS; e++) {
        run->layer[e][0] = run->layer[e][LAYERS - 1];
        run->epoch[e].train_loss = run->epoch[e].val_loss = 2.31;
    }
    check_remedy(run, "no_learning", "check data.label; or model.hidden [64]; or train.lr 0.017");
}

static void a_loss_that_stays_at_chance_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 1; e <= EPOCHS; e++) {
        run->epoch[e].train_loss = run->epoch[e].val_loss = 2.302;
        run->epoch[e].train_accuracy = 0.11;
        run->epoch[e].update_ratio = 5e-5;
    }
    run->epoch[0].train_loss = run->epoch[0].val_loss = 9;
    check_one(run, (Finding){"no_learning", SEVERITY_PROBLEM, 30, 0,
                             "no learning in 30 epochs: train_loss was 9 at epoch 0 and is 2.302, no better than "
                             "guessing by the classes' shares",
                             "raise the learning rate: train.lr 0.5"});
    for (int e = 1; e <= EPOCHS; e++) run->epoch[e].train_accuracy = 0.9; /* some other loss, passing by */
    check_none(run);
}

static void a_vanishing_gradient_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    EACH_LAYER(run, 1, delta_rms, 3.9e-4);
    check_one(run, (Finding){"vanishing_gradient", SEVERITY_PROBLEM, 30, 1,
                             "gradients vanish on the way down: delta_rms is 0.4 in layer 3 and 0.00039 in layer 1 "
                             "at epoch 30",
                             "model.norm \"batch\""});
    run->evidence.chosen.norm = "layer";
    check_remedy(run, "vanishing_gradient", "train.lr 0.017"); /* of two hidden layers none is too many */
    choose_nothing(run);
    check_remedy(run, "vanishing_gradient", "model.init \"he\"; or model.norm \"batch\"");
    EACH_LAYER(run, 1, delta_rms, 4.1e-4);
    check_none(run);
}

static void a_vanishing_gradient_of_sigmoids_asks_for_relu(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 0; e <= EPOCHS; e++)
        for (int l = 0; l < 2; l++)
            run->layer[e][l] = (LayerRow){"sigmoid", 64, 64, 0.2, 0, 0.1, 0, 1e-5, 0.001, 0.17, 0.4, 0, 1.4};
    check_one(run, (Finding){"vanishing_gradient", SEVERITY_PROBLEM, 30, 1,
                             "gradients vanish on the way down: delta_rms is 0.4 in layer 3 and 1e-05 in layer 1 "
                             "at epoch 30",
                             "model.activation \"relu\"; or model.norm \"batch\""});
    choose_nothing(run);
    check_remedy(run, "vanishing_gradient",
                 "model.activation \"relu\" with model.init \"he\"; or model.norm \"batch\"");
}

static void a_net_too_deep_for_any_init_is_asked_for_fewer_layers(void **state) {
    (void)state;
    Run *run = healthy();
    run->layers = MOST_LAYERS;
    for (int e = 0; e <= EPOCHS; e++) {
        run->layer[e][MOST_LAYERS - 1] = run->layer[e][LAYERS - 1];
        for (int l = LAYERS - 1; l < MOST_LAYERS - 1; l++) run->layer[e][l] = run->layer[e][0];
        run->layer[e][0].delta_rms = 1e-9;
    }
    check_remedy(run, "vanishing_gradient", "model.norm \"batch\"; or fewer hidden layers than 25");
    run->evidence.chosen.norm = "batch";
    check_remedy(run, "vanishing_gradient", "fewer hidden layers than 25");
    run->layers = 6; /* few, but nothing else is left */
    for (int e = 0; e <= EPOCHS; e++) run->layer[e][5] = run->layer[e][MOST_LAYERS - 1];
    check_remedy(run, "vanishing_gradient", "fewer hidden layers than 5");
}

/* Dead units stop the gradient: that is told as dead_units. */
static void a_gradient_that_dead_units_stop_is_told_once(void **state) {
    (void)state;
    Run *run = healthy();
    EACH_LAYER(run, 1, delta_rms, 0);
    for (int e = 5; e <= EPOCHS; e++) run->layer[e][1].dead = run->layer[e][1].saturated = 1;
    check_one(run, (Finding){"dead_units", SEVERITY_PROBLEM, 5, 2,
                             "layer 2 (relu) has dead units: 100 % of its 64 at epoch 30, 3 % at epoch 0",
                             "they died: train.lr 0.005; or model.norm \"batch\""});
}

static void an_exploding_gradient_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    EACH_LAYER(run, 1, delta_rms, 4e3);
    run->layer[EPOCHS][0].delta_rms = NAN; /* the last number counts */
    check_one(run, (Finding){"exploding_gradient", SEVERITY_PROBLEM, 29, 1,
                             "gradients explode on the way down: delta_rms is 0.4 in layer 3 and 4e+03 in layer 1 "
                             "at epoch 29",
                             "train.clip_norm 1; or model.norm \"batch\""});
    choose_nothing(run);
    check_remedy(run, "exploding_gradient",
                 "smaller initial weights: model.init \"he\"; or train.clip_norm 1; or model.norm \"batch\"");
}

/* The first step blew the weights up: steps are tiny against them, and the gradient passes. */
static void a_gradient_that_exploded_at_the_start_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    run->layer[0][0].delta_rms = 4e8;
    run->evidence.chosen.norm = "batch";
    for (int e = 1; e <= EPOCHS; e++) {
        run->epoch[e].update_ratio = 2e-10;
        run->epoch[e].train_loss = run->epoch[e].val_loss = 2.35 - 0.01 * e;
    }
    check_one(run, (Finding){"exploding_gradient", SEVERITY_PROBLEM, 0, 1,
                             "gradients explode on the way down: delta_rms is 0.4 in layer 3 and 4e+08 in layer 1 "
                             "at epoch 0",
                             "train.clip_norm 1"});
}

static void a_saturated_tanh_layer_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 0; e <= EPOCHS; e++)
        for (int l = 0; l < 2; l++)
            run->layer[e][l] =
                (LayerRow){"tanh", 64, 64, 0.6, 0, l == 1 ? 0.7 : 0.3, 0, 0.1, 0.001, 0.17, 0.4, 0, 1.4};
    check_one(run, (Finding){"saturated_layer", SEVERITY_WARNING, 0, 2,
                             "layer 2 (tanh) is saturated: 70 % of its entries have next to no slope at epoch 30",
                             "it started so: model.init \"xavier\""});
    run->evidence.chosen.init[1] = "glorot"; /* each layer is asked for its own */
    check_remedy(run, "saturated_layer", "it started so: model.norm \"batch\"");
    run->evidence.chosen.norm = "layer";
    check_remedy(run, "saturated_layer", "it started so: train.lr 0.017");
    choose_nothing(run);
    check_remedy(run, "saturated_layer", "it started so: model.init \"xavier\"; or preprocess [\"standardize\"]");
    for (int e = 0; e < 12; e++) run->layer[e][1].saturated = 0.2;
    check_one(run, (Finding){"saturated_layer", SEVERITY_WARNING, 12, 2,
                             "layer 2 (tanh) is saturated: 70 % of its entries have next to no slope at epoch 30",
                             "it grew so: train.lr 0.017; or train.weight_decay 1e-4"});
    run->evidence.chosen.decoupled_decay = 0.01;
    check_remedy(run, "saturated_layer", "it grew so: train.lr 0.017");
}

static void half_of_a_one_sided_layer_is_normal(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 0; e <= EPOCHS; e++) run->layer[e][1].activation = "relu6"; /* bounded, but one-sided */
    EACH_LAYER(run, 2, saturated, 0.75);
    check_none(run);
    EACH_LAYER(run, 2, saturated, 0.95);
    check_one(run, (Finding){"saturated_layer", SEVERITY_WARNING, 0, 2,
                             "layer 2 (relu6) is saturated: 95 % of its entries have next to no slope at epoch 30",
                             "it started so: model.init \"xavier\""});
}

static void dead_units_are_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 5; e <= EPOCHS; e++) run->layer[e][1].dead = 0.25;
    check_one(run, (Finding){"dead_units", SEVERITY_WARNING, 5, 2,
                             "layer 2 (relu) has dead units: 25 % of its 64 at epoch 30, 3 % at epoch 0",
                             "they died: train.lr 0.017; or model.activation \"leaky_relu\""});
    EACH_LAYER(run, 1, dead, 0.6);
    check_one(run, (Finding){"dead_units", SEVERITY_PROBLEM, 0, 1,
                             "layer 1 (relu) has dead units: 60 % of its 64 at epoch 30, 60 % at epoch 0",
                             "they started so: model.activation \"leaky_relu\"; or model.norm \"batch\""});
    run->evidence.chosen.bias_init = "constant";
    run->layer[0][0].z_mean = -1;
    run->evidence.chosen.preprocess[0] = NULL;
    run->evidence.input_mean_ratio = 3;
    check_remedy(run, "dead_units",
                 "they started so: model.bias_init \"zeros\"; or preprocess [\"standardize\"]; or "
                 "model.activation \"leaky_relu\"; or model.norm \"batch\"");
    choose_nothing(run);
    check_remedy(run, "dead_units",
                 "they started so: model.init \"he\"; or preprocess [\"standardize\"]; or "
                 "model.activation \"leaky_relu\"; or model.norm \"batch\"");
    EACH_LAYER(run, 1, dead, 0);
    EACH_LAYER(run, 2, dead, 0);
    for (int e = 5; e <= EPOCHS; e++) run->layer[e][0].dead = 0.6;
    run->evidence.chosen.bias_init = "constant";
    check_remedy(run, "dead_units",
                 "they died: train.lr 0.005 with model.bias_init \"zeros\"; or model.norm \"batch\"");
}

static void dead_units_of_others_are_not_asked_to_leak(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 0; e <= EPOCHS; e++) run->layer[e][0].activation = "sigmoid";
    EACH_LAYER(run, 1, dead, 0.4);
    check_remedy(run, "dead_units", "they started so: model.init \"xavier\"; or model.norm \"batch\"");
    run->layer[0][0].dead = 0;
    check_remedy(run, "dead_units", "they died: train.lr 0.017; or model.norm \"batch\"");
    run->evidence.chosen.norm = "batch";
    for (int e = 0; e <= EPOCHS; e++) run->layer[e][0].activation = "leaky_relu"; /* of slope 0, say */
    check_remedy(run, "dead_units", "they died: train.lr 0.017");
}

static void collapsed_activations_are_found(void **state) {
    (void)state;
    Run *run = healthy();
    run->layer[0][1].a_std = 0.079;
    check_one(run, (Finding){"collapsed_activations", SEVERITY_WARNING, 0, 2,
                             "activations collapse with depth: a_std is 0.8 in layer 1 and 0.079 in layer 2 at "
                             "epoch 0",
                             "model.norm \"batch\""});
    choose_nothing(run);
    check_remedy(run, "collapsed_activations", "larger initial weights: model.init \"he\"");
    for (int e = 0; e <= EPOCHS; e++) run->layer[e][1].activation = "selu";
    check_remedy(run, "collapsed_activations", "larger initial weights: model.init \"lecun\"");
    run->evidence.chosen.init[1] = "lsuv"; /* fits all */
    check_remedy(run, "collapsed_activations", "model.norm \"batch\"");
}

static void equal_weights_are_found(void **state) {
    (void)state;
    Run *run = healthy();
    run->layer[0][0].weight_mean = 0.1;
    run->layer[0][0].weight_std = 1e-9;
    check_one(run, (Finding){"symmetric_units", SEVERITY_WARNING, 0, 1,
                             "all weights of layer 1 start at 0.1: its 64 units get equal gradients and stay equal",
                             "random initial weights: model.init \"he\""});
    run->layer[0][0].units = 1; /* a single unit has none to be equal to */
    check_none(run);
}

static void large_steps_are_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 1; e <= EPOCHS; e++) run->epoch[e].update_ratio = 0.2;
    check_one(run, (Finding){"lr_too_high", SEVERITY_WARNING, 30, 0,
                             "steps are large: update_ratio is 0.2 at epoch 30, where 1e-3 is usual",
                             "lower the learning rate: train.lr 0.005 instead of 0.05"});
}

static void a_loss_that_ends_above_its_start_is_found(void **state) {
    (void)state;
    for (int epochs = 1; epochs <= EPOCHS; epochs += 29) { /* from the first epoch on */
        Run *run = healthy();
        run->epochs = epochs;
        for (int e = 1; e <= epochs; e++) {
            run->epoch[e].train_loss = run->epoch[e].val_loss = 3;
            run->epoch[e].update_ratio = 3e-6; /* and yet no call for larger steps */
        }
        run->epoch[epochs].train_loss = 4;
        char evidence[256];
        snprintf(evidence, sizeof evidence, "the loss rises: train_loss was 2.35 at epoch 0 and is 4 at epoch %d",
                 epochs);
        const Finding *seen = find(run, "lr_too_high");
        assert_int_equal(run->count, 1);
        assert_string_equal(seen->evidence, evidence);
        assert_string_equal(seen->remedy,
                            "lower the learning rate: train.lr 0.005 instead of 0.05; or train.clip_norm 1");
        assert_int_equal(seen->severity, SEVERITY_PROBLEM);
        assert_int_equal(seen->epoch, 0);
    }
}

static void a_loss_that_ends_above_its_best_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 11; e <= EPOCHS; e++) run->epoch[e].train_loss = 1.1;
    run->evidence.chosen.clip_norm = 1;
    check_one(run, (Finding){"lr_too_high", SEVERITY_WARNING, 10, 0,
                             "the loss rises: train_loss was 0.0921 at epoch 10 and is 1.1 at epoch 30",
                             "lower the learning rate: train.lr 0.005 instead of 0.05"});
    run->epoch[28].train_loss = 0.1; /* it comes and goes */
    check_none(run);
}

static void a_loss_that_a_schedule_or_a_good_start_raises_is_left_alone(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 11; e <= EPOCHS; e++) run->epoch[e].train_loss = 1.1;
    run->epoch[10].lr = 0.001; /* a restart's end */
    check_none(run);
    run = healthy();
    run->epoch[0].train_loss = run->epoch[0].val_loss = 0.001; /* model.from, and then dropout */
    for (int e = 1; e <= EPOCHS; e++) run->epoch[e].train_loss = run->epoch[e].val_loss = 0.2 - 0.001 * e;
    run->evidence.has_validation = false;
    review(run);
    for (int i = 0; i < run->count; i++) assert_string_not_equal(run->found[i].name, "lr_too_high");
}

static void a_restless_loss_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 2; e <= EPOCHS; e += 2) run->epoch[e].train_loss += 0.9;
    check_one(run, (Finding){"lr_too_high", SEVERITY_WARNING, 30, 0,
                             "the loss is restless: train_loss rose in 15 of 30 epochs",
                             "lower the learning rate: train.lr 0.017 instead of 0.05; or train.batch 128"});
    run->evidence.chosen.batch = 1445;
    check_remedy(run, "lr_too_high", "lower the learning rate: train.lr 0.017 instead of 0.05");
}

static void tiny_steps_are_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 1; e <= EPOCHS; e++) {
        run->epoch[e].update_ratio = 3e-6;
        run->epoch[e].train_loss = run->epoch[e].val_loss = 2.35 - 0.01 * e;
    }
    check_one(run, (Finding){"lr_too_low", SEVERITY_WARNING, 30, 0,
                             "steps are tiny: update_ratio is 3e-06 at epoch 30, where 1e-3 is usual; train_loss "
                             "fell from 2.35 to 2.05",
                             "raise the learning rate: train.lr 0.5 instead of 0.05"});
}

static void overfitting_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 10; e <= EPOCHS; e++) run->epoch[e].val_loss = 0.1 + 0.02 * (e - 10);
    check_one(run, (Finding){"overfitting", SEVERITY_WARNING, 10, 0,
                             "overfitting: val_loss was best at epoch 10 (0.1) and is 0.5, while train_loss fell to "
                             "0.05",
                             "train.early_stop {\"patience\": 10}; model.dropout 0.2; train.weight_decay 1e-4; or "
                             "more data"});
    run->evidence.chosen.early_stop = true;
    run->evidence.chosen.dropout = 0.2;
    run->evidence.chosen.weight_decay = 1e-3;
    check_remedy(run, "overfitting", "model.dropout 0.5; train.weight_decay 0.01; or more data");
    run->evidence.chosen.dropout = 0.5;
    run->evidence.chosen.weight_decay = 0;
    run->evidence.chosen.decoupled_decay = 0.01;
    check_remedy(run, "overfitting", "train.optimizer.weight_decay 0.1; or more data");
    run->epoch[29].val_loss = 0.1; /* it came back: noise */
    check_none(run);
    run = healthy();
    for (int e = 10; e <= EPOCHS; e++) run->epoch[e].val_loss = 0.1 + 0.02 * (e - 10);
    run->evidence.has_validation = false;
    check_none(run);
}

static void small_rises_of_val_loss_are_no_overfitting(void **state) {
    (void)state;
    const double floors[] = {0.5, 0.001}, rises[] = {0.04, 0.001}; /* under a tenth; of a loss near zero */
    for (int i = 0; i < 2; i++) {
        Run *run = healthy();
        for (int e = 1; e <= EPOCHS; e++) run->epoch[e].val_loss = floors[i] + (e > 10 ? rises[i] : 0);
        check_none(run);
    }
}

static void a_run_that_stopped_too_early_is_found(void **state) {
    (void)state;
    Run *run = healthy();
    for (int e = 0; e <= EPOCHS; e++) run->epoch[e].train_loss = run->epoch[e].val_loss = 2.35 - 0.07 * e;
    const Finding expected = {"still_improving",
                              SEVERITY_NOTE,
                              30,
                              0,
                              "still improving: val_loss fell from 0.46 to 0.25 between epoch 27 and the last, 30",
                              "train longer: train.epochs 60"};
    check_one(run, expected);
    run->evidence.status = "running";
    check_none(run);
}

static void unequal_classes_are_found(void **state) {
    (void)state;
    Run *run = healthy();
    run->class_rows[3] = 20;
    check_one(run, (Finding){"class_imbalance", SEVERITY_WARNING, -1, 0,
                             "classes are unequal: class 9 has 149 training rows, class 3 has 20",
                             "train.class_weight \"balanced\"; and judge by more than the accuracy"});
    run->evidence.chosen.class_weight = true; /* what there is to do is done */
    check_none(run);
    run->evidence.chosen.class_weight = false;
    run->evidence.classification = false;
    check_none(run);
}

static void unscaled_inputs_are_found(void **state) {
    (void)state;
    Run *run = healthy();
    run->evidence.input_mean_ratio = 12;
    check_remedy(run, "unscaled_inputs", "put \"standardize\" last in preprocess");
    run->evidence.chosen.preprocess[0] = NULL;
    check_one(run,
              (Finding){"unscaled_inputs", SEVERITY_WARNING, -1, 0,
                        "an input column lies 12 standard deviations away from 0", "preprocess [\"standardize\"]"});
    run->evidence.input_scale_ratio = 5e4;
    check_one(run, (Finding){"unscaled_inputs", SEVERITY_WARNING, -1, 0,
                             "input columns differ in scale: the largest standard deviation is 5e+04 times the "
                             "smallest",
                             "preprocess [\"standardize\"]"});
    run->evidence.chosen.preprocess[0] = "pca"; /* whose outputs are so */
    check_remedy(run, "unscaled_inputs", "\"whiten\" in place of \"pca\" in preprocess");
}

static void inputs_of_one_sign_are_found(void **state) {
    (void)state;
    Run *run = healthy();
    EACH_LAYER(run, 1, same_sign_row, 0.995);
    check_none(run); /* standardize is set: too few pairs are left to say so */
    run->evidence.chosen.preprocess[1] = "minmax";
    check_remedy(run, "one_sign_gradients", "preprocess [{\"name\": \"minmax\", \"low\": -1}]; or [\"standardize\"]");
    run->evidence.chosen.preprocess[0] = "scale";
    run->evidence.chosen.preprocess[1] = NULL;
    check_one(run, (Finding){"one_sign_gradients", SEVERITY_NOTE, 30, 1,
                             "inputs have one sign: for 99.5 % of (row, unit) pairs of layer 1 all weight gradients "
                             "agree",
                             "preprocess [\"standardize\"]; or [\"center\"]"});
    static const char *const centring[] = {"center", "mean_image", "per_channel", "pca", "whiten"};
    for (size_t i = 0; i < sizeof centring / sizeof *centring; i++) {
        run->evidence.chosen.preprocess[0] = centring[i];
        check_none(run);
    }
    run->evidence.chosen.preprocess[0] = "robust";
    EACH_LAYER(run, 1, fan_in, 1);
    check_none(run);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_help),
        cmocka_unit_test(a_healthy_run_is_left_alone),
        cmocka_unit_test(a_healthy_tanh_net_is_left_alone),
        cmocka_unit_test(a_loss_near_zero_may_wobble),
        cmocka_unit_test(nan_is_no_evidence),
        cmocka_unit_test(empty_logs_are_no_evidence),
        cmocka_unit_test(divergence_is_found),
        cmocka_unit_test(a_loss_that_does_not_move_is_found),
        cmocka_unit_test(a_linear_model_that_does_not_learn_is_asked_for_a_layer),
        cmocka_unit_test(a_loss_that_stays_at_chance_is_found),
        cmocka_unit_test(a_vanishing_gradient_is_found),
        cmocka_unit_test(a_vanishing_gradient_of_sigmoids_asks_for_relu),
        cmocka_unit_test(a_net_too_deep_for_any_init_is_asked_for_fewer_layers),
        cmocka_unit_test(a_gradient_that_dead_units_stop_is_told_once),
        cmocka_unit_test(an_exploding_gradient_is_found),
        cmocka_unit_test(a_gradient_that_exploded_at_the_start_is_found),
        cmocka_unit_test(a_saturated_tanh_layer_is_found),
        cmocka_unit_test(half_of_a_one_sided_layer_is_normal),
        cmocka_unit_test(dead_units_are_found),
        cmocka_unit_test(dead_units_of_others_are_not_asked_to_leak),
        cmocka_unit_test(collapsed_activations_are_found),
        cmocka_unit_test(equal_weights_are_found),
        cmocka_unit_test(large_steps_are_found),
        cmocka_unit_test(a_loss_that_ends_above_its_start_is_found),
        cmocka_unit_test(a_loss_that_ends_above_its_best_is_found),
        cmocka_unit_test(a_loss_that_a_schedule_or_a_good_start_raises_is_left_alone),
        cmocka_unit_test(a_restless_loss_is_found),
        cmocka_unit_test(tiny_steps_are_found),
        cmocka_unit_test(overfitting_is_found),
        cmocka_unit_test(small_rises_of_val_loss_are_no_overfitting),
        cmocka_unit_test(a_run_that_stopped_too_early_is_found),
        cmocka_unit_test(unequal_classes_are_found),
        cmocka_unit_test(unscaled_inputs_are_found),
        cmocka_unit_test(inputs_of_one_sign_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
