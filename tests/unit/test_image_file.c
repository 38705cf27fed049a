/* IDX and CIFAR-10 files, made here byte by byte: what is read from good ones, what is said of bad ones. */
#include "image/image_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { RECORD = 3073 };

static void write_file(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* 3 images of 2 x 4 pixels: pixel k of image i is 100 i + k; their labels 7, 0, 255. */
static const unsigned char images[16 + 24] = {0,   0,   8,   3,   0,   0,   0,   3,   0,   0,   0,   2,   0,   0,
                                              0,   4,   0,   1,   2,   3,   4,   5,   6,   7,   100, 101, 102, 103,
                                              104, 105, 106, 107, 200, 201, 202, 203, 204, 205, 206, 207};
static const unsigned char labels[8 + 3] = {0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 255};

/* Record i: label i % 10, channel c at (row, column): (3 row + 5 column + 70 c + i) mod 256. */
static void fill_record(unsigned char *record, int i) {
    record[0] = (unsigned char)(i % 10);
    for (int k = 0; k < 3072; k++)
        record[1 + k] = (unsigned char)(3 * (k % 1024 / 32) + 5 * (k % 32) + 70 * (k / 1024) + i);
}

static char *csv_of(const char *const *paths, int count) {
    ImageFile read;
    Error err = {0};
    int used;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!image_file_read(paths, count, &read, &used, &err)) fail_msg("%s", err.text);
    assert_int_equal(used, count);
    image_file_header(&read, out);
    assert_true(image_file_rows(&read, out, &err));
    image_file_free(&read);
    fclose(out);
    return text;
}

static void test_idx(void **state) {
    (void)state;
    write_file("images", images, sizeof images);
    write_file("labels", labels, sizeof labels);
    char *text = csv_of((const char *const[]){"images", "labels"}, 2);
    assert_string_equal(text, "p0_0,p0_1,p0_2,p0_3,p1_0,p1_1,p1_2,p1_3,label\n"
                              "0,1,2,3,4,5,6,7,7\n"
                              "100,101,102,103,104,105,106,107,0\n"
                              "200,201,202,203,204,205,206,207,255\n");
    free(text);
}

static void test_cifar(void **state) {
    (void)state;
    static const char *const name[] = {"airplane", "automobile", "bird",  "cat",  "deer",
                                       "dog",      "frog",       "horse", "ship", "truck"};
    static unsigned char records[12 * RECORD];
    for (int i = 0; i < 12; i++) fill_record(records + i * RECORD, i);
    write_file("batch", records, sizeof records);
    char *text = csv_of((const char *const[]){"batch"}, 1), *at = strchr(text, '\n');
    assert_memory_equal(text, "p0_0r,p0_0g,p0_0b,p0_1r,", 24);
    assert_memory_equal(at - 29, "p31_31r,p31_31g,p31_31b,label", 29);
    for (int i = 0; i < 12; i++) {
        for (int k = 0; k < 3072; k++) {
            int row = k / 96, column = k / 3 % 32, channel = k % 3;
            assert_int_equal(strtol(at + 1, &at, 10), (3 * row + 5 * column + 70 * channel + i) % 256);
            assert_int_equal(*at, ',');
        }
        size_t length = strlen(name[i % 10]);
        assert_memory_equal(at + 1, name[i % 10], length);
        at += 1 + length;
        assert_int_equal(*at, '\n');
    }
    assert_string_equal(at, "\n");
    free(text);
}

/* A black corner under label 0 begins as IDX does, and is none. */
static void test_a_black_airplane_is_no_idx(void **state) {
    (void)state;
    static unsigned char record[RECORD];
    ImageFile read;
    Error err = {0};
    int used;
    write_file("batch", record, sizeof record);
    assert_true(image_file_read((const char *const[]){"batch", "other"}, 2, &read, &used, &err));
    assert_int_equal(used, 1);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.grid.channels, 3);
    image_file_free(&read);
}

/* ---- refusals -------------------------------------------------------------------------------------- */

static void refused(const char *text, const char *first, const char *second) {
    ImageFile read;
    Error err = {0};
    int used;
    const char *const paths[] = {first, second};
    assert_false(image_file_read(paths, second ? 2 : 1, &read, &used, &err));
    assert_string_equal(err.text, text);
    assert_null(read.owned[0]);
    assert_null(read.owned[1]);
}

/* The file with one byte changed and cut to `size`, or grown by zeros. */
static void changed(const char *path, const unsigned char *bytes, size_t have, size_t at, int value, size_t size) {
    unsigned char copy[64] = {0};
    memcpy(copy, bytes, have);
    copy[at] = (unsigned char)value;
    write_file(path, copy, size);
}

static void test_images_refused(void **state) {
    (void)state;
    write_file("labels", labels, sizeof labels);
    refused("none: cannot read: No such file or directory", "none", "labels");
    write_file("bad", "", 0), refused("bad: is empty", "bad", "labels");
    write_file("bad", "\x1f\x8b\x08", 3),
        refused("bad: is compressed; unpack it first: gzip -d bad", "bad", "labels");
    changed("bad", images, sizeof images, 2, 0x0d, 40);
    refused("bad: holds numbers of type 0x0d; images are unsigned bytes, 0x08", "bad", "labels");
    refused("labels: has 1 dimensions, images have 3; give the images first, then their labels", "labels", "labels");
    changed("bad", images, sizeof images, 3, 4, 40);
    refused("bad: has 4 dimensions, images have 3; give the images first, then their labels", "bad", "labels");
    changed("bad", images, sizeof images, 0, 0, 15), refused("bad: ends in its header", "bad", "labels");
    changed("bad", images, sizeof images, 7, 0, 40), refused("bad: holds no images", "bad", "labels");
    changed("bad", images, sizeof images, 11, 0, 40);
    refused("bad: its images are 0 x 4 pixels; sides of 1 … 4096 can be read", "bad", "labels");
    changed("bad", images, sizeof images, 13, 1, 40);
    refused("bad: its images are 2 x 65540 pixels; sides of 1 … 4096 can be read", "bad", "labels");
    changed("bad", images, sizeof images, 0, 0, 39);
    refused("bad: its images take 40 bytes, it has 39; it is cut short", "bad", "labels");
    changed("bad", images, sizeof images, 4, 255, 40);
    refused("bad: its images take 34225520680 bytes, it has 40; it is cut short", "bad", "labels");
    changed("bad", images, sizeof images, 0, 0, 41);
    refused("bad: its images take 40 bytes, it has 41; it is too long", "bad", "labels");
}

static void test_labels_refused(void **state) {
    (void)state;
    write_file("images", images, sizeof images);
    refused("images: its labels are in another file; name it next", "images", NULL);
    refused("none: cannot read: No such file or directory", "images", "none");
    write_file("bad", "label", 5);
    refused("bad: is no IDX file: it does not begin with two zero bytes", "images", "bad");
    changed("bad", labels, sizeof labels, 2, 0x0c, 11);
    refused("bad: holds numbers of type 0x0c; labels are unsigned bytes, 0x08", "images", "bad");
    refused("images: has 3 dimensions, labels have 1; give the images first, then their labels", "images", "images");
    changed("bad", labels, sizeof labels, 0, 0, 7), refused("bad: ends in its header", "images", "bad");
    changed("bad", labels, sizeof labels, 0, 0, 10);
    refused("bad: its labels take 11 bytes, it has 10; it is cut short", "images", "bad");
    changed("bad", labels, sizeof labels, 7, 4, 12);
    refused("bad: 4 labels for the 3 images of images", "images", "bad");
}

static void test_cifar_refused(void **state) {
    (void)state;
    static unsigned char records[3 * RECORD];
    for (int i = 0; i < 3; i++) fill_record(records + i * RECORD, i + 5);
    write_file("bad", records, sizeof records - 1);
    refused(
        "bad: is neither IDX (which begins with two zero bytes) nor CIFAR-10: 9218 bytes are 2 records of 3073 and "
        "3072 bytes more; is it cut short?",
        "bad", NULL);
    records[RECORD] = 10;
    write_file("bad", records, sizeof records);
    refused("bad: record 2: label 10 is out of range; CIFAR-10 has 0 … 9", "bad", NULL);
}

int main(void) {
    char directory[] = "/tmp/test_image_file.XXXXXX";
    if (!mkdtemp(directory) || chdir(directory) != 0) return 1;
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_idx),
        cmocka_unit_test(test_cifar),
        cmocka_unit_test(test_a_black_airplane_is_no_idx),
        cmocka_unit_test(test_images_refused),
        cmocka_unit_test(test_labels_refused),
        cmocka_unit_test(test_cifar_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    static const char *const made[] = {"images", "labels", "batch", "bad"};
    for (int i = 0; i < 4; i++) unlink(made[i]);
    if (chdir("/") == 0) rmdir(directory);
    return failed;
}
