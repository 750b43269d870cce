#include "act.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

int main(int count, char **words) {
  if (count > 1 && strcmp(words[1], "suite") == 0) return suite(count - 2, words + 2);
  if (count > 1 && strcmp(words[1], "suite-by-name") == 0) return suite_by_name(count - 2, words + 2);
  int code = act(count, words);
  if (code >= 0) return code;
  // Not in an error: a guest without words is one of the cases.
  printf("no word of mine, of %d\n", count);
  return 2;
}
