#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime.h"

/* In a path that is written into JSON as it is. */
static bool is_plain(const char *path) {
  if (path[0] != '/' || strlen(path) >= PATH_MAX) return false;
  for (const unsigned char *at = (const unsigned char *)path; *at != '\0'; at++)
    if (*at < 0x20 || *at >= 0x7f || *at == '"' || *at == '\\') return false;
  return true;
}

/* Another user namespace's root is somebody else to the directories above the tree. */
static bool is_open_to_others(const char *tree) {
  char path[PATH_MAX];
  size_t length = strlen(tree);
  memcpy(path, tree, length + 1);
  for (size_t end = 1; end <= length; end++) {
    if (path[end] != '/' && path[end] != '\0') continue;
    char saved = path[end];
    path[end] = '\0';
    struct stat status;
    if (stat(path, &status) != 0 || (status.st_mode & S_IXOTH) == 0) return false;
    path[end] = saved;
  }
  return true;
}

/* Without a recipe nothing can be substituted; src/accelerate/tree.ts asks the same. */
static bool has_recipe(const char *tree) {
  char path[PATH_MAX + 2];
  size_t length = strlen(tree);
  memcpy(path, tree, length);
  memcpy(path + length, "/r", 3);
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return false;
  /* More than the two names that every directory has: opendir(3) would bring an allocator along. */
  _Alignas(struct dirent) char entries[1024];
  bool has = false;
  long bytes = syscall(SYS_getdents64, directory, entries, sizeof entries);
  for (long at = 0; at < bytes;) {
    const struct dirent *entry = (const struct dirent *)(entries + at);
    if (entry->d_name[0] != '.') has = true;
    at += entry->d_reclen;
  }
  close(directory);
  return has;
}

bool is_tree_usable(const char *tree, bool in_other_user_namespace) {
  struct stat status;
  if (!is_plain(tree) || stat(tree, &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  if (access(tree, R_OK | X_OK) != 0 || !has_recipe(tree)) return false;
  return !in_other_user_namespace || is_open_to_others(tree);
}
