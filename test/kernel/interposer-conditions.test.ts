import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { checkSum } from '../../src/core/recipe/check-sum.ts';
import type { RecipeAlternative } from '../../src/core/recipe/recipe.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { useFollowedCases } from '../support/interposer/followed-cases.ts';
import { programsRequirement } from '../support/interposer/programs.ts';
import { factsOf, guestPath, recipeFor, toolPath } from '../support/interposer/sandbox.ts';

const cases = useFollowedCases();
const { run: runHere, expectEmulated } = cases;
let buildId: string;

beforeAll(() => {
  if (programsRequirement.missing() !== undefined || needs.qemu.missing() !== undefined) return;
  ({ buildId } = factsOf(readFileSync(cases.guest)));
});

const echo = ['busybox', 'echo', 'emulated'];
const silent = ['busybox', 'sh', '-c', 'echo emulated', '-fplugin=x', 'file=/y', '@z'];

describeWith([programsRequirement, needs.qemu], 'the environment', () => {
  it.each([
    ['LD_PRELOAD=/x.so', 'variable', 'LD_PRELOAD'],
    ['LD_LIBRARY_PATH=', 'variable', 'LD_LIBRARY_PATH'],
    ['LD_BIND_NOW=1', 'variable', 'LD_BIND_NOW'],
    ['GCONV_PATH=/x', 'variable', 'GCONV_PATH'],
    ['LOCPATH=/x', 'variable', 'LOCPATH'],
    ['GLIBC_TUNABLES=x', 'variable', 'GLIBC_TUNABLES'],
    ['MALLOC_PERTURB_=3', 'variable', 'MALLOC_PERTURB_'],
    ['QEMU_GUEST_BASE=0', 'variable', 'QEMU_GUEST_BASE'],
    ['ANYARCH_ACCELERATE=0', 'off', 'ANYARCH_ACCELERATE'],
    ['LC_ALL=de_DE@euro', 'locale', 'LC_ALL=de_DE@euro'],
    ['LC_CTYPE=ja_JP.EUC-JP', 'locale', 'LC_CTYPE=ja_JP.EUC-JP'],
    ['LANG=/x.UTF-8', 'locale', 'LANG=/x.UTF-8'],
  ])('%s makes it emulated', async (variable, reason, detail) => {
    await expectEmulated({ start: [`variable=${variable}`] }, reason, detail);
  });

  it('makes no difference otherwise', async () => {
    const harmless = [
      'LD_RUN_PATH=/x',
      'LD=ld',
      'LDFLAGS=-s',
      'ANYARCH_ACCELERATE=1',
      'LOCPATHS=/x',
      'LC_TIME=',
    ];
    const locales = ['LANG=ja_JP.EUC-JP', 'LC_ALL=ca_ES.utf8@valencia'];
    const start = [...harmless, ...locales].map((one) => `variable=${one}`);
    expect((await runHere({ start })).exitCode).toBe(42);
    for (const one of ['LANG=C', 'LANG=POSIX', 'LANG=en_US.UTF-8', 'LANG='])
      expect((await runHere({ start: [`variable=${one}`] })).exitCode).toBe(42);
  });

  it('has no libraries that are loaded before all others', async () => {
    const preloaded = { 'etc/ld.so.preload': '/usr/lib/libfakeroot.so\n' };
    await expectEmulated({ files: preloaded }, 'preload', '/etc/ld.so.preload');
    expect((await runHere({ files: { 'etc/ld.so.preload': '' } })).exitCode).toBe(42);
  });

  it('is not in /proc', async () => {
    await expectEmulated(
      { start: ['directory=/proc/self'], last: 'mount --rbind /proc $R/proc' },
      'path',
      '.',
    );
    const elsewhere = await runHere({ start: ['directory=/tmp'], last: 'mount --rbind /proc $R/proc' });
    expect(elsewhere.native?.directory).toBe('/tmp');
  });
});

describeWith([programsRequirement, needs.qemu], 'conditions of a recipe', () => {
  it.each<[string, Partial<RecipeAlternative>, string, string, Partial<RecipeAlternative>]>([
    ['bail', { bail: ['-fplugin'] }, 'argument', '-fplugin', { bail: ['fplugin', '-fplugin=x='] }],
    ['bail, escaped', { bail: ['file=/'] }, 'argument', 'file=/', { bail: ['%66ile'] }],
    ['bailarg', { bailarg: ['x', '@z'] }, 'argument', '@z', { bailarg: ['@', '@zz'] }],
    ['called', { called: ['bin', 'usybox'] }, 'argument', 'bin', { called: ['x', 'busybox'] }],
    ['first', { first: ['c', '-c'] }, 'argument', 'c', { first: ['s', 'sh'] }],
    ['anyarg', { anyarg: ['-E', '-fplugin'] }, 'argument', '-E', { anyarg: ['-E', '-S', '@z'] }],
    ['contains', { contains: ['le=/'] }, 'argument', 'le=/', { contains: ['busy', 'le=/z', '@zz'] }],
    ['need', { need: ['@', '-g'] }, 'argument', '-g', { need: ['@', '-f'] }],
    ['bailenv', { bailenv: ['SET'] }, 'variable', 'SET', { bailenv: ['SE', 'EMPTY', 'SETS'] }],
    ['needenv', { needenv: ['SET', 'EMPTY'] }, 'variable', 'EMPTY', { needenv: ['SET'] }],
    ['unless', { unless: ['/bin/busybox'] }, 'path', '/bin/busybox', { unless: ['/none', '/bin/busybox/x'] }],
  ])('%s', async (_, hindering, reason, detail, harmless) => {
    const start = ['variable=SET=1', 'variable=EMPTY='];
    await expectEmulated({ recipe: [hindering], start, words: silent }, reason, detail);
    expect((await runHere({ recipe: [harmless], start, words: silent })).exitCode).toBe(42);
  });

  it('at', async () => {
    const procfs = 'mount --rbind /proc $R/proc';
    const own = [{ at: [guestPath] }];
    expect((await runHere({ recipe: own, last: procfs })).exitCode).toBe(42);
    await expectEmulated({ recipe: [{ at: ['/bin/busybo'] }], last: procfs }, 'path', '/bin/busybo');
    await expectEmulated({ recipe: own }, 'path', guestPath);
    // What looks like procfs, and is none.
    const planted =
      'for n in 0 1 2 3 4 5 6 7 8 9; do mkdir -p $R/proc/self/fd; ln -s /bin/busybox $R/proc/self/fd/$n; done';
    await expectEmulated({ recipe: own, last: planted }, 'path', guestPath);
    for (const other of ['ln $R/bin/busybox $R/bin/other', 'cp $R/bin/busybox $R/bin/other'])
      expect(await runHere({ recipe: own, last: `${procfs}; ${other}`, path: '/bin/other' })).toMatchObject({
        native: undefined,
        stdout: 'emulated\n',
        log: [['E', 'path', guestPath, '/bin/other']],
      });
    const linked = { recipe: own, last: `${procfs}; ln -s busybox $R/bin/other`, path: '/bin/other' };
    expect((await runHere(linked)).exitCode).toBe(42);
    const moved = `${procfs}; mv $R/bin $R/elsewhere; ln -s elsewhere $R/bin`;
    await expectEmulated({ recipe: own, last: moved }, 'path', guestPath);
  });

  it('same', async () => {
    const recipe = [{ same: [{ path: '/own/lib/../libx', other: '/lib/libx' }] }];
    const line = '/own/lib/../libx /lib/libx';
    const files = { 'lib/libx': 'x', 'own/lib/y': 'y' };
    for (const last of ['true', 'ln -s ../lib/libx $R/own/libx', 'ln -s nothing $R/own/libx', 'rm -r $R/own'])
      expect((await runHere({ recipe, files, last })).exitCode).toBe(42);
    for (const last of [
      'cp $R/lib/libx $R/own/libx',
      'ln -s libx $R/own/libx',
      'cp $R/lib/libx $R/own/libx; rm $R/lib/libx',
      // What the kernel makes of two dots behind a link.
      'mkdir -p $R/far/lib; touch $R/far/libx; mv $R/own $R/was; mkdir $R/own; ln -s /far/lib $R/own/lib',
    ])
      await expectEmulated({ recipe, files, last }, 'library', line);
  });

  it('size and content of the whole file', async () => {
    const bytes = readFileSync(cases.guest);
    const { size, xxh64 } = { size: bytes.length, xxh64: cases.laboratory.xxh64(bytes) };
    await expectEmulated({ recipe: [{ size: size + 1 }] }, 'size', `${size + 1}`);
    const changed = join(cases.laboratory.directory, 'changed');
    for (const position of [16_384, Math.floor(size / 2), size - 1]) {
      // What lies at the end is the table of sections, which no kernel reads; the others are spare bytes or strings.
      const copy = Buffer.from(bytes);
      const at = position === size - 1 ? position : copy.indexOf(Buffer.alloc(64), position) + 32;
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      writeFileSync(changed, copy);
      const recipe = recipeFor(cases.laboratory, bytes);
      await expectEmulated({ guest: changed, recipe }, 'content', xxh64);
    }
  });
});

describeWith([programsRequirement, needs.qemu], 'the tree', () => {
  it('must be read-only, and not one that the image has planted', async () => {
    await expectEmulated({ mount: 'writable' }, 'writable', buildId);
    const before = 'cp -r $T/. $R/dev/.anyarch';
    const planted = await runHere({ mount: 'none', before, log: undefined });
    expect(planted).toMatchObject({ native: undefined, stdout: 'emulated\n' });
  });

  it('must know the program', async () => {
    await expectEmulated({ recipeName: 'ab'.repeat(20) }, 'unknown', buildId);
    const empty = await runHere({ before: 'rm -r $T/r' });
    expect(empty).toMatchObject({ native: undefined, stdout: 'emulated\n', log: [] });
  });

  it.each<[string, (text: string) => string]>([
    ['empty', () => ''],
    ['cut off', (text) => text.slice(0, -1)],
    ['without its last line', (text) => text.slice(0, text.indexOf('sum '))],
    ['with one bit changed', (text) => text.replace('/bin/tool', '/bin/uool')],
    ['with its sum changed', (text) => text.replace(/.\n$/, 'g\n')],
    ['with something behind its sum', (text) => `${text}\n`],
    ['larger than its limit', (text) => withSum(`${bodyOf(text)}${'bail x\n'.repeat(4800)}`)],
    ['of another version', (text) => withSum(bodyOf(text).replace('recipe 1', 'recipe 2'))],
    ['bytes', () => `\0\xff${'x'.repeat(100)}`],
  ])('has a damaged recipe: %s', async (_, damage) => {
    const recipe = damage(recipeFor(cases.laboratory, readFileSync(cases.guest)));
    await expectEmulated({ recipe }, 'recipe', buildId);
  });

  it.each<[string, string, string]>([
    ['an unknown condition', 'exec ', 'only x\nexec '],
    ['a word that is none', 'exec ', 'bail %0\nexec '],
    ['a word too many', 'exec ', 'bail a b\nexec '],
    ['no exec', 'exec ', 'insert '],
    ['two words in exec', 'bin/tool', 'bin/tool x'],
    ['a program outside of the mount', toolPath, '/bin/busybox'],
    ['a program outside of the mount by ..', toolPath, '/dev/.anyarch/../../bin/busybox'],
    ['a size that is none', 'for ', 'for -'],
  ])('has a senseless recipe: %s', async (_, from, to) => {
    const text = bodyOf(recipeFor(cases.laboratory, readFileSync(cases.guest)));
    const result = await runHere({ recipe: withSum(text.replace(from, to)) });
    expect(result).toMatchObject({ native: undefined, stdout: 'emulated\n' });
    expect(result.log).toHaveLength(1);
    expect(result.log[0]?.slice(0, 2)).toEqual(expect.arrayContaining(['E']));
  });

  it.each([
    ['a pipe', 'mkfifo $T/r/X'],
    ['a link', 'mv $T/r/N $T/y; ln -s ../y $T/r/N'],
    ['a directory', 'mkdir $T/r/X'],
  ])('has %s in the place of a recipe', async (_, make) => {
    const file = `$T/r/${buildId}`;
    const before = make.includes('X')
      ? `rm ${file}; ${make.replace('$T/r/X', file)}`
      : make.replaceAll('$T/r/N', file);
    await expectEmulated({ before }, 'recipe', buildId);
  });

  it('lacks the program, or it is no program', async () => {
    await expectEmulated({ before: 'rm $T/abcdef/bin/tool' }, 'exec', toolPath);
    await expectEmulated({ before: 'chmod 644 $T/abcdef/bin/tool' }, 'exec', toolPath);
    // That is only found out by executing it: the second line takes the first one back.
    const broken = await runHere({ before: 'echo nonsense >$T/abcdef/bin/tool', flags: 'FPO' });
    expect(broken).toMatchObject({ native: undefined, stdout: 'emulated\n' });
    expect(broken.log).toEqual([
      ['S', toolPath, guestPath],
      ['E', 'exec', toolPath, guestPath],
    ]);
  });

  it('writes control characters of paths as question marks, and cuts long ones', async () => {
    const name = `/bin/${'n'.repeat(230)}`;
    const last = `cp $R${guestPath} "$R${name}"; cp $R${guestPath} "$R/bin/a	b"`;
    const long = await runHere({ last, path: name, recipeName: 'ab'.repeat(20) });
    expect(long.log).toEqual([['E', 'unknown', buildId, name]]);
    const odd = await runHere({ last, path: '/bin/a\tb', words: echo });
    expect(odd.log).toEqual([['S', toolPath, '/bin/a?b']]);
  });
});

describeWith([programsRequirement, needs.qemu], 'seccomp', () => {
  const numbers = {
    statfs: '137',
    fstatfs: '138',
    statx: '332',
    fcntl: '72',
    pread64: '17',
    execve: 'execve',
  };

  it.each(Object.entries(numbers))('that refuses %s makes it emulated', async (_, number) => {
    const result = await runHere({ start: [`refuse=${number}`] });
    expect(result).toMatchObject({ native: undefined, stdout: 'emulated\n' });
  });

  it('that refuses something else does not', async () => {
    expect((await runHere({ start: ['refuse=333'] })).exitCode).toBe(42);
    // Of the log: socket.
    expect(await runHere({ start: ['refuse=41'] })).toMatchObject({ exitCode: 42, log: [] });
  });
});

describeWith([programsRequirement, needs.qemu], 'a start that is odd', () => {
  it('without arguments', async () => {
    // The kernel makes argv[0] an empty text since 5.18.
    expect((await runHere({ start: ['count=0'], words: [] })).native?.arguments).toEqual(['']);
    const direct = await runHere({ flags: 'direct', start: ['count=0'], words: [], path: guestPath });
    expect(direct.native).toBeUndefined();
  });

  it("with options of QEMU's", async () => {
    const words = ['qemu', '-0', 'echo', guestPath, 'emulated'];
    const explicit = await runHere({ flags: 'direct', path: '/qemu', words });
    expect(explicit).toMatchObject({ native: undefined });
  });
});

function bodyOf(text: string): string {
  return text.slice(0, text.indexOf('sum '));
}

function withSum(body: string): string {
  return `${body}sum ${checkSum(body)}\n`;
}
