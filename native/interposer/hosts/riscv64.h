/* riscv64 hosts: how a process begins, and how the kernel is called. */

#include "generic-numbers.h"

enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000 };

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long a7 __asm__("a7") = number;
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  register long a3 __asm__("a3") = d;
  register long a4 __asm__("a4") = e;
  register long a5 __asm__("a5") = f;
  __asm__ volatile("ecall"
   : "+r"(a0)
   : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
   : "memory");
  return a0;
}

#ifdef ENTRY
/* a0 has a meaning (what to call at exit); the kernel clears all others. */
__asm__(".section .text.entry,\"ax\",@progbits\n"
  ".globl entry\n"
  "entry:\n"
  "mv s1, a0\n"
  "mv a0, sp\n"
  "addi sp, sp, -1024\n"
  "call interpose\n"
  "mv s0, a0\n"
  "call original_entry\n"
  "mv t1, a0\n"
  "mv sp, s0\n"
  "mv a0, s1\n"
  "li s0, 0\n"
  "li s1, 0\n"
  "li a1, 0\n"
  "li a2, 0\n"
  "li a3, 0\n"
  "li a4, 0\n"
  "li a5, 0\n"
  "li a6, 0\n"
  "li a7, 0\n"
  "li t0, 0\n"
  "li t2, 0\n"
  "li t3, 0\n"
  "li t4, 0\n"
  "li t5, 0\n"
  "li t6, 0\n"
  "li ra, 0\n"
  "jr t1\n"
  ".previous\n");
#endif
