import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { anyarch, executable, offline } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guestRoot } from '../support/guest-roots/guest-root.ts';
import { preparedState } from '../support/guest-roots/prepared-state.ts';
import { preparedTools } from '../support/guest-roots/prepared-tools.ts';
import { temporaryDirectory } from '../support/temporary.ts';

interface Prepared {
  readonly sets: readonly {
    readonly group: string;
    readonly set: string;
    readonly bytes: number;
  }[];
}

describeWith([needs.root, needs.qemu, needs.apt], 'the tool tree', () => {
  let home: string;
  beforeAll(async () => {
    home = await preparedState();
  });

  it('has what was prepared, whole and for everybody to read', async () => {
    const { json } = await anyarch(['accelerate', 'verify', '--json'], { home });
    expect(json()).toMatchObject({ problems: [], sets: [{ outcome: 'intact' }, { outcome: 'intact' }] });
    const listed = (await anyarch(['accelerate', 'list', '--json'], { home })).json() as Prepared;
    const compilers = listed.sets.find(({ group }) => group === 'c');
    expect(compilers?.bytes).toBeLessThan(150e6);
    const set = join(home, 'tool-tree', compilers?.set ?? '-');
    for (const path of [set, join(set, 'bin'), join(set, 'bin/cc1'), join(set, 'ld')])
      expect(statSync(path).mode & 0o7777).toBe(0o755);
    // Nothing was left out: each has passed its test.
    const programs = readdirSync(join(set, 'bin'));
    const expected = preparedTools.filter(({ group }) => group === 'c').map(({ name }) => name);
    expect(programs).toEqual(expect.arrayContaining(expected));
  });

  it('notices damage', async () => {
    const listed = (await anyarch(['accelerate', 'list', '--json'], { home })).json() as Prepared;
    const set = listed.sets.find(({ group }) => group === 'c')?.set ?? '-';
    truncateSync(join(home, 'tool-tree', set, 'bin/cc1'), 1000);
    const verified = await anyarch(['accelerate', 'verify', '--json'], { home });
    expect(verified.exitCode).toBe(3);
    expect(JSON.stringify(verified.json())).toContain('bin/cc1 has 1000 bytes');
  });

  it(
    'gets what a request asks for, tested, and answers the same request at once',
    { timeout: 400_000 },
    async () => {
      const wish = ['accelerate', 'prepare', '--for', await guestRoot('dev'), '--group', 'archive', '--json'];
      const first = await anyarch(wish, { home, timeoutMs: 300_000 });
      expect(first).toMatchObject({ exitCode: 0 });
      expect(first.json()).toMatchObject({ sets: [{ group: 'archive', outcome: 'made', leftOut: [] }] });
      const again = await anyarch(wish, { home });
      expect(again.json()).toMatchObject({ sets: [{ group: 'archive', outcome: 'present' }] });
    },
  );

  it('goes as a whole', async () => {
    const removed = await anyarch(['accelerate', 'remove', 'all'], { home });
    expect(removed).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(home, 'tool-tree')).filter((name) => name !== 'log')).toEqual(['r']);
    expect(readdirSync(join(home, 'tool-tree/r'))).toEqual([]);
  });
});

describeWith([needs.root, needs.apt], 'a preparation that is killed', () => {
  it('leaves nothing behind for the next command', { timeout: 60_000 }, async () => {
    const home = temporaryDirectory('home');
    const preparing = spawn(
      executable,
      ['accelerate', 'prepare', '--suite', 'trixie', '-a', 'arm64', '--group', 'archive'],
      {
        env: { ...process.env, ...offline, ANYARCH_HOME: home },
        stdio: 'ignore',
      },
    );
    const ended = once(preparing, 'exit');
    const sets = join(home, 'tool-sets');
    const isAtWork = () => existsSync(sets) && readdirSync(sets).some((name) => name.startsWith('making-'));
    while (!isAtWork() && preparing.exitCode === null) await pause(20);
    preparing.kill('SIGKILL');
    await ended;
    expect(isAtWork()).toBe(true);
    expect(await anyarch(['accelerate', 'remove', 'all'], { home })).toMatchObject({ exitCode: 0 });
    expect(readdirSync(sets)).toEqual([]);
    expect(readdirSync(join(home, 'tool-tree')).filter((name) => name !== 'log')).toEqual(['r']);
  });
});
