/* hash: texts that differ in a few digits, as learning rates and rows of a CSV do, have different hashes. */
#include "base/hash.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
// cmocka wants those
#include <cmocka.h>

/* Each bit of a word reaches about half of the hash, so that no bit of the next word takes it back. */
static void every_bit_reaches_half_of_the_hash(void **state) {
    (void)state;
    for (int bit = 0; bit < 64; bit++) {
        uint64_t changed = hash_word(HASH_START, 1) ^ hash_word(HASH_START, 1 ^ UINT64_C(1) << bit);
        int reached = __builtin_popcountll(changed);
        if (reached < 16 || reached > 48) fail_msg("bit %d changes %d bits of the hash", bit, reached);
    }
}

static int by_size(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* By chance two of a million are alike once in 37 million times. */
static void rates_have_hashes_of_their_own(void **state) {
    (void)state;
    enum { COUNT = 1000000 };
    uint64_t *hash = malloc(COUNT * sizeof *hash);
    assert_non_null(hash);
    for (int before = 12; before < 20; before++) {
        for (int i = 0; i < COUNT; i++) {
            char text[64];
            snprintf(text, sizeof text, "%.*s%.9g", before,
                     "{\"name\": \"momentum\", \"lr\": ", pow(10, -3 + 3e-6 * i));
            hash[i] = hash_text(HASH_START, text);
        }
        qsort(hash, COUNT, sizeof *hash, by_size);
        for (int i = 1; i < COUNT; i++)
            if (hash[i] == hash[i - 1]) fail_msg("two of a million rates have one hash, %d bytes in", before);
    }
    free(hash);
}

static void sizes_count(void **state) {
    (void)state;
    assert_true(hash_bytes(HASH_START, "ab\0", 3) != hash_bytes(HASH_START, "ab", 2));
    assert_true(hash_text(hash_text(HASH_START, "ab"), "c") != hash_text(hash_text(HASH_START, "a"), "bc"));
    assert_true(hash_bytes(HASH_START, NULL, 0) != HASH_START);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_reaches_half_of_the_hash),
        cmocka_unit_test(rates_have_hashes_of_their_own),
        cmocka_unit_test(sizes_count),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
