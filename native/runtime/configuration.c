#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime.h"

/* Far more than any engine writes. */
#define LARGEST (8u << 20)

static const char before_source[] = ",{\"destination\":\"" TREE_TARGET "\",\"type\":\"bind\",\"source\":\"";
static const char behind_source[] = "\",\"options\":[\"bind\",\"ro\",\"nosuid\",\"nodev\",\"private\"]}";

static bool read_all(int file, unsigned char *text, size_t length) {
  size_t done = 0;
  while (done <= length) {
    /* One byte more than there should be: a file that grows is being written. */
    ssize_t count = read(file, text + done, length + 1 - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count == 0 && done == length;
    done += (size_t)count;
  }
  return false;
}

static bool write_all(int file, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t count = write(file, at, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    length -= (size_t)count;
  }
  return true;
}

static bool write_changed(int file, const unsigned char *text, size_t length, size_t place, const char *tree) {
  return write_all(file, text, place) && write_all(file, before_source, sizeof before_source - 1) &&
         write_all(file, tree, strlen(tree)) && write_all(file, behind_source, sizeof behind_source - 1) &&
         write_all(file, text + place, length - place);
}

static bool keep_owner(int file, const struct stat *original) {
  struct stat made;
  if (fstat(file, &made) != 0) return false;
  bool is_same = made.st_uid == original->st_uid && made.st_gid == original->st_gid;
  if (!is_same && fchown(file, original->st_uid, original->st_gid) != 0) return false;
  return fchmod(file, original->st_mode & 07777) == 0;
}

static void replace(int bundle, const struct stat *original, const unsigned char *text, size_t length,
                    size_t place, const char *tree) {
  /* One container is created once at a time in a bundle; what a killed one has left is written over. */
  static const char partial[] = "config.json.anyarch";
  unlinkat(bundle, partial, 0);
  int file = openat(bundle, partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return;
  bool is_whole = write_changed(file, text, length, place, tree) && keep_owner(file, original);
  if (close(file) != 0) is_whole = false;
  if (!is_whole || renameat(bundle, partial, bundle, "config.json") != 0) unlinkat(bundle, partial, 0);
}

static void change(int bundle, int file, const char *tree) {
  struct stat status;
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (status.st_size <= 0 || status.st_size > LARGEST) return;
  size_t length = (size_t)status.st_size;
  unsigned char *text =
      mmap(NULL, length + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (text == MAP_FAILED) return;
  struct container container;
  if (read_all(file, text, length) && understand_container(text, length, &container) &&
      is_tree_usable(tree, container.in_other_user_namespace))
    replace(bundle, &status, text, length, container.behind_devices, tree);
  munmap(text, length + 1);
}

void add_tree(const char *path, const char *tree) {
  int bundle = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (bundle < 0) return;
  int file = openat(bundle, "config.json", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file >= 0) {
    change(bundle, file, tree);
    close(file);
  }
  close(bundle);
}
