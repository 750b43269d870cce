import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { findArchitecture } from '../../src/core/architecture.ts';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { formatRule } from '../../src/core/rule.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { insideExecutor } from '../../src/table-in-force/inside-executor.ts';
import { viewerFor } from '../../src/table-in-force/seen-tables.ts';
import { run } from '../support/command.ts';
import { anyarch, executable } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { createUserHome } from '../support/engines/user.ts';
import { temporaryDirectory } from '../support/temporary.ts';

interface UsersTable {
  /** Of a process in the user's namespace. */
  readonly pid: number;
  /** Where the interpreter writes. */
  readonly seen: string;
}

const started: (() => void)[] = [];

afterEach(() => {
  for (const end of started.splice(0)) end();
});

/** A user's own namespaces, whose table has a script of the user's as the interpreter for s390x. */
async function usersTable(script: (seen: string) => string): Promise<UsersTable> {
  const { directory } = createUserHome();
  const [interpreter, seen, ready, rule] = ['interpreter', 'seen', 'ready', 'rule'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  writeFileSync(interpreter, `#!/bin/sh\n${script(seen)}\n`, { mode: 0o755 });
  const flags = { fixBinary: false, credentials: false, openBinary: false, preserveArgv0: false };
  const s390x = findArchitecture('s390x');
  writeFileSync(rule, formatRule({ ...s390x, name: 'qemu-s390x', kind: 'magic', interpreter, flags }));
  const steps = [
    'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc',
    `cat ${rule} > /proc/sys/fs/binfmt_misc/register`,
    `echo $$ > ${ready}`,
    'read end',
  ].join(' && ');
  const ids = ['--reuid', 'anyarch-test', '--regid', 'anyarch-test', '--init-groups'];
  const holder = spawn('setpriv', [...ids, 'unshare', '-Urm', 'sh', '-c', steps], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  started.push(() => holder.stdin.end('\n'));
  await expect.poll(() => existsSync(ready) && readFileSync(ready, 'utf8')).toMatch(/\d\n/);
  return { pid: Number(readFileSync(ready, 'utf8')), seen };
}

function isRunning(...command: readonly string[]): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return (
        /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8') === `${command.join('\0')}\0`
      );
    } catch {
      return false;
    }
  });
}

describeWith([needs.root, needs.testUser, needs.hostTable], 'what a user has registered', () => {
  test('runs as that user, without groups and environment', async () => {
    const { pid, seen } = await usersTable(
      (file) =>
        `{ grep -E '^(Uid|Groups):' /proc/self/status; tr '\\0' '\\n' </proc/self/environ; } >${file}\nexit 42`,
    );
    const told = await anyarch(['status', '--pid', `${pid}`], { environment: { SECRET: 'of root' } });
    expect(told.stdout).toMatch(/^qemu-s390x\s+proven/m);
    expect(statSync(seen).uid).toBe(statSync(join(seen, '..')).uid);
    const inside = readFileSync(seen, 'utf8');
    expect(inside).toMatch(/^Uid:\s+0\s+0\s+0\s+0\nGroups:\s*\n/);
    expect(inside).not.toContain('SECRET');
    const all = (await anyarch(['status', '--user', 'anyarch-test', '--json'])).json();
    const { tables } = all as { tables: readonly { process: unknown }[] };
    expect(tables.map(({ process }) => process)).toContainEqual(expect.objectContaining({ pid }));
  });

  test('gets nothing of root’s working directory and open files', async () => {
    const { pid, seen } = await usersTable(
      (file) => `{ pwd -P; cat ./secret; ls -l /proc/self/fd; } >${file} 2>&1\nexit 42`,
    );
    const sub = join(temporaryDirectory('root-only'), 'sub');
    mkdirSync(sub);
    chmodSync(join(sub, '..'), 0o700);
    writeFileSync(join(sub, 'secret'), 'of root\n', { mode: 0o644 });
    // The shell leaves a file open that nobody else can open.
    const script = `exec 7<secret; ${executable} status --pid ${pid}`;
    const told = await run(['bash', '-c', script], {
      directory: sub,
      environment: { ...process.env, ANYARCH_HOME: temporaryDirectory('home') },
    });
    expect(told.stdout).toMatch(/^qemu-s390x\s+proven/m);
    const inside = readFileSync(seen, 'utf8');
    expect(inside).toMatch(/^\/\ncat: /);
    expect(inside).not.toContain('of root');
    // The directory is what `ls` itself has open.
    const files = [...inside.matchAll(/ (\d+) -> (?!\/proc\/)(.*)/g)].map(([, descriptor, file]) => [
      descriptor,
      file,
    ]);
    expect(files).toEqual([
      ['0', '/dev/null'],
      ['1', seen],
      ['2', seen],
    ]);
  });

  test('leaves nothing running, whether it ends or hangs', async () => {
    const sleeps = ['3571.25', '3571.5'];
    const { pid, seen } = await usersTable(
      (file) => `setsid sleep 3571.25 &\necho >>${file}\n[ "$1" != "\${1%-hangs}" ] && sleep 3571.5\nexit 42`,
    );
    const host = nodeHost();
    const executor = insideExecutor(host, viewerFor(host, pid)!, viewerFor(host, process.pid));
    const directory = temporaryDirectory('programs');
    chmodSync(directory, 0o755);
    const [ends, hangs] = ['ends', 'that-hangs'].map((name) => {
      const path = join(directory, name);
      writeFileSync(path, buildProbe('s390x'), { mode: 0o755 });
      return path;
    }) as [string, string];
    expect(executor.execute(ends)).toEqual({ kind: 'exited', code: 42 });
    expect(executor.execute(hangs, [], { timeoutMs: 500 })).toEqual({ kind: 'timeout' });
    expect(readFileSync(seen, 'utf8')).toBe('\n\n');
    await expect.poll(() => sleeps.filter((seconds) => isRunning('sleep', seconds))).toEqual([]);
  });
});
