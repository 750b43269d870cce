import {
  closeSync,
  constants,
  copyFileSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { RecipeAlternative, RecipeLibrary } from '../../src/core/recipe/recipe.ts';
import { succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busybox } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { useFollowedCases } from '../support/interposer/followed-cases.ts';
import { loaderCache } from '../support/interposer/loader-cache.ts';
import { programsRequirement } from '../support/interposer/programs.ts';
import { factsOf, guestPath } from '../support/interposer/sandbox.ts';
import type { Case } from '../support/interposer/sandbox.ts';

const cases = useFollowedCases();
const { run: runHere, expectEmulated } = cases;
let content: Buffer;
let library: RecipeLibrary;

beforeAll(async () => {
  if (programsRequirement.missing() !== undefined || needs.qemu.missing() !== undefined) return;
  content = readFileSync(await busybox(guests.s390x));
  library = { path: '/lib/libx.so', ...factsOf(content), xxh64: cases.laboratory.xxh64(content) };
});

/** Of the recipe's line. */
const wordsOf = (one: RecipeLibrary): string => `${one.path} ${one.size} ${one.buildId} ${one.xxh64 ?? '-'}`;

describeWith([programsRequirement, needs.qemu], 'a library', () => {
  it('is there, with its size, build id and content, of any architecture', async () => {
    const files = { 'lib/libx.so': content };
    expect((await runHere({ recipe: [{ libraries: [library] }], files })).exitCode).toBe(42);
    const other = { ...library, buildId: `00${library.buildId.slice(2)}` };
    const cases: [RecipeLibrary, Record<string, Uint8Array>][] = [
      [library, {}],
      [other, files],
      [{ ...library, size: library.size - 1 }, files],
      [library, { 'lib/libx.so': content.subarray(1) }],
      [library, { 'lib/libx.so': Buffer.alloc(content.length) }],
    ];
    for (const [wanted, there] of cases)
      await expectEmulated({ recipe: [{ libraries: [wanted] }], files: there }, 'library', wordsOf(wanted));
    const pipe = 'mkdir $R/lib; mkfifo $R/lib/libx.so';
    await expectEmulated({ recipe: [{ libraries: [library] }], last: pipe }, 'library', wordsOf(library));
  });

  it('is as it was made, where its content is known', async () => {
    const patched = Buffer.from(content);
    patched.writeUInt8(patched.readUInt8(content.length - 1) ^ 1, content.length - 1);
    const files = { 'lib/libx.so': patched };
    await expectEmulated({ recipe: [{ libraries: [library] }], files }, 'library', wordsOf(library));
    const unknown = { ...library, xxh64: undefined };
    expect((await runHere({ recipe: [{ libraries: [unknown] }], files })).exitCode).toBe(42);
  });

  it.each<[string, readonly string[]]>([
    ['another directory', ['/lib/libx.so', '/usr/local/lib/libx.so']],
    ['another directory, first', ['/usr/local/lib/libx.so', '/lib/libx.so']],
    ['what the processor can do', ['/lib/libx.so', '/lib/glibc-hwcaps/v9/libx.so']],
    ['another directory only', ['/lib/aarch64-linux-gnu/libx.so']],
  ])('is not looked for in %s', async (_, paths) => {
    for (const bigEndian of [false, true])
      await expectEmulated(
        {
          recipe: [{ libraries: [library] }],
          files: { 'lib/libx.so': content, 'etc/ld.so.cache': loaderCache(paths, bigEndian) },
        },
        'library',
        wordsOf(library),
      );
  });

  it('may be known to the cache, which may know others', async () => {
    const others = ['/usr/local/lib/liby.so', '/usr/local/lib/libx.so.1', '/usr/lib/libx.so'];
    const loader = { ...library, path: '/lib/ld-linux-x.so.1' };
    for (const paths of [[], ['/lib/libx.so'], [...others, '/opt/ld-linux-x.so.1']]) {
      const files = {
        'lib/libx.so': content,
        'lib/ld-linux-x.so.1': content,
        'etc/ld.so.cache': loaderCache(paths, paths.length > 1),
      };
      expect((await runHere({ recipe: [{ libraries: [library, loader] }], files })).exitCode).toBe(42);
    }
  });

  it.each<[string, Uint8Array]>([
    ['empty', Buffer.alloc(0)],
    ['of another format', Buffer.from(`ld.so-1.7.0${'\0'.repeat(100)}`)],
    ['cut off', loaderCache(['/lib/libx.so', '/lib/liby.so']).subarray(0, 70)],
    ['with entries that point elsewhere', loaderCache(['/lib/libx.so']).fill(0x7f, 52, 56)],
    ['larger than 1 MiB', Buffer.concat([loaderCache(['/lib/libx.so']), Buffer.alloc(1 << 20)])],
  ])('is not trusted with a cache that is %s', async (_, cache) => {
    const files = { 'lib/libx.so': content, 'etc/ld.so.cache': cache };
    await expectEmulated({ recipe: [{ libraries: [library] }], files }, 'library', wordsOf(library));
  });
});

describeWith([programsRequirement, needs.qemu], 'a file of the tree', () => {
  /** A file outside, bound into the tree: its times are kept. */
  const native = (name: string): { path: string; size: number; changedAt: bigint; file: string } => {
    const file = join(cases.laboratory.directory, name);
    copyFileSync(cases.laboratory.programs.tool, file);
    const { size, ctimeNs } = statSync(file, { bigint: true });
    return { path: `/dev/.anyarch/abcdef/${name}`, size: Number(size), changedAt: ctimeNs, file };
  };
  const caseOf = ({ file, ...one }: ReturnType<typeof native>, damage = ''): Partial<Case> => {
    const inside = `$T/abcdef/${one.path.slice('/dev/.anyarch/abcdef/'.length)}`;
    const before = `${damage.replaceAll('FILE', file)}
touch ${inside}; mount --bind ${file} ${inside}`;
    return { recipe: [{ natives: [one] }], before, recursive: true };
  };

  it('is as it was when it was verified', async () => {
    expect((await runHere(caseOf(native('unchanged')))).exitCode).toBe(42);
  });

  it.each([
    [
      'changed, with its time put back',
      'cp -p FILE FILE.old; printf x | dd of=FILE bs=1 seek=999 conv=notrunc status=none; touch -r FILE.old FILE',
    ],
    ['replaced by a copy', 'cp -p FILE FILE.copy; mv FILE.copy FILE'],
    ['given other attributes', 'chmod 700 FILE'],
    ['cut off', 'truncate -s -1 FILE'],
  ])('is not %s', async (name, damage) => {
    const one = native(name.replaceAll(/\W/g, '-'));
    const detail = `${one.path} ${one.size} ${one.changedAt}`;
    await expectEmulated(caseOf(one, damage), 'tree', detail);
  });

  it('is there', async () => {
    for (const name of ['libz.so.1', 'ld']) {
      const one = { path: `/dev/.anyarch/abcdef/${name}`, size: 1, changedAt: 2n };
      await expectEmulated({ recipe: [{ natives: [one] }] }, 'tree', `${one.path} 1 2`);
    }
  });
});

describeWith([programsRequirement, needs.qemu], "the guest's files", () => {
  it('beside what an option names', async () => {
    const recipe = [{ sibling: [{ option: '-include', suffix: '.gch' }] }];
    const words = (file: string): string[] => ['echo', 'echo', 'emulated', '-include', file];
    const run = (file: string, files = {}): Partial<Case> => ({ recipe, words: words(file), files });
    const there = { 'tmp/a.h.gch': '', 'tmp/-include.gch': '' };
    expect((await runHere(run('/tmp/a.h'))).exitCode).toBe(42);
    expect((await runHere(run('/tmp/b.h', there))).exitCode).toBe(42);
    expect((await runHere({ ...run('-include', there), words: ['x', 'tmp/a.h', '-include'] })).exitCode).toBe(
      42,
    );
    for (const file of ['/tmp/a.h', 'tmp/a.h', '/'.repeat(4095)]) {
      const { native, log } = await runHere(run(file, there));
      expect(native).toBeUndefined();
      expect(log).toEqual([['E', 'path', '-include .gch', guestPath]]);
    }
  });

  it('lack words', async () => {
    const path = '/etc/nsswitch.conf';
    const recipe = [{ holds: ['sss', 'co mpat', 'db'].map((word) => ({ path, word })) }];
    const run = (text: string): Partial<Case> => ({ recipe, files: { 'etc/nsswitch.conf': text } });
    expect((await runHere({ recipe })).exitCode).toBe(42);
    expect((await runHere(run(''))).exitCode).toBe(42);
    expect((await runHere(run('passwd: files ss compat\n'))).exitCode).toBe(42);
    await expectEmulated(run('passwd: files co mpat\n'), 'path', `${path} co%20mpat`);
    await expectEmulated(run('passwd: files db'), 'path', `${path} db`);
    await expectEmulated(run('#'.repeat(65_537)), 'path', `${path} sss`);
    await expectEmulated({ recipe, last: `mkdir $R${path}` }, 'path', `${path} sss`);
  });
});

describeWith([programsRequirement, needs.qemu], 'a script', () => {
  const recipe: readonly Partial<RecipeAlternative>[] = [{ script: ['/proc', 'ulimit -s'] }];
  const files = {
    'tmp/good': 'echo emulated # ulimit\n',
    'tmp/bad': `${'#\n'.repeat(40_000)}echo emulated; ulimit -s >/tmp/x`,
    'tmp/large': `echo emulated\nexit\n${'#'.repeat(4 << 20)}`,
  };
  const words = (...rest: string[]): Partial<Case> => ({ recipe, files, words: ['sh', ...rest] });

  it.each([
    [['-c', 'cat /pro c']],
    [['-ec', ':']],
    [['-c', '-o', 'errexit', 'x', '/proc']],
    [['+x', '--', '/tmp/good', '-c', '/proc']],
    [['../tmp/good', '/proc']],
  ])('without the words is for the native shell: %j', async (rest) => {
    expect((await runHere(words(...rest))).exitCode).toBe(42);
  });

  it.each([
    ['a word', '/proc', ['-c', 'echo emulated # </proc/x']],
    ['another word, escaped in the recipe', 'ulimit%20-s', ['-ec', 'echo emulated # ulimit -s']],
    ['options behind -c', '/proc', ['-c', '-e', 'echo emulated # /proc']],
    ['a file', 'ulimit%20-s', ['-e', '/tmp/bad']],
    ['more than 4 MiB', '/proc', ['/tmp/large']],
  ])('with %s is for the emulator', async (_, detail, rest) => {
    const result = await runHere(words(...rest));
    expect(result.native).toBeUndefined();
    expect(result.log).toEqual([['E', 'script', detail, guestPath]]);
    expect(result.stdout).toBe('emulated\n');
  });

  it.each([
    [[]],
    [['-e']],
    [['-s', '/tmp/good']],
    [['-ic', ':']],
    [['-o', 'stdin', '/tmp/good']],
    [['-c']],
    [['/none']],
    [['/tmp']],
  ])('that cannot be known is for the emulator: %j', async (rest) => {
    const result = await runHere(words(...rest));
    expect(result.native).toBeUndefined();
    expect(result.log).toEqual([['E', 'script', '/proc', guestPath]]);
  });
});

describeWith([programsRequirement, needs.qemu], 'the log', () => {
  it('is not written to when it is no socket', async () => {
    const file = join(cases.laboratory.directory, 'planted');
    for (const make of ['ln FILE $T/log', 'ln -s ../../FILE $T/log']) {
      writeFileSync(file, 'kept');
      const before = make.replace('../../FILE', file).replace('FILE', file);
      expect(await runHere({ before, log: undefined })).toMatchObject({ exitCode: 42, stderr: '' });
      expect(readFileSync(file, 'utf8')).toBe('kept');
    }
  });

  it('is not written to when it is a pipe', async () => {
    const pipe = join(cases.laboratory.directory, 'pipe');
    await succeed(['mkfifo', pipe]);
    const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    expect(await runHere({ before: `ln ${pipe} $T/log`, log: undefined })).toMatchObject({ exitCode: 42 });
    expect(() => readSync(reader, Buffer.alloc(1))).toThrow('EAGAIN');
    closeSync(reader);
  });

  it('is not written to through a link', async () => {
    const before = 'mv $T/log $T/socket; ln -s socket $T/log';
    expect(await runHere({ before })).toMatchObject({ exitCode: 42, log: [] });
  });
});
