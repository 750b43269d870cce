import { describe, expect, it } from 'vitest';
import { offline, executable } from '../support/engines/cli.ts';
import { run, type CommandResult } from '../support/command.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** Runs a line of bash in which `anyarch` is the built command. */
function shell(line: string): Promise<CommandResult> {
  const script = `set -o pipefail; anyarch() { "$0" "$@"; }; ${line}`;
  return run(['bash', '-c', script, executable], {
    environment: { ...process.env, ...offline, ANYARCH_HOME: temporaryDirectory('home') },
    timeoutMs: 30_000,
  });
}

describe('output', () => {
  it.each(['status', 'status --json', '--help', '--version --json', 'run --help', 'nonsense --json'])(
    'of "%s" that does not fit is a failure',
    async (words) => {
      const { exitCode, stderr } = await shell(`anyarch ${words} >/dev/full`);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('standard output (ENOSPC) [ANYARCH_DISK_FULL]\n  next: free space');
    },
  );

  it('ends quietly when nobody reads it', async () => {
    const { exitCode, stderr } = await shell('{ sleep 1; anyarch status; } | true');
    expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' });
  });

  it('does not depend on anybody seeing the errors', async () => {
    expect((await shell('anyarch nonsense 2>/dev/full')).exitCode).toBe(2);
    expect((await shell('anyarch exec /nope 2>/dev/full')).exitCode).toBe(127);
  });

  it('comes whole through a pipe that is full and does not block', async () => {
    const reader = 'process.stdin; setTimeout(() => process.stdin.pipe(process.stdout), 1500)';
    const whole = await shell('anyarch emulators list all --json');
    const slow = await shell(`anyarch emulators list all --json | node -e '${reader}'`);
    expect(slow.exitCode).toBe(0);
    expect(slow.stdout).toBe(whole.stdout);
  });
});
