#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"

/*
 * An OCI runtime's stand-in: it adds the tool tree to the containers that are about to be created, and becomes the
 * runtime. Nothing that goes wrong before that keeps a container from starting.
 */
int main(int count, char **words) {
  struct settings settings;
  if (count > 0 && read_settings(&settings)) {
    const char *off = getenv("ANYARCH_ACCELERATE");
    const char *bundle = off != NULL && strcmp(off, "0") == 0 ? NULL : bundle_to_create(words);
    if (bundle != NULL) add_tree(bundle, settings.tree);
    become_runtime(&settings, words);
  }
  static const char message[] =
      "the OCI runtime that anyarch stands in for is not installed any more; next: anyarch accelerate enable\n";
  (void)!write(2, message, sizeof message - 1);
  return 127;
}
