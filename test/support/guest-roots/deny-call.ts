import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../command.ts';
import { temporaryDirectory } from '../temporary.ts';

/** `deny NUMBER ERRNO COMMAND …` runs a command that is refused a system call of this machine, as a container's profile does it. */
const source = `#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, atoi(argv[1]), 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(argv[2])),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {4, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 3;
  execv(argv[3], argv + 3);
  return 4;
}
`;

/** Numbers of this machine's calls that the interposer makes; the kernel's headers know them. */
export async function installDeny(
  root: string,
  calls: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const directory = temporaryDirectory('deny');
  const file = join(directory, 'deny.c');
  writeFileSync(file, source);
  mkdirSync(join(root, 'opt'), { recursive: true });
  await succeed(['gcc', '-O2', '-static', '-o', join(root, 'opt/deny'), file]);
  const list = calls.map((name) => `number_of_${name} __NR_${name}`).join('\n');
  const { stdout } = await succeed(['gcc', '-E', '-P', '-include', 'sys/syscall.h', '-x', 'c', '-'], {
    input: list,
  });
  return new Map(
    calls.map((name) => [name, Number(new RegExp(`number_of_${name} (\\d+)`).exec(stdout)?.[1])]),
  );
}
