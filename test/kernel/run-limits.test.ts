import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { anyarch } from '../support/engines/cli.ts';
import type { CliResult } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const controlGroups = {
  missing: () =>
    existsSync('/sys/fs/cgroup/pids/cgroup.procs') || existsSync('/run/systemd/private')
      ? undefined
      : 'needs control groups of version 1, or systemd',
};

describeWith([needs.root, controlGroups], 'limits of a guest', () => {
  const home = temporaryDirectory('home');
  const runHere = (...args: string[]): Promise<CliResult> => anyarch(['run', ...args], { home });

  it('end its making of processes', async () => {
    const script = 'for each in 1 2 3 4 5 6 7 8; do sleep 0.3 & done; wait; echo all';
    expect(await runHere('--', 'sh', '-c', script)).toMatchObject({ exitCode: 0, stdout: 'all\n' });
    const limited = await runHere('--pids-limit', '5', '--', 'sh', '-c', script);
    expect(limited.stdout).toBe('');
    expect(limited.stderr).toContain('fork');
    // The launcher and the namespace's init are not counted.
    expect(await runHere('--pids-limit', '2', '--', 'sh', '-c', 'sleep 0 & wait')).toMatchObject({
      exitCode: 0,
    });
  });

  it('end its using of memory', async () => {
    const script = 'head -c 90m /dev/zero | tail -c 80m | wc -c';
    expect((await runHere('--', 'sh', '-c', script)).stdout.trim()).toBe(`${80 * 2 ** 20}`);
    const limited = await runHere('--memory', '32m', '--', 'sh', '-c', script);
    expect(limited.stdout.trim()).not.toBe(`${80 * 2 ** 20}`);
  });

  it('slow it down', async () => {
    const spent =
      'const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };';
    const script = `${spent} const [start, time] = [spent(), Date.now()]; while (spent() - start < 200); console.log((Date.now() - time) / (spent() - start))`;
    // Node has other threads, which take some of it.
    const { stdout } = await runHere('--cpus', '0.2', '--', process.execPath, '-e', script);
    expect(Number(stdout)).toBeGreaterThan(2.5);
  });

  it('leave nothing behind', async () => {
    await runHere('--memory', '64m', '--cpus', '1', '--pids-limit', '50', '--', 'true');
    const groups = ['memory', 'cpu', 'pids', 'unified', ''].map((name) => `/sys/fs/cgroup/${name}`);
    const left = groups.flatMap((path) => (existsSync(path) ? readdirSync(path) : []));
    expect(left.filter((name) => name.startsWith('anyarch-run-'))).toEqual([]);
  });
});
