/* data_files: what the tests of the data layer share: small CSV files in a directory of their own. */
#ifndef NNEXP_TESTS_DATA_FILES_H
#define NNEXP_TESTS_DATA_FILES_H

#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Moves the program into a new directory, so that files have short names. */
static inline void enter_directory(void) {
    char path[] = "/tmp/nnexp-test-XXXXXX";
    assert_non_null(mkdtemp(path));
    assert_int_equal(chdir(path), 0);
}

static inline void leave_directory(void) {
    char path[256];
    assert_non_null(getcwd(path, sizeof path));
    assert_int_equal(chdir("/"), 0);
    char command[300];
    snprintf(command, sizeof command, "rm -r '%s'", path);
    assert_int_equal(system(command), 0);
}

static inline void write_bytes(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void write_text(const char *path, const char *text) { write_bytes(path, text, strlen(text)); }

/* All messages, joined by newlines, must be `expected`. */
static inline void assert_messages(const Error *err, const char *expected) {
    static char joined[ERROR_BYTES];
    joined[0] = '\0';
    for (const char *at = err->text; at < err->text + err->length; at += strlen(at) + 1) {
        if (joined[0]) strcat(joined, "\n");
        strcat(joined, at);
    }
    assert_string_equal(joined, expected);
}

#endif
