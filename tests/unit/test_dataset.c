/* Datasets: columns, tasks, classes, splits, missing values, other files, every message. */
#include "data/dataset.h"

#include "../reference/reference.h"
#include "base/random.h"
#include "data_files.h"

#include <math.h>

static DataRequest *request_of(const char *file) {
    DataRequest *request = calloc(1, sizeof *request);
    strcpy(request->file, file);
    request->csv.delimiter = ',';
    request->split_seed = 1;
    return request;
}

static void name_column(ColumnName *list, int *count, const char *name) { strcpy(list[(*count)++].name, name); }
#define NAME(list, column) name_column(request->list, &request->list##_count, column)

/* Frees the request. */
static Dataset built(DataRequest *request) {
    Dataset data;
    Error err = {0};
    bool done = dataset_build(request, NULL, &data, &err);
    assert_messages(&err, "");
    assert_true(done);
    free(request);
    return data;
}

static void refused(DataRequest *request, const char *expected) {
    Dataset data;
    Error err = {0};
    assert_false(dataset_build(request, NULL, &data, &err));
    assert_messages(&err, expected);
    assert_null(data.memory);
    free(request);
}

static const char iris[] =
    "length,width,species\n"
    "5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,versicolor\n6.4,3.2,versicolor\n6.3,3.3,virginica\n"
    "5.8,2.7,virginica\n";

/* An index column without a name, as pandas writes it, needs none where it is ignored. */
static void test_unnamed_index(void **state) {
    (void)state;
    write_text("a.csv", ",x,y\n0,5,a\n1,6,b\n2,7,a\n3,8,b\n");
    DataRequest *request = request_of("a.csv");
    request->ignore_count = 1;
    request->ignore[0] = (ColumnName){.by_index = true, .index = 0};
    Dataset data = built(request);
    assert_int_equal(data.features, 1);
    assert_true(data.train.x[0] == 5);
    dataset_free(&data);
    refused(request_of("a.csv"), "a.csv:1:1: a column without a name; name it, or put 0 into data.ignore");
    write_text("a.csv", "caf\351,x,y\n0,5,a\n1,6,b\n"); /* a model could not say this name */
    request = request_of("a.csv");
    request->ignore_count = 1;
    request->ignore[0] = (ColumnName){.by_index = true, .index = 0};
    refused(request, "a.csv:1:1: the column's name is not UTF-8; convert the file, as with iconv");
}

static void test_text_classes(void **state) {
    (void)state;
    write_text("a.csv", iris);
    Dataset data = built(request_of("a.csv"));
    assert_int_equal(data.task, TASK_CLASSIFICATION);
    assert_int_equal(data.features, 2);
    assert_int_equal(data.classes, 3);
    assert_int_equal(data.targets, 0);
    assert_string_equal(data.feature_name[1], "width");
    assert_string_equal(data.class_name[0], "setosa");
    assert_string_equal(data.class_name[2], "virginica");
    assert_int_equal(data.labels, 1);
    assert_string_equal(data.label[0].name, "species");
    assert_int_equal(data.train.rows, 6);
    assert_int_equal(data.validation.rows, 0);
    assert_int_equal(data.test.rows, 0);
    assert_memory_equal(data.train.label, ((int32_t[]){0, 0, 1, 1, 2, 2}), 6 * sizeof(int32_t));
    assert_true(data.train.x[5] == (real)3.2f && !data.train.target && !data.train.weight);
    dataset_free(&data);
}

/* Numbers are ordered and told apart by value, texts by bytes. */
static void test_class_order(void **state) {
    (void)state;
    write_text("a.csv", "y,x\n10,1\n9,2\n-1,3\n9.0,4\n10,5\n-1,6\n1e1,7\n09,8\n-1,9\n");
    DataRequest *request = request_of("a.csv");
    NAME(label, "y");
    Dataset data = built(request);
    assert_int_equal(data.classes, 3);
    assert_string_equal(data.class_name[0], "-1");
    assert_string_equal(data.class_name[1], "9");
    assert_string_equal(data.class_name[2], "10");
    assert_memory_equal(data.train.label, ((int32_t[]){2, 1, 0, 1, 2, 0, 2, 1, 0}), 9 * sizeof(int32_t));
    dataset_free(&data);
    write_text("a.csv", "x,y\n1,10\n2,9\n3,b\n4,B\n5,9.0\n");
    data = built(request_of("a.csv"));
    static const char *const names[] = {"10", "9", "9.0", "B", "b"};
    assert_int_equal(data.classes, 5);
    for (int i = 0; i < 5; i++) assert_string_equal(data.class_name[i], names[i]);
    dataset_free(&data);
}

static void write_labels(int rows, int distinct, double step) {
    FILE *file = fopen("a.csv", "w");
    fputs("x,y\n", file);
    for (int i = 0; i < rows; i++) fprintf(file, "%d,%g\n", i, (i % distinct) * step);
    fclose(file);
}

static Task guessed(int rows, int distinct, double step) {
    write_labels(rows, distinct, step);
    Dataset data = built(request_of("a.csv"));
    Task task = data.task;
    if (task == TASK_REGRESSION) {
        assert_int_equal(data.targets, 1);
        assert_string_equal(data.target_name[0], "y");
        assert_true(data.train.target[rows - 1] == (real)(((rows - 1) % distinct) * step) && !data.train.label);
    }
    dataset_free(&data);
    return task;
}

static void test_task_auto(void **state) {
    (void)state;
    assert_int_equal(guessed(201, 100, 1), TASK_CLASSIFICATION);
    assert_int_equal(guessed(200, 100, 1), TASK_REGRESSION);
    assert_int_equal(guessed(303, 101, 1), TASK_REGRESSION);
    assert_int_equal(guessed(20, 4, 0.5), TASK_REGRESSION);
    assert_int_equal(guessed(5, 2, 1), TASK_CLASSIFICATION);
}

static void test_task_given(void **state) {
    (void)state;
    write_labels(6, 6, 1);
    DataRequest *request = request_of("a.csv");
    request->task = TASK_CLASSIFICATION;
    Dataset data = built(request);
    assert_int_equal(data.classes, 6);
    dataset_free(&data);
    write_labels(100, 2, 1);
    request = request_of("a.csv");
    request->task = TASK_REGRESSION;
    data = built(request);
    assert_int_equal(data.targets, 1);
    dataset_free(&data);
    write_labels(6, 6, 0.5);
    request = request_of("a.csv");
    request->task = TASK_CLASSIFICATION;
    refused(request, "a.csv:3:2: expected a whole number as class in column 'y', got '0.5'; if this is a value, set "
                     "data.task to regression");
    write_text("a.csv", iris);
    request = request_of("a.csv");
    request->task = TASK_REGRESSION;
    Error err = {0};
    assert_false(dataset_build(request, NULL, &data, &err));
    assert_int_equal(err.count, 6);
    assert_string_equal(err.text, "a.csv:2:3: expected a number in column 'species', got 'setosa'");
    free(request);
}

/* One slip in a column of measured numbers is no reason to take it for a thousand classes. */
static void test_slip_in_a_regression_label(void **state) {
    (void)state;
    write_labels(300, 300, 0.1);
    FILE *file = fopen("a.csv", "a");
    fputs("1,2.5x\n", file);
    fclose(file);
    refused(request_of("a.csv"),
            "a.csv:302:2: expected a number in column 'y', got '2.5x'; if these are classes, set "
            "data.task to classification");
}

static void test_several_targets(void **state) {
    (void)state;
    write_text("a.csv", "p,x,q,w\n1,2,3,0.5\n4,5,6,2\n");
    DataRequest *request = request_of("a.csv");
    NAME(label, "q");
    NAME(label, "p");
    NAME(weight, "w");
    Dataset data = built(request);
    assert_int_equal(data.task, TASK_REGRESSION);
    assert_int_equal(data.targets, 2);
    assert_string_equal(data.target_name[0], "q");
    assert_string_equal(data.target_name[1], "p");
    assert_memory_equal(data.train.target, ((real[]){3, 1, 6, 4}), 4 * sizeof(real));
    assert_memory_equal(data.train.weight, ((real[]){0.5, 2}), 2 * sizeof(real));
    assert_memory_equal(data.train.x, ((real[]){2, 5}), 2 * sizeof(real));
    dataset_free(&data);
    request = request_of("a.csv");
    NAME(label, "q");
    NAME(label, "p");
    request->task = TASK_CLASSIFICATION;
    refused(request, "a.csv: data.label names 2 columns and data.task is classification; name one");
}

static void test_label_by_index(void **state) {
    (void)state;
    write_text("a.csv", "1,a,2\n3,b,4\n5,a,6\n");
    for (int index = -2; index <= 1; index += 3) {
        DataRequest *request = request_of("a.csv");
        request->label[0] = (ColumnName){.by_index = true, .index = index};
        request->label_count = 1;
        Dataset data = built(request);
        assert_int_equal(data.classes, 2);
        assert_string_equal(data.feature_name[1], "c2");
        assert_true(data.label[0].by_index && data.label[0].index == 1);
        assert_memory_equal(data.train.x, ((real[]){1, 2, 3, 4, 5, 6}), 6 * sizeof(real));
        dataset_free(&data);
    }
}

static void test_one_hot(void **state) {
    (void)state;
    write_text("a.csv",
               "size,colour,n,shape,y\nS,red,1,2,0\nM,blue,2,10,1\nS,green,3,2,1\n,red,4,2,0\nM,red,5,10,0\n");
    DataRequest *request = request_of("a.csv");
    NAME(categorical, "shape");
    NAME(categorical, "colour");
    NAME(ignore, "size");
    Dataset data = built(request);
    static const char *const names[] = {"colour=blue", "colour=green", "colour=red", "n", "shape=2", "shape=10"};
    assert_int_equal(data.features, 6);
    for (int i = 0; i < 6; i++) assert_string_equal(data.feature_name[i], names[i]);
    const real expected[] = {0, 0, 1, 1, 1, 0, 1, 0, 0, 2, 0, 1, 0, 1, 0,
                             3, 1, 0, 0, 0, 1, 4, 1, 0, 0, 0, 1, 5, 0, 1};
    assert_memory_equal(data.train.x, expected, sizeof expected);
    dataset_free(&data);
}

static void test_missing_mean(void **state) {
    (void)state;
    write_text("a.csv", "k,v,y\na,1,0\n,3,1\nb,,1\na,NA,0\na,8,0\n");
    DataRequest *request = request_of("a.csv");
    NAME(categorical, "k");
    request->csv.missing = CSV_MISSING_MEAN;
    Dataset data = built(request);
    const real expected[] = {1, 0, 1, 0.75, 0.25, 3, 0, 1, 4, 1, 0, 4, 1, 0, 8};
    assert_memory_equal(data.train.x, expected, sizeof expected);
    dataset_free(&data);
    write_text("a.csv", "v,y\n,0\nNA,1\n?,1\n?,0\n?,0\n");
    request = request_of("a.csv");
    request->csv.missing = CSV_MISSING_MEAN;
    refused(request, "a.csv: no training row has a value in column 'v'; put it into data.ignore");
    write_text("a.csv", "v,w,y\n1,1,0\n2,,1\n3,1,\n4,1,0\n");
    request = request_of("a.csv");
    request->csv.missing = CSV_MISSING_MEAN;
    NAME(weight, "w");
    refused(request, "a.csv:4:3: missing value in column 'y'; fill it in, or set data.missing to drop_row\n"
                     "a.csv:3:2: missing value in column 'w'; fill it in, or set data.missing to drop_row");
}

/* Means, scales and classes come from the rows that train, and from no other. */
static void test_fitted_on_training_rows_alone(void **state) {
    (void)state;
    write_text("a.csv", "v,y\n1,a\n,b\n5,a\n6,b\n");
    write_text("b.csv", "y,v\na,1000\nb,\n");
    DataRequest *request = request_of("a.csv");
    strcpy(request->test, "b.csv");
    request->csv.missing = CSV_MISSING_MEAN;
    request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, "center");
    request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, "scale");
    Dataset data = built(request);
    const real scale = (real)(1.0 / 255);
    const real train[] = {-3 * scale, 0, scale, 2 * scale}, test[] = {996 * scale, 0};
    assert_memory_equal(data.train.x, train, sizeof train);
    assert_memory_equal(data.test.x, test, sizeof test);
    assert_memory_equal(data.test.label, ((int32_t[]){0, 1}), 2 * sizeof(int32_t));
    assert_int_equal(data.chain.steps, 2);
    assert_true(data.chain.step[0].tensor[0].data[0] == 4);
    dataset_free(&data);
}

static void test_dropped_rows_leave_no_class(void **state) {
    (void)state;
    write_text("a.csv", "v,y\n1,a\n,gone\n5,b\n6,\n");
    DataRequest *request = request_of("a.csv");
    request->csv.missing = CSV_MISSING_DROP_ROW;
    Dataset data = built(request);
    assert_int_equal(data.classes, 2);
    assert_int_equal(data.train.rows, 2);
    dataset_free(&data);
}

/* ---- splits ------------------------------------------------------------------------------------------ */

enum { CLASSES = 10 };

/* Feature 0 is the row's number; class c has about 30·(c+1) rows, in random order. */
static size_t write_classes(void) {
    FILE *file = fopen("a.csv", "w");
    Stream stream = random_stream(3, PURPOSE_TEST, 0, 0);
    size_t rows = 1650;
    fputs("row,y\n", file);
    for (size_t i = 0; i < rows; i++) {
        int class = 0;
        for (uint32_t r = random_below(&stream, 55), below = 1; r >= below; below += (uint32_t) class + 1) class ++;
        fprintf(file, "%zu,k%d\n", i, class);
    }
    fclose(file);
    return rows;
}

static void count_classes(const View *view, size_t count[CLASSES]) {
    memset(count, 0, CLASSES * sizeof *count);
    for (size_t i = 0; i < view->rows; i++) count[view->label[i]]++;
}

static void mark(const View *view, unsigned char *seen) {
    for (size_t i = 0; i < view->rows; i++) {
        assert_true(i == 0 || view->x[i] > view->x[i - 1]); /* in the file's order */
        seen[(size_t)view->x[i]]++;
    }
}

static void test_split_is_disjoint_complete_and_stratified(void **state) {
    (void)state;
    size_t rows = write_classes(), train[CLASSES], validation[CLASSES];
    const double shares[] = {0.05, 0.2, 0.5, 0.9};
    for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s++) {
        DataRequest *request = request_of("a.csv");
        request->validation.number = shares[s];
        Dataset data = built(request);
        unsigned char *seen = calloc(rows, 1);
        mark(&data.train, seen);
        mark(&data.validation, seen);
        for (size_t i = 0; i < rows; i++) assert_int_equal(seen[i], 1);
        count_classes(&data.train, train);
        count_classes(&data.validation, validation);
        for (int c = 0; c < CLASSES; c++)
            assert_int_equal(validation[c],
                             (size_t)floor(shares[s] * (double)(train[c] + validation[c]) + 0.5 + 1e-9));
        free(seen);
        dataset_free(&data);
    }
}

static void test_rows_keep_their_labels(void **state) {
    (void)state;
    FILE *file = fopen("a.csv", "w");
    fputs("v,w,y\n", file);
    for (int i = 0; i < 500; i++) fprintf(file, "%d,%d,c%d\n", i, i + 1, i * i % 7);
    fclose(file);
    DataRequest *request = request_of("a.csv");
    NAME(weight, "w");
    request->validation.number = 0.3;
    request->train_rows = 101;
    Dataset data = built(request);
    const View *views[] = {&data.train, &data.validation};
    assert_int_equal(data.train.rows, 101);
    for (int v = 0; v < 2; v++)
        for (size_t i = 0; i < views[v]->rows; i++) {
            int row = (int)views[v]->x[i];
            char name[8];
            snprintf(name, sizeof name, "c%d", row * row % 7);
            assert_string_equal(data.class_name[views[v]->label[i]], name);
            assert_true(views[v]->weight[i] == (real)(row + 1));
        }
    dataset_free(&data);
}

static void test_subset(void **state) {
    (void)state;
    size_t rows = write_classes(), all[CLASSES], some[CLASSES];
    unsigned char *smaller = calloc(rows, 1), *larger = calloc(rows, 1);
    Dataset whole = built(request_of("a.csv"));
    count_classes(&whole.train, all);
    dataset_free(&whole);
    const int64_t sizes[] = {10, 37, 400, 1649, 1650};
    for (int s = 0; s < 5; s++) {
        DataRequest *request = request_of("a.csv");
        request->train_rows = sizes[s];
        Dataset data = built(request);
        assert_int_equal(data.train.rows, sizes[s]);
        count_classes(&data.train, some);
        for (int c = 0; c < CLASSES; c++) {
            assert_true(some[c] >= 1);
            if (sizes[s] > 100)
                assert_true(fabs((double)some[c] - (double)(sizes[s] * (int64_t)all[c]) / (double)rows) < 1);
        }
        memset(larger, 0, rows);
        mark(&data.train, larger);
        if (s >= 3) /* from a size on where no class is topped up, larger subsets hold the smaller ones */
            for (size_t i = 0; i < rows; i++) assert_true(larger[i] >= smaller[i]);
        memcpy(smaller, larger, rows);
        dataset_free(&data);
    }
    free(smaller);
    free(larger);
}

static void test_same_request_same_bytes(void **state) {
    (void)state;
    write_classes();
    DataRequest *request = request_of("a.csv");
    request->validation.number = 0.2;
    request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, "standardize");
    DataRequest *again = malloc(sizeof *again), *other = malloc(sizeof *other);
    memcpy(again, request, sizeof *again);
    memcpy(other, request, sizeof *other);
    other->split_seed = 2;
    Dataset first = built(request), second = built(again), third = built(other);
    assert_memory_equal(first.train.x, second.train.x, first.train.rows * sizeof(real));
    assert_memory_equal(first.validation.label, second.validation.label, first.validation.rows * sizeof(int32_t));
    assert_true(dataset_hash(&first) == dataset_hash(&second));
    assert_int_equal(first.validation.rows, third.validation.rows);
    assert_memory_not_equal(first.validation.x, third.validation.x, first.validation.rows * sizeof(real));
    assert_true(dataset_hash(&first) != dataset_hash(&third));
    dataset_free(&first);
    dataset_free(&second);
    dataset_free(&third);
}

static void test_regression_split(void **state) {
    (void)state;
    write_labels(100, 100, 0.5);
    DataRequest *request = request_of("a.csv");
    request->validation.number = 0.145; /* 14.5 rows: a half, though its binary is below */
    Dataset data = built(request);
    assert_int_equal(data.validation.rows, 15);
    for (size_t i = 0; i < 15; i++) assert_true(data.validation.target[i] == data.validation.x[i] / 2);
    dataset_free(&data);
}

static void test_fitted_without_validation_rows(void **state) {
    (void)state;
    write_labels(100, 100, 0.5);
    DataRequest *request = request_of("a.csv");
    request->validation.number = 0.3;
    request->train_rows = 40;
    request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, "center");
    Dataset data = built(request);
    double sum = 0;
    for (size_t i = 0; i < 40; i++) sum += 2 * (double)data.train.target[i]; /* y is x / 2 */
    assert_true(fabs(sum / 40 - 49.5) > 0.01);                               /* not the mean of all rows */
    assert_true(data.chain.step[0].tensor[0].data[0] == (real)(sum / 40));
    dataset_free(&data);
}

static void test_one_row_of_a_class_trains(void **state) {
    (void)state;
    write_text("a.csv", "x,y\n1,a\n2,b\n3,b\n4,b\n5,c\n6,c\n");
    DataRequest *request = request_of("a.csv");
    request->validation.number = 0.9;
    Dataset data = built(request);
    assert_int_equal(data.train.rows, 3);
    assert_memory_equal(data.train.label, ((int32_t[]){0, 1, 2}), 3 * sizeof(int32_t));
    dataset_free(&data);
}

static void test_sample(void **state) {
    (void)state;
    size_t rows = write_classes(), all[CLASSES];
    uint32_t index[2000], again[2000];
    Dataset data = built(request_of("a.csv"));
    count_classes(&data.train, all);
    assert_int_equal(dataset_sample(&data, 512, 1, PURPOSE_PROBE, index), 512);
    assert_int_equal(dataset_sample(&data, 512, 1, PURPOSE_PROBE, again), 512);
    assert_memory_equal(index, again, 512 * sizeof *index);
    assert_int_equal(dataset_sample(&data, 512, 2, PURPOSE_PROBE, again), 512);
    assert_memory_not_equal(index, again, 512 * sizeof *index);
    size_t count[CLASSES] = {0};
    for (size_t i = 0; i < 512; i++) {
        assert_true(i == 0 || index[i] > index[i - 1]);
        count[data.train.label[index[i]]]++;
    }
    for (int c = 0; c < CLASSES; c++) assert_true(fabs((double)count[c] - 512.0 * (double)all[c] / (double)rows) < 1);
    assert_int_equal(dataset_sample(&data, 5000, 1, PURPOSE_PROBE, index), rows);
    for (size_t i = 0; i < rows; i++) assert_int_equal(index[i], i);
    assert_int_equal(dataset_sample(&data, 3, 1, PURPOSE_PROBE, index), 3);
    dataset_free(&data);
}

/* ---- other files ------------------------------------------------------------------------------------- */

static DataRequest *with_test(const char *train, const char *test) {
    write_text("a.csv", train);
    write_text("b.csv", test);
    DataRequest *request = request_of("a.csv");
    strcpy(request->test, "b.csv");
    return request;
}

static void test_files_match_by_name(void **state) {
    (void)state;
    DataRequest *request =
        with_test("i,a,k,b,y\n9,1,u,2,no\n9,3,v,4,yes\n9,3,v,4,no\n", "y,b,a,k\nyes,20,10,v\nno,40,30,u\n");
    NAME(categorical, "k");
    NAME(ignore, "i");
    request->validation = (NumberOrText){.is_text = true, .text = "b.csv"};
    Dataset data = built(request);
    assert_memory_equal(data.test.x, ((real[]){10, 0, 1, 20, 30, 1, 0, 40}), 8 * sizeof(real));
    assert_memory_equal(data.test.label, ((int32_t[]){1, 0}), 2 * sizeof(int32_t));
    assert_int_equal(data.train.rows, 3);
    assert_int_equal(data.validation.rows, 2);
    assert_memory_equal(data.validation.x, data.test.x, 8 * sizeof(real));
    dataset_free(&data);
}

static void test_files_match_by_position(void **state) {
    (void)state;
    Dataset data = built(with_test("a,y\n1,0.5\n2,1.5\n", "7,8\n"));
    assert_true(data.test.x[0] == 7 && data.test.target[0] == 8);
    dataset_free(&data);
    refused(with_test("a,y\n1,0.5\n2,1.5\n", "7,8,9\n"), "b.csv: 3 columns, a.csv has 2");
}

static void test_files_that_do_not_match(void **state) {
    (void)state;
    refused(with_test("a,b,y\n1,2,0.5\n2,3,1.5\n", "a,y,c\n1,2,3\n"),
            "b.csv: no column 'b', which a.csv has\nb.csv: column 'c' is not in a.csv");
    refused(with_test("age,b,y\n1,2,0.5\n2,3,1.5\n", "B,y,AGE\n1,2,3\n"),
            "b.csv: column 'B' is not in a.csv; did you mean 'b'?\n"
            "b.csv: column 'AGE' is not in a.csv; did you mean 'age'?");
    refused(
        with_test("a,b,y\n1,2,0.5\n2,3,1.5\n", "a|b|y\n1|2|3\n"),
        "b.csv: one column only; its delimiter seems to be '|', and that of a.csv is ','; write it with that one");
    refused(with_test("a,b,y\n1,2,0.5\n2,3,1.5\n", "a,b,y\n1,x,3\n"),
            "b.csv:2:2: expected a number in column 'b', got 'x'");
    refused(with_test("a,b,y\n1,2,0.5\n2,3,1.5\n", "2,3,4\n1,12:30,3\n"),
            "b.csv:2:2: expected a number in column 'b', got '12:30'");
    refused(with_test("a,y\n1,u\n2,v\n", "a,y\n1,v\n2,w\n3,w\n4,z\n"),
            "b.csv:3:2: class 'w' in column 'y' is not in the training data\n"
            "b.csv:5:2: class 'z' in column 'y' is not in the training data");
    DataRequest *request = with_test("k,y\nu,1.5\nv,2.5\n", "k,y\nw,1\n");
    NAME(categorical, "k");
    refused(request, "b.csv:2:1: category 'w' in column 'k' is not in the training data");
    refused(with_test("a,y\n1,u\n2,v\n", "a,y\n"), "b.csv: no rows below the header");
}

/* ---- refusals ---------------------------------------------------------------------------------------- */

static void test_columns_that_are_not_there(void **state) {
    (void)state;
    write_text("a.csv", iris);
    DataRequest *request = request_of("a.csv");
    NAME(label, "speces");
    NAME(ignore, "height");
    refused(request,
            "a.csv: no column 'speces' for data.label; did you mean 'species'? the columns are length, width, "
            "species\n"
            "a.csv: no column 'height' for data.ignore; the columns are length, width, species");
    request = request_of("a.csv");
    request->label[request->label_count++] = (ColumnName){.by_index = true, .index = 3};
    request->ignore[request->ignore_count++] = (ColumnName){.by_index = true, .index = -4};
    refused(request, "a.csv: data.label is 3 and the file has 3 columns; use -3 to 2\n"
                     "a.csv: data.ignore is -4 and the file has 3 columns; use -3 to 2");
}

static void test_columns_with_two_roles(void **state) {
    (void)state;
    write_text("a.csv", iris);
    DataRequest *request = request_of("a.csv");
    NAME(label, "species");
    NAME(ignore, "species");
    refused(request, "a.csv: column 'species' is in data.label and in data.ignore; name it in one of them");
    request = request_of("a.csv");
    NAME(ignore, "length");
    NAME(ignore, "length");
    refused(request, "a.csv: column 'length' is named twice in data.ignore; name it once");
    request = request_of("a.csv");
    NAME(ignore, "species");
    refused(request, "a.csv: the last column 'species' is in data.ignore and cannot be the label; set data.label");
    request = request_of("a.csv");
    NAME(ignore, "length");
    NAME(ignore, "width");
    refused(request, "a.csv: no input column is left beside label, weight and ignored ones; leave one");
    write_text("a.csv", "a;b\n1;2\n");
    refused(request_of("a.csv"), "a.csv: one column only; set data.delimiter if it is not ','");
}

static void test_too_few(void **state) {
    (void)state;
    write_text("a.csv", "x,y\n1,a\n2,a\n");
    refused(request_of("a.csv"), "a.csv: one class only in column 'y': 'a'; classification needs two");
    write_text("a.csv", "x,y\n1,0.5\n");
    refused(request_of("a.csv"), "a.csv: one training row; training needs two at least");
    write_text("a.csv", "x,y\n");
    refused(request_of("a.csv"), "a.csv: no rows below the header");
    write_text("a.csv", "");
    refused(request_of("a.csv"), "a.csv: empty; it needs a row of names and rows of data");
    write_text("a.csv", "x,y\n1,\n,2\n");
    DataRequest *request = request_of("a.csv");
    request->csv.missing = CSV_MISSING_DROP_ROW;
    refused(request, "a.csv: no row is without a missing value; set data.missing to mean");
    write_text("a.csv", iris);
    request = request_of("a.csv");
    request->validation.number = 0.2;
    refused(request, "a.csv: data.validation 0.2 of 6 rows leaves no validation row, as each class keeps one for "
                     "training; use a larger share, more rows or a validation file");
    request = request_of("a.csv");
    request->train_rows = 7;
    refused(request, "a.csv: data.train_rows is 7 and there are 6 training rows; use at most these");
    request = request_of("a.csv");
    request->train_rows = 2;
    refused(request, "a.csv: data.train_rows is 2 and there are 3 classes; use a row of each at least");
    write_text("a.csv", "k,y\n?,1.5\n,2.5\n");
    request = request_of("a.csv");
    NAME(categorical, "k");
    request->csv.missing = CSV_MISSING_MEAN;
    refused(request, "a.csv: no value in the categorical column 'k'; put it into data.ignore");
    write_text("a.csv", "x,y\n1,\n2,NA\n");
    request = request_of("a.csv");
    request->csv.missing = CSV_MISSING_MEAN;
    request->task = TASK_CLASSIFICATION;
    refused(request, "a.csv: no label in column 'y'; set data.label");
}

static void test_weights_and_targets_out_of_range(void **state) {
    (void)state;
    write_text("a.csv", "x,w,y\n1,0,1\n2,-1.5,1\n3,1,0\n4,1e-60,1e60\n5,1,0\n");
    DataRequest *request = request_of("a.csv");
    NAME(weight, "w");
    request->task = TASK_REGRESSION;
    refused(request, "a.csv:5:3: a label in column 'y' is beyond the range of numbers\n"
                     "a.csv:2:2: expected a weight above 0 in column 'w', got 0\n"
                     "a.csv:3:2: expected a weight above 0 in column 'w', got -1.5\n"
                     "a.csv:5:2: expected a weight above 0 in column 'w', got 1e-60");
}

static void test_preprocessing_that_overflows(void **state) {
    (void)state;
    write_text("a.csv", "x,y\n-3e38,1.5\n3e38,2.5\n");
    DataRequest *request = request_of("a.csv");
    request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, "minmax");
    refused(request, "a.csv: preprocess 'minmax' makes values of column 'x' infinite; scale them down before it");
    request = request_of("a.csv");
    request->preprocess[request->preprocess_count] = choice_of(&preprocesses, "minmax");
    ((double *)request->preprocess[request->preprocess_count++].params.bytes)[0] = 2;
    refused(request, "a.csv: preprocess.0.low: 2 is not below high 1; set low below high");
}

static DataRequest *with_step(const char *step) {
    char text[64];
    DataRequest *request = request_of("a.csv");
    snprintf(text, sizeof text, "%s", step);
    request->preprocess[request->preprocess_count++] = reference_choice(&preprocesses, text);
    return request;
}

/* A column divided by an infinite scale would be 0 everywhere. */
static void test_what_is_learned_is_finite(void **state) {
    (void)state;
    write_text("a.csv", "w,x,y\n1,-3.3e38,1.5\n2,3.3e38,2.5\n3,3.3e38,3\n4,-3.3e38,4\n");
    refused(with_step("robust"), "a.csv: preprocess 'robust' finds an infinite scale for column 'x'; scale it down "
                                 "before it");
    refused(with_step("clip low=1e300"),
            "a.csv: preprocess 'clip' finds an infinite low for column 'w'; scale it down before it");
    Dataset data = built(with_step("clip low=-1e300 high=1e300"));
    assert_true(data.train.x[1] == -3.3e38f && data.train.x[3] == 3.3e38f);
    dataset_free(&data);
    data = built(with_step("whiten")); /* which holds deviations: their squares need not fit */
    assert_true(fabs(fabs((double)data.train.x[0]) - 1) < 1e-4);
    dataset_free(&data);
}

/* A pixel that only another of the ten crops shows, of the test and of the validation rows. */
static void test_views_that_a_step_refuses(void **state) {
    (void)state;
    write_text("a.csv", "p0,p1,p2,p3,p4,p5,p6,p7,p8,y\n1,1,1,1,1,1,1,1,1,a\n1,1,1,1,2,1,1,1,2,b\n");
    write_text("b.csv", "p0,p1,p2,p3,p4,p5,p6,p7,p8,y\n1,5,1,5,1,5,1,5,1,a\n1,1,1,1,2,1,7,1,2,b\n");
    for (int validation = 0; validation < 2; validation++) {
        char crop[] = "crop height=1 width=1 pad=0 evaluate=ten", scale[] = "scale factor=0.5";
        DataRequest *request = request_of("a.csv");
        request->image = (ImageShape){3, 3, 1, IMAGE_HWC, 7};
        request->augment[request->augment_count++] = reference_choice(&augments, crop);
        request->preprocess[request->preprocess_count++] = reference_choice(&preprocesses, scale);
        request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, "onehot");
        if (validation) request->validation = (NumberOrText){.is_text = true, .text = "b.csv"};
        else strcpy(request->test, "b.csv");
        refused(request, validation ? "a.csv: preprocess.1: column 'p0_0' of row 2 of the validation file, crop 4 of "
                                      "10: 3.5 is no value of the training rows; correct it, or leave the row out"
                                    : "a.csv: preprocess.1: column 'p0_0' of row 2 of the test file, crop 4 of 10: "
                                      "3.5 is no value of the training rows; correct it, or leave the row out");
    }
}

static DataRequest *two_steps(const char *first, const char *second) {
    DataRequest *request = request_of("a.csv");
    request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, first);
    request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, second);
    return request;
}

/* By column and split; by row where the file's order is kept. */
static void test_values_that_a_step_refuses(void **state) {
    (void)state;
    write_text("a.csv", "x,z,y\n1,2,a\n2,-3,b\n3,1,a\n4,2,b\n");
    DataRequest *request = two_steps("scale", "log1p");
    *(double *)request->preprocess[0].params.bytes = 2;
    refused(request, "a.csv: preprocess.1: column 'z' of a training row: -6 is not above -1, as log1p needs; shift "
                     "the values, or set symmetric");
    write_text("a.csv", "x,z,y\n1,2,a\n2,3,b\n3,1,a\n4,2,b\n");
    write_text("b.csv", "x,z,y\n1,2,a\n2,-2,b\n");
    request = two_steps("scale", "log1p");
    *(double *)request->preprocess[0].params.bytes = 2;
    strcpy(request->test, "b.csv");
    refused(request, "a.csv: preprocess.1: column 'z' of row 2 of the test file: -4 is not above -1, as log1p needs; "
                     "shift the values, or set symmetric");
    request = two_steps("onehot", "center");
    strcpy(request->test, "b.csv");
    refused(request,
            "a.csv: preprocess.0: column 'z' of row 2 of the test file: -2 is no value of the training rows; "
            "correct it, or leave the row out");
}

/* The chain's widths, names and image, step by step. */
static void test_steps_that_change_the_width(void **state) {
    (void)state;
    write_text("a.csv", "p,q,y\n1,2,a\n2,3,b\n3,1,a\n4,2.5,b\n");
    Dataset data = built(two_steps("onehot", "pca"));
    assert_int_equal(data.chain.step[0].out, 8);
    assert_int_equal(data.features, 3);
    assert_string_equal(data.feature_name[2], "pc3");
    dataset_free(&data);
    DataRequest *request = two_steps("onehot", "mean_image");
    request->image = (ImageShape){1, 2, 1, IMAGE_HWC, 255};
    refused(request, "a.csv: preprocess.1: 'mean_image' is for images, and the rows are none here; set data.image");
}

static void test_constant_column_is_no_error(void **state) {
    (void)state;
    write_text("a.csv", "c,x,y\n7,1,a\n7,2,b\n7,3,a\n");
    DataRequest *request = request_of("a.csv");
    request->preprocess[request->preprocess_count++] = choice_of(&preprocesses, "standardize");
    Dataset data = built(request);
    for (int i = 0; i < 3; i++) assert_true(data.train.x[2 * i] == 0);
    dataset_free(&data);
}

static void test_hash_sees_everything(void **state) {
    (void)state;
    static const char *const texts[] = {"x,y\n1,a\n2,b\n",   "x,y\n1,b\n2,a\n",  "x,y\n1,a\n3,b\n",
                                        "z,y\n1,a\n2,b\n",   "x,y\n1,a\n2,c\n",  "x,y\n1,a\n2,b\n2,b\n",
                                        "x,y\n1,1.5\n2,2\n", "x,y\n1,2\n2,1.5\n"};
    enum { COUNT = sizeof texts / sizeof texts[0] };
    uint64_t hash[COUNT];
    for (int i = 0; i < COUNT; i++) {
        write_text("a.csv", texts[i]);
        Dataset data = built(request_of("a.csv"));
        hash[i] = dataset_hash(&data);
        dataset_free(&data);
        for (int j = 0; j < i; j++) assert_true(hash[i] != hash[j]);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unnamed_index),
        cmocka_unit_test(test_text_classes),
        cmocka_unit_test(test_class_order),
        cmocka_unit_test(test_task_auto),
        cmocka_unit_test(test_task_given),
        cmocka_unit_test(test_slip_in_a_regression_label),
        cmocka_unit_test(test_several_targets),
        cmocka_unit_test(test_label_by_index),
        cmocka_unit_test(test_one_hot),
        cmocka_unit_test(test_missing_mean),
        cmocka_unit_test(test_fitted_on_training_rows_alone),
        cmocka_unit_test(test_dropped_rows_leave_no_class),
        cmocka_unit_test(test_split_is_disjoint_complete_and_stratified),
        cmocka_unit_test(test_rows_keep_their_labels),
        cmocka_unit_test(test_subset),
        cmocka_unit_test(test_same_request_same_bytes),
        cmocka_unit_test(test_regression_split),
        cmocka_unit_test(test_fitted_without_validation_rows),
        cmocka_unit_test(test_one_row_of_a_class_trains),
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_files_match_by_name),
        cmocka_unit_test(test_files_match_by_position),
        cmocka_unit_test(test_files_that_do_not_match),
        cmocka_unit_test(test_columns_that_are_not_there),
        cmocka_unit_test(test_columns_with_two_roles),
        cmocka_unit_test(test_too_few),
        cmocka_unit_test(test_weights_and_targets_out_of_range),
        cmocka_unit_test(test_preprocessing_that_overflows),
        cmocka_unit_test(test_what_is_learned_is_finite),
        cmocka_unit_test(test_views_that_a_step_refuses),
        cmocka_unit_test(test_values_that_a_step_refuses),
        cmocka_unit_test(test_steps_that_change_the_width),
        cmocka_unit_test(test_constant_column_is_no_error),
        cmocka_unit_test(test_hash_sees_everything),
    };
    enter_directory();
    int failed = cmocka_run_group_tests_name("dataset", tests, NULL, NULL);
    leave_directory();
    return failed;
}
