/* report: counts and scores against scikit-learn's, what is undefined, and what is printed, few classes or many. */
#include "experiment/predict_report.h"
#include "nn/activation.h"

#include "../reference/reference.h"

static Tally tally;
static Error err;

static void create(int classes, int targets, char *const *name) {
    err = (Error){0};
    assert_true(tally_create(&tally, classes, targets, name, &err));
    tally.weight = 1;
}

/* ---- against scikit-learn ------------------------------------------------------------------------------ */

static void check_classes(const ReferenceCase *it) {
    static char *const name[] = {"0", "1", "2", "3", "4", "5", "6"};
    const ReferenceList *label = reference_list(it, "label"), *predicted = reference_list(it, "predicted");
    const ReferenceList *matrix = reference_list(it, "matrix"), *macro = reference_list(it, "macro");
    int classes = (int)reference_number(it, "classes");
    create(classes, 0, name);
    for (int i = 0; i < label->count; i++) tally_class(&tally, (int)label->number[i], (int)predicted->number[i]);
    for (int i = 0; i < classes * classes; i++) assert_int_equal(tally.count[i], (int)matrix->number[i]);
    reference_near(it, "accuracy", 0, tally_accuracy(&tally), reference_number(it, "accuracy"), 1e-15, 1);
    for (int c = 0; c < classes; c++) {
        ClassScore score = tally_score(&tally, c);
        reference_near(it, "precision", c, score.precision, reference_list(it, "precision")->number[c], 1e-15, 1);
        reference_near(it, "recall", c, score.recall, reference_list(it, "recall")->number[c], 1e-15, 1);
        reference_near(it, "f1", c, score.f1, reference_list(it, "f1")->number[c], 1e-15, 1);
        assert_int_equal(score.support, (int)reference_list(it, "support")->number[c]);
    }
    ClassScore mean = tally_macro(&tally);
    reference_near(it, "macro", 0, mean.precision, macro->number[0], 1e-15, 1);
    reference_near(it, "macro", 1, mean.recall, macro->number[1], 1e-15, 1);
    reference_near(it, "macro", 2, mean.f1, macro->number[2], 1e-15, 1);
    tally_free(&tally);
}

static void check_targets(const ReferenceCase *it) {
    static char *const name[] = {"a", "b"};
    const ReferenceList *truth = reference_list(it, "truth"), *guess = reference_list(it, "guess");
    create(0, 2, name);
    for (int i = 0; i < truth->count; i += 2) tally_values(&tally, guess->number + i, truth->number + i);
    for (int k = 0; k < 2; k++) {
        TargetScore score = tally_target(&tally, k);
        reference_near(it, "rmse", k, score.rmse, reference_list(it, "rmse")->number[k], 1e-12, 0);
        reference_near(it, "mae", k, score.mae, reference_list(it, "mae")->number[k], 1e-12, 0);
        reference_near(it, "r2", k, score.r2, reference_list(it, "r2")->number[k], 1e-12, 0);
    }
    tally_free(&tally);
}

static void scores_are_scikit_learns(void **state) {
    (void)state;
    static ReferenceCase it;
    int cases = 0;
    FILE *file = reference_open("tests/reference/report.txt");
    for (; reference_next(file, &activations, &it); cases++)
        if (reference_find(&it, "label")) check_classes(&it);
        else check_targets(&it);
    fclose(file);
    assert_int_equal(cases, 4);
}

/* ---- undefined ----------------------------------------------------------------------------------------- */

static void nothing_by_nothing_is_nan(void **state) {
    (void)state;
    static char *const name[] = {"a", "b", "c"};
    create(3, 0, name);
    tally_class(&tally, 0, 0);
    tally_class(&tally, 1, 0);  /* never predicted */
    tally_class(&tally, 1, -1); /* no prediction */
    ClassScore b = tally_score(&tally, 1), c = tally_score(&tally, 2), macro = tally_macro(&tally);
    assert_true(isnan(b.precision) && b.recall == 0 && b.f1 == 0 && b.support == 2);
    assert_true(isnan(c.precision) && isnan(c.recall) && isnan(c.f1) && c.support == 0);
    assert_true(macro.precision == 0.5 && macro.recall == 0.5 && macro.support == 3);
    assert_true(tally_accuracy(&tally) == 1.0 / 3);
    tally_free(&tally);
    create(0, 1, name);
    double one = 1, two = 2;
    tally_values(&tally, &two, &one);
    tally_values(&tally, &one, &one);
    assert_true(isnan(tally_target(&tally, 0).r2));
    tally_free(&tally);
}

/* ---- printed ------------------------------------------------------------------------------------------- */

static char *printed(void) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    tally_print(&tally, "x on y", out);
    fclose(out);
    tally_free(&tally);
    return text;
}

static void few_classes(void **state) {
    (void)state;
    static char *const name[] = {"cat", "a very long name of some class", "d\n\xc3\xa9"};
    create(3, 0, name);
    for (int i = 0; i < 1000; i++) tally_class(&tally, 0, 0);
    tally_class(&tally, 1, 0), tally_class(&tally, 1, -1), tally_class(&tally, 2, 2);
    tally.loss = 0.25;
    char *text = printed();
    assert_string_equal(text, "x on y\n"
                              "1003 rows  loss 0.25  accuracy 0.998005982\n"
                              "1 row without a prediction (nan), counted as wrong\n"
                              "\n"
                              "confusion matrix (rows true, columns predicted)\n"
                              "                               cat  a very …       d?\xc3\xa9\n"
                              "cat                           1000         0         0\n"
                              "a very long name of som…         1         0         0\n"
                              "d?\xc3\xa9                              0         0         1\n"
                              "\n"
                              "class                     precision   recall       f1   support\n"
                              "cat                          0.9990   1.0000   0.9995      1000\n"
                              "a very long name of som…        nan   0.0000   0.0000         2\n"
                              "d?\xc3\xa9                          1.0000   1.0000   1.0000         1\n"
                              "macro                        0.9995   0.6667   0.6665      1003\n");
    free(text);
}

static void values(void **state) {
    (void)state;
    static char *const name[] = {"y"};
    create(0, 1, name);
    const double truth[] = {1, 2, 4}, guess[] = {1, 2.5, 4};
    for (int i = 0; i < 3; i++) tally_values(&tally, &guess[i], &truth[i]);
    tally.loss = 0.5;
    char *text = printed();
    assert_string_equal(text, "x on y\n"
                              "3 rows  loss 0.5  rmse 0.288675135\n"
                              "\n"
                              "target            rmse             mae              r2\n"
                              "y          0.288675135     0.166666667     0.946428571\n");
    free(text);
}

/* `classes` of them, class c taken c times for its neighbour. */
static char *many(int classes) {
    static char name[200][16], *names[200];
    for (int c = 0; c < classes; c++) snprintf(names[c] = name[c], sizeof name[c], "k%03d", c);
    create(classes, 0, names);
    for (int c = 0; c < classes; c++)
        for (int i = 0; i < 200; i++) tally_class(&tally, c, i < c && c + 1 < classes ? c + 1 : c);
    return printed();
}

static void many_classes(void **state) {
    (void)state;
    char *text = many(21);
    assert_null(strstr(text, "confusion matrix"));
    assert_non_null(strstr(text, "\nmost frequent confusions\nrows  true  predicted\n  19  k019  k020\n"
                                 "  18  k018  k019\n"));
    assert_non_null(strstr(text, "\n   1  k001  k002\n\nclass  precision   recall       f1   support\nk000 "));
    free(text);
    text = many(150);
    assert_non_null(strstr(text, "predicted\n 148  k148  k149\n"));
    assert_non_null(strstr(text, "\n 129  k129  k130\n\n"));
    assert_non_null(strstr(text, "\nthe 20 classes of the lowest f1, of 150\nclass  precision   recall       f1   "
                                 "support\nk148 "));
    assert_null(strstr(text, "\nk001 "));
    free(text);
    text = many(22);
    assert_non_null(strstr(text, "  20  k020  k021\n"));
    assert_non_null(strstr(text, "   1  k001  k002\n"));
    free(text);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_scikit_learns),
        cmocka_unit_test(nothing_by_nothing_is_nan),
        cmocka_unit_test(few_classes),
        cmocka_unit_test(values),
        cmocka_unit_test(many_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
