/* s390x hosts: how a process begins, and how the kernel is called. */

enum {
  NR_CLOSE = 6,
  NR_EXECVE = 11,
  NR_FCNTL = 55,
  NR_MMAP = 90,
  NR_MUNMAP = 91,
  NR_STATFS = 99,
  NR_FSTATFS = 100,
  NR_PREAD64 = 180,
  NR_CLOCK_GETTIME = 260,
  NR_OPENAT = 288,
  NR_READLINKAT = 298,
  NR_FACCESSAT = 300,
  NR_SOCKET = 359,
  NR_CONNECT = 362,
  NR_SENDTO = 369,
  NR_STATX = 379,
};

enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000 };

/* struct statfs: size of a word, and where f_flags is */
enum { STATFS_WORD = 4, STATFS_FLAGS_OFFSET = 64 };

/* mmap takes the address of its arguments here. */
#define MMAP_BY_POINTER 1

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long r1 __asm__("1") = number;
  register long r2 __asm__("2") = a;
  register long r3 __asm__("3") = b;
  register long r4 __asm__("4") = c;
  register long r5 __asm__("5") = d;
  register long r6 __asm__("6") = e;
  register long r7 __asm__("7") = f;
  __asm__ volatile("svc 0"
   : "+d"(r2)
   : "d"(r1), "d"(r3), "d"(r4), "d"(r5), "d"(r6), "d"(r7)
   : "memory");
  return r2;
}

#ifdef ENTRY
/* The kernel clears all registers; r14 has a meaning for the start of a program (what to call at exit). */
__asm__(".section .text.entry,\"ax\",@progbits\n"
  ".globl entry\n"
  "entry:\n"
  "lgr %r10, %r14\n"
  "lgr %r2, %r15\n"
  "aghi %r15, -1184\n"
  "brasl %r14, interpose\n"
  "lgr %r11, %r2\n"
  "brasl %r14, original_entry\n"
  "lgr %r1, %r2\n"
  "lgr %r15, %r11\n"
  "lgr %r14, %r10\n"
  "lghi %r0, 0\n"
  "lghi %r2, 0\n"
  "lghi %r3, 0\n"
  "lghi %r4, 0\n"
  "lghi %r5, 0\n"
  "lghi %r10, 0\n"
  "lghi %r11, 0\n"
  "br %r1\n"
  ".previous\n");
#endif
