#define _GNU_SOURCE
#include "suite.h"

#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORDS(...) ((char *const[]){__VA_ARGS__, NULL})

static const char *directory;
static char *program, *pie;

static void join(char *path, size_t size, const char *name) { snprintf(path, size, "%s/%s", directory, name); }

static int copy(const char *from, const char *to, mode_t mode) {
  char buffer[16384];
  int source = open(from, O_RDONLY | O_CLOEXEC), target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
  ssize_t length = 0;
  while (source >= 0 && target >= 0 && (length = read(source, buffer, sizeof buffer)) > 0)
    if (write(target, buffer, length) != length) length = -1;
  if (source >= 0) close(source);
  if (target >= 0) close(target);
  return source < 0 || target < 0 || length < 0 || chmod(to, mode) != 0 ? -1 : 0;
}

/* Somebody who is not root, where this namespace has more than one id. */
static void be_somebody(void) {
  if (setgroups(0, NULL) != 0 || setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0)
    printf("no other user: error %d\n", errno);
  fflush(stdout);
}

static void gain_nothing(void) { prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

static void be_somebody_without_gain(void) {
  gain_nothing();
  be_somebody();
}

static void ignore_some(void) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
  signal(SIGUSR2, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
}

static void open_some(void) {
  for (int descriptor = 20; descriptor < 24; descriptor++)
    dup3(1, descriptor, descriptor % 2 == 0 ? O_CLOEXEC : 0);
}

static void close_all(void) {
  for (int descriptor = 3; descriptor < 64; descriptor++) close(descriptor);
  close(0);
}

static void small_stack(void) {
  struct rlimit limit = {1 << 20, 1 << 20};
  setrlimit(RLIMIT_STACK, &limit);
}

static void be_alone(void) {
  // Without /proc, /dev and whatever else a root usually has.
  if (chroot(directory) != 0 || chdir("/") != 0) printf("chroot: error %d\n", errno);
  fflush(stdout);
}

static void be_there(void) {
  if (chdir(directory) != 0) printf("chdir: error %d\n", errno);
  fflush(stdout);
}

/* What depends on the flags of the entry. */
static void flag_cases(const char *flags) {
  char executable[512], elevated[512], gone[512], script[512];
  join(executable, sizeof executable, "executable");
  join(elevated, sizeof elevated, "elevated");
  join(gone, sizeof gone, "gone");
  join(script, sizeof script, "script");
  printf("# flags %s\n", flags);
  capture(&(struct guest){.name = "words", .path = program, .words = WORDS("-sh", "words", "", "a b", "\xff")});
  capture(&(struct guest){.name = "self", .path = program, .words = WORDS(program, "self")});
  capture(&(struct guest){.name = "auxiliary", .path = program, .words = WORDS(program, "auxiliary")});
  capture(&(struct guest){
      .name = "descriptors", .path = program, .words = WORDS(program, "descriptors"), .prepare = open_some});
  capture(&(struct guest){
      .name = "no descriptors", .path = program, .words = WORDS(program, "descriptors"), .prepare = close_all});
  capture(&(struct guest){.entry = 1, .name = "script", .path = script, .words = WORDS(script, "last")});
  capture(&(struct guest){
      .entry = 1, .name = "only executable", .path = executable, .words = WORDS(executable, "rights"), .prepare = be_somebody});
  capture(&(struct guest){
      .entry = 1, .name = "set-user-id", .path = elevated, .words = WORDS(elevated, "rights"), .prepare = be_somebody});
  capture(&(struct guest){.entry = 1,
                          .name = "no new privileges",
                          .path = elevated,
                          .words = WORDS(elevated, "rights"),
                          .prepare = be_somebody_without_gain});
  capture(&(struct guest){.entry = 1, .name = "alone", .path = "/executable", .words = WORDS("executable", "self"), .prepare = be_alone});
  if (copy(program, gone, 0755) == 0) {
    int file = open(gone, O_RDONLY);
    unlink(gone);
    capture(&(struct guest){.name = "deleted", .words = WORDS("gone", "words"), .descriptor = file});
    close(file);
  }
}

static void usual_cases(void) {
  char executable[512];
  join(executable, sizeof executable, "executable");
  static const char *codes[] = {"0", "1", "42", "255"};
  for (size_t index = 0; index < sizeof codes / sizeof *codes; index++)
    capture(&(struct guest){.name = "exit", .path = program, .words = WORDS(program, "exit", (char *)codes[index])});
  static const char *signals[] = {"15", "9", "6", "13"};
  for (size_t index = 0; index < sizeof signals / sizeof *signals; index++)
    capture(&(struct guest){.name = "signal", .path = program, .words = WORDS(program, "signal", (char *)signals[index])});
  capture(&(struct guest){.name = "fault", .path = program, .words = WORDS(program, "fault")});
  capture(&(struct guest){.name = "environment", .path = program, .words = WORDS(program, "environment")});
  capture(&(struct guest){
      .name = "empty environment", .path = program, .words = WORDS(program, "environment"), .environment = (char *[]){NULL}});
  capture(&(struct guest){.name = "strange environment",
                          .path = program,
                          .words = WORDS(program, "environment"),
                          .environment = WORDS("A=", "B", "=C", "A=again", "PATH=\xc3\xa9")});
  capture(&(struct guest){.name = "threads", .path = program, .words = WORDS(program, "threads")});
  capture(&(struct guest){.name = "clock", .path = program, .words = WORDS(program, "clock")});
  capture(&(struct guest){.name = "memory", .path = program, .words = WORDS(program, "memory")});
  capture(&(struct guest){.name = "small stack", .path = program, .words = WORDS(program, "memory"), .prepare = small_stack});
  capture(&(struct guest){.name = "signals", .path = program, .words = WORDS(program, "signals"), .prepare = ignore_some});
  capture(&(struct guest){.name = "no new privileges", .path = program, .words = WORDS(program, "rights"), .prepare = gain_nothing});
  capture(&(struct guest){.entry = 1, .name = "chain", .path = program, .words = WORDS("chained", "chain", "4", program)});
  capture(&(struct guest){.name = "relative", .path = "executable", .words = WORDS("x", "self"), .prepare = be_there});
  capture(&(struct guest){.name = "below", .path = "./executable", .words = WORDS("x", "self"), .prepare = be_there});
  capture(&(struct guest){.name = "no words", .path = program, .words = (char *[]){NULL}});
  capture(&(struct guest){.name = "PIE: self", .path = pie, .words = WORDS(pie, "self")});
  capture(&(struct guest){.name = "PIE: threads", .path = pie, .words = WORDS(pie, "threads")});
  capture(&(struct guest){.name = "PIE: fault", .path = pie, .words = WORDS(pie, "fault")});

  static char *many[3003];
  static char word[64];
  memset(word, 'x', sizeof word - 1);
  many[0] = program;
  many[1] = "sum";
  for (size_t index = 2; index < 3002; index++) many[index] = word + index % (sizeof word - 1);
  capture(&(struct guest){.name = "many words", .path = program, .words = many});
  static char large[120001];
  memset(large, 'y', sizeof large - 1);
  capture(&(struct guest){.name = "a large word", .path = program, .words = WORDS(program, "sum", large)});
}

static int tell_table(const char *name, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "/proc/sys/fs/binfmt_misc/%s", name);
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  int failed = write(file, text, strlen(text)) < 0 ? errno : 0;
  close(file);
  return failed;
}

/* Rules by twos: flags, and the text that registers `suite` with them. */
static void flag_rounds(int count, char **words) {
  for (int index = 0; index + 1 < count; index += 2) {
    int failed = tell_table("register", words[index + 1]);
    if (failed != 0) printf("# flags %s: error %d\n", words[index], failed);
    else {
      flag_cases(words[index]);
      tell_table("suite", "-1");
    }
  }
}

static int make_files(void) {
  char path[512];
  join(path, sizeof path, "executable");
  if (copy(program, path, 0711) != 0) return -1;
  join(path, sizeof path, "elevated");
  if (copy(program, path, 04755) != 0) return -1;
  join(path, sizeof path, "script");
  FILE *script = fopen(path, "w");
  if (script == NULL) return -1;
  fprintf(script, "#!%s words\n", program);
  return fclose(script) != 0 || chmod(path, 0755) != 0 ? -1 : 0;
}

static int begin(char **words) {
  directory = words[0];
  program = words[1];
  pie = words[2];
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (make_files() == 0) return 0;
  printf("cannot write to %s: error %d\n", directory, errno);
  return 3;
}

int suite(int count, char **words) {
  if (count < 3) return 2;
  int failed = begin(words);
  if (failed != 0) return failed;
  usual_cases();
  flag_cases("in force");
  flag_rounds(count - 3, words + 3);
  printf("# done\n");
  return 0;
}

int suite_by_name(int count, char **words) {
  if (count < 4) return 2;
  int failed = begin(words);
  if (failed != 0) return failed;
  emulator = words[3];
  usual_cases();
  flag_cases("none");
  printf("# untried flags of entries\n# done\n");
  return 0;
}
