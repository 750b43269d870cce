import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../core/text.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { multiarch } from './multiarch.ts';

// Against QEMU's own scripts/qemu-binfmt-conf.sh: what it wrote is recorded as digests, and with
// ANYARCH_TEST_QEMU_SCRIPT=PATH it is run and compared byte for byte (add --update to record another version's).

const recordedPath = join(import.meta.dirname, '../../../test/data/qemu-script-10.0.13.json');

interface Written {
  readonly stdout: string;
  readonly files: ReadonlyMap<string, string>;
}

interface Case {
  readonly words: readonly string[];
  readonly machine: string;
}

const yesOrNo = ['yes', 'no'];
const machines = [
  'x86_64 i386 i686 aarch64 armv7l armv4tl armv5b ppc ppc64 ppc64le powerpc s390x mips mipsel mips64 mips64el',
  'riscv64 riscv32 sparc64 sparc loongarch64 alpha hppa m68k sh4 amd64 arm64 armhf armel ppc64el',
].flatMap((line) => line.split(' '));

const cases: readonly Case[] = [
  ...['-d', '-sALL'].flatMap((kind) =>
    yesOrNo.flatMap((p) =>
      yesOrNo.flatMap((c) =>
        yesOrNo.map((g) => ({ machine: 's390x', words: [kind, '-p', p, `-c${c}`, `--preserve-a=${g}`] })),
      ),
    ),
  ),
  ...machines.flatMap((machine) => yesOrNo.map((i) => ({ machine, words: ['--systemd', 'ALL', '-i', i] }))),
  { machine: 'aarch64', words: ['-Q', '/opt/my qemu', '-F', '', '-d'] },
  { machine: 'aarch64', words: ['--qemu-path=/usr/local/bin', '--systemd=i486'] },
  { machine: 'x86_64', words: ['--qemu-s', '-x', '-s', 'mipsn32el'] },
];

/** Its pattern takes no program: e_type in the wrong byte order. */
const wrongInTheScript = 'microblaze';

describe('templates are those of the script', () => {
  const recorded = JSON.parse(readFileSync(recordedPath, 'utf8')) as Record<string, string>;

  test('the recorded cases are the cases', () => {
    expect(Object.keys(recorded)).toEqual(cases.map(nameOf));
  });

  test.each(cases)('$machine $words', (one) => {
    expect(digestOf(byUs(one))).toBe(recorded[nameOf(one)]);
  });
});

const script = process.env['ANYARCH_TEST_QEMU_SCRIPT'];
const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

if (script !== undefined) {
  describe('the script itself', () => {
    test('writes what is recorded', { timeout: 300_000 }, async () => {
      const digests = Object.fromEntries(cases.map((one) => [nameOf(one), digestOf(byScript(script, one))]));
      await expect(`${JSON.stringify(digests, null, 2)}\n`).toMatchFileSnapshot(recordedPath);
    });

    test.each(cases.filter(({ machine }) => machine !== 's390x'))(
      'writes the same bytes: $machine $words',
      (one) => {
        const [ours, theirs] = [byUs(one), byScript(script, one)];
        expect(ours.stdout).toBe(theirs.stdout);
        expect([...ours.files].filter(isRight)).toEqual([...theirs.files].filter(isRight));
        expect([...ours.files.keys()]).toEqual([...theirs.files.keys()]);
      },
    );

    test('has a pattern for microblaze that takes none of its programs', () => {
      const one = { machine: 's390x', words: ['-s', wrongInTheScript] };
      const [ours = '', theirs = ''] = [byUs(one), byScript(script, one)].map(
        ({ files }) => files.get('qemu-microblaze.conf')?.split(':')[4],
      );
      expect(theirs.slice(-16)).toBe(String.raw`\x02\x00\xba\xab`);
      expect(ours.slice(-16)).toBe(String.raw`\x00\x02\xba\xab`);
    });
  });
}

function isRight([name]: readonly [string, string]): boolean {
  return name.replace('.conf', '') !== `qemu-${wrongInTheScript}`;
}

function nameOf({ machine, words }: Case): string {
  return `${machine} ${words.map((word) => JSON.stringify(word)).join(' ')}`;
}

function digestOf({ stdout, files }: Written): string {
  const digest = createHash('sha256').update(stdout);
  for (const [name, text] of [...files].filter(isRight)) digest.update(`\0${name}\0${text}`);
  return digest.digest('hex');
}

function byUs({ machine, words }: Case): Written {
  const host = fakeHost({ system: { environment: { HOST_ARCH: machine } } });
  host.files.addDirectory('/out');
  const { exitCode, stdout } = multiarch({ host, words: ['-e', '/out', ...words], version: '1.0.0' });
  expect(exitCode).toBe(0);
  const names = host.files.list('/out').toSorted();
  return { stdout, files: new Map(names.map((name) => [name, decodeUtf8(host.files.read(`/out/${name}`))])) };
}

/** With the options that multiarch/qemu-user-static passes on before those of the caller. */
function byScript(path: string, { machine, words }: Case): Written {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-script-'));
  directories.push(directory);
  const options = ['--qemu-suffix', '-static', '--qemu-path', '/usr/bin', '-e', directory, ...words];
  const { stdout } = spawnSync('sh', [path, ...options], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOST_ARCH: machine },
  });
  const names = readdirSync(directory).toSorted();
  return { stdout, files: new Map(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')])) };
}
