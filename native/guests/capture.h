#pragma once

#include <stddef.h>

/** What is executed, and how. What is left out (NULL) is as usual. */
struct guest {
  /** Of the case; printed. */
  const char *name;
  const char *path;
  char *const *words;
  char *const *environment;
  /** In the child, before execve. */
  void (*prepare)(void);
  /** Executed by this descriptor instead of by path, when positive. */
  int descriptor;
  /** What comes of it depends on the kernel's entry. */
  int entry;
};

/** Where the kernel hands guests to nobody: each is given to this emulator by name. NULL: the kernel does. */
extern const char *emulator;

/** Executes it; prints its name, what it printed and how it ended. */
void capture(const struct guest *guest);
