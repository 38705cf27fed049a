/* arena: one zeroed, 64-byte aligned block, laid out in two passes by one function.
 *
 *     Arena arena = {0};
 *     layout(&arena, run);                     measures: every arena_take returns NULL
 *     if (!arena_allocate(&arena, err)) …      one allocation, refused beforehand when memory cannot hold it
 *     layout(&arena, run);                     places
 *
 * It never grows and never frees a part. */
#ifndef NNEXP_BASE_ARENA_H
#define NNEXP_BASE_ARENA_H

#include "base/error.h"

enum { ARENA_ALIGN = 64 };

typedef struct Arena {
    void *block;         /* what malloc gave */
    unsigned char *base; /* its first aligned byte; NULL while measuring */
    size_t used, size;   /* bytes; used saturates at SIZE_MAX */
} Arena;

/* Takes `count` elements of `size` bytes; NULL while measuring. */
void *arena_take(Arena *arena, size_t count, size_t size);
#define ARENA_TAKE(arena, type, count) ((type *)arena_take((arena), (count), sizeof(type)))

/* Ends the measuring pass. Fails, naming the bytes wanted and those there are, when memory cannot hold them. */
bool arena_allocate(Arena *arena, Error *err);

/* Releases the block and makes the arena empty. */
void arena_free(Arena *arena);

/* Bytes that can be had without swapping: MemAvailable, or the address-space limit where it is lower. */
size_t memory_available(void);

/* Fails with "needs N bytes of memory, M are free; ask for less" when `bytes` is more than memory_available(). */
bool memory_check(size_t bytes, Error *err);

#endif
