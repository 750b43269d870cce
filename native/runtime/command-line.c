#include <string.h>

#include "runtime.h"

/* Options before the command that take the next word (runc, crun, youki); all others are taken to stand alone. */
static const char *const with_value[] = {"log",     "log-format", "log-level",      "root",
                                         "criu",    "rootless",   "cgroup-manager", NULL};

/* The option's name without its dashes; NULL for another word. */
static const char *option_name(const char *word) {
  if (word[0] != '-' || word[1] == '\0') return NULL;
  return word[1] == '-' ? word + 2 : word + 1;
}

static bool takes_next_word(const char *name) {
  for (size_t index = 0; with_value[index] != NULL; index++)
    if (strcmp(name, with_value[index]) == 0) return true;
  return false;
}

/* What is behind `NAME=`; NULL where that is not what the option begins with. */
static const char *value_of(const char *name, const char *prefix) {
  size_t length = strlen(prefix);
  return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

static const char *bundle_among(char *const *words) {
  const char *bundle = ".";
  for (; *words != NULL; words++) {
    const char *name = option_name(*words);
    if (name == NULL) continue;
    if (*name == '\0') break;
    const char *value = value_of(name, "bundle=");
    if (value == NULL) value = value_of(name, "b=");
    if (value == NULL && (strcmp(name, "bundle") == 0 || strcmp(name, "b") == 0)) {
      value = *++words;
      if (value == NULL) return NULL;
    }
    if (value != NULL) {
      bundle = value;
      continue;
    }
    /* crun: another file than config.json, and a bundle that is written into the option. */
    if (strncmp(name, "config", 6) == 0 || ((*words)[1] != '-' && (*name == 'f' || *name == 'b'))) return NULL;
  }
  return *bundle == '\0' ? NULL : bundle;
}

const char *bundle_to_create(char *const *words) {
  for (words++; *words != NULL; words++) {
    const char *name = option_name(*words);
    if (name == NULL) {
      bool creates = strcmp(*words, "create") == 0 || strcmp(*words, "run") == 0;
      return creates ? bundle_among(words + 1) : NULL;
    }
    if (takes_next_word(name) && *++words == NULL) return NULL;
  }
  return NULL;
}
