#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

/* Where containers have the tool tree: src/tool-tree/places.ts. */
#define TREE_TARGET "/dev/.anyarch"

/* What is written into the finished program: src/accelerate/stand-in/settings.ts. */
struct settings {
  /* Absolute, on the host. */
  const char *tree;
  /* Absolute paths, or names that are looked up in PATH; NULL behind the last. */
  const char *runtimes[33];
};

/* settings.c: false where nothing, or something that is not understood, was written. */
bool read_settings(struct settings *settings);

/* command-line.c: the bundle of a container that is about to be created; NULL where none is, or it cannot be told. */
const char *bundle_to_create(char *const *words);

/* tree.c: whether the tree can be mounted, also by the root of another user namespace. */
bool is_tree_usable(const char *tree, bool in_other_user_namespace);

/* container.c: what a config.json says, as far as it matters here. */
struct container {
  /* Where another mount can be put: behind the one that is /dev. */
  size_t behind_devices;
  bool in_other_user_namespace;
};

/* False where the container is to be left as it is, or is not understood. */
bool understand_container(const unsigned char *text, size_t length, struct container *container);

/* configuration.c: adds the mount to a bundle's config.json; on any failure the file is what it was. */
void add_tree(const char *bundle, const char *tree);

/* real-runtime.c: becomes the first runtime that can be executed; returns when there is none. */
void become_runtime(const struct settings *settings, char *const *words);

#endif
