/* test_random: Philox against Random123's published vectors, the addresses of streams, and the distributions.
 */
#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct KnownAnswer {
    uint32_t counter[4], key[2], block[4];
} KnownAnswer;

/* philox4x32-10 of Random123's kat_vectors. */
/* clang-format off */
static const KnownAnswer known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};
/* clang-format on */

static void blocks_are_the_published_ones(void **state) {
    (void)state;
    for (int k = 0; k < 3; k++) {
        Stream stream = {.left = 0};
        memcpy(stream.counter, known[k].counter, sizeof stream.counter);
        memcpy(stream.key, known[k].key, sizeof stream.key);
        for (int i = 0; i < 4; i++) assert_int_equal(random_u32(&stream), known[k].block[i]);
    }
}

/* Where each part of an address stands decides every number ever drawn. */
static void addresses_have_their_places(void **state) {
    (void)state;
    Stream stream = random_stream(0x299f31d0a4093822, (Purpose)0x03707344, 0x13198a2e, 0x85a308d3);
    assert_int_equal(stream.counter[0], 0);
    stream.counter[0] = 0x243f6a88;
    for (int i = 0; i < 4; i++) assert_int_equal(random_u32(&stream), known[2].block[i]);
    assert_int_equal(stream.counter[0], 0x243f6a89);
}

static void purposes_keep_their_numbers(void **state) {
    (void)state;
    static const int numbers[] = {PURPOSE_INIT,  PURPOSE_BIAS,   PURPOSE_ORDER,    PURPOSE_DROPOUT, PURPOSE_SPLIT,
                                  PURPOSE_PROBE, PURPOSE_SUBSET, PURPOSE_GENERATE, PURPOSE_TEST};
    for (int i = 0; i < 9; i++) assert_int_equal(numbers[i], i + 1);
}

static void neighbours_share_nothing(void **state) {
    (void)state;
    Stream streams[] = {
        random_stream(1, PURPOSE_TEST, 2, 3), random_stream(2, PURPOSE_TEST, 2, 3),
        random_stream(1, PURPOSE_INIT, 2, 3), random_stream(1, PURPOSE_TEST, 3, 3),
        random_stream(1, PURPOSE_TEST, 2, 4), random_stream(1 + (UINT64_C(1) << 40), PURPOSE_TEST, 2, 3)};
    uint32_t first[6];
    for (int i = 0; i < 6; i++) first[i] = random_u32(&streams[i]);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < i; j++) assert_true(first[i] != first[j]);
    Stream again = random_stream(1, PURPOSE_TEST, 2, 3);
    assert_int_equal(random_u32(&again), first[0]);
}

static void uniforms_are_53_bits_of_two_words(void **state) {
    (void)state;
    Stream stream = {.left = 0};
    uint64_t word = UINT64_C(0x6627e8d5) << 32 | 0xe169c58d;
    assert_true(random_uniform(&stream) == ldexp((double)(word >> 11), -53));
}

/* Mean, variance and fourth moment within five standard errors, in a million draws. */
static void distributions_have_their_moments(void **state) {
    (void)state;
    enum { N = 1000000 };
    Stream stream = random_stream(3, PURPOSE_TEST, 0, 0);
    double sum = 0, squares = 0, normal = 0, normal2 = 0, normal4 = 0, low = 1, high = 0;
    for (int i = 0; i < N; i++) {
        double u = random_uniform(&stream), z = random_normal(&stream);
        low = fmin(low, u), high = fmax(high, u);
        sum += u - 0.5, squares += (u - 0.5) * (u - 0.5);
        normal += z, normal2 += z * z, normal4 += z * z * z * z;
    }
    const double error = 5 / sqrt(N);
    assert_true(low >= 0 && low < 1e-5 && high < 1 && high > 1 - 1e-5);
    assert_true(fabs(sum / N) < error * sqrt(1.0 / 12) && fabs(squares / N - 1.0 / 12) < error * sqrt(1.0 / 180));
    assert_true(fabs(normal / N) < error && fabs(normal2 / N - 1) < error * sqrt(2));
    assert_true(fabs(normal4 / N - 3) < error * sqrt(96));
}

/* Pearson's chi-squared of 7 classes, 6 degrees of freedom: above 35 once in 200,000 tries. */
static void below_has_no_favourites(void **state) {
    (void)state;
    enum { N = 700000 };
    int counts[7] = {0};
    Stream stream = random_stream(4, PURPOSE_TEST, 0, 0);
    for (int i = 0; i < N; i++) {
        uint32_t drawn = random_below(&stream, 7);
        assert_true(drawn < 7);
        counts[drawn]++;
    }
    double chi = 0;
    for (int i = 0; i < 7; i++) chi += (counts[i] - N / 7.0) * (counts[i] - N / 7.0) / (N / 7.0);
    assert_true(chi < 35);
    assert_int_equal(random_below(&stream, 1), 0);
}

/* Without rejection 3 · 2^30 would fall on every third number twice as often as on the others. */
static void below_is_unbiased_for_large_n(void **state) {
    (void)state;
    enum { N = 300000 };
    int counts[3] = {0};
    Stream stream = random_stream(5, PURPOSE_TEST, 0, 0);
    for (int i = 0; i < N; i++) counts[random_below(&stream, 3u << 30) % 3]++;
    for (int i = 0; i < 3; i++) assert_true(abs(counts[i] - N / 3) < 1300); /* five standard deviations */
}

static void shuffles_reach_every_order_equally(void **state) {
    (void)state;
    enum { N = 60000 };
    int counts[27] = {0}, seen = 0;
    for (uint32_t i = 0; i < N; i++) {
        Stream stream = random_stream(6, PURPOSE_TEST, i, 0);
        uint32_t entries[] = {0, 1, 2};
        random_shuffle(&stream, 3, entries);
        assert_int_equal(1u << entries[0] | 1u << entries[1] | 1u << entries[2], 7);
        counts[entries[0] * 9 + entries[1] * 3 + entries[2]]++;
    }
    for (int i = 0; i < 27; i++) {
        if (!counts[i]) continue;
        seen++;
        assert_true(abs(counts[i] - N / 6) < 460); /* five standard deviations */
    }
    assert_int_equal(seen, 6);
    Stream stream = random_stream(6, PURPOSE_TEST, 0, 0);
    random_shuffle(&stream, 0, NULL);
    assert_int_equal(stream.counter[0], 0);
}

static void masks_are_24_bits_of_a_word(void **state) {
    (void)state;
    enum { N = 1000 };
    static real filled[N];
    Stream stream = random_stream(7, PURPOSE_DROPOUT, 1, 2), words = stream;
    random_fill_uniform(&stream, N, filled);
    for (int i = 0; i < N; i++)
        assert_true((double)filled[i] == ldexp((double)(random_u32(&words) >> 8), -24) && filled[i] < 1);
    assert_int_equal(random_u32(&stream), random_u32(&words));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_the_published_ones),
        cmocka_unit_test(addresses_have_their_places),
        cmocka_unit_test(purposes_keep_their_numbers),
        cmocka_unit_test(neighbours_share_nothing),
        cmocka_unit_test(uniforms_are_53_bits_of_two_words),
        cmocka_unit_test(distributions_have_their_moments),
        cmocka_unit_test(below_has_no_favourites),
        cmocka_unit_test(below_is_unbiased_for_large_n),
        cmocka_unit_test(shuffles_reach_every_order_equally),
        cmocka_unit_test(masks_are_24_bits_of_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
