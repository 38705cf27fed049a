/* test_optimizer: every rule against ten steps of PyTorch (tests/reference/optimizer.py), padding,
 * resumption, messages. Also compiled in double precision, by tests/double/test_optimizer.c. */
#include "nn/optimizer.h"

#include <math.h>

#include "../reference/reference.h"

#ifdef REAL_IS_DOUBLE
static const double tolerance = 1e-12;
#else
static const double tolerance = 1e-6;
#endif

enum { WIDTH = 6, COPIES = 17, N = WIDTH * COPIES, STEPS = 10 }; /* copies: whole vectors and a rest */

typedef struct Trial {
    real theta[N], grad[N], update[N], state[OPTIMIZER_MOST_VECTORS][N];
} Trial;

static double gradients[STEPS][WIDTH], start[WIDTH];

static FILE *open_reference(void) {
    FILE *file = reference_open("tests/reference/optimizer.txt");
    static ReferenceCase head;
    assert_true(reference_next(file, &optimizers, &head));
    memcpy(start, reference_list(&head, "start")->number, sizeof start);
    for (int t = 0; t < STEPS; t++) {
        char key[32];
        snprintf(key, sizeof key, "grad%d", t + 1);
        memcpy(gradients[t], reference_list(&head, key)->number, sizeof gradients[t]);
    }
    return file;
}

static void begin(Trial *trial) {
    memset(trial, 0, sizeof *trial);
    for (int i = 0; i < N; i++) trial->theta[i] = (real)start[i % WIDTH];
}

/* One step over the entries from … to-1, with the decoupled decay that nn/step applies. */
static void step_part(const Choice *choice, Trial *trial, int from, int to, double lr, int t) {
    const Optimizer *optimizer = optimizer_of(choice);
    const void *p = choice_params(choice);
    OptimizerPiece piece = {.n = (size_t)(to - from),
                            .theta = trial->theta + from,
                            .grad = trial->grad + from,
                            .update = trial->update + from};
    assert_true(optimizer->vectors(p) <= OPTIMIZER_MOST_VECTORS);
    for (int v = 0; v < optimizer->vectors(p); v++) piece.state[v] = trial->state[v] + from;
    for (int i = from; i < to; i++) trial->grad[i] = (real)gradients[t - 1][i % WIDTH];
    optimizer->step(p, &piece, lr, t);
    double decay = optimizer->decoupled_decay ? optimizer->decoupled_decay(p) : 0;
    for (int i = from; i < to; i++)
        trial->theta[i] += trial->update[i] - (real)(lr * decay) * trial->theta[i];
}

static void compare(const ReferenceCase *it, const Trial *trial, int t) {
    char key[32];
    snprintf(key, sizeof key, "theta%d", t);
    const ReferenceList *expected = reference_list(it, key);
    assert_int_equal(expected->count, WIDTH);
    for (int i = 0; i < N; i++)
        reference_near(it, key, i, (double)trial->theta[i], expected->number[i % WIDTH], tolerance, 0.25);
}

static void every_rule_takes_the_steps_of_torch(void **state) {
    (void)state;
    FILE *file = open_reference();
    static ReferenceCase it;
    static Trial trial;
    bool seen[64] = {false};
    while (reference_next(file, &optimizers, &it)) {
        begin(&trial);
        for (int t = 1; t <= STEPS; t++) {
            step_part(&it.choice, &trial, 0, N, reference_number(&it, "lr"), t);
            compare(&it, &trial, t);
        }
        seen[optimizer_of(&it.choice) - (const Optimizer *)optimizers.rows] = true;
    }
    fclose(file);
    for (int i = 0; i < optimizers.count; i++)
        if (!seen[i]) fail_msg("%s has no reference", family_row(&optimizers, i)->name);
}

/* Layers are separate pieces: cut anywhere, the same bits. */
static void pieces_do_not_matter(void **state) {
    (void)state;
    FILE *file = open_reference();
    fclose(file);
    for (int row = 0; row < optimizers.count; row++) {
        Choice choice = choice_of(&optimizers, family_row(&optimizers, row)->name);
        static Trial whole, cut;
        begin(&whole), begin(&cut);
        for (int t = 1; t <= STEPS; t++) {
            step_part(&choice, &whole, 0, N, 0.1, t);
            step_part(&choice, &cut, 0, 37, 0.1, t), step_part(&choice, &cut, 37, N, 0.1, t);
        }
        assert_memory_equal(&whole, &cut, sizeof whole);
    }
}

/* The fourth entry of the reference has gradient 0 throughout: it must not move, nor any of its state be nan.
 */
static void padding_stays_zero(void **state) {
    (void)state;
    FILE *file = open_reference();
    static ReferenceCase it;
    static Trial trial;
    while (reference_next(file, &optimizers, &it)) {
        begin(&trial);
        for (int t = 1; t <= STEPS; t++) {
            step_part(&it.choice, &trial, 0, N, reference_number(&it, "lr"), t);
            for (int i = 3; i < N; i += WIDTH) {
                assert_true(trial.theta[i] == 0);
                for (int v = 0; v < OPTIMIZER_MOST_VECTORS; v++) assert_true(isfinite(trial.state[v][i]));
            }
        }
    }
    fclose(file);
}

static void nan_gradients_show(void **state) {
    (void)state;
    for (int row = 0; row < optimizers.count; row++) {
        Choice choice = choice_of(&optimizers, family_row(&optimizers, row)->name);
        real theta = 1, grad = (real)NAN, update = 0, vector[OPTIMIZER_MOST_VECTORS] = {0};
        OptimizerPiece piece = {.n = 1, .theta = &theta, .grad = &grad, .update = &update};
        for (int v = 0; v < OPTIMIZER_MOST_VECTORS; v++) piece.state[v] = &vector[v];
        optimizer_of(&choice)->step(choice_params(&choice), &piece, 0.1, 1);
        if (!isnan(update)) fail_msg("%s hides a nan", choice.variant->name);
    }
}

/* Late in a run nadam's momentum product is as good as 0 and its cost must not grow with t. Each t is
 * compared with the product taken factor by factor, through the update of a first gradient: g = 1, mean =
 * square = 0. */
static void nadam_at_any_step(void **state) {
    (void)state;
    const int64_t steps[] = {1, 2, 40, 52, 53, 60, 300, 5000};
    const double decays[] = {0, 0.004, 1, 100};
    for (int d = 0; d < 4; d++)
        for (int s = 0; s < 8; s++) {
            char text[64];
            snprintf(text, sizeof text, "nadam momentum_decay=%g", decays[d]);
            Choice choice = reference_choice(&optimizers, text);
            double product = 1, momentum = 0, next = 0;
            for (int64_t i = 1; i <= steps[s]; i++) {
                momentum = 0.9 * (1 - 0.5 * pow(0.96, (double)i * decays[d]));
                next = 0.9 * (1 - 0.5 * pow(0.96, (double)(i + 1) * decays[d]));
                product *= momentum;
            }
            real theta = 0, grad = 1, update = 0, mean = 0, square = 0;
            OptimizerPiece piece = {
                1, &theta, &grad, {&mean, &square},
                   &update
            };
            optimizer_of(&choice)->step(choice_params(&choice), &piece, 1, steps[s]);
            double root = sqrt(0.001 / (1 - pow(0.999, (double)steps[s])));
            double expected =
                -(next * 0.1 / (1 - product * next) + (1 - momentum) / (1 - product)) / (root + 1e-8);
            assert_true(fabs((double)update - expected) <= tolerance * fabs(expected));
        }
}

static void vectors_follow_the_parameters(void **state) {
    (void)state;
    const struct {
        const char *text;
        int vectors;
    } cases[] = {
        {"sgd",                                0},
        {"sgd momentum=0.9",                   1},
        {"rmsprop",                            1},
        {"rmsprop centered=true",              2},
        {"rmsprop momentum=0.9",               2},
        {"rmsprop momentum=0.9 centered=true", 3},
        {"adam",                               2},
        {"adam amsgrad=true",                  3},
        {"adamw amsgrad=true",                 3},
        {"lion",                               1}
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", cases[i].text);
        Choice choice = reference_choice(&optimizers, text);
        assert_int_equal(optimizer_of(&choice)->vectors(choice_params(&choice)), cases[i].vectors);
    }
}

static void every_row_is_complete(void **state) {
    (void)state;
    for (int i = 0; i < optimizers.count; i++) {
        const Optimizer *row = (const Optimizer *)family_row(&optimizers, i);
        assert_true(row->head.name[0] && row->head.help[0] && row->step && row->vectors && row->lr > 0);
        for (const Field *field = row->head.fields; field->name; field++) {
            assert_true(field->help && field->help[0]);
            assert_true(field->kind == FIELD_KIND_BOOL ||
                        (field->def >= field->min && field->def <= field->max));
        }
    }
}

static void assert_check(const char *words, const char *message) {
    char text[128];
    snprintf(text, sizeof text, "%s", words);
    Choice choice = reference_choice(&optimizers, text);
    static Error err;
    err = (Error){0};
    assert_int_equal(optimizer_of(&choice)->check(choice_params(&choice), &err), message == NULL);
    assert_int_equal(err.count, message != NULL);
    if (message) assert_string_equal(err.text, message);
}

static void impossible_parameters_are_refused(void **state) {
    (void)state;
    assert_check("sgd momentum=0.9 nesterov=true", NULL);
    assert_check("sgd momentum=0.9 dampening=0.5", NULL);
    assert_check("sgd nesterov=true",
                 "nesterov: true with momentum 0 and dampening 0; set momentum above 0 and dampening 0");
    assert_check("sgd nesterov=true momentum=0.9 dampening=0.5",
                 "nesterov: true with momentum 0.9 and dampening 0.5; set momentum above 0 and dampening 0");
    assert_check("sgd dampening=0.5",
                 "dampening: 0.5 has no effect with momentum 0; set momentum above 0 or leave dampening out");
    assert_check("rprop step_min=1 step_max=1", NULL);
    assert_check("rprop step_min=1 step_max=0.5",
                 "step_min: 1 is above step_max 0.5; set step_min to at most step_max");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(every_rule_takes_the_steps_of_torch),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(padding_stays_zero),
        cmocka_unit_test(nan_gradients_show),
        cmocka_unit_test(nadam_at_any_step),
        cmocka_unit_test(vectors_follow_the_parameters),
        cmocka_unit_test(impossible_parameters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
