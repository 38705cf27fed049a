/* writer: the exact bytes of every log, cutting back, and every way in which writing fails. */
#include "observe/writer.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka wants those
#include <cmocka.h>

static char directory[32];

static const char *path_of(const char *name) {
    static char path[96];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static const char *content(const char *name) {
    static char text[1 << 16];
    FILE *file = fopen(path_of(name), "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void write_file(const char *name, const char *text) {
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void check_message(const Error *err, const char *message) {
    char expected[256];
    snprintf(expected, sizeof expected, "%s/%s", directory, message);
    assert_int_equal(err->count, 1);
    assert_string_equal(err->text, expected);
}

static const LogPlan all = {.classification = true, .histograms = true, .steps = true},
                     without_histograms = {.classification = true}, of_values = {0};

static const EpochRow row0 = {.epoch = 0,
                              .step = 0,
                              .lr = NAN,
                              .train_loss = 2.30258509299,
                              .train_accuracy = 0.1,
                              .val_loss = INFINITY,
                              .val_accuracy = -INFINITY,
                              .grad_norm = NAN,
                              .grad_norm_max = NAN,
                              .weight_norm = 12.5,
                              .update_ratio = NAN};
static const EpochRow row1 = {.epoch = 1,
                              .step = 45,
                              .lr = 0.05,
                              .train_loss = 1e-12,
                              .train_accuracy = 1,
                              .val_loss = 1.0 / 3,
                              .val_accuracy = 0.975,
                              .grad_norm = 123456789012.0,
                              .grad_norm_max = 1e22,
                              .weight_norm = 12.5,
                              .update_ratio = 1.25e-3};
#define EPOCHS_HEADER                                                                                                \
    "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,grad_norm,grad_norm_max,weight_norm,"             \
    "update_ratio\n"
#define EPOCHS_ROW0 "0,0,nan,2.30258509,0.1,inf,-inf,nan,nan,12.5,nan\n"
#define EPOCHS_ROW1 "1,45,0.05,1e-12,1,0.333333333,0.975,1.23456789e+11,1e+22,12.5,0.00125\n"

/* A layer of one row, one input and two units. */
static const real x[] = {2}, z[] = {-1, 3}, a[] = {0, 3}, slope[] = {0, 1}, delta[] = {0, (real)0.5},
                  weight[] = {(real)-0.5, (real)1.5}, grad[] = {0, NAN};
static const LayerProbe probe = {.layer = 2,
                                 .activation = "relu",
                                 .rows = 1,
                                 .fan_in = 1,
                                 .units = 2,
                                 .columns = 2,
                                 .x = x,
                                 .z = z,
                                 .a = a,
                                 .slope = slope,
                                 .delta = delta,
                                 .weight = weight,
                                 .weight_grad = grad,
                                 .max_slope = 1,
                                 .update_ratio = 0.25};

static void epochs_and_timing_have_their_columns(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    const TimingRow timing = {3, 1.5, 0.25, 1e-3, 0};
    assert_true(writer_open(&writer, directory, &without_histograms, NULL, &err));
    assert_true(writer_epoch(&writer, &row0, &err) && writer_epoch(&writer, &row1, &err));
    assert_true(writer_timing(&writer, &timing, &err));
    assert_true(writer_close(&writer, &err));
    assert_string_equal(content("epochs.csv"), EPOCHS_HEADER EPOCHS_ROW0 EPOCHS_ROW1);
    assert_string_equal(content("timing.csv"), "epoch,train_s,eval_s,stats_s,write_s\n3,1.5,0.25,0.001,0\n");
}

static void steps_have_a_column_a_weight(void **state) {
    (void)state;
    static TextPool path;
    const LogPlan plan = {.classification = true, .steps = true, .path = &path};
    const StepRow start = {0, 0, NAN, NAN, NAN, NAN}, step = {1, 1, 0.05, 2.5, 1e-12, INFINITY};
    const real value[2] = {(real)0.5, -3};
    Writer writer;
    Error err = {0};
    text_pool_add(&path, "layers.1.weight[0,1]");
    text_pool_add(&path, "layers.1.bias[0]");
    assert_true(writer_open(&writer, directory, &plan, NULL, &err));
    assert_true(writer_step(&writer, &start, value, 2, &err) && writer_step(&writer, &step, value, 2, &err));
    assert_true(writer_close(&writer, &err));
    assert_string_equal(content("steps.csv"),
                        "step,epoch,lr,loss,grad_norm,update_ratio,\"layers.1.weight[0,1]\",layers.1.bias[0]\n"
                        "0,0,nan,nan,nan,nan,0.5,-3\n1,1,0.05,2.5,1e-12,inf,0.5,-3\n");
}

static void steps_without_weights_end_with_the_ratio(void **state) {
    (void)state;
    static const TextPool none;
    const LogPlan plan = {.steps = true, .path = &none};
    const StepRow step = {7, 2, 0.5, 1, 3, 0.25};
    Writer writer;
    Error err = {0};
    assert_true(writer_open(&writer, directory, &plan, NULL, &err));
    assert_true(writer_step(&writer, &step, NULL, 0, &err) && writer_close(&writer, &err));
    assert_string_equal(content("steps.csv"), "step,epoch,lr,loss,grad_norm,update_ratio\n7,2,0.5,1,3,0.25\n");
}

static void nan_has_no_sign(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    const TimingRow timing = {1, copysign(NAN, -1), 0, -0.0, 0};
    assert_true(writer_open(&writer, directory, &without_histograms, NULL, &err));
    assert_true(writer_timing(&writer, &timing, &err) && writer_close(&writer, &err));
    assert_string_equal(content("timing.csv"), "epoch,train_s,eval_s,stats_s,write_s\n1,nan,0,-0,0\n");
}

static void regression_logs_rmse(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    assert_true(writer_open(&writer, directory, &of_values, NULL, &err) && writer_close(&writer, &err));
    assert_string_equal(content("epochs.csv"),
                        "epoch,step,lr,train_loss,train_rmse,val_loss,val_rmse,grad_norm,grad_norm_max,"
                        "weight_norm,update_ratio\n");
}

static void layers_have_the_statistics(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    assert_true(writer_open(&writer, directory, &without_histograms, NULL, &err));
    assert_true(writer_layer(&writer, 7, &probe, &err) && writer_close(&writer, &err));
    assert_string_equal(content("layers.csv"),
                        "epoch,layer,activation,fan_in,units,z_mean,z_std,a_mean,a_std,a_min,a_max,zero,"
                        "saturated,dead,slope,delta_rms,weight_mean,weight_std,weight_norm,grad_norm,grad_mean,"
                        "grad_std,same_sign_row,same_sign_batch,update_ratio\n"
                        "7,2,relu,1,2,1,2,1.5,1.5,0,3,0.5,0.5,0.5,0.5,0.353553391,0.5,1,1.58113883,nan,nan,nan,"
                        "1,nan,0.25\n");
}

static void histograms_have_a_row_a_bin(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    assert_true(writer_open(&writer, directory, &all, NULL, &err));
    assert_true(writer_histograms(&writer, 7, &probe, 3, &err) && writer_close(&writer, &err));
    assert_string_equal(content("histograms.csv"), "epoch,layer,what,low,high,count\n"
                                                   "7,2,z,-1,0.333333333,1\n"
                                                   "7,2,z,0.333333333,1.66666667,0\n"
                                                   "7,2,z,1.66666667,3,1\n"
                                                   "7,2,a,0,1,1\n7,2,a,1,2,0\n7,2,a,2,3,1\n"
                                                   "7,2,delta,0,0.166666667,1\n"
                                                   "7,2,delta,0.166666667,0.333333333,0\n"
                                                   "7,2,delta,0.333333333,0.5,1\n"
                                                   "7,2,w,-0.5,0.166666667,1\n"
                                                   "7,2,w,0.166666667,0.833333333,0\n"
                                                   "7,2,w,0.833333333,1.5,1\n"
                                                   "7,2,dw,0,0,1\n7,2,dw,nan,nan,1\n");
}

static void without_histograms_there_is_no_file(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    int64_t size[LOG_FILES];
    assert_true(writer_open(&writer, directory, &without_histograms, NULL, &err));
    writer_sizes(&writer, size);
    assert_int_equal(size[LOG_HISTOGRAMS], 0);
    assert_true(writer_close(&writer, &err));
    assert_int_equal(access(path_of("histograms.csv"), F_OK), -1);
}

static void logs_close_on_exec(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    assert_true(writer_open(&writer, directory, &all, NULL, &err));
    for (int f = 0; f < LOG_FILES; f++) assert_true(fcntl(fileno(writer.file[f]), F_GETFD) & FD_CLOEXEC);
    assert_true(writer_close(&writer, &err));
}

static void flushed_rows_can_be_read(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    assert_true(writer_open(&writer, directory, &without_histograms, NULL, &err));
    assert_true(writer_epoch(&writer, &row0, &err));
    assert_string_equal(content("epochs.csv"), "");
    assert_true(writer_flush(&writer, true, &err));
    assert_string_equal(content("epochs.csv"), EPOCHS_HEADER EPOCHS_ROW0);
    assert_true(writer_close(&writer, &err));
}

static void what_came_after_a_checkpoint_is_cut_and_written_again(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    int64_t keep[LOG_FILES], size[LOG_FILES];
    assert_true(writer_open(&writer, directory, &all, NULL, &err));
    assert_true(writer_epoch(&writer, &row0, &err) && writer_flush(&writer, true, &err));
    writer_sizes(&writer, keep);
    assert_int_equal(keep[LOG_EPOCHS], strlen(EPOCHS_HEADER EPOCHS_ROW0));
    assert_true(writer_epoch(&writer, &row1, &err) && writer_epoch(&writer, &row1, &err));
    assert_true(writer_close(&writer, &err));

    assert_true(writer_open(&writer, directory, &all, keep, &err));
    writer_sizes(&writer, size);
    assert_memory_equal(size, keep, sizeof keep);
    assert_true(writer_epoch(&writer, &row1, &err) && writer_close(&writer, &err));
    assert_string_equal(content("epochs.csv"), EPOCHS_HEADER EPOCHS_ROW0 EPOCHS_ROW1);
    assert_string_equal(content("histograms.csv"), "epoch,layer,what,low,high,count\n");
}

static void a_log_shorter_than_the_checkpoint_saw_is_refused(void **state) {
    (void)state;
    Error err = {0};
    const int64_t keep[LOG_FILES] = {100, 0, 9, 0};
    write_file("epochs.csv", "epoch,step\n");
    write_file("layers.csv", "");
    write_file("timing.csv", "");
    assert_false(writer_reaches(directory, &without_histograms, keep,
                                &err)); /* without histograms theirs are not looked for */
    assert_int_equal(err.count, 1);
    check_message(&err, "epochs.csv: has 11 bytes, the checkpoint saw 100; start again with --force");
    assert_string_equal(content("epochs.csv"), "epoch,step\n");
}

static void a_log_that_is_gone_is_not_made_anew(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    const int64_t keep[LOG_FILES] = {0};
    assert_false(writer_open(&writer, directory, &without_histograms, keep, &err));
    check_message(&err, "epochs.csv: cannot open: No such file or directory");
}

static void a_log_that_cannot_be_created_is_named(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    assert_int_equal(mkdir(path_of("layers.csv"), 0777), 0);
    assert_false(writer_open(&writer, directory, &without_histograms, NULL, &err));
    check_message(&err, "layers.csv: cannot create: Is a directory");
    assert_int_equal(rmdir(path_of("layers.csv")), 0);
}

static void a_path_that_is_too_long_is_refused(void **state) {
    (void)state;
    static char path[FIELD_TEXT_BYTES + 1], expected[2 * FIELD_TEXT_BYTES];
    Writer writer;
    Error err = {0};
    memset(path, 'x', FIELD_TEXT_BYTES);
    assert_false(writer_open(&writer, path, &without_histograms, NULL, &err));
    snprintf(expected, sizeof expected, "%s: the path is longer than 4095 bytes", path);
    assert_string_equal(err.text, expected);
}

/* ---- a full disk --------------------------------------------------------------------------------------- */

static void a_full_disk_is_told_by_flush(void **state) {
    (void)state;
    Writer writer;
    Error err = {0}, again = {0};
    assert_int_equal(symlink("/dev/full", path_of("epochs.csv")), 0);
    assert_true(writer_open(&writer, directory, &without_histograms, NULL, &err));
    assert_true(writer_epoch(&writer, &row0, &err));
    assert_false(writer_flush(&writer, false, &err));
    check_message(&err, "epochs.csv: cannot write: No space left on device");
    assert_false(writer_flush(&writer, true, &again));
    check_message(&again, "epochs.csv: cannot write: rows were lost before");
    again = (Error){0};
    assert_false(writer_close(&writer, &again));
    check_message(&again, "epochs.csv: cannot write: rows were lost before");
}

static void a_full_disk_is_told_by_close(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    assert_int_equal(symlink("/dev/full", path_of("timing.csv")), 0);
    assert_true(writer_open(&writer, directory, &without_histograms, NULL, &err));
    assert_false(writer_close(&writer, &err));
    check_message(&err, "timing.csv: cannot write: No space left on device");
}

static void a_full_disk_is_told_by_the_row_that_overflows_the_buffer(void **state) {
    (void)state;
    Writer writer;
    Error err = {0}, ignored = {0};
    int rows = 0;
    assert_int_equal(symlink("/dev/full", path_of("histograms.csv")), 0);
    assert_true(writer_open(&writer, directory, &all, NULL, &err));
    while (rows < 10000 && writer_histograms(&writer, rows, &probe, 100, &err)) rows++;
    assert_in_range(rows, 1, 1000);
    check_message(&err, "histograms.csv: cannot write: No space left on device");
    writer_close(&writer, &ignored);
}

static void syncing_a_device_is_no_error(void **state) {
    (void)state;
    Writer writer;
    Error err = {0};
    assert_int_equal(symlink("/dev/null", path_of("epochs.csv")), 0);
    assert_true(writer_open(&writer, directory, &without_histograms, NULL, &err));
    assert_true(writer_flush(&writer, true, &err) && writer_close(&writer, &err));
}

static int make_directory(void **state) {
    (void)state;
    strcpy(directory, "/tmp/nnexp-writer-XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state) {
    (void)state;
    for (int f = 0; f < LOG_FILES; f++) unlink(path_of(log_file_name[f]));
    return rmdir(directory);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_directory, remove_directory)

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        TEST(epochs_and_timing_have_their_columns),
        TEST(steps_have_a_column_a_weight),
        TEST(steps_without_weights_end_with_the_ratio),
        TEST(nan_has_no_sign),
        TEST(regression_logs_rmse),
        TEST(layers_have_the_statistics),
        TEST(histograms_have_a_row_a_bin),
        TEST(without_histograms_there_is_no_file),
        TEST(logs_close_on_exec),
        TEST(flushed_rows_can_be_read),
        TEST(what_came_after_a_checkpoint_is_cut_and_written_again),
        TEST(a_log_shorter_than_the_checkpoint_saw_is_refused),
        TEST(a_log_that_is_gone_is_not_made_anew),
        TEST(a_log_that_cannot_be_created_is_named),
        TEST(a_path_that_is_too_long_is_refused),
        TEST(a_full_disk_is_told_by_flush),
        TEST(a_full_disk_is_told_by_close),
        TEST(a_full_disk_is_told_by_the_row_that_overflows_the_buffer),
        TEST(syncing_a_device_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
