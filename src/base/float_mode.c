/* float_mode: see float_mode.h. */
#include "base/float_mode.h"

#if defined __x86_64__
#include <xmmintrin.h>
/* MXCSR: DAZ, the exceptions' masks, rounding, FTZ; the six lowest bits are flags that any operation may raise. */
enum { CONTROL = 0xffc0, FLUSH = 0x8040 };
static uint64_t get(void) { return _mm_getcsr() & CONTROL; }
static void set(uint64_t bits) { _mm_setcsr((unsigned)bits); }
#elif defined __aarch64__
/* FPCR: FZ. */
enum { FLUSH = 1 << 24 };
static uint64_t get(void) {
    uint64_t bits;
    __asm__ volatile("mrs %0, fpcr" : "=r"(bits));
    return bits;
}
static void set(uint64_t bits) { __asm__ volatile("msr fpcr, %0" : : "r"(bits)); }
#else
enum { FLUSH = 0 };
static uint64_t get(void) { return 0; }
static void set(uint64_t bits) { (void)bits; }
#endif

FloatMode float_mode(void) { return (FloatMode){get()}; }

void float_mode_set(FloatMode mode) { set(mode.bits); }

FloatMode float_mode_flush(void) {
    FloatMode before = float_mode();
    set(before.bits | FLUSH);
    return before;
}
