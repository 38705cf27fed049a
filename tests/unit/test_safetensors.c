/* safetensors: what is written reads the same; whatever is damaged is refused, or, where no checksum is asked
 * for, never read beyond its end (asan). */
#include "base/file.h"
#include "base/safetensors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/nnexp-test-XXXXXX";

static int enter(void **state) {
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int leave(void **state) {
    (void)state;
    return unlink(path);
}

static const float weight[2][3] = {
    {1, -2,     3.5f},
    {0, 1e-30f, 4   }
};
static const double moment[1] = {0.1};
static const int64_t step[1] = {-123456789012345678};
static const unsigned char order[3] = {1, 2, 255};
static const Tensor tensors[] = {
    {.name = "layers.1.weight", .type = TENSOR_F32, .dimensions = 2, .shape = {2, 3}, .data = weight},
    {.name = "m",               .type = TENSOR_F64, .dimensions = 1, .shape = {1},    .data = moment},
    {.name = "step",            .type = TENSOR_I64, .data = step   },
    {.name = "none",          .type = TENSOR_F32,             .dimensions = 2,  .shape = {0, 7},                .data = weight                },
    {.name = "order",          .type = TENSOR_U8,                .dimensions = 1,   .shape = {3}, .data = order},
};
enum { TENSORS = sizeof tensors / sizeof tensors[0] };
static const Metadata metadata[] = {
    {"config", "{\"a\": \"\xc3\xa9\\n\"}"},
    {"class",  ""                        }
};

static void write_all(bool checksum) {
    Error err = {0};
    assert_true(safetensors_write(path, tensors, TENSORS, metadata, 2, checksum, &err));
}

static bool same_as_written(const Safetensors *file) {
    for (int i = 0; i < TENSORS; i++) {
        const Tensor *tensor = safetensors_find(file, tensors[i].name);
        if (!tensor || tensor->type != tensors[i].type || tensor->dimensions != tensors[i].dimensions)
            return false;
        if (tensor_bytes(tensor) != tensor_bytes(&tensors[i])) return false;
        if (memcmp(tensor->shape, tensors[i].shape, sizeof tensor->shape[0] * (size_t)tensor->dimensions) ||
            memcmp(tensor->data, tensors[i].data, tensor_bytes(tensor)))
            return false;
    }
    const char *config = safetensors_meta(file, "config"), *class = safetensors_meta(file, "class");
    return config && class && strcmp(config, metadata[0].text) == 0 && class[0] == '\0';
}

static void test_round_trip(void **state) {
    (void)state;
    for (int checksum = 0; checksum <= 1; checksum++) {
        Safetensors file;
        Error err = {0};
        write_all(checksum);
        assert_true(safetensors_read(path, checksum, &file, &err));
        assert_int_equal(file.tensors, TENSORS + checksum);
        assert_true(same_as_written(&file));
        assert_null(safetensors_find(&file, "nothing"));
        assert_null(safetensors_meta(&file, "nothing"));
        safetensors_free(&file);
        assert_null(file.tensor);
        assert_true(safetensors_read(path, false, &file, &err));
        safetensors_free(&file);
    }
}

static void test_empty(void **state) {
    (void)state;
    Safetensors file;
    Error err = {0};
    assert_true(safetensors_write(path, NULL, 0, NULL, 0, false, &err));
    assert_true(safetensors_read(path, false, &file, &err));
    assert_int_equal(file.tensors + file.metadata, 0);
    safetensors_free(&file);
}

/* The bytes are those of the format's description, and the same every time. */
static void test_bytes(void **state) {
    (void)state;
    static const char header[] =
        "{\"__metadata__\": {\"k\": \"v\"}, \"b\": {\"dtype\": \"U8\", \"shape\": [3], "
        "\"data_offsets\": [0, 3]}, \"a\": {\"dtype\": \"F32\", \"shape\": [], "
        "\"data_offsets\": [3, 7]}}";
    const float one = 1;
    const Tensor two[] = {
        {.name = "b",    .type = TENSOR_U8, .dimensions = 1, .shape = {3}, .data = order},
        {.name = "a", .type = TENSOR_F32,                  .data = &one                      }
    };
    size_t padded = (sizeof header - 1 + 7) / 8 * 8, size;
    char *data;
    Error err = {0};
    assert_true(safetensors_write(path, two, 2, &(Metadata){"k", "v"}, 1, false, &err));
    assert_true(file_read(path, &data, &size, &err));
    assert_int_equal(size, 8 + padded + 7);
    assert_int_equal((unsigned char)data[0], padded);
    assert_memory_equal(data + 1, "\0\0\0\0\0\0\0", 7);
    assert_memory_equal(data + 8, header, sizeof header - 1);
    for (size_t i = 8 + sizeof header - 1; i < 8 + padded; i++) assert_int_equal(data[i], ' ');
    assert_memory_equal(data + 8 + padded, "\1\2\xff\0\0\x80\x3f", 7);
    free(data);
}

/* The hash as its authors define it, over all that comes before. */
static void test_checksum_bytes(void **state) {
    (void)state;
    char *data;
    size_t size;
    Error err = {0};
    write_all(true);
    assert_true(file_read(path, &data, &size, &err));
    uint64_t hash = UINT64_C(14695981039346656037), kept;
    for (size_t i = 0; i + 8 < size; i++) hash = (hash ^ (unsigned char)data[i]) * UINT64_C(1099511628211);
    memcpy(&kept, data + size - 8, 8);
    assert_true(hash == kept);
    free(data);
}

static void put(const char *data, size_t size) {
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fwrite(data, 1, size, out);
    fclose(out);
}

static void test_truncation(void **state) {
    (void)state;
    for (int checksum = 0; checksum <= 1; checksum++) {
        char *data;
        size_t size;
        Error err = {0};
        write_all(checksum);
        assert_true(file_read(path, &data, &size, &err));
        for (size_t length = 0; length < size; length++) {
            Safetensors file;
            put(data, length);
            err = (Error){0};
            assert_false(safetensors_read(path, checksum, &file, &err));
            assert_int_equal(err.count, 1);
            assert_null(file.buffer);
        }
        free(data);
    }
}

static void touch_all(const Safetensors *file) {
    for (int i = 0; i < file->tensors; i++) {
        size_t size = tensor_bytes(&file->tensor[i]);
        char *copy = malloc(size + 1);
        memcpy(copy, file->tensor[i].data, size);
        free(copy);
    }
}

/* Every bit of every byte. With a checksum each is caught; without one the reader must only stay within
 * bounds. */
static void test_flips(void **state) {
    (void)state;
    char *data;
    size_t size;
    Error err = {0};
    write_all(true);
    assert_true(file_read(path, &data, &size, &err));
    for (size_t bit = 0; bit < 8 * size; bit++) {
        Safetensors file;
        data[bit / 8] ^= (char)(1 << bit % 8);
        put(data, size);
        err = (Error){0};
        assert_false(safetensors_read(path, true, &file, &err));
        assert_int_equal(err.count, 1);
        if (safetensors_read(path, false, &file, &err)) {
            touch_all(&file);
            safetensors_free(&file);
        }
        data[bit / 8] ^= (char)(1 << bit % 8);
    }
    free(data);
}

/* Writes a file of that header and `bytes` zeros, and returns what reading it says ("" when it is read). */
static const char *says(const char *header, size_t bytes, Error *err) {
    char data[4096] = {0};
    size_t length = strlen(header);
    for (int i = 0; i < 8; i++) data[i] = (char)(length >> 8 * i);
    memcpy(data + 8, header, length);
    put(data, 8 + length + bytes);
    Safetensors file;
    *err = (Error){0};
    if (!safetensors_read(path, false, &file, err)) return err->text + strlen(path) + 2;
    safetensors_free(&file);
    return "";
}

#define ONE(dtype, shape, offsets)                                                                           \
    "{\"x\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}}"
#define U8(name, begin, end, size)                                                                           \
    "\"" name "\":{\"dtype\":\"U8\",\"shape\":[" size "],\"data_offsets\":[" begin "," end "]}"

#define ANY_ORDER "{" U8("b", "2", "5", "3") "," U8("a", "0", "2", "2") "}  "
#define DOUBLED "{" U8("a", "0", "1", "1") "," U8("a", "1", "2", "1") "}"
#define HOLE "{" U8("a", "0", "2", "2") "," U8("b", "3", "5", "2") "}"
#define OVERLAP "{" U8("a", "0", "3", "3") "," U8("b", "2", "5", "3") "}"
#define SAME_PLACE "{" U8("a", "0", "5", "5") "," U8("b", "0", "5", "5") "}"

static void test_messages(void **state) {
    (void)state;
    static const struct {
        const char *header;
        size_t bytes;
        const char *message;
    } cases[] = {
        {"{}",                                                                         0,      ""                                                                       },
        {ANY_ORDER,                                                                    5,      ""                                                                       },
        {"{}",                                                                         3,      "3 bytes of data belong to no tensor"                                    },
        {"[]",                                                                         0,      "header is a list, not an object"                                        },
        {"{\"a\":}",                                                                   0,      "header: 1:6: expected a value, got '}'\n{\"a\":}\n     ^"               },
        {DOUBLED,                                                                      2,      NULL                                                                     },
        {"{\"__metadata__\":1}",                                                       0,      "__metadata__ is a number, not an object"                                },
        {"{\"__metadata__\":{\"k\":1}}",                                               0,      "__metadata__.k is a number, not a text"                                 },
        {"{\"x\":1}",                                                                  0,      "tensor 'x': described by a number, not by an object"                    },
        {"{\"x\":{}}",                                                                 0,      "tensor 'x': no dtype"                                                   },
        {"{\"x\":{\"dtype\":\"U8\"}}",                                                 0,      "tensor 'x': no shape"                                                   },
        {ONE("BF16",                                                                   "[1]",  "[0,2]"),                                                                  2,
         "tensor 'x': dtype 'BF16' cannot be read; convert it to F32, F64, I64 or U8"},
        {ONE("U8", "[1,1,1,1,1]",       "[0,1]"),                                                                         1, "tensor 'x': more than 4 dimensions"},
        {ONE("U8",                                                                    "[-1]",                                                                   "[0,1]"),                                1, "tensor 'x': shape is not of whole numbers within reason"},
        {ONE("U8",                                                                     "[1.5]",  "[0,1]"), 1, "tensor 'x': shape is not of whole numbers within reason"},
        {ONE("F32",                   "[4294967296,4294967296]",                         "[0,0]"),                                                                                           0,
         "tensor 'x': shape is not of whole numbers within reason"},
        {ONE("U8",                                                                    "[1]",                                                                        "[0]"),                                                                                        1, "tensor 'x': data_offsets are not two whole numbers"},
        {ONE("U8",                                                                    "[1]",                               "[0,true]"),                                                                        1, "tensor 'x': data_offsets are not two whole numbers"},
        {ONE("U8",                    "[1]",                          "[1,0]"),                                                                                            1, "tensor 'x': data_offsets [1, 0] lie outside of the 1 bytes of data"},
        {ONE("U8",                                                                      "[2]",    "[0,2]"),1, "tensor 'x': data_offsets [0, 2] lie outside of the 1 bytes of data"},
        {ONE("F32",                                                                     "[2]",   "[0,4]"),                                   4, "tensor 'x': data_offsets have 4 bytes where its shape has 8"},
        {HOLE,                        5,                              "tensor 'b': a hole in the data before it"                                                                                               },
        {OVERLAP,                                                                    5,                                                "tensor 'b': overlaps another tensor"},
        {SAME_PLACE,                                                                     5, "tensor 'b': overlaps another tensor"                                                              },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err;
        const char *said = says(cases[i].header, cases[i].bytes, &err);
        if (cases[i].message)
            assert_string_equal(said, cases[i].message);
        else
            assert_non_null(strstr(said, "doubled key 'a'"));
    }
}

static void test_long_name(void **state) {
    (void)state;
    char header[256], wanted[256], name[TENSOR_NAME_BYTES + 1] = "";
    memset(name, 'n', TENSOR_NAME_BYTES);
    snprintf(header, sizeof header, "{\"%s\":{}}", name);
    snprintf(wanted, sizeof wanted, "tensor '%.80s': name of more than 127 bytes", name);
    Error err;
    assert_string_equal(says(header, 0, &err), wanted);
}

static void assert_refused(const char *data, size_t size, const char *message) {
    Safetensors file;
    Error err = {0};
    put(data, size);
    assert_false(safetensors_read(path, true, &file, &err));
    assert_string_equal(err.text + strlen(path) + 2, message);
}

static void test_lengths(void **state) {
    (void)state;
    assert_refused("abc", 3, "no safetensors file: it has only 3 bytes");
    assert_refused("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10,
                   "no safetensors file, or cut: header of 9223372036854775807 bytes in a file of 10");
    assert_refused("\3\0\0\0\0\0\0\0{}", 10,
                   "no safetensors file, or cut: header of 3 bytes in a file of 10");
    assert_refused("\2\0\0\0\0\0\0\0{}", 10, "does not end with a checksum; it is cut, or no checkpoint");
}

static void test_damage_is_named(void **state) {
    (void)state;
    char *data;
    size_t size;
    Error err = {0};
    write_all(true);
    assert_true(file_read(path, &data, &size, &err));
    data[size - 9] ^= 1;
    assert_refused(data, size, "checksum is wrong: the file is damaged");
    free(data);
}

static void test_need(void **state) {
    (void)state;
    Safetensors file;
    Error err = {0};
    write_all(false);
    assert_true(safetensors_read(path, false, &file, &err));
    assert_non_null(safetensors_need(&file, "layers.1.weight", TENSOR_F32, 6, &err));
    assert_int_equal(err.count, 0);
    assert_null(safetensors_need(&file, "layers.9.weight", TENSOR_F32, 6, &err));
    assert_string_equal(err.text, "tensor 'layers.9.weight' is missing");
    err = (Error){0};
    assert_null(safetensors_need(&file, "m", TENSOR_F32, 1, &err));
    assert_string_equal(err.text, "tensor 'm' is of type F64; expected F32");
    err = (Error){0};
    assert_null(safetensors_need(&file, "m", TENSOR_F64, 2, &err));
    assert_string_equal(err.text, "tensor 'm' has 1 elements; expected 2");
    safetensors_free(&file);
}

static void test_system_errors(void **state) {
    (void)state;
    Safetensors file;
    Error err = {0};
    assert_false(safetensors_read("nowhere", false, &file, &err));
    assert_string_equal(err.text, "nowhere: cannot read: No such file or directory");
    err = (Error){0};
    assert_false(safetensors_write("no/where", tensors, TENSORS, NULL, 0, true, &err));
    assert_string_equal(err.text, "no/where: cannot write: No such file or directory");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_empty),
        cmocka_unit_test(test_bytes),      cmocka_unit_test(test_checksum_bytes),
        cmocka_unit_test(test_truncation), cmocka_unit_test(test_flips),
        cmocka_unit_test(test_messages),   cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_long_name),  cmocka_unit_test(test_damage_is_named),
        cmocka_unit_test(test_need),       cmocka_unit_test(test_system_errors),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
