import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findArchitecture } from '../../src/core/architecture.ts';
import { chooseEmulator, type Emulator } from '../../src/emulators/index.ts';
import type { Host } from '../../src/host/host.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { findInterposed, interpose, verifyInterposed } from '../../src/interposer/index.ts';
import { patchEmulator } from '../../src/interposer/patch/index.ts';
import { tryExplicitly } from '../../src/interposer/suite/explicit.ts';
import { guestPrograms } from '../../src/interposer/suite/guests.ts';
import { differenceOf, isComplete } from '../../src/interposer/suite/outputs.ts';
import { ownToken } from '../../src/store/index.ts';
import { run } from '../support/command.ts';
import { anyarch, executable } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const built = {
  missing: () =>
    existsSync(join(repository, 'build/interposer/x86_64.bin')) &&
    existsSync(join(repository, 'build/guests/aarch64/fixed'))
      ? undefined
      : 'needs npm run build:entrypoint',
};

/** exit_group(0), and a jump to itself: what stands where a program begins. */
const broken = {
  'ends each program at once': [0x31, 0xff, 0xb8, 0xe7, 0, 0, 0, 0x0f, 0x05],
  'never ends': [0xeb, 0xfe],
};

describeWith([needs.qemu, built], 'interposed emulators', () => {
  let chosen: Emulator;
  const build = join(repository, 'build');

  /** A machine with a state directory of its own. */
  const machine = (state = temporaryDirectory('home')): { host: Host; state: string } => {
    const { PATH, HOME } = process.env;
    const environment = { PATH, HOME, ANYARCH_HOME: state };
    return { host: nodeHost({ system: { environment } }), state };
  };
  const only = async (host: Host, options: { build: string }) => {
    const [result] = await interpose(host, [chosen], options);
    if (result === undefined) throw new Error('nothing came of it');
    return result;
  };
  const recordOf = (state: string): { items: { suite: { outcome: string; at: string; kind: string } }[] } =>
    JSON.parse(readFileSync(join(state, 'interposed/aarch64.json'), 'utf8')) as never;
  const buildWith = (change: (blob: Buffer) => Buffer): string => {
    const copy = temporaryDirectory('build');
    cpSync(join(build, 'interposer'), join(copy, 'interposer'), { recursive: true });
    cpSync(join(build, 'guests'), join(copy, 'guests'), { recursive: true });
    const blob = join(copy, 'interposer/x86_64.bin');
    writeFileSync(blob, change(readFileSync(blob)));
    return copy;
  };

  beforeAll(() => {
    const { host } = machine();
    const { emulator } = chooseEmulator(host, 'arm64', { qemu: process.env['ANYARCH_TEST_QEMU_DIR'] });
    if (emulator === undefined) throw new Error('no emulator for arm64');
    chosen = emulator;
  });

  it('is made once, proven by guests, and found again', async () => {
    const { host, state } = machine();
    expect(findInterposed(host, chosen, { build })).toBeUndefined();
    const made = await only(host, { build });
    expect(made.plain).toBeUndefined();
    expect(made.emulator.interposed).toMatchObject({ arguments: [] });
    expect(made.emulator.sha256).not.toBe(made.emulator.interposed?.originalSha256);
    expect(made.emulator).toMatchObject({ version: chosen.version, target: 'aarch64' });
    expect(recordOf(state).items).toMatchObject([{ suite: { outcome: 'passed', kind: 'all' } }]);
    expect(readdirSync(join(state, 'interposed/trials'))).toEqual([]);
    expect(findInterposed(host, chosen, { build })).toEqual(made);
    expect(await verifyInterposed(host)).toMatchObject([{ target: 'aarch64', outcome: 'intact' }]);
  });

  describe.each(Object.entries(broken))('with an interposer that %s', (_, code) => {
    it('is not used, and says why', async () => {
      const { host, state } = machine();
      const wrong = buildWith((blob) => Buffer.concat([Buffer.from(code), blob.subarray(code.length)]));
      const kept = await only(host, { build: wrong });
      expect(kept.emulator).toBe(chosen);
      expect(kept.plain).toMatchObject({
        code: 'suite-failed',
        reason: expect.stringMatching(/^the guest/) as string,
      });
      expect(recordOf(state).items).toMatchObject([{ suite: { outcome: 'failed' } }]);
      // It is known from now on: nothing is tried again.
      expect(findInterposed(host, chosen, { build: wrong })?.plain?.code).toBe('suite-failed');
      // The good one is another one.
      expect((await only(host, { build })).plain).toBeUndefined();
      // Guests that never end compute until they are given up.
    }, 180_000);
  });

  it('notices damage, and makes it anew without other guests', async () => {
    const { host, state } = machine();
    const { emulator } = await only(host, { build });
    const { at } = recordOf(state).items[0]!.suite;
    const { size } = statSync(emulator.path);
    truncateSync(emulator.path, size - 1);
    expect(findInterposed(host, chosen, { build })).toBeUndefined();
    expect((await only(host, { build })).emulator).toEqual(emulator);
    expect(await verifyInterposed(host)).toMatchObject([{ outcome: 'intact' }]);
    expect(recordOf(state).items).toHaveLength(1);
    expect(recordOf(state).items[0]!.suite.at).toBe(at);
    // The same interposer, installed anew.
    const again = buildWith((blob) => blob);
    utimesSync(join(again, 'interposer/x86_64.bin'), 1, 1);
    expect((await only(host, { build: again })).emulator).toEqual(emulator);
    expect(recordOf(state).items[0]!.suite.at).toBe(at);
  });

  it('notices a byte that changed while size and time stayed', async () => {
    const { host } = machine();
    const made = await only(host, { build });
    const damage = (): void => {
      const { atime, mtime } = statSync(made.emulator.path);
      const bytes = readFileSync(made.emulator.path);
      bytes[9_000_000]! ^= 1;
      writeFileSync(made.emulator.path, bytes);
      utimesSync(made.emulator.path, atime, mtime);
    };
    damage();
    expect(findInterposed(host, chosen, { build })).toBeUndefined();
    expect(await only(host, { build })).toEqual(made);
    expect(findInterposed(host, chosen, { build, lasting: true })).toEqual(made);
    damage();
    expect(await verifyInterposed(host)).toMatchObject([{ outcome: 'damaged' }]);
    // It is gone, and the next one who wants it makes it anew.
    expect(existsSync(made.emulator.path)).toBe(false);
    expect(await verifyInterposed(host)).toEqual([]);
    expect(await only(host, { build })).toEqual(made);
    expect(await verifyInterposed(host)).toMatchObject([{ outcome: 'intact' }]);
  });

  it('clears what killed commands left, and nothing of those that run', async () => {
    const { host, state } = machine();
    const temporary = join(state, 'store/temporary');
    mkdirSync(temporary, { recursive: true });
    // A process of this pid namespace that is gone: no pid is that large.
    const gone = ownToken().replace(/-\d+-/, '-4194305-');
    writeFileSync(join(temporary, `${gone}.0123`), 'half');
    writeFileSync(join(temporary, `${ownToken()}.0123`), 'half');
    await only(host, { build });
    expect(readdirSync(temporary)).toEqual([`${ownToken()}.0123`]);
  });

  describe('where there can be no private table', () => {
    const architecture = findArchitecture('arm64');
    const programs = guestPrograms(nodeHost(), build, 'aarch64');
    const tried = async (name: string, path: string, signal = AbortSignal.timeout(30_000)) =>
      await tryExplicitly(nodeHost(), { path }, programs, {
        architecture,
        directory: join(temporaryDirectory('trial'), name),
        signal,
      });

    it('is tried by name, and says what was not tried', async () => {
      const home = temporaryDirectory('home');
      const guest = join(build, 'guests/aarch64/fixed');
      const words = ['exec', '-a', 'arm64', '--no-fetch', guest, 'exit', '7'];
      // In a user namespace that no other may be made in.
      const script = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
      const command = ['unshare', '-Ur', 'sh', '-ec', script, 'sh'];
      const cli = [executable, ...words];
      const { PATH, HOME } = process.env;
      const ended = await run([...command, ...cli], {
        environment: {
          ...(PATH === undefined ? {} : { PATH }),
          ...(HOME === undefined ? {} : { HOME }),
          ANYARCH_HOME: home,
          ANYARCH_QEMU_DIR: process.env['ANYARCH_TEST_QEMU_DIR'] ?? '',
        },
      });
      expect(ended).toMatchObject({ exitCode: 7 });
      expect(ended.stderr).not.toMatch(/warning|without the interposer/);
      const { suite } = recordOf(home).items[0]!;
      expect(suite).toMatchObject({ outcome: 'passed', kind: 'explicit' });
      expect(suite).toMatchObject({
        untried: expect.arrayContaining(['script', 'set-user-id', 'flags of entries']) as string[],
      });
      expect((suite as unknown as { cases: number }).cases).toBeGreaterThan(25);
    });

    it.each(Object.entries(broken))('an interposer that %s does not pass', async (_, code) => {
      const interposer = readFileSync(join(build, 'interposer/x86_64.bin'));
      const patched = (blob: Buffer): string => {
        const path = join(temporaryDirectory('patched'), 'qemu-aarch64');
        const options = { interposer: blob, arguments: [], bigEndian: false };
        writeFileSync(path, patchEmulator(readFileSync(chosen.path), options), { mode: 0o755 });
        return path;
      };
      const plain = await tried('one', chosen.path);
      expect(isComplete(plain)).toBe(true);
      expect(differenceOf(plain, await tried('two', patched(interposer)))).toBeUndefined();
      const wrong = patched(Buffer.concat([Buffer.from(code), interposer.subarray(code.length)]));
      const found = await tried('two', wrong, AbortSignal.timeout(2000));
      expect(differenceOf(plain, found)).toMatch(/^the guest/);
    });
  });

  it('tells what is no interposer from one, and goes without', async () => {
    const { host } = machine();
    const kept = await only(host, { build: buildWith(() => Buffer.from('#!/bin/sh\n')) });
    expect(kept).toMatchObject({ emulator: chosen, plain: { code: 'unpatchable' } });
    const none = await only(host, { build: temporaryDirectory('build') });
    expect(none).toMatchObject({ emulator: chosen, plain: { code: 'no-interposer' } });
  });

  it('is what run uses, unless it is told not to', async () => {
    const home = temporaryDirectory('home');
    const guest = join(build, 'guests/aarch64/fixed');
    const entry = async (
      words: readonly string[],
      environment: Record<string, string> = {},
    ): Promise<string> => {
      const command = ['run', '-a', 'arm64', '--rootfs', '/', '--no-fetch', ...words, '--'];
      const shown = await anyarch([...command, 'cat', '/proc/sys/fs/binfmt_misc/qemu-aarch64'], {
        home,
        environment: { ANYARCH_PLAIN: '0', ...environment },
      });
      expect(shown).toMatchObject({ exitCode: 0 });
      // The guest itself runs with it.
      const ended = await anyarch([...command, guest, 'exit', '7'], {
        home,
        environment: { ANYARCH_PLAIN: '0' },
      });
      expect(ended.exitCode).toBe(7);
      return /^interpreter (.*)$/m.exec(shown.stdout)?.[1] ?? '';
    };
    const original = join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', 'qemu-aarch64');
    expect(await entry([])).toMatch(/\/store\/sha256\/[0-9a-f]{64}\/qemu-aarch64$/);
    expect(await entry(['--plain'])).toBe(original);
    expect(await entry([], { ANYARCH_PLAIN: '1' })).toBe(original);
    expect(await entry(['--qemu', original])).toBe(original);
    expect(await entry(['--qemu', process.env['ANYARCH_TEST_QEMU_DIR'] ?? ''])).toMatch(/\/store\//);
  });

  it('goes without options that guests notice', async () => {
    const { host, state } = machine();
    // What 7.2 needs; from 10.0 on it adds features that guests see.
    const [result] = await interpose(host, [{ ...chosen, version: '7.2.22' }], { build });
    expect(result?.plain).toBeUndefined();
    expect(result?.emulator.interposed?.arguments).toEqual([]);
    expect(recordOf(state).items).toMatchObject([
      { arguments: [], suite: { outcome: 'passed' } },
      { arguments: ['-cpu', 'max,pauth-impdef=on'], suite: { outcome: 'failed' } },
    ]);
  });

  it('takes options that the environment of guests does not show, and leaves QEMU_CPU to who sets it', async () => {
    const path = join(temporaryDirectory('patched'), 'qemu-aarch64');
    const patched = patchEmulator(readFileSync(chosen.path), {
      interposer: readFileSync(join(build, 'interposer/x86_64.bin')),
      arguments: ['-cpu', 'cortex-a53'],
      bigEndian: false,
    });
    writeFileSync(path, patched, { mode: 0o755 });
    const guest = join(build, 'guests/aarch64/fixed');
    const told = async (word: string, environment: Record<string, string>): Promise<string> =>
      (await run([path, guest, word], { environment })).stdout;
    expect(await told('environment', { A: 'b' })).toBe('variable A=b\nvariables 1\n');
    const plain = async (environment: Record<string, string>): Promise<string> =>
      (await run([chosen.path, guest, 'auxiliary'], { environment })).stdout;
    const [small, usual] = [await plain({ QEMU_CPU: 'cortex-a53' }), await plain({ QEMU_CPU: 'max' })];
    expect(small).not.toBe(usual);
    expect(await told('auxiliary', {})).toBe(small);
    expect(await told('auxiliary', { QEMU_CPU: 'max' })).toBe(usual);
  });
});
