/* Where the bytes come from: plain files, gzip files whole, in members, cut and damaged, standard input, pipes; files
 * that change while they are read. */
#include "table/csv.h"
#include "table/source.h"

#include "data_files.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

enum { SIZE = 300000 };
static char content[SIZE + 1];

static void fill_content(void) {
    uint32_t state = 1;
    for (int i = 0; i < SIZE; i++) {
        state = state * 1664525 + 1013904223;
        content[i] = (char)('0' + (state >> 24) % 10);
    }
}

static void run(const char *command) { assert_int_equal(system(command), 0); }

/* Reads all in pieces of `piece` bytes; how many there are, or -1. */
static long read_whole(const char *path, size_t piece, char *out, Error *err) {
    Source *source = source_open(path, err);
    size_t total = 0, got;
    bool done = source != NULL;
    do done = done && source_read(source, out + total, piece, &got, err);
    while (done && (total += got) < 4 * SIZE && got == piece);
    source_close(source);
    return done ? (long)total : -1;
}

static char *buffer(void) {
    static char bytes[5 * SIZE];
    memset(bytes, 0, sizeof bytes);
    return bytes;
}

static void assert_content(const char *path, int times) {
    static const size_t pieces[] = {1, 1000, 65536, 65537, 400000};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        Error err = {0};
        char *bytes = buffer();
        long size = read_whole(path, pieces[i], bytes, &err);
        assert_messages(&err, "");
        assert_int_equal(size, times * SIZE);
        for (int k = 0; k < times; k++) assert_memory_equal(bytes + k * SIZE, content, SIZE);
    }
}

static void assert_refused(const char *path, const char *expected) {
    Error err = {0};
    assert_int_equal(read_whole(path, 4096, buffer(), &err), -1);
    assert_messages(&err, expected);
}

static void test_plain_and_gzip(void **state) {
    (void)state;
    write_bytes("plain", content, SIZE);
    assert_content("plain", 1);
    run("gzip -c plain >one.gz");
    assert_content("one.gz", 1);
    run("cp one.gz named-otherwise");
    assert_content("named-otherwise", 1);
    run("gzip -9nc plain | cat one.gz - one.gz >three.gz");
    assert_content("three.gz", 3);
    run("cp one.gz padded.gz && head -c 100000 /dev/zero >>padded.gz");
    assert_content("padded.gz", 1);
    run("gzip -c </dev/null | cat - one.gz >empty-first.gz");
    assert_content("empty-first.gz", 1);
}

static void test_short_files(void **state) {
    (void)state;
    static const char *const texts[] = {"", "\x1f", "x", "\x1fx"};
    for (int i = 0; i < 4; i++) {
        Error err = {0};
        char *bytes = buffer();
        write_text("short", texts[i]);
        assert_int_equal(read_whole("short", 10, bytes, &err), strlen(texts[i]));
        assert_string_equal(bytes, texts[i]);
    }
}

static void test_damaged_gzip(void **state) {
    (void)state;
    write_bytes("plain", content, SIZE);
    run("gzip -nc plain >one.gz");
    struct stat status;
    assert_int_equal(stat("one.gz", &status), 0);
    char command[200];
    static const long kept[] = {2, 5, 10, 11, 1000, 65536, 65537, -1, -4, -8, -9};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        snprintf(command, sizeof command, "head -c %ld one.gz >cut.gz",
                 kept[i] < 0 ? status.st_size + kept[i] : kept[i]);
        run(command);
        assert_refused("cut.gz", "cut.gz: gzip data cut short; copy or download the file again");
    }
    run("cat one.gz >cut.gz && head -c 1000 one.gz >>cut.gz");
    assert_refused("cut.gz", "cut.gz: gzip data cut short; copy or download the file again");
    run("cat one.gz plain >bad.gz");
    assert_refused("bad.gz", "bad.gz: gzip data damaged (incorrect header check); copy or download the file again");
    snprintf(command, sizeof command,
             "cp one.gz bad.gz; printf x | dd of=bad.gz bs=1 seek=%ld conv=notrunc status=none",
             (long)status.st_size - 6);
    run(command);
    assert_refused("bad.gz", "bad.gz: gzip data damaged (incorrect data check); copy or download the file again");
    snprintf(command, sizeof command,
             "cp one.gz bad.gz; printf x | dd of=bad.gz bs=1 seek=%ld conv=notrunc status=none",
             (long)status.st_size - 2);
    run(command);
    assert_refused("bad.gz", "bad.gz: gzip data damaged (incorrect length check); copy or download the file again");
}

static void test_not_files(void **state) {
    (void)state;
    assert_refused("none", "none: cannot read: No such file or directory");
    assert_refused("/tmp", "/tmp: not a regular file; give the path of a CSV file");
    assert_refused("/dev/zero", "/dev/zero: not a regular file; give the path of a CSV file");
}

static void *write_fifo(void *path) {
    int file = open(path, O_WRONLY);
    for (int at = 0; at < SIZE; at += 1000) assert_int_equal(write(file, content + at, 1000), 1000);
    close(file);
    return NULL;
}

static void test_fifo(void **state) {
    (void)state;
    pthread_t writer;
    Error err = {0};
    char *bytes = buffer();
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_fifo, "fifo"), 0);
    assert_int_equal(read_whole("fifo", 5000, bytes, &err), SIZE);
    pthread_join(writer, NULL);
    assert_memory_equal(bytes, content, SIZE);
}

static void set_stdin(const char *path) {
    int file = open(path, O_RDONLY);
    assert_true(file >= 0 && dup2(file, STDIN_FILENO) == STDIN_FILENO);
    close(file);
}

static void test_standard_input(void **state) {
    (void)state;
    Error err = {0};
    write_text("in.csv", "skipped\na,b\n1,2\n3,x\n");
    set_stdin("in.csv");
    assert_int_equal(lseek(STDIN_FILENO, 8, SEEK_SET), 8); /* a shell's read may have taken a line */
    const CsvOptions options = {.delimiter = ','};
    Csv csv;
    assert_true(csv_open("-", &options, &csv, &err));
    assert_string_equal(csv.path, "standard input");
    assert_int_equal(csv.columns, 2);
    assert_false(csv_read(&options, NULL, &csv, &err));
    assert_messages(&err,
                    "standard input:3:2: expected a number in column 'b', got 'x'; if this is the label column, set "
                    "data.label");
    csv_free(&csv);
    write_bytes("plain", content, SIZE);
    run("gzip -c plain >one.gz");
    set_stdin("one.gz");
    err = (Error){0};
    char *bytes = buffer();
    assert_int_equal(read_whole("-", 5000, bytes, &err), SIZE);
    assert_memory_equal(bytes, content, SIZE);
    set_stdin("/tmp");
    assert_refused("-", "standard input: not a regular file; give the path of a CSV file");
    set_stdin("/dev/null");
    err = (Error){0};
    assert_false(csv_open("-", &options, &csv, &err));
    assert_messages(&err, "standard input: empty; it needs a row of names and rows of data");
}

/* Writes a CSV file of many rows and opens it; its beginning is read then. */
static Csv opened(void) {
    const CsvOptions options = {.delimiter = ','};
    Error err = {0};
    Csv csv;
    FILE *out = fopen("a.csv", "w");
    fputs("a,b\n", out);
    for (int i = 0; i < 400000; i++) fputs("1,2,\n3,4\n", out);
    fclose(out);
    assert_true(csv_open("a.csv", &options, &csv, &err));
    return csv;
}

static void assert_changed(Csv *csv, const char *expected) {
    const CsvOptions options = {.delimiter = ','};
    Error err = {0};
    assert_false(csv_read(&options, NULL, csv, &err));
    assert_messages(&err, expected);
    csv_free(csv);
}

/* What was cut or written in between is told, and not what looks wrong for it. */
static void test_changing_files(void **state) {
    (void)state;
    Csv csv = opened();
    assert_int_equal(truncate("a.csv", 3000002), 0);
    assert_changed(
        &csv, "a.csv: changed while it was read (3600004 bytes when opened, 3000002 read); run again when nobody "
              "writes to it");
    csv = opened();
    run("printf '5,wrong\\n' >>a.csv");
    assert_changed(
        &csv, "a.csv: changed while it was read (3600004 bytes when opened, 3600012 read); run again when nobody "
              "writes to it");
    csv = opened();
    usleep(20000); /* file times have the resolution of the kernel's tick */
    run("printf 9 | dd of=a.csv bs=1 seek=3600000 conv=notrunc status=none");
    assert_changed(
        &csv, "a.csv: changed while it was read (3600004 bytes when opened, 3600004 read); run again when nobody "
              "writes to it");
    csv = opened();
    run("cp a.csv b.csv && mv b.csv a.csv"); /* replaced: what was opened is whole */
    const CsvOptions options = {.delimiter = ','};
    Error err = {0};
    assert_true(csv_read(&options, NULL, &csv, &err));
    assert_int_equal(csv.rows, 800000);
    csv_free(&csv);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_and_gzip), cmocka_unit_test(test_short_files),
        cmocka_unit_test(test_damaged_gzip),   cmocka_unit_test(test_not_files),
        cmocka_unit_test(test_fifo),           cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_changing_files),
    };
    fill_content();
    enter_directory();
    int failed = cmocka_run_group_tests_name("source", tests, NULL, NULL);
    leave_directory();
    return failed;
}
