/* lint: every lint on data made for it, just beyond its bound with its exact text and just within it without; the
 * census against figures of others; healthy data are left alone. */
#include "data/lint.h"

#include "data_files.h"

#include <math.h>

enum { MOST_LINTS = 64 };

/* ---- data, census, lints ----------------------------------------------------------------------------------- */

typedef struct Look {
    DataRequest request;
    Dataset data;
    Census census;
    bool class_weight;
    int count;
    Lint lint[MOST_LINTS];
} Look;

static Look *look_at(const char *file) {
    Look *look = calloc(1, sizeof *look);
    assert_non_null(look);
    strcpy(look->request.file, file);
    look->request.csv.delimiter = ',';
    look->request.split_seed = 1;
    return look;
}

static void take(Look *look, Pool *pool) {
    Error err = {0};
    bool read = dataset_read(&look->request, pool, &look->data, &err);
    assert_messages(&err, "");
    assert_true(read && census_take(&look->data, 1, pool, &look->census, &err));
    LintFacts facts = {&look->data, &look->census, &look->request, look->class_weight};
    assert_true(lints.count <= MOST_LINTS);
    look->count = lints_review(&facts, look->lint);
}

static void look_away(Look *look) {
    census_free(&look->census);
    dataset_free(&look->data);
    free(look);
}

/* The text of that lint, or "". */
static const char *text_of(const Look *look, const char *name) {
    for (int i = 0; i < look->count; i++)
        if (strcmp(look->lint[i].name, name) == 0) return look->lint[i].text;
    return "";
}

static FILE *begin(const char *path, const char *header) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s\n", header);
    return file;
}

/* A number in 0 … 100 that neither follows i nor repeats its order. */
static double noise(int i) { return (i * 37 % 101 * 53 + i * i % 89) % 101 + 0.5; }

static void categorical(Look *look, const char *column) {
    strcpy(look->request.categorical[look->request.categorical_count++].name, column);
}

/* ---- a case a bound ------------------------------------------------------------------------------------------ */

/* Two clouds of x and rows of the wrong class amid them. */
static void wrong_rows(Look *look, int wrong) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 200; i++) {
        bool flipped = i % 40 == 30 && i / 40 < wrong;
        fprintf(file, "%g,%g,%s\n", i + 0.25, noise(i), (i < 100) != flipped ? "a" : "b");
    }
    fclose(file);
}

static void wrong_categories(Look *look, int wrong) {
    static const char *const colour[] = {"red", "green", "blue"}, *const kind[] = {"p", "q", "r"};
    FILE *file = begin("a.csv", "colour,z,class");
    for (int i = 0; i < 200; i++)
        fprintf(file, "%s,%g,%s\n", colour[i % 3], noise(i),
                kind[i % 67 == 5 && i / 67 < wrong ? (i + 1) % 3 : i % 3]);
    fclose(file);
    categorical(look, "colour");
}

/* 4 % are of class b: so many errors has who names a; a rule of x finds `rows` of the 40. */
static void rare_class(Look *look, int rows) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 1000; i++)
        fprintf(file, "%g,%g,%s\n",
                i < rows ? i + 2000.5
                : i < 40 ? 25 * i + 0.5
                         : i + 0.25,
                noise(i), i < 40 ? "b" : "a");
    fclose(file);
}

/* y = x³: ranks agree, values less so; `swaps` neighbours far apart are exchanged. */
static void cubes(Look *look, int swaps) {
    (void)look;
    FILE *file = begin("a.csv", "z,x,y");
    for (int i = 0; i < 100; i++) {
        int other = i % 25 == 0 && i / 25 < swaps ? i + 8 : i % 25 == 8 && i / 25 < swaps ? i - 8 : i;
        fprintf(file, "%g,%g,%.9g\n", noise(i), i - 50.5, pow((other - 50.5) / 10, 3));
    }
    fclose(file);
}

static void rising_number(Look *look, int rows) {
    (void)look;
    FILE *file = begin("a.csv", "id,z,class");
    for (int i = 0; i < rows; i++) fprintf(file, "%d,%g,%s\n", 7 * i, noise(i), i % 2 ? "a" : "b");
    fclose(file);
}

static void falling_number(Look *look, int rows) {
    (void)look;
    FILE *file = begin("a.csv", "z,id,class");
    for (int i = 0; i < rows; i++) fprintf(file, "%g,%d,%s\n", noise(i), -3 * i, i % 2 ? "a" : "b");
    fclose(file);
}

/* A permutation of 0 … 59, the last of which is moved up. */
static void shuffled_number(Look *look, int last) {
    (void)look;
    FILE *file = begin("a.csv", "id,z,class");
    for (int i = 0; i < 60; i++)
        fprintf(file, "%d,%g,%s\n", i * 7 % 60 == 59 ? last : i * 7 % 60, noise(i), i % 2 ? "a" : "b");
    fclose(file);
}

static void shuffled_rows(Look *look, int rows) {
    (void)look;
    FILE *file = begin("a.csv", "id,z,class");
    for (int i = 0; i < rows; i++) fprintf(file, "%d,%g,%s\n", i * 11 % rows, noise(i), i % 2 ? "a" : "b");
    fclose(file);
}

/* One number occurs twice. */
static void doubled_number(Look *look, int twice) {
    (void)look;
    FILE *file = begin("a.csv", "id,z,class");
    for (int i = 0; i < 60; i++)
        fprintf(file, "%d,%g,%s\n", twice && i == 30 ? 7 : i * 7 % 60, noise(i), i % 2 ? "a" : "b");
    fclose(file);
}

/* A validation and a test file: copies of training rows, -0 for 0 too, and one of a validation row. */
static void copies(Look *look, int count) {
    FILE *file = begin("a.csv", "x,z,class"), *validation = begin("v.csv", "x,z,class"),
         *test = begin("t.csv", "x,z,class");
    for (int i = 0; i < 40; i++) fprintf(file, "%d,%g,%s\n", i % 5, i + 0.5, i % 2 ? "a" : "b");
    for (int i = 0; i < 10; i++)
        fprintf(validation, "%s,%g,%s\n", "-0", i < count ? 5 * i + 0.5 : -i, i % 2 ? "a" : "b");
    for (int i = 0; i < 10; i++) fprintf(test, "%d,%g,%s\n", i < 2 * count ? 0 : 9, i < count ? 5.5 : -90.0, "a");
    fclose(file);
    fclose(validation);
    fclose(test);
    look->request.validation.is_text = true;
    strcpy(look->request.validation.text, "v.csv");
    strcpy(look->request.test, "t.csv");
}

/* Row 0 again: as class a (0), as b (1), as b twice and row 1 as b (2). */
static void contradictions(Look *look, int how) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 36; i++) fprintf(file, "%d,%g,%s\n", i, noise(i), i % 3 ? "c" : "a");
    fprintf(file, "0,%g,%s\n", noise(0), how ? "b" : "a");
    if (how == 2) fprintf(file, "0,%g,b\n1,%g,b\n", noise(0), noise(1));
    fclose(file);
}

/* Targets 0 and 10, and one row twice: its targets differ by `difference` tenths. */
static void noisy_targets(Look *look, int difference) {
    FILE *file = begin("a.csv", "x,z,y");
    look->request.task = TASK_REGRESSION;
    for (int i = 0; i < 48; i++) fprintf(file, "%d,%g,%d\n", i, noise(i), i % 2 ? 10 : 0);
    fprintf(file, "99,1,%g\n99,1,%g\n", 5 - difference / 20.0, 5 + difference / 20.0);
    fclose(file);
}

static void repeats(Look *look, int count) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 100; i++) fprintf(file, "%d,%g,%s\n", i, noise(i), i % 2 ? "a" : "b");
    for (int i = 0; i < count; i++) fprintf(file, "8,%g,b\n", noise(8));
    fclose(file);
}

static void five_inputs(Look *look, int rows) {
    (void)look;
    FILE *file = begin("a.csv", "p,q,r,s,t,class");
    for (int i = 0; i < rows; i++)
        fprintf(file, "%d,%d,%d,%d,%d,%s\n", i, i * i, i % 2, i % 3, 7 - i, i % 2 ? "a" : "b");
    fclose(file);
}

/* Class a has `rows` rows, b has 10. */
static void unequal(Look *look, int rows) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < rows + 10; i++) fprintf(file, "%g,%g,%s\n", noise(i), noise(3 * i), i < rows ? "a" : "b");
    fclose(file);
}

static void weighted(Look *look, int rows) {
    unequal(look, 101);
    look->class_weight = rows == 0;
}

/* Classes b and c have so many rows. */
static void small(Look *look, int rows) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 20 + 2 * rows; i++)
        fprintf(file, "%g,%g,%s\n", noise(i), noise(3 * i), i < 20 ? "a" : i % 2 ? "b" : "c");
    fclose(file);
}

/* Validation and test have `classes` of four. */
static void absent(Look *look, int classes) {
    static const char *const name[] = {"a", "b", "c", "d"}, *const path[] = {"a.csv", "v.csv", "t.csv"};
    for (int s = 0; s < 3; s++) {
        FILE *file = begin(path[s], "x,class");
        for (int i = 0; i < 40; i++)
            fprintf(file, "%g,%s\n", noise(i + 100 * s),
                    name[i % (s == 0   ? 4
                              : s == 1 ? classes
                                       : 4 - (classes < 4))]);
        fclose(file);
    }
    look->request.validation.is_text = true;
    strcpy(look->request.validation.text, "v.csv");
    strcpy(look->request.test, "t.csv");
}

/* Two targets: p varies, q in the last row alone, or not. */
static void still_target(Look *look, int last) {
    FILE *file = begin("a.csv", "x,p,q");
    for (int i = 0; i < 30; i++) fprintf(file, "%g,%d,%d\n", noise(i), i % 4, i == 29 ? 7 + last : 7);
    fclose(file);
    look->request.task = TASK_REGRESSION;
    look->request.label_count = 2;
    strcpy(look->request.label[0].name, "p");
    strcpy(look->request.label[1].name, "q");
}

/* Targets of standard deviation `scale`, in ten thousandths where it is negative. */
static void scaled_target(Look *look, int scale) {
    FILE *file = begin("a.csv", "x,y");
    double std = scale < 0 ? -scale / 1e4 : scale;
    for (int i = 0; i < 30; i++) fprintf(file, "%g,%.9g\n", noise(i), i % 2 ? std : -std);
    fclose(file);
    look->request.task = TASK_REGRESSION;
}

/* 0 … spread, and two rows of a code. */
static void coded(int code, int spread) {
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 200; i++)
        fprintf(file, "%d,%g,%s\n", i % 90 == 60 ? code : i % (spread + 1), noise(i), i % 2 ? "a" : "b");
    fclose(file);
}
static void code_below(Look *look, int code) { (void)look, coded(code, 4); }
static void code_above(Look *look, int spread) { (void)look, coded(99, spread); }
static void code_near(Look *look, int spread) { (void)look, coded(9999, spread); }
/* A code next to small whole numbers is one of them. */
static void code_among(Look *look, int spread) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 200; i++)
        fprintf(file, "%d,%g,%s\n", i % 90 == 60 ? -9 : i % 2 + 1 - spread, noise(i), i % 2 ? "a" : "b");
    fclose(file);
}

/* 0 … 3 (quartiles 0 and 3, or 0 and 2), and one value far out. */
static void far_value(Look *look, int value) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 101; i++) fprintf(file, "%d,%g,%s\n", i == 50 ? value : i % 4, noise(i), i % 2 ? "a" : "b");
    fclose(file);
}

/* Columns of standard deviation 1 and `scale`. */
static void two_scales(Look *look, int scale) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 100; i++)
        fprintf(file, "%d,%d,%s\n", i % 2 ? 1 : -1, i / 2 % 2 ? scale : -scale, i % 3 ? "a" : "b");
    fclose(file);
}

static void scaled_by_chain(Look *look, int step) {
    static const char *const name[] = {"center", "standardize", "minmax"};
    two_scales(look, 5000);
    look->request.preprocess[look->request.preprocess_count++] = choice_of(&preprocesses, name[step]);
}

/* The small scale is that of a column of mostly one value. */
static void sparse_scale(Look *look, int others) {
    (void)look;
    FILE *file = begin("a.csv", "x,z,class");
    for (int i = 0; i < 100; i++)
        fprintf(file, "%g,%d,%s\n", i < others ? 0.01 : 0, i % 2 ? 900 : -900, i % 3 ? "a" : "b");
    fclose(file);
}

/* Five constant columns, but for the rows before `changed`. */
static void constants(Look *look, int changed) {
    (void)look;
    FILE *file = begin("a.csv", "p,q,x,r,s,t,class");
    for (int i = 0; i < 40; i++)
        fprintf(file, "%d,5%d,%g,%s%d,-%d,1e-%d,%s\n", i < changed, i < changed, noise(i), i % 2 ? "" : "-",
                i < changed, i < changed, 9 + (i < changed), i % 2 ? "a" : "b");
    fclose(file);
}
static void one_constant(Look *look, int changed) {
    (void)look;
    FILE *file = begin("a.csv", "p,x,class");
    for (int i = 0; i < 40; i++) fprintf(file, "%d,%g,%s\n", i < changed, noise(i), i % 2 ? "a" : "b");
    fclose(file);
}
static void constant_category(Look *look, int changed) {
    FILE *file = begin("a.csv", "kind,x,class");
    for (int i = 0; i < 40; i++) fprintf(file, "%s,%g,%s\n", i < changed ? "one" : "zz", noise(i), i % 2 ? "a" : "b");
    fclose(file);
    categorical(look, "kind");
}
static void given_categories(Look *look, int absent) {
    FILE *file = begin("a.csv", "kind,x,class");
    for (int i = 0; i < 40; i++)
        fprintf(file, "%s,%g,%s\n", i % 3 ? "one" : i % 2 || absent ? "two" : "three", noise(i), i % 2 ? "a" : "b");
    fclose(file);
    categorical(look, "kind");
    TextPool *given = &look->request.categories;
    const char *const entries[] = {"kind=one", "kind=two", "kind=three"};
    for (int i = 0; i < 3; i++) assert_true(text_pool_add(given, entries[i]));
}
static void constant_pixel(Look *look, int changed) {
    one_constant(look, changed);
    look->request.image = (ImageShape){1, 2, 1, IMAGE_HWC, 255};
}

static void nearly(Look *look, int rows, int others) {
    (void)look;
    FILE *file = begin("a.csv", "p,x,class");
    for (int i = 0; i < rows; i++)
        fprintf(file, "%d,%g,%s\n", 3 + (i % 7 == 0 && i / 7 < others), noise(i), i % 2 ? "a" : "b");
    fclose(file);
}
static void nearly_of_2000(Look *look, int others) { nearly(look, 2000, others); }
static void nearly_one(Look *look, int rows) { nearly(look, rows, 1); }
static void nearly_pixel(Look *look, int others) {
    nearly(look, 2000, others);
    look->request.image = (ImageShape){1, 2, 1, IMAGE_HWC, 255};
}

/* Four columns of the same values, but for the last row of q. */
static void twins(Look *look, int differs) {
    (void)look;
    FILE *file = begin("a.csv", "p,q,x,class");
    for (int i = 0; i < 40; i++)
        fprintf(file, "%g,%g,%g,%s\n", noise(i), noise(i) + (i == 39 && differs), noise(i + 1), i % 2 ? "a" : "b");
    fclose(file);
}
static void many_twins(Look *look, int differs) {
    (void)look;
    FILE *file = begin("a.csv", "p,q,r,s,t,class");
    for (int i = 0; i < 40; i++)
        fprintf(file, "%d,%d,%d,%d,%d,%s\n", i % 7, i % 7 + differs * i, i % 7 - differs * i, i % 7 * (1 + differs),
                i % 7 - differs, i % 2 ? "a" : "b");
    fclose(file);
}

typedef struct Case {
    const char *lint;
    void (*make)(Look *look, int knob); /* writes a.csv, and asks what else is to be asked */
    int beyond, within;                 /* the knob on either side of the bound */
    const char *text;                   /* beyond it */
} Case;

/* clang-format off */
static const Case cases[] = {
    {"label_alone", wrong_rows, 2, 3,
     "a column that tells the label alone: x gets 99 % of 200 training rows right by 2 intervals of its values; "
     "if it is made from the label, or known only after it, put it into data.ignore"},
    {"label_alone", wrong_categories, 2, 3,
     "a column that tells the label alone: colour gets 99 % of 200 training rows right by 3 intervals of its "
     "values; if it is made from the label, or known only after it, put it into data.ignore"},
    {"label_alone", rare_class, 33, 31,
     "a column that tells the label alone: x gets 99.3 % of 1000 training rows right by 2 intervals of its "
     "values; if it is made from the label, or known only after it, put it into data.ignore"},
    {"label_alone", cubes, 0, 4,
     "a column that tells the label alone: x has a correlation of 1 with y, of the values or of their ranks; if "
     "it is made from the label, or known only after it, put it into data.ignore"},
    {"row_numbers", rising_number, 20, 19,
     "row numbers: 1 of 2 inputs (id), whole numbers, each in one training row, in order or with few gaps; if "
     "they number the rows, put them into data.ignore: a new row's says nothing of it"},
    {"row_numbers", falling_number, 20, 19,
     "row numbers: 1 of 2 inputs (id), whole numbers, each in one training row, in order or with few gaps; if "
     "they number the rows, put them into data.ignore: a new row's says nothing of it"},
    {"row_numbers", shuffled_number, 119, 120,
     "row numbers: 1 of 2 inputs (id), whole numbers, each in one training row, in order or with few gaps; if "
     "they number the rows, put them into data.ignore: a new row's says nothing of it"},
    {"row_numbers", shuffled_rows, 50, 49,
     "row numbers: 1 of 2 inputs (id), whole numbers, each in one training row, in order or with few gaps; if "
     "they number the rows, put them into data.ignore: a new row's says nothing of it"},
    {"row_numbers", doubled_number, 0, 1,
     "row numbers: 1 of 2 inputs (id), whole numbers, each in one training row, in order or with few gaps; if "
     "they number the rows, put them into data.ignore: a new row's says nothing of it"},
    {"shared_rows", copies, 1, 0,
     "rows in both splits: 1 of 10 validation rows (10 %) have the inputs of a training row, 1 of 10 test rows "
     "(10 %) have the inputs of a training row; keep each in one of them: what was trained on flatters the figures"},
    {"shared_rows", copies, 2, 0,
     "rows in both splits: 2 of 10 validation rows (20 %) have the inputs of a training row, 2 of 10 test rows "
     "(20 %) have the inputs of a training row, 2 of 10 test rows (20 %) have the inputs of a validation row; "
     "keep each in one of them: what was trained on flatters the figures"},
    {"contradictory_rows", contradictions, 1, 0,
     "contradictory rows: 2 of 37 training rows share their inputs with a row of another class, so that no model "
     "gets more than 97.3 % of them all right; correct the labels, or add a column that tells the rows apart"},
    {"contradictory_rows", contradictions, 2, 0,
     "contradictory rows: 5 of 39 training rows share their inputs with a row of another class, so that no model "
     "gets more than 94.87 % of them all right; correct the labels, or add a column that tells the rows apart"},
    /* d apart they scatter by d²/2 of 1200 + d²/2: 1.03 % for d = 5, 0.99 % for d = 4.9 */
    {"contradictory_rows", noisy_targets, 50, 49,
     "contradictory rows: training rows of equal inputs have different targets, so that no model explains more "
     "than 98.97 % of their variance; correct the labels, or add a column that tells the rows apart"},
    {"repeated_rows", repeats, 2, 1,
     "repeated rows: 2 of 102 training rows (1.96 %) have the inputs of an earlier one; if they are copies of it, "
     "remove them: they count twice"},
    {"few_rows", five_inputs, 5, 6,
     "few rows: 5 training rows for 5 inputs, so that even a linear model can learn them by heart; judge by "
     "data.validation, and put what is not needed into data.ignore"},
    {"class_imbalance", unequal, 101, 100,
     "unequal classes: 'a' has 101 training rows and 'b' has 10; train.class_weight \"balanced\", and judge by "
     "more than the accuracy"},
    {"class_imbalance", weighted, 1, 0,
     "unequal classes: 'a' has 101 training rows and 'b' has 10; train.class_weight \"balanced\", and judge by "
     "more than the accuracy"},
    {"small_classes", small, 4, 5,
     "small classes: 2 of 3 (b, c) with under 5 training rows; collect more, or join classes"},
    {"absent_classes", absent, 2, 4,
     "absent classes: validation has no rows of 2 of 4 classes (c, d), test has no rows of 1 of 4 classes (d); "
     "its accuracy says nothing of these: give it rows of each"},
    {"constant_target", still_target, 0, 1,
     "constant target: q is 7 in every training row; check data.label"},
    {"target_scale", scaled_target, 1001, 1000,
     "scale of the target: the standard deviation of y is 1e+03, and a net starts with outputs near 1; divide it "
     "in the file so that it is about 1"},
    {"target_scale", scaled_target, -9, -11,
     "scale of the target: the standard deviation of y is 0.0009, and a net starts with outputs near 1; divide it "
     "in the file so that it is about 1"},
    {"missing_codes", code_below, -999, -998,
     "codes for missing values: 1 of 2 inputs (x), as x with -999 in 2 training rows and 0 to 4 in the others; "
     "write such cells empty, and set data.missing"},
    {"missing_codes", code_above, 49, 50,
     "codes for missing values: 1 of 2 inputs (x), as x with 99 in 2 training rows and 0 to 49 in the others; "
     "write such cells empty, and set data.missing"},
    {"missing_codes", code_near, 4, 0,
     "codes for missing values: 1 of 2 inputs (x), as x with 9999 in 2 training rows and 0 to 4 in the others; "
     "write such cells empty, and set data.missing"},
    {"missing_codes", code_among, 0, 1,
     "codes for missing values: 1 of 2 inputs (x), as x with -9 in 2 training rows and 1 to 2 in the others; "
     "write such cells empty, and set data.missing"},
    {"outliers", far_value, 304, 303,
     "outliers: 1 of 2 inputs (x) with values over 100 interquartile ranges beyond the quartiles, 1 in all; "
     "correct what is a mistake, else take logarithms or clip: a few rows rule the scale"},
    {"outliers", far_value, -201, -200,
     "outliers: 1 of 2 inputs (x) with values over 100 interquartile ranges beyond the quartiles, 1 in all; "
     "correct what is a mistake, else take logarithms or clip: a few rows rule the scale"},
    {"unequal_scales", two_scales, 1001, 1000,
     "unequal scales: the standard deviation is 1e+03 in z and 1 in x, a ratio of 1e+03; preprocess "
     "[\"standardize\"]"},
    {"unequal_scales", scaled_by_chain, 0, 1,
     "unequal scales: the standard deviation is 5e+03 in z and 1 in x, a ratio of 5e+03; preprocess "
     "[\"standardize\"]"},
    {"unequal_scales", scaled_by_chain, 0, 2,
     "unequal scales: the standard deviation is 5e+03 in z and 1 in x, a ratio of 5e+03; preprocess "
     "[\"standardize\"]"},
    {"unequal_scales", sparse_scale, 5, 4,
     "unequal scales: the standard deviation is 900 in z and 0.00218 in x, a ratio of 4.13e+05; preprocess "
     "[\"standardize\"]"},
    {"constant_columns", constants, 0, 1,
     "constant columns: 5 of 6 inputs (p, q, r and 2 more), one value each in training; put them into "
     "data.ignore, or leave them: standardize maps them to 0"},
    {"constant_columns", one_constant, 0, 1,
     "constant columns: 1 of 2 inputs (p), one value each in training; put them into data.ignore, or leave them: "
     "standardize maps them to 0"},
    {"constant_columns", constant_pixel, 0, 1,
     "constant columns: 1 of 2 inputs (p), one value each in training; leave them: standardize maps them to 0"},
    {"constant_columns", constant_category, 0, 5,
     "constant columns: 1 of 2 inputs (kind), one value each in training; put them into data.ignore, or leave them: "
     "standardize maps them to 0"},
    {"untrained_categories", given_categories, 1, 0,
     "categories without a training row: 1 of 4 inputs (kind=three): nothing is learned of them; give them training "
     "rows or, where no row has them, leave them out of data.categories"},
    {"nearly_constant_columns", nearly_of_2000, 2, 3,
     "nearly constant columns: 1 of 2 inputs (p), one value in all but a few training rows; standardize takes the "
     "others up to 31.6 standard deviations out: put them into data.ignore"},
    {"nearly_constant_columns", nearly_one, 20, 19,
     "nearly constant columns: 1 of 2 inputs (p), one value in all but a few training rows; standardize takes the "
     "others up to 4.36 standard deviations out: put them into data.ignore"},
    {"nearly_constant_columns", nearly_pixel, 1, 0,
     "nearly constant columns: 1 of 2 inputs (p), one value in all but a few training rows; standardize takes the "
     "others up to 44.7 standard deviations out: scale suits them better"},
    {"duplicate_columns", twins, 0, 1,
     "duplicate columns: 1 of 3 inputs (q = p), equal to another in every training row; put them into "
     "data.ignore: they add nothing and count twice"},
    {"duplicate_columns", many_twins, 0, 1,
     "duplicate columns: 4 of 5 inputs (q = p, r = p, s = p and 1 more), equal to another in every training row; "
     "put them into data.ignore: they add nothing and count twice"},
};
/* clang-format on */
enum { CASES = sizeof cases / sizeof cases[0] };

static void check_side(const Case *c, int knob, const char *wanted) {
    Look *look = look_at("a.csv");
    c->make(look, knob);
    take(look, NULL);
    if (strcmp(text_of(look, c->lint), wanted) != 0)
        fail_msg("%s (%d)\n   got: %s\nwanted: %s", c->lint, knob, text_of(look, c->lint), wanted);
    look_away(look);
}

static void lints_beyond_their_bounds_and_not_within(void **state) {
    (void)state;
    for (int i = 0; i < CASES; i++) {
        check_side(&cases[i], cases[i].beyond, cases[i].text);
        check_side(&cases[i], cases[i].within, "");
    }
}

static void every_lint_has_a_case(void **state) {
    (void)state;
    for (int i = 0; i < lints.count; i++) {
        int k = 0;
        while (k < CASES && strcmp(cases[k].lint, family_row(&lints, i)->name) != 0) k++;
        if (k == CASES) fail_msg("%s has no case", family_row(&lints, i)->name);
    }
}

/* ---- more than a bound ----------------------------------------------------------------------------------------- */

/* With a single input there is nothing to tell alone, and no number among others. */
static void a_single_input_is_no_leak(void **state) {
    (void)state;
    FILE *file = begin("a.csv", "x,class");
    for (int i = 0; i < 200; i++) fprintf(file, "%d,%s\n", i, i < 100 ? "a" : "b");
    fclose(file);
    Look *look = look_at("a.csv");
    take(look, NULL);
    assert_true(look->census.source[0].tells == 1);
    assert_int_equal(look->count, 0);
    look_away(look);
}

/* Of a category's inputs none is told as constant in part, rare, far or of another scale. */
static void rare_categories_are_no_illness(void **state) {
    (void)state;
    FILE *file = begin("a.csv", "kind,x,class");
    for (int i = 0; i < 2000; i++)
        fprintf(file, "%s,%g,%s\n",
                i == 7  ? "rare"
                : i % 2 ? "one"
                        : "other",
                900 * noise(i) + i / 8.0, i % 3 ? "a" : "b");
    fclose(file);
    Look *look = look_at("a.csv");
    categorical(look, "kind");
    take(look, NULL);
    if (look->count) fail_msg("%s", look->lint[0].text);
    assert_int_equal(look->census.sources, 2);
    assert_int_equal(look->census.features, 4);
    look_away(look);
}

/* Several columns tell the label: the best is named, the others counted. */
static void the_best_of_leaks_is_named(void **state) {
    (void)state;
    FILE *file = begin("a.csv", "p,z,q,r,class");
    for (int i = 0; i < 200; i++)
        fprintf(file, "%g,%g,%d,%g,%s\n", i == 50 ? 150.5 : i + 0.5, noise(i), i < 100, -i / 3.0,
                i < 100 ? "a" : "b");
    fclose(file);
    Look *look = look_at("a.csv");
    take(look, NULL);
    assert_string_equal(
        text_of(look, "label_alone"),
        "a column that tells the label alone: q gets 100 % of 200 training rows right by 2 intervals of "
        "its values (2 more do as well); if it is made from the label, or known only after it, put it "
        "into data.ignore");
    look_away(look);
}

/* A target may be told by any of the columns, and any of several targets be told. */
static void the_target_told_is_named(void **state) {
    (void)state;
    FILE *file = begin("a.csv", "z,x,p,q");
    for (int i = 0; i < 100; i++) fprintf(file, "%g,%g,%g,%g\n", noise(i), i + 0.5, noise(5 * i + 2), -2.0 * i);
    fclose(file);
    Look *look = look_at("a.csv");
    look->request.label_count = 2;
    look->request.task = TASK_REGRESSION;
    strcpy(look->request.label[0].name, "p");
    strcpy(look->request.label[1].name, "q");
    take(look, NULL);
    assert_non_null(strstr(text_of(look, "label_alone"), ": x has a correlation of 1 with q, "));
    look_away(look);
}

/* ---- figures --------------------------------------------------------------------------------------------------- */

static void near(double seen, double wanted, double tolerance, const char *what) {
    if (!(fabs(seen - wanted) <= tolerance * (1 + fabs(wanted))))
        fail_msg("%s: %.9g, wanted %.9g", what, seen, wanted);
}

/* Against numpy and scipy (tests/reference/census.txt). */
static void figures_are_those_of_others(void **state) {
    const char *root = *state;
    char path[512], line[512], name[32], what[64];
    int j, lines = 0;
    double mean, std, low, high, first, second, third, told;
    snprintf(path, sizeof path, "%s/tests/reference/census.txt", root);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#') continue;
        assert_int_equal(sscanf(line, "%31s %d %lf %lf %lf %lf %lf %lf %lf %lf", name, &j, &mean, &std, &low, &high,
                                &first, &second, &third, &told),
                         10);
        snprintf(path, sizeof path, "%s/data/%s.csv", root, name);
        snprintf(what, sizeof what, "%s, column %d", name, j);
        Look *look = look_at(path);
        take(look, NULL);
        const ColumnFacts *column = &look->census.column[j];
        const Source *source = &look->census.source[j];
        near(column->mean, mean, 1e-6, what);
        near(column->std, std, 1e-6, what);
        near((double)column->low, low, 1e-7, what);
        near((double)column->high, high, 1e-7, what);
        near((double)column->quartile[0], first, 1e-7, what);
        near((double)column->quartile[1], second, 1e-7, what);
        near((double)column->quartile[2], third, 1e-7, what);
        bool classes = look->data.classes > 0;
        near(classes ? source->tells * (double)look->census.sample - 3 * (source->intervals - 1) : source->tells,
             told, 1e-6, what);
        look_away(look);
        lines++;
    }
    assert_int_equal(lines, 24);
    fclose(file);
}

/* The same figures on any number of threads, and over more rows than the sample, a strip and a block hold. */
static void threads_change_nothing(void **state) {
    (void)state;
    enum { COLUMNS = 150, ROWS_HERE = 9000 };
    FILE *file = fopen("a.csv", "w");
    for (int i = 0; i < ROWS_HERE; i++) {
        for (int j = 0; j < COLUMNS; j++) fprintf(file, "%d,", j == 149 ? i % 89 * 3 % 89 : i * (j + 3) % 89);
        fprintf(file, "%s\n", i * 5 % 89 < 40 ? "a" : "b");
    }
    fclose(file);
    Error err = {0};
    Pool *pool = pool_create(3, &err);
    Look *one = look_at("a.csv"), *three = look_at("a.csv");
    take(one, NULL);
    take(three, pool);
    assert_int_equal(one->census.sample, CENSUS_SAMPLE);
    assert_memory_equal(one->census.column, three->census.column, COLUMNS * sizeof(ColumnFacts));
    for (int j = 0; j < COLUMNS; j++) {
        assert_memory_equal(&one->census.source[j].tells, &three->census.source[j].tells, sizeof(double));
        assert_int_equal(one->census.source[j].intervals, three->census.source[j].intervals);
    }
    assert_int_equal(one->census.source[2].intervals, 2); /* 5 i mod 89, as the class has it */
    assert_memory_equal(&one->census.repeats, &three->census.repeats, sizeof(Repeats));
    assert_int_equal(one->census.repeats.repeated, ROWS_HERE - 89);
    assert_int_equal(one->census.column[149].same_as, 0);
    assert_int_equal(one->census.column[90].same_as, 1);
    look_away(one);
    look_away(three);
    pool_free(pool);
}

static void toy_sets_are_left_alone(void **state) {
    static const char *const sets[] = {"blobs", "checkerboard", "gaussian", "moons", "plane",
                                       "rings", "spiral",       "waves",    "xor"};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/data/%s.csv", (const char *)*state, sets[i]);
        Look *look = look_at(path);
        look->request.validation.number = 0.2;
        take(look, NULL);
        if (look->count) fail_msg("%s: %s", sets[i], look->lint[0].text);
        look_away(look);
    }
}

static int enter(void **state) {
    static char root[256];
    assert_non_null(getcwd(root, sizeof root));
    *state = root;
    enter_directory();
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
        cmocka_unit_test(lints_beyond_their_bounds_and_not_within),
        cmocka_unit_test(every_lint_has_a_case),
        cmocka_unit_test(a_single_input_is_no_leak),
        cmocka_unit_test(rare_categories_are_no_illness),
        cmocka_unit_test(the_best_of_leaks_is_named),
        cmocka_unit_test(the_target_told_is_named),
        cmocka_unit_test(figures_are_those_of_others),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(toy_sets_are_left_alone),
    };
    return cmocka_run_group_tests_name("lint", tests, enter, leave);
}
