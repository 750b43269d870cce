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

static void try_runtime(const char *path, const struct stat *self, char *const *words) {
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (status.st_dev == self->st_dev && status.st_ino == self->st_ino) return;
  execve(path, words, environ);
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
