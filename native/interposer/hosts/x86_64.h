/* x86_64 hosts: how a process begins, and how the kernel is called. */

enum {
  NR_CLOSE = 3,
  NR_MMAP = 9,
  NR_MUNMAP = 11,
  NR_PREAD64 = 17,
  NR_SOCKET = 41,
  NR_CONNECT = 42,
  NR_SENDTO = 44,
  NR_EXECVE = 59,
  NR_FCNTL = 72,
  NR_STATFS = 137,
  NR_FSTATFS = 138,
  NR_CLOCK_GETTIME = 228,
  NR_OPENAT = 257,
  NR_READLINKAT = 267,
  NR_FACCESSAT = 269,
  NR_STATX = 332,
};

enum { O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000 };

/* struct statfs: size of a word, and where f_flags is */
enum { STATFS_WORD = 8, STATFS_FLAGS_OFFSET = 80 };

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
   : "=a"(result)
   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
   : "rcx", "r11", "memory");
  return result;
}

#ifdef ENTRY
/* The kernel gives rdx a meaning (what to call at exit) and clears all others. */
__asm__(".section .text.entry,\"ax\",@progbits\n"
  ".globl entry\n"
  "entry:\n"
  "mov %rdx, %rbx\n"
  "mov %rsp, %rdi\n"
  "lea -1024(%rsp), %rsp\n"
  "and $-16, %rsp\n"
  "call interpose\n"
  "mov %rax, %rbp\n"
  "call original_entry\n"
  "mov %rbp, %rsp\n"
  "mov %rax, -8(%rsp)\n"
  "mov %rbx, %rdx\n"
  "xor %eax, %eax\n"
  "xor %ebx, %ebx\n"
  "xor %ecx, %ecx\n"
  "xor %esi, %esi\n"
  "xor %edi, %edi\n"
  "xor %ebp, %ebp\n"
  "xor %r8d, %r8d\n"
  "xor %r9d, %r9d\n"
  "xor %r10d, %r10d\n"
  "xor %r11d, %r11d\n"
  "jmp *-8(%rsp)\n"
  ".previous\n");
#endif
