#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime.h"

static bool find_self(struct stat *self) {
  const char *path = (const char *)getauxval(AT_EXECFN);
  return stat("/proc/self/exe", self) == 0 || (path != NULL && stat(path, self) == 0);
}

/*
 * A script that stands before the runtime may look `runc` up in PATH, and find us again. So a script is told what was
 * started on the way to it, by process, device and inode: none is started twice. A runtime itself is told nothing.
 */
static const char tried_name[] = "ANYARCH_RUNTIMES_TRIED";
static char tried[1024];

/* What a script handed on that this process was, or that started this one. */
static void read_tried(void) {
  const char *value = getenv(tried_name);
  if (value == NULL || strlen(value) >= sizeof tried) return;
  long process = strtol(value, NULL, 16);
  const char *marks = strchr(value, ' ');
  if (marks != NULL && (process == getpid() || process == getppid())) strcpy(tried, marks);
}

static bool is_script(const char *path) {
  char start[2] = {0};
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  bool is = read(file, start, 2) == 2 && start[0] == '#' && start[1] == '!';
  close(file);
  return is;
}

static char *append_hex(char *at, unsigned long long value) {
  int shift = 60;
  while (shift > 0 && (value >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) *at++ = "0123456789abcdef"[value >> shift & 15];
  return at;
}

/* The variable that a script is given; false for one that was started already, or where there is no room to remember it. */
static bool remember(const struct stat *status, char *variable, size_t size) {
  char mark[64];
  char *at = mark;
  *at++ = ' ';
  at = append_hex(at, status->st_dev);
  *at++ = ':';
  at = append_hex(at, status->st_ino);
  *at++ = ',';
  *at = '\0';
  if (strstr(tried, mark) != NULL || strlen(tried) + 128 > size) return false;
  at = stpcpy(variable, tried_name);
  *at++ = '=';
  at = append_hex(at, (unsigned long long)getpid());
  strcpy(stpcpy(at, tried), mark);
  return true;
}

static void forget(void) {
  size_t length = sizeof tried_name - 1;
  char **kept = environ;
  for (char **one = environ; *one != NULL; one++)
    if (strncmp(*one, tried_name, length) != 0 || (*one)[length] != '=') *kept++ = *one;
  *kept = NULL;
}

static void start_script(const char *path, const struct stat *status, char *const *words) {
  char variable[sizeof tried];
  if (!remember(status, variable, sizeof variable)) return;
  size_t count = 0;
  while (environ[count] != NULL) count++;
  char *environment[count + 2];
  memcpy(environment, environ, count * sizeof *environ);
  environment[count] = variable;
  environment[count + 1] = NULL;
  execve(path, words, environment);
}

static void try_runtime(const char *path, const struct stat *self, char *const *words) {
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (status.st_dev == self->st_dev && status.st_ino == self->st_ino) return;
  if (is_script(path)) start_script(path, &status, words);
  else execve(path, words, environ);
}

/* The directory at the front of a PATH and the name as one path; false where they are none that is absolute. */
static bool path_in(const char *directory, size_t length, const char *name, char *path, size_t size) {
  if (*directory != '/' || length + strlen(name) + 2 > size) return false;
  memcpy(path, directory, length);
  path[length] = '/';
  strcpy(path + length + 1, name);
  return true;
}

static const char *behind(const char *directory, size_t length) {
  directory += length;
  return *directory == ':' ? directory + 1 : directory;
}

/* Behind itself, as two that stand in for each other would go on for ever. */
static const char *start_of_search(const char *name, const struct stat *self) {
  const char *start = getenv("PATH");
  if (start == NULL) return "";
  char path[PATH_MAX];
  for (const char *directory = start; *directory != '\0';) {
    size_t length = strcspn(directory, ":");
    const char *next = behind(directory, length);
    struct stat status;
    if (path_in(directory, length, name, path, sizeof path) && stat(path, &status) == 0 &&
        status.st_dev == self->st_dev && status.st_ino == self->st_ino)
      start = next;
    directory = next;
  }
  return start;
}

static void try_path(const char *name, const struct stat *self, char *const *words) {
  char path[PATH_MAX];
  for (const char *directory = start_of_search(name, self); *directory != '\0';) {
    size_t length = strcspn(directory, ":");
    if (path_in(directory, length, name, path, sizeof path)) try_runtime(path, self, words);
    directory = behind(directory, length);
  }
}

void become_runtime(const struct settings *settings, char *const *words) {
  struct stat self;
  read_tried();
  forget();
  bool is_known = find_self(&self);
  if (!is_known) memset(&self, 0, sizeof self);
  for (const char *const *runtime = settings->runtimes; *runtime != NULL; runtime++) {
    if (**runtime == '/')
      try_runtime(*runtime, &self, words);
    /* What does not know itself would find itself there. */
    else if (is_known)
      try_path(*runtime, &self, words);
  }
}
