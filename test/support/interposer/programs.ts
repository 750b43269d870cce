import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';

/** What the programs below need. */
export const programsRequirement = {
  missing: (): string | undefined =>
    machine() === 'x86_64' && existsSync('/usr/bin/gcc') ? undefined : 'needs x86_64 and /usr/bin/gcc',
};

/** Stands for a native tool: prints what it was started with as JSON and exits with 42. Texts have no quotes. */
const tool = `
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

extern char **environ;

static void list(const char *name, char **texts, int most) {
  printf("\\"%s\\":[", name);
  for (int index = 0; texts[index] && index < most; index++) printf("%s\\"%s\\"", index ? "," : "", texts[index]);
  printf("],");
}

int main(int count, char **words) {
  char directory[4096];
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, NULL, &blocked);
  printf("{\\"tool\\":\\"native\\",\\"count\\":%d,", count);
  list("arguments", words, 12);
  list("variables", environ, 100);
  printf("\\"directory\\":\\"%s\\",\\"blockedPipe\\":%d,\\"descriptors\\":[", getcwd(directory, sizeof directory),
         sigismember(&blocked, SIGPIPE));
  const char *comma = "";
  for (int fd = 0; fd < 256; fd++)
    if (fcntl(fd, F_GETFD) >= 0) printf("%s%d", comma, fd), comma = ",";
  puts("]}");
  return 42;
}
`;

/**
 * \`start [OPTION=VALUE…] PATH [ARGUMENT…]\` executes PATH with exactly these arguments, the first being argv[0].
 * - count=N: with arguments up to that many, all of them \`x\`; 0: without argv[0]
 * - stack=BYTES: RLIMIT_STACK; files=N: RLIMIT_NOFILE
 * - refuse=NUMBER: the system call fails with EPERM; refuse=execve: that one with paths that are not this program's own
 * - privileges=none: no_new_privs
 * - user=ID
 * - directory=PATH
 * - open=FD: a descriptor that stays open
 * - variable=NAME=VALUE
 */
const start = `
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *variables[64];

static void refuse(const char *what) {
  int of_others = strcmp(what, "execve") == 0;
  unsigned number = of_others ? SYS_execve : strtoul(what, 0, 10);
  struct sock_filter code[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
    // This program is below 4 GB, what it executes maps memory above.
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]) + 4),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, of_others ? 0 : 1, of_others, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  if (!of_others) code[3] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 0, 0, 0);
  struct sock_fprog program = { sizeof code / sizeof *code, code };
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) perror("seccomp"), exit(99);
}

static void limit(int what, const char *value) {
  struct rlimit limits = { strtoul(value, 0, 10), strtoul(value, 0, 10) };
  if (setrlimit(what, &limits) != 0) perror("setrlimit"), exit(99);
}

int main(int count, char **words) {
  long wanted = -1, used = 0;
  const char *refused = NULL;
  for (int fd = 3; fd < 256; fd++) close(fd);
  for (words++, count--; count > 0 && words[0][0] != '/'; words++, count--) {
    char *value = strchr(*words, '=');
    *value++ = 0;
    if (strcmp(*words, "count") == 0) wanted = atol(value);
    if (strcmp(*words, "stack") == 0) limit(RLIMIT_STACK, value);
    if (strcmp(*words, "files") == 0) limit(RLIMIT_NOFILE, value);
    if (strcmp(*words, "refuse") == 0) refused = value;
    if (strcmp(*words, "privileges") == 0) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (strcmp(*words, "user") == 0 && setresuid(atoi(value), atoi(value), atoi(value)) != 0) return 99;
    if (strcmp(*words, "directory") == 0 && chdir(value) != 0) return 99;
    if (strcmp(*words, "open") == 0) dup2(0, atoi(value));
    if (strcmp(*words, "variable") == 0) variables[used++] = value;
  }
  static char path[4096];
  strcpy(path, words[0]);
  char **arguments = calloc((wanted > count ? wanted : count) + 1, sizeof *arguments);
  for (int index = 0; index < count - 1; index++) arguments[index] = words[index + 1];
  for (long index = count - 1; index < wanted; index++) arguments[index] = "x";
  if (refused) refuse(refused);
  syscall(SYS_execve, path, wanted == 0 ? NULL : arguments, variables);
  perror("execve");
  return 98;
}
`;

export interface Programs {
  readonly tool: string;
  readonly start: string;
}

/** Builds them, static, in the directory. */
export function buildPrograms(directory: string): Programs {
  const build = (name: string, source: string): string => {
    const [text, program] = [join(directory, `${name}.c`), join(directory, name)];
    writeFileSync(text, source);
    execFileSync('/usr/bin/gcc', ['-static', '-no-pie', '-O1', '-w', '-o', program, text]);
    return program;
  };
  return { tool: build('tool', tool), start: build('start', start) };
}
