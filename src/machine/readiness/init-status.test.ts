import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Machine } from '../life/machine.ts';
import type { RunningMachine } from '../record.ts';
import { initQuestion, waitForInit } from './init-status.ts';
import { withGuest } from './testing/with-guest.ts';

const machine = {
  record: { name: 'demo', id: 'i', access: { user: 'me', key: '/k' }, definition: 'arm64' },
  places: { ssh: '/state/ssh' },
} as unknown as Machine;
const running = { sshPort: 1, sockets: '/nowhere' } as unknown as RunningMachine;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'anyarch-init-'));
  mkdirSync(join(root, 'run/openrc'), { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** What a guest with such files answers; `systemctl` is its program. */
function answer(files: Readonly<Record<string, string>>, systemctl = 'exit 1'): string {
  for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), content);
  writeFileSync(join(root, 'systemctl'), `#!/bin/sh\n${systemctl}\n`);
  chmodSync(join(root, 'systemctl'), 0o755);
  const question = initQuestion.replaceAll('/run/', `${root}/run/`);
  const environment = { PATH: `${root}:/usr/bin:/bin` };
  return execFileSync('sh', ['-c', question], { encoding: 'utf8', env: environment });
}

const note = 'run/anyarch-init';

it('is answered for an image without an init, and for a disk of before', () => {
  expect(answer({})).toBe('none\n');
  expect(answer({ [note]: '\n' })).toBe('none\n');
});

it("is answered in systemd's words", () => {
  const systemd = { [note]: '/usr/lib/systemd/systemd\n' };
  expect(answer(systemd, 'echo starting; exit 1')).toBe('starting\n');
  expect(answer(systemd, 'exit 1')).toBe('offline\n');
  const units = 'a.service loaded failed failed A\nb.mount loaded failed failed B';
  const script = `case $1 in is-*) echo degraded; exit 1;; *) echo '${units}';; esac`;
  expect(answer(systemd, script)).toBe('degraded\na.service\nb.mount\n');
});

it('is answered by what OpenRC notes', () => {
  const openrc = { [note]: '/sbin/init\n' };
  expect(answer(openrc)).toBe('starting\n');
  for (const level of ['sysinit', 'boot', ''])
    expect(answer({ ...openrc, 'run/openrc/softlevel': level })).toBe('starting\n');
  expect(answer({ ...openrc, 'run/openrc/softlevel': 'default' })).toBe('running\n');
  expect(answer({ ...openrc, 'run/openrc/rc.starting': '' })).toBe('starting\n');
});

async function outcomeOf(script: string, milliseconds = 20_000) {
  let atWork = 0;
  const signal = AbortSignal.timeout(milliseconds);
  const onAtWork = (): void => void (atWork += 1);
  const result = await withGuest(
    script,
    async () => await waitForInit(machine, running, { attemptMs: 5_000, signal, onAtWork }),
  );
  return { result, atWork };
}

it('waits for services, and names those that failed', { timeout: 30_000 }, async () => {
  expect((await outcomeOf('echo running')).result).toEqual({ status: 'running', failed: [] });
  const degraded = await outcomeOf('printf "degraded\\na.service\\n"');
  expect(degraded.result).toEqual({ status: 'degraded', failed: ['a.service'] });
  expect((await outcomeOf('exit 127')).result).toEqual({ status: 'none', failed: [] });
});

it('counts as work only what the init calls so', { timeout: 30_000 }, async () => {
  for (const script of ['echo starting', 'echo initializing'])
    expect((await outcomeOf(script, 500)).atWork).toBeGreaterThan(0);
  for (const script of ['echo offline', 'exit 1', 'echo maintenance'])
    expect(await outcomeOf(script, 500)).toEqual({ result: undefined, atWork: 0 });
});
