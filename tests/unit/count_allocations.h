/* count_allocations: counts what this program and its libraries ask of the heap, by standing in front of the
 * C library's allocator. OpenBLAS is counted apart: some of its kernels (0.3.21 on AVX-512: small products)
 * take a scratch block a call, which nnexp cannot change. Included by one test program; under the sanitizers,
 * which do the same, nothing is counted. */
#ifndef NNEXP_TESTS_COUNT_ALLOCATIONS_H
#define NNEXP_TESTS_COUNT_ALLOCATIONS_H

#include <stdatomic.h>
#include <stdlib.h>

#ifndef __has_feature /* clang's */
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) ||             \
    __has_feature(thread_sanitizer) || !defined(__GLIBC__)
#define COUNTS_ALLOCATIONS 0
#else
#define COUNTS_ALLOCATIONS 1
#endif

/* Calls while `counting`, of any thread: by OpenBLAS, and by all others. */
static atomic_bool counting;
static atomic_long allocations, blas_allocations;

#if COUNTS_ALLOCATIONS
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);
extern void __libc_free(void *old);

static void count_call(void *caller) {
    Dl_info from;
    if (!counting) return;
    if (dladdr(caller, &from) && strstr(from.dli_fname, "blas")) blas_allocations++;
    else allocations++;
}
#define COUNT_CALL() count_call(__builtin_return_address(0))

void *malloc(size_t size) {
    COUNT_CALL();
    return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
    COUNT_CALL();
    return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
    COUNT_CALL();
    return __libc_realloc(old, size);
}
void *aligned_alloc(size_t align, size_t size) {
    COUNT_CALL();
    return __libc_memalign(align, size);
}
int posix_memalign(void **out, size_t align, size_t size) {
    COUNT_CALL();
    *out = __libc_memalign(align, size);
    return *out ? 0 : ENOMEM;
}
void free(void *old) {
    COUNT_CALL();
    __libc_free(old);
}
/* What OpenBLAS takes its large buffers with. */
void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset) {
    static void *(*next)(void *, size_t, int, int, int, off_t);
    COUNT_CALL();
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "mmap");
    return next(at, size, protection, flags, fd, offset);
}
#endif

#endif
