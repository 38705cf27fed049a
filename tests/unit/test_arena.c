/* test_arena: the two passes agree, everything is aligned and zero, and what memory cannot hold is refused.
 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct Buffers {
    char *bytes;
    double *reals;
    int *none;
} Buffers;

static Buffers layout(Arena *arena) {
    Buffers buffers;
    buffers.bytes = ARENA_TAKE(arena, char, 3);
    buffers.none = ARENA_TAKE(arena, int, 0);
    buffers.reals = ARENA_TAKE(arena, double, 100);
    return buffers;
}

static void the_second_pass_places_what_the_first_measured(void **state) {
    (void)state;
    Error err = {0};
    Arena arena = {0};
    Buffers buffers = layout(&arena);
    assert_null(buffers.bytes);
    assert_null(buffers.reals);
    assert_int_equal(arena.used, 64 + 832);
    assert_true(arena_allocate(&arena, &err));
    buffers = layout(&arena);
    assert_int_equal(arena.used, arena.size);
    assert_int_equal((uintptr_t)buffers.bytes % ARENA_ALIGN, 0);
    assert_ptr_equal(buffers.reals, buffers.bytes + 64);
    for (int i = 0; i < 3; i++) assert_int_equal(buffers.bytes[i], 0);
    for (int i = 0; i < 100; i++) assert_true(buffers.reals[i] == 0);
    memset(buffers.bytes, 255, arena.size); /* all of it is there: asan watches */
    arena_free(&arena);
    assert_true(!arena.block && !arena.base && arena.used == 0 && arena.size == 0);
    arena_free(&arena);
}

static void an_empty_arena_is_allowed(void **state) {
    (void)state;
    Error err = {0};
    Arena arena = {0};
    assert_true(arena_allocate(&arena, &err));
    arena_free(&arena);
}

/* The number of free bytes changes from call to call; the text around it does not. */
static void assert_refused(const Error *err, const char *wanted) {
    char expected[256];
    size_t free_bytes = 0;
    assert_int_equal(err->count, 1);
    const char *comma = strchr(err->text, ',');
    assert_non_null(comma);
    assert_int_equal(sscanf(comma, ", %zu", &free_bytes), 1);
    assert_true(free_bytes > 1000000);
    snprintf(expected, sizeof expected, "needs %s bytes of memory, %zu are free; ask for less", wanted, free_bytes);
    assert_string_equal(err->text, expected);
}

static void too_much_is_refused_before_it_is_allocated(void **state) {
    (void)state;
    Error err = {0};
    Arena arena = {0};
    arena_take(&arena, 1000000000, 1000000);
    assert_false(arena_allocate(&arena, &err));
    assert_null(arena.block);
    assert_refused(&err, "1000000000000000");
    err = (Error){0};
    assert_false(memory_check(SIZE_MAX - 1, &err));
    assert_refused(&err, "18446744073709551614");
    assert_true(memory_check(1, &err));
}

static void uncountable_sizes_saturate(void **state) {
    (void)state;
    static const size_t counts[][2] = {{SIZE_MAX, 8}, {SIZE_MAX, 1}, {SIZE_MAX / 2 + 2, 2}};
    for (int i = 0; i < 3; i++) {
        Error err = {0};
        Arena arena = {0};
        arena_take(&arena, counts[i][0], counts[i][1]);
        arena_take(&arena, 10, 1);
        assert_true(arena.used == SIZE_MAX);
        assert_false(arena_allocate(&arena, &err));
        assert_string_equal(err.text, "needs more bytes of memory than can be counted");
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_pass_places_what_the_first_measured),
        cmocka_unit_test(an_empty_arena_is_allowed),
        cmocka_unit_test(too_much_is_refused_before_it_is_allocated),
        cmocka_unit_test(uncountable_sizes_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
