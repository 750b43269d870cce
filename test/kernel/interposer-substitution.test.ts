import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busybox } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { qemuBinary } from '../support/fixtures/qemu.ts';
import { programsRequirement } from '../support/interposer/programs.ts';
import { guestPath, openLaboratory, patchedIn, runCase, toolPath } from '../support/interposer/sandbox.ts';
import type { Case, Laboratory, Outcome } from '../support/interposer/sandbox.ts';

let laboratory: Laboratory;
let emulator: string;
let guest: string;

beforeAll(async () => {
  if (programsRequirement.missing() !== undefined || needs.qemu.missing() !== undefined) return;
  laboratory = await openLaboratory();
  emulator = patchedIn(laboratory, await qemuBinary('11.1', 'aarch64'), 'qemu-aarch64');
  guest = await busybox(guests.arm64);
}, 300_000);

const runHere = (input: Partial<Case> = {}): Promise<Outcome> =>
  runCase(laboratory, { emulator, guest, flags: 'FPO', ...input });

describeWith([programsRequirement, needs.qemu], 'a substituted program', () => {
  it.each(['F', 'FP', 'FO', 'FPO', 'FC', 'FPC', '', 'P', 'O', 'PC', 'direct'])(
    'gets what the guest was to get, with flags %j',
    async (flags) => {
      const start = ['variable=A=1', 'variable=PATH=/none', 'open=7', 'open=30'];
      const words = ['zero', 'echo', 'one two', '', '-x'];
      const result = await runHere({ flags, start, words });
      expect(result.native).toEqual({
        tool: 'native',
        count: 5,
        // Without P nobody knows argv[0].
        arguments: [flags.includes('P') ? 'zero' : guestPath, ...words.slice(1)],
        variables: ['A=1', 'PATH=/none'],
        directory: '/',
        blockedPipe: 0,
        descriptors: [0, 1, 2, 7, 30],
      });
      expect(result.exitCode).toBe(42);
    },
  );

  it.each(['F', 'FP', 'FO', 'FPO', 'FPC', '', 'P', 'direct'])(
    'is emulated without the tree, with flags %j',
    async (flags) => {
      const result = await runHere({ flags, mount: 'none' });
      expect(result).toMatchObject({ native: undefined, exitCode: 0, stdout: 'emulated\n' });
    },
  );

  it('is one in a script, too', async () => {
    const files = { 'bin/script': `#!${guestPath} sh\n` };
    const last = 'chmod 755 $R/bin/script';
    const result = await runHere({ files, last, path: '/bin/script', words: ['script', 'one'] });
    expect(result.native?.arguments).toEqual([guestPath, 'sh', '/bin/script', 'one']);
  });

  it('gets arguments as the recipe changes them', async () => {
    const recipe = [
      {
        map: [
          { from: '--plugin=/guest%', to: '--plugin=/dev/.anyarch/abcdef ' },
          { from: '--plugin=', to: 'second' },
        ],
        insert: ['--first', 'se cond'],
        arg0: 'other',
      },
    ];
    const words = ['zero', '--plugin=/guest%/lto.so', '--plugin=x', 'x--plugin=x'];
    expect((await runHere({ recipe, words })).native?.arguments).toEqual([
      'other',
      '--first',
      'se cond',
      '--plugin=/dev/.anyarch/abcdef /lto.so',
      'secondx',
      'x--plugin=x',
    ]);
  });

  it('gets 100,000 arguments', async () => {
    const recipe = [{ bail: ['y'], need: ['x'], map: [{ from: 'x', to: 'xx' }], insert: ['i'] }];
    const result = await runHere({ recipe, start: ['count=100000'], words: ['zero'] });
    expect(result.native).toMatchObject({ count: 100_001 });
    expect(result.native?.arguments.slice(0, 4)).toEqual(['zero', 'i', 'xx', 'xx']);
    const without = await runHere({ mount: 'none', start: ['count=100000'], words: ['busybox', 'echo'] });
    expect(without.stdout.length).toBe(2 * 99_998);
  });

  it('is one with no_new_privs, without /proc, as nobody and with few descriptors', async () => {
    expect((await runHere({ start: ['privileges=none'] })).exitCode).toBe(42);
    expect((await runHere({ last: 'rmdir $R/proc' })).exitCode).toBe(42);
    expect((await runHere({ flags: 'F', start: ['files=7'] })).exitCode).toBe(42);
  });

  it('is one with the least stack that kernels start programs with', async () => {
    for (const stack of [65_536, 140_000, 300_000])
      expect((await runHere({ start: [`stack=${stack}`] })).exitCode).toBe(42);
  });

  it('is one for guests of 32 bits and of big-endian architectures', async () => {
    for (const one of [guests.armhf, guests.s390x, guests.ppc64el, guests.riscv64]) {
      const bigEndian = one.qemu === 's390x';
      const name = `qemu-${one.qemu}`;
      const patched = patchedIn(laboratory, await qemuBinary('11.1', one.qemu), name, { bigEndian });
      const input = { emulator: patched, guest: await busybox(one) };
      expect((await runHere(input)).exitCode).toBe(42);
      expect((await runHere({ ...input, mount: 'none' })).stdout).toBe('emulated\n');
      const localized = { ...input, start: ['variable=LC_ALL=C.UTF-8'] };
      expect((await runHere(localized)).exitCode).toBe(bigEndian ? 0 : 42);
    }
    // The first time their programs are fetched from Debian.
  }, 300_000);

  it('is one without a build id, found by its size', async () => {
    const plain = join(laboratory.directory, 'without-build-id');
    writeFileSync(plain, withoutBuildId(readFileSync(guest)));
    const { length: size } = readFileSync(plain);
    expect((await runHere({ guest: plain, recipeName: `s${size}` })).exitCode).toBe(42);
    const other = await runHere({ guest: plain, recipeName: `s${size + 1}` });
    expect(other).toMatchObject({ native: undefined, stdout: 'emulated\n' });
  });

  it('may be the second alternative, and the first one that fits is taken', async () => {
    const recipe = [
      { size: 1 },
      { xxh64: '0123456789abcdef' },
      { bailarg: ['echo'] },
      { insert: ['taken'] },
      { insert: ['not taken'] },
    ];
    expect((await runHere({ recipe })).native?.arguments[1]).toBe('taken');
  });

  it('is written down when somebody reads', async () => {
    expect((await runHere({ log: 'followed' })).log).toEqual([['S', toolPath, guestPath]]);
    expect(await runHere({ log: 'stale' })).toMatchObject({ exitCode: 42, log: [] });
  });
});

describeWith([needs.root, programsRequirement, needs.qemu], 'a program of somebody else than root', () => {
  const asNobody = { asRoot: true, flags: 'direct', start: ['user=65534'] };

  it('is substituted', async () => {
    expect((await runHere(asNobody)).exitCode).toBe(42);
  });

  it('is emulated when it cannot be read, or gains privilege', async () => {
    const hidden = await runHere({ ...asNobody, last: `chmod 711 $R${guestPath}`, log: 'followed' });
    expect(hidden.native).toBeUndefined();
    expect(hidden.log).toEqual([['E', 'unknown', 'open', guestPath]]);
    const raised = await runHere({
      ...asNobody,
      last: `umount $R/qemu; cp ${emulator} $R/qemu; chmod 4755 $R/qemu`,
      log: 'followed',
    });
    expect(raised.stdout).toBe('emulated\n');
    // Nothing is connected with more rights than who asked for it has.
    expect(raised.log).toEqual([]);
  });
});

describeWith([programsRequirement, needs.qemu], 'options for QEMU', () => {
  it('are given, unless the user gives other ones', async () => {
    const original = await qemuBinary('11.1', 'aarch64');
    const patched = patchedIn(laboratory, original, 'qemu-strange', { arguments: ['-cpu', 'no-such-cpu'] });
    const input: Partial<Case> = { emulator: patched, mount: 'none' };
    const given = await runHere(input);
    expect(given.stdout).toBe('');
    expect(given.stderr).toContain("unable to find CPU model 'no-such-cpu'");
    expect((await runHere({ ...input, start: ['variable=QEMU_CPU=max'] })).stdout).toBe('emulated\n');
    const words = ['qemu', '-cpu', 'max', guestPath, 'echo', 'explicit'];
    expect((await runHere({ ...input, path: '/qemu', words })).stdout).toBe('explicit\n');
    expect((await runHere({ ...input, mount: 'read-only' })).exitCode).toBe(42);
  });

  it.each([
    ['an even number', ['-cpu', 'max', '-s', '8000000']],
    ['an odd number', ['-cpu', 'max', '-strace']],
    ['many', Array.from({ length: 16 }, () => ['-cpu', 'max']).flat()],
  ])('leave arguments, environment and the auxiliary vector as they were: %s', async (_, words) => {
    const original = await qemuBinary('11.1', 'aarch64');
    const patched = patchedIn(laboratory, original, `qemu-${words.length}`, { arguments: words });
    for (const flags of ['FPO', 'FP', 'F', 'direct']) {
      const result = await runHere({
        emulator: patched,
        mount: 'none',
        flags,
        start: ['variable=GREETING=hello', 'variable=OTHER=x'],
        words: ['busybox', 'sh', '-c', 'echo "$GREETING $OTHER $0 $1"; exit 5', 'zero', 'one'],
      });
      expect(result).toMatchObject({ exitCode: 5, stdout: 'hello x zero one\n' });
      expect(result.stderr.includes('exit_group(5)')).toBe(words.includes('-strace'));
    }
  });
});

/** The note's type becomes another one. */
function withoutBuildId(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  const name = copy.indexOf(Buffer.from('040000001400000003000000474e5500', 'hex'));
  copy.writeUInt32LE(0x99, name + 8);
  return copy;
}
