#include <string.h>

#include "runtime.h"

#define SLOT 8192
#define HEADER "anyarch-runtime-settings 1\n"

/* Volatile: what the compiler sees here is not what will be there. */
__attribute__((used, aligned(16))) static const volatile char slot[SLOT] = HEADER;

bool read_settings(struct settings *settings) {
  static char text[SLOT];
  for (size_t index = 0; index < SLOT; index++) text[index] = slot[index];
  if (text[SLOT - 1] != '\0' || strncmp(text, HEADER, sizeof HEADER - 1) != 0) return false;
  memset(settings, 0, sizeof *settings);
  size_t runtimes = 0;
  char *line = text + sizeof HEADER - 1;
  while (*line != '\0') {
    char *end = strchr(line, '\n');
    if (end == NULL) return false;
    *end = '\0';
    if (strncmp(line, "tree ", 5) == 0) {
      settings->tree = line + 5;
    } else if (strncmp(line, "runtime ", 8) == 0) {
      if (runtimes == 32) return false;
      settings->runtimes[runtimes++] = line + 8;
    } else {
      return false;
    }
    line = end + 1;
  }
  return settings->tree != NULL && runtimes > 0;
}
