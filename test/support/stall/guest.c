/*
 * A guest without any library, for arm64: what its first argument says. Each hangs, or looks as if it did, in another way.
 *
 *   aarch64-linux-gnu-gcc -static -nostdlib -ffreestanding -fno-stack-protector -O1 -g guest.c
 */
#define SYS_pipe2 59
#define SYS_read 63
#define SYS_write 64
#define SYS_exit_group 94
#define SYS_futex 98
#define SYS_nanosleep 101
#define SYS_kill 129
#define SYS_prctl 167
#define SYS_getpid 172
#define SYS_clone 220
#define SYS_wait4 260

/* CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM */
#define THREAD 0x50f00L

static long call(long number, long a, long b, long c, long d) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = 0;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory", "cc");
  return x0;
}

static int word;
static char stacks[2][65536] __attribute__((aligned(16)));

static void rest(long nanoseconds) {
  long time[2] = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  call(SYS_nanosleep, (long)time, 0, 0, 0);
}

/* FUTEX_WAIT without a time limit; nobody ever wakes it up. */
static void hang(void) {
  for (;;) call(SYS_futex, (long)&word, 0, 0, 0);
}

static void look(void) {
  for (;;) rest(10000000);
}

/* As the housekeeping of the JVM does, which is known by its name. */
static void look_around(void) {
  call(SYS_prctl, 15, (long)"VM Periodic Tas", 0, 0);
  look();
}

/* Ends by itself, for a second thread may find what it looks for. */
static void look_and_end(void) {
  for (int turn = 0; turn < 60; turn++) rest(50000000);
  call(SYS_exit_group, 0, 0, 0, 0);
}

static void start(void (*function)(void), char *stack) {
  register long x8 __asm__("x8") = SYS_clone;
  register long x0 __asm__("x0") = THREAD;
  register long x1 __asm__("x1") = (long)(stack + 65536);
  register long x2 __asm__("x2") = 0;
  register long x3 __asm__("x3") = 0;
  register long x4 __asm__("x4") = 0;
  register void (*entry)(void) __asm__("x9") = function;
  __asm__ volatile("svc 0\n cbnz x0, 1f\n blr x9\n 1:"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(entry)
                   : "memory", "cc", "x30");
}

static void read_own_pipe(void) {
  int ends[2];
  char byte;
  call(SYS_pipe2, (long)ends, 0, 0, 0);
  call(SYS_read, ends[0], (long)&byte, 1, 0);
}

static void wait_for_hanging_child(void) {
  /* fork(): SIGCHLD only. */
  if (call(SYS_clone, 17, 0, 0, 0) == 0) hang();
  call(SYS_wait4, -1, 0, 0, 0);
}

static void work(int turns, int writes) {
  for (int turn = 0; turn < turns; turn++) {
    for (volatile int step = 0; step < 3000000; step++)
      ;
    if (writes) call(SYS_write, 1, (long)".", 1, 0);
  }
}

__attribute__((noinline)) void crash(void) { *(volatile int *)8 = 1; }

static int begin(const char *what) {
  switch (what[0]) {
    case 'h': hang(); break;
    case 't':
      start(hang, stacks[0]);
      start(look_around, stacks[1]);
      hang();
      break;
    case 'n':
      start(look_and_end, stacks[0]);
      hang();
      break;
    case 'p': read_own_pipe(); break;
    case 'w': wait_for_hanging_child(); break;
    case 's': for (;;) __asm__ volatile(""); break;
    case 'c': work(300, 1); break;
    case 'r': rest(3000000000L); break;
    case 'l':
      /* The main thread looks by itself for what may come. */
      start(hang, stacks[0]);
      for (int turn = 0; turn < 60; turn++) rest(50000000);
      break;
    case 'i': {
      char byte;
      call(SYS_read, 0, (long)&byte, 1, 0);
      break;
    }
    case 'x': crash(); break;
    case 'a': call(SYS_kill, call(SYS_getpid, 0, 0, 0, 0), 6, 0, 0); break;
    case 'f': return 3;
  }
  return 0;
}

__attribute__((used)) static void enter(long *stack) {
  const char *what = stack[0] > 1 ? (const char *)stack[2] : "f";
  call(SYS_exit_group, begin(what), 0, 0, 0);
}

__asm__(".globl _start\n_start:\n mov x0, sp\n bl enter\n");
