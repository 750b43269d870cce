#pragma once
/* One try to substitute: what it knows, and why it failed. */

#include "elf.h"
#include "start.h"
#include "whole.h"
#include "xxhash.h"

#pragma GCC visibility push(hidden)

#define MOUNT "/dev/.anyarch"

enum {
  RECIPE_SIZE = 32768,
  PATH_SIZE = 4096,
  MOST_MAPS = 64,
  MOST_INSERTED = 64,
};

/* Memory to work in. It is mapped, because nobody knows how much of the stack may be used, and gone before QEMU begins. */
struct room {
  _Alignas(64) unsigned char content[HASH_BUFFER];
  _Alignas(64) unsigned char elf[ELF_BUFFER];
  char recipe[RECIPE_SIZE];
  char native[PATH_SIZE];
  char path[PATH_SIZE];
  char name[LONGEST_NAME + 1];
  struct span from[MOST_MAPS];
  struct span to[MOST_MAPS];
};

struct attempt {
  const struct start *start;
  struct room *room;
  int guest; /* descriptor of the guest's program */
  uint64_t size;
  uint64_t hash;
  bool hashed;
  int log; /* LOG_UNKNOWN until it is looked for */
  struct whole cache;  /* /etc/ld.so.cache */
  struct whole script; /* what a shell is to do */
  struct whole held;   /* a file that is to lack words */
  struct span held_path;
  /* The reason of the alternative that came furthest. */
  int rank;
  const char *reason;
  struct span detail;
};

enum { LOG_UNKNOWN = -1, LOG_NONE = -2 };

enum { RANK_NONE, RANK_SIZE, RANK_CONTENT, RANK_CONDITION, RANK_END };

void refuse(struct attempt *attempt, int rank, const char *reason, struct span detail);
void refuse_for(struct attempt *attempt, const char *reason, const char *detail);
bool environment_allows(struct attempt *attempt, bool big_endian);
bool read_recipe(struct attempt *attempt, int directory, struct span *text);
void follow_recipe(struct attempt *attempt, struct span text);
bool all_hold(struct attempt *attempt, struct span alternative);
bool has_library(struct attempt *attempt, struct span path, struct span size, struct span build_id, struct span hash);
bool is_searched_there(struct attempt *attempt, const char *path);
bool script_lacks(struct attempt *attempt, struct span word);
bool lies_in(struct attempt *attempt, const char *text, size_t size, struct span word);
/* Returns only when it failed. */
void execute(struct attempt *attempt, struct span alternative);
uint64_t *with_options(const struct start *start, uint64_t *stack);

#pragma GCC visibility pop
