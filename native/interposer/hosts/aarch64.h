/* arm64 hosts: how a process begins, and how the kernel is called. */

#include "generic-numbers.h"

enum { O_DIRECTORY = 040000, O_NOFOLLOW = 0100000 };

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc #0"
   : "+r"(x0)
   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
   : "memory");
  return x0;
}

#ifdef ENTRY
/* The kernel clears all registers. x16 is what a jump to the start of a function may go through where pages are guarded (BTI). */
__asm__(".section .text.entry,\"ax\",@progbits\n"
  ".globl entry\n"
  "entry:\n"
  "mov x20, x0\n"
  "mov x0, sp\n"
  "sub sp, sp, #1024\n"
  "bl interpose\n"
  "mov x19, x0\n"
  "bl original_entry\n"
  "mov x16, x0\n"
  "mov sp, x19\n"
  "mov x0, x20\n"
  "mov x1, #0\n"
  "mov x2, #0\n"
  "mov x3, #0\n"
  "mov x4, #0\n"
  "mov x5, #0\n"
  "mov x6, #0\n"
  "mov x7, #0\n"
  "mov x8, #0\n"
  "mov x9, #0\n"
  "mov x10, #0\n"
  "mov x11, #0\n"
  "mov x12, #0\n"
  "mov x13, #0\n"
  "mov x14, #0\n"
  "mov x15, #0\n"
  "mov x17, #0\n"
  "mov x18, #0\n"
  "mov x19, #0\n"
  "mov x20, #0\n"
  "mov x30, #0\n"
  "br x16\n"
  ".previous\n");
#endif
