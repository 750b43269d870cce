#include "act.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* What a printed text must be to be compared: of one line. */
static void show(const char *label, const char *text, size_t length) {
  printf("%s", label);
  for (size_t index = 0; index < length; index++) {
    unsigned char byte = text[index];
    if (byte >= ' ' && byte < 127) putchar(byte);
    else printf("\\x%02x", byte);
  }
  putchar('\n');
}

static int show_words(int count, char **words) {
  for (int index = 0; index < count; index++) show("word ", words[index], strlen(words[index]));
  return 0;
}

/* For more words than anybody wants to see: how many, and a sum that depends on each byte and its place (FNV-1a). */
static int sum_words(int count, char **words) {
  unsigned hash = 0x811c9dc5;
  size_t bytes = 0;
  for (int index = 0; index < count; index++) {
    for (const char *at = words[index]; *at != 0; at++) hash = (hash ^ (unsigned char)*at) * 0x01000193;
    hash = hash * 0x01000193;
    bytes += strlen(words[index]) + 1;
  }
  printf("words %d bytes %zu sum %08x\n", count, bytes, hash);
  return 0;
}

static int show_environment(void) {
  int count = 0;
  for (char **at = environ; *at != NULL; at++, count++) show("variable ", *at, strlen(*at));
  printf("variables %d\n", count);
  return 0;
}

static int show_auxiliary(void) {
  const char *name = (const char *)getauxval(AT_EXECFN);
  show("executed ", name == NULL ? "" : name, name == NULL ? 0 : strlen(name));
  printf("secure %lu page %lu random %d vdso %d flags %lu\n", getauxval(AT_SECURE), getauxval(AT_PAGESZ),
         getauxval(AT_RANDOM) != 0, getauxval(AT_SYSINFO_EHDR) != 0, getauxval(AT_FLAGS));
  printf("capabilities %lx %lx\n", getauxval(AT_HWCAP), getauxval(AT_HWCAP2));
  return 0;
}

static __thread unsigned own = 7;
static unsigned shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *count_up(void *number) {
  for (int round = 0; round < 1000; round++) {
    own += (unsigned)(size_t)number;
    pthread_mutex_lock(&lock);
    shared += 1;
    pthread_mutex_unlock(&lock);
  }
  return (void *)(size_t)own;
}

static int run_threads(void) {
  pthread_t threads[4];
  for (size_t index = 0; index < 4; index++)
    if (pthread_create(&threads[index], NULL, count_up, (void *)(index + 1)) != 0) return 1;
  for (size_t index = 0; index < 4; index++) {
    void *result;
    pthread_join(threads[index], &result);
    printf("thread %zu own %zu\n", index, (size_t)result);
  }
  printf("shared %u own %u\n", shared, own);
  return 0;
}

static int look_at_clock(void) {
  static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID};
  for (size_t index = 0; index < sizeof clocks / sizeof *clocks; index++) {
    struct timespec first, second;
    int failed = clock_gettime(clocks[index], &first) | clock_gettime(clocks[index], &second);
    int forwards = second.tv_sec > first.tv_sec || (second.tv_sec == first.tv_sec && second.tv_nsec >= first.tv_nsec);
    printf("clock %zu failed %d forwards %d\n", index, failed, forwards);
  }
  return 0;
}

static int show_self(void) {
  char text[4096];
  ssize_t length = readlink("/proc/self/exe", text, sizeof text);
  show("exe ", text, length < 0 ? 0 : (size_t)length);
  int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  length = file < 0 ? 0 : read(file, text, sizeof text);
  show("command line ", text, length < 0 ? 0 : (size_t)length);
  memset(text, 0, 17);
  prctl(PR_GET_NAME, text, 0, 0, 0);
  show("name ", text, strlen(text));
  return 0;
}

static int show_descriptors(void) {
  for (int descriptor = 0; descriptor < 64; descriptor++) {
    int flags = fcntl(descriptor, F_GETFD);
    if (flags >= 0) printf("descriptor %d flags %d\n", descriptor, flags);
  }
  return 0;
}

static int show_signals(void) {
  sigset_t blocked;
  sigprocmask(SIG_SETMASK, NULL, &blocked);
  for (int number = 1; number < 32; number++) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) != 0) continue;
    if (action.sa_handler != SIG_DFL || sigismember(&blocked, number))
      printf("signal %d ignored %d blocked %d\n", number, action.sa_handler == SIG_IGN, sigismember(&blocked, number));
  }
  return 0;
}

static int show_rights(void) {
  printf("user %d effective %d group %d effective %d\n", (int)getuid(), (int)geteuid(), (int)getgid(), (int)getegid());
  printf("secure %lu no new privileges %d dumpable %d\n", getauxval(AT_SECURE), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
         prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
  return 0;
}

static int use_memory(void) {
  struct rlimit stack;
  getrlimit(RLIMIT_STACK, &stack);
  printf("stack limit %llu\n", (unsigned long long)stack.rlim_cur);
  size_t size = 1 << 20;
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *heap = malloc(size);
  if (memory == MAP_FAILED || heap == NULL) return 1;
  memset(memory, 1, size);
  memset(heap, 2, size);
  printf("memory %d heap %d\n", memory[size - 1], heap[size - 1]);
  return 0;
}

/* The compiler must not see where it leads. */
static volatile int *volatile nowhere = (volatile int *)16;

/* Executes itself, so many times over. */
static int chain(char **words) {
  int left = atoi(words[2]);
  printf("left %d\n", left);
  fflush(stdout);
  if (left == 0) return 5;
  char next[16];
  snprintf(next, sizeof next, "%d", left - 1);
  char *following[] = {words[0], "chain", next, words[3], NULL};
  execve(words[3], following, environ);
  return 126;
}

int act(int count, char **words) {
  const char *word = count > 1 ? words[1] : "";
  if (strcmp(word, "exit") == 0) return count > 2 ? atoi(words[2]) : 0;
  if (strcmp(word, "signal") == 0) {
    raise(count > 2 ? atoi(words[2]) : SIGTERM);
    return 0;
  }
  if (strcmp(word, "fault") == 0) return *nowhere;
  if (strcmp(word, "words") == 0) return show_words(count, words);
  if (strcmp(word, "sum") == 0) return sum_words(count, words);
  if (strcmp(word, "environment") == 0) return show_environment();
  if (strcmp(word, "auxiliary") == 0) return show_auxiliary();
  if (strcmp(word, "threads") == 0) return run_threads();
  if (strcmp(word, "clock") == 0) return look_at_clock();
  if (strcmp(word, "self") == 0) return show_self();
  if (strcmp(word, "descriptors") == 0) return show_descriptors();
  if (strcmp(word, "signals") == 0) return show_signals();
  if (strcmp(word, "rights") == 0) return show_rights();
  if (strcmp(word, "memory") == 0) return use_memory();
  if (strcmp(word, "chain") == 0 && count > 3) return chain(words);
  return -1;
}
