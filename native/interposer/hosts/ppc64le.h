/* ppc64le hosts: how a process begins, and how the kernel is called. */

enum {
  NR_CLOSE = 6,
  NR_EXECVE = 11,
  NR_FCNTL = 55,
  NR_MMAP = 90,
  NR_MUNMAP = 91,
  NR_STATFS = 99,
  NR_FSTATFS = 100,
  NR_PREAD64 = 179,
  NR_CLOCK_GETTIME = 246,
  NR_OPENAT = 286,
  NR_READLINKAT = 296,
  NR_FACCESSAT = 298,
  NR_SOCKET = 326,
  NR_CONNECT = 328,
  NR_SENDTO = 335,
  NR_STATX = 383,
};

enum { O_DIRECTORY = 040000, O_NOFOLLOW = 0100000 };

/* struct statfs: size of a word, and where f_flags is */
enum { STATFS_WORD = 8, STATFS_FLAGS_OFFSET = 80 };

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  register long r0 __asm__("r0") = number;
  register long r3 __asm__("r3") = a;
  register long r4 __asm__("r4") = b;
  register long r5 __asm__("r5") = c;
  register long r6 __asm__("r6") = d;
  register long r7 __asm__("r7") = e;
  register long r8 __asm__("r8") = f;
  /* An error is told by the summary overflow bit, with a positive number. */
  __asm__ volatile("sc\n"
   "bns+ 1f\n"
   "neg 3, 3\n"
   "1:"
   : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
   :
   : "memory", "cr0", "ctr", "xer", "r9", "r10", "r11", "r12");
  return r3;
}

#ifdef ENTRY
/*
 * r3 to r7 are what the ABI says about the start of a program; r12 is the address that it starts at.
 * r2, the table of contents, is found from where this code is.
 */
__asm__(".section .text.entry,\"ax\",@progbits\n"
  ".globl entry\n"
  "entry:\n"
  "mr 14, 3\n"
  "mr 15, 4\n"
  "mr 16, 5\n"
  "mr 17, 6\n"
  "mr 18, 7\n"
  "mr 3, 1\n"
  "addi 1, 1, -1280\n"
  "li 0, 0\n"
  "std 0, 0(1)\n"
  "bcl 20, 31, 1f\n"
  "1: mflr 2\n"
  "addis 2, 2, (.TOC.-1b)@ha\n"
  "addi 2, 2, (.TOC.-1b)@l\n"
  "bl interpose\n"
  "nop\n"
  "mr 19, 3\n"
  "bl original_entry\n"
  "nop\n"
  "mr 12, 3\n"
  "mtctr 3\n"
  "mr 1, 19\n"
  "mr 3, 14\n"
  "mr 4, 15\n"
  "mr 5, 16\n"
  "mr 6, 17\n"
  "mr 7, 18\n"
  "li 0, 0\n"
  "li 2, 0\n"
  "li 8, 0\n"
  "li 9, 0\n"
  "li 10, 0\n"
  "li 11, 0\n"
  "li 14, 0\n"
  "li 15, 0\n"
  "li 16, 0\n"
  "li 17, 0\n"
  "li 18, 0\n"
  "li 19, 0\n"
  "mtlr 0\n"
  "bctr\n"
  ".previous\n");
#endif
