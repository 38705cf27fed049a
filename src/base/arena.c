/* arena: see arena.h. */
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

void *arena_take(Arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - ARENA_ALIGN) bytes = SIZE_MAX;
    else bytes = (bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    size_t start = arena->used;
    if (__builtin_add_overflow(start, bytes, &arena->used)) arena->used = SIZE_MAX;
    if (!arena->base) return NULL;
    assert(arena->used <= arena->size);
    return arena->base + start;
}

size_t memory_available(void) {
    size_t available = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    FILE *info = fopen("/proc/meminfo", "r");
    if (info) {
        char line[128];
        unsigned long long kilobytes;
        while (fgets(line, sizeof line, info))
            if (sscanf(line, "MemAvailable: %llu", &kilobytes) == 1) available = (size_t)kilobytes * 1024;
        fclose(info);
    }
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < available)
        available = (size_t)limit.rlim_cur;
    return available;
}

bool memory_check(size_t bytes, Error *err) {
    size_t available = memory_available();
    if (bytes <= available) return true;
    if (bytes == SIZE_MAX) return fail(err, "needs more bytes of memory than can be counted");
    return fail(err, "needs %zu bytes of memory, %zu are free; ask for less", bytes, available);
}

bool arena_allocate(Arena *arena, Error *err) {
    assert(!arena->base);
    if (!memory_check(arena->used, err)) return false;
    /* calloc leaves large blocks to the kernel's zero pages: memory is touched as it is used */
    arena->block = calloc(1, arena->used + ARENA_ALIGN);
    if (!arena->block) return fail(err, "needs %zu bytes of memory, which the system refused", arena->used);
    arena->base = (unsigned char *)(((uintptr_t)arena->block + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN);
    arena->size = arena->used;
    arena->used = 0;
    return true;
}

void arena_free(Arena *arena) {
    free(arena->block);
    *arena = (Arena){0};
}
