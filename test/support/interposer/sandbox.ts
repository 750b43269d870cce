import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import xxhash from 'xxhash-wasm';
import { bytesSource } from '../../../src/core/byte-source.ts';
import { readElf } from '../../../src/core/elf.ts';
import { formatRecipe } from '../../../src/core/recipe/format.ts';
import { recipeName } from '../../../src/core/recipe/mount.ts';
import type { RecipeAlternative } from '../../../src/core/recipe/recipe.ts';
import { patchEmulator } from '../../../src/interposer/patch/index.ts';
import { run, succeed } from '../command.ts';
import type { CommandResult } from '../command.ts';
import { repository } from '../fixtures/cache.ts';
import { temporaryDirectory } from '../temporary.ts';
import { listen } from './listen.ts';
import { buildPrograms } from './programs.ts';
import type { Programs } from './programs.ts';

/** What is the same for all cases of a test file. */
export interface Laboratory {
  readonly directory: string;
  readonly programs: Programs;
  readonly interposer: Uint8Array;
  readonly xxh64: (bytes: Uint8Array) => string;
}

export async function openLaboratory(): Promise<Laboratory> {
  const directory = temporaryDirectory('interposer');
  const build = join(repository, 'scripts/build-interposer.mjs');
  await succeed([process.execPath, build, '--host', 'x86_64', '--output', directory]);
  const hasher = await xxhash();
  return {
    directory,
    programs: buildPrograms(directory),
    interposer: readFileSync(join(directory, 'x86_64.bin')),
    xxh64: (bytes) => hasher.h64Raw(bytes, 0n).toString(16).padStart(16, '0'),
  };
}

/** The emulator with the interposer, in the laboratory. */
export function patchedIn(
  { directory, interposer }: Laboratory,
  emulator: string,
  name: string,
  options: { readonly arguments?: readonly string[]; readonly bigEndian?: boolean } = {},
): string {
  const path = join(directory, name);
  const { arguments: words = [], bigEndian = false } = options;
  writeFileSync(path, patchEmulator(readFileSync(emulator), { interposer, arguments: words, bigEndian }));
  chmodSync(path, 0o755);
  return path;
}

export const guestPath = '/bin/busybox';
export const toolPath = '/dev/.anyarch/abcdef/bin/tool';

export interface Case {
  readonly emulator: string;
  /** File outside that the guest gets as /bin/busybox. */
  readonly guest: string;
  /** Flags of the binfmt_misc entry; or `direct`: the emulator is executed with the guest's path. */
  readonly flags: string;
  /** Alternatives of the recipe, on top of one that fits; or the whole text. Default: one that fits. */
  readonly recipe?: readonly Partial<RecipeAlternative>[] | string;
  /** Name of the recipe, when it is not the one that is looked for. */
  readonly recipeName?: string;
  /** Files in the guest's root. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Options of the `start` program. */
  readonly start?: readonly string[];
  /** With argv[0]; default `busybox echo emulated`. */
  readonly words?: readonly string[];
  /** What is executed, when it is not the guest's program. */
  readonly path?: string;
  /** More for the shell that makes the root $R, before the tree is bound ($T is the tree's directory) and before all starts. */
  readonly before?: string;
  readonly last?: string;
  /** Default: bound and read-only. */
  readonly mount?: 'read-only' | 'writable' | 'none';
  /** Whether somebody listens: then the log's lines are in the outcome. `stale`: somebody did. */
  readonly log?: 'followed' | 'stale' | undefined;
  /** What is mounted below $T is seen in the guest, too. */
  readonly recursive?: boolean;
  /** Without a user namespace: root may become somebody else. */
  readonly asRoot?: boolean;
}

export interface Outcome extends CommandResult {
  /** What the native tool was started with; undefined when it was not. */
  readonly native: ToolReport | undefined;
  /** Fields of the lines, without magic and time. */
  readonly log: readonly (readonly string[])[];
}

export interface ToolReport {
  readonly count: number;
  readonly arguments: readonly string[];
  readonly variables: readonly string[];
  readonly directory: string;
  readonly blockedPipe: number;
  readonly descriptors: readonly number[];
}

/** Runs a case in namespaces and a root of its own. */
export async function runCase(laboratory: Laboratory, input: Case): Promise<Outcome> {
  const directory = temporaryDirectory('case');
  const tree = join(directory, 'tree');
  makeTree(laboratory, input, tree);
  const script = join(directory, 'case.sh');
  writeFileSync(script, scriptOf(laboratory, input, directory));
  for (const [path, content] of Object.entries(input.files ?? {})) {
    mkdirSync(dirname(join(directory, 'files', path)), { recursive: true });
    writeFileSync(join(directory, 'files', path), content);
  }
  const log = input.log === undefined ? undefined : await listen(join(tree, 'log'));
  if (input.log === 'stale') await log?.stop();
  const namespaces = input.asRoot === true ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  const result = await run(['unshare', ...namespaces, '--propagation', 'private', 'sh', '-e', script], {
    environment: { PATH: process.env['PATH'] },
  });
  if (input.log === 'followed') await log?.stop();
  return { ...result, native: reportIn(result.stdout), log: linesIn(log?.text() ?? '') };
}

/** A recipe of one alternative or several for the file. */
export function recipeFor(
  { xxh64 }: Laboratory,
  guest: Uint8Array,
  changes: readonly Partial<RecipeAlternative>[] = [{}],
): string {
  const fitting = { size: guest.length, xxh64: xxh64(guest), libraries: [], exec: toolPath };
  return formatRecipe({ alternatives: changes.map((change) => ({ ...fitting, ...change })) });
}

/** What a library must be, but for its path and content. */
export function factsOf(bytes: Uint8Array): { size: number; buildId: string } {
  return { size: bytes.length, buildId: readElf(bytesSource(bytes)).buildId ?? '' };
}

function makeTree(laboratory: Laboratory, input: Case, tree: string): void {
  const guest = readFileSync(input.guest);
  mkdirSync(join(tree, 'r'), { recursive: true });
  mkdirSync(join(tree, 'abcdef/bin'), { recursive: true });
  copyFileSync(laboratory.programs.tool, join(tree, 'abcdef/bin/tool'));
  const name = input.recipeName ?? recipeName({ ...factsOf(guest), buildId: buildIdOf(guest) });
  const { recipe } = input;
  const text = typeof recipe === 'string' ? recipe : recipeFor(laboratory, guest, recipe);
  writeFileSync(join(tree, 'r', name), text);
}

function buildIdOf(bytes: Uint8Array): string | undefined {
  return readElf(bytesSource(bytes)).buildId;
}

function scriptOf({ programs }: Laboratory, input: Case, directory: string): string {
  const { flags, emulator, words = ['busybox', 'echo', 'emulated'] } = input;
  const path = input.path ?? guestPath;
  const started = flags === 'direct' ? ['/qemu', 'qemu', path, ...words.slice(1)] : [path, ...words];
  const bound = { 'read-only': 'ro', writable: 'rw', none: undefined }[input.mount ?? 'read-only'];
  return `R=${directory}/root
T=${directory}/tree
mkdir $R
mount -t tmpfs -o mode=755 tmpfs $R
mkdir -p $R/dev/.anyarch $R/bin $R/etc $R/proc $R/tmp
cp ${programs.start} $R/start
cp ${input.guest} $R${guestPath}
touch $R/qemu
mount --bind ${emulator} $R/qemu
chmod 755 $R${guestPath}
[ ! -d ${directory}/files ] || cp -r ${directory}/files/. $R
${input.before ?? ''}
${bound === undefined ? '' : `mount --${input.recursive === true ? 'rbind' : 'bind'} $T $R/dev/.anyarch; mount -o remount,bind,${bound} $R/dev/.anyarch`}
${flags === 'direct' ? '' : registration(readFileSync(input.guest), emulator, flags)}
${input.last ?? ''}
cd $R
exec ${['chroot', '.', '/start', ...(input.start ?? []), ...started].map(quoted).join(' ')}
`;
}

/** Class, byte order and machine decide; the path of an entry without F is looked up in the root. */
function registration(guest: Uint8Array, emulator: string, flags: string): string {
  const escaped = (bytes: readonly number[]): string =>
    bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const magic = escaped([
    ...guest.subarray(0, 7),
    ...Array.from({ length: 11 }, () => 0),
    ...guest.subarray(18, 20),
  ]);
  const mask = escaped([
    ...Array.from({ length: 7 }, () => 255),
    ...Array.from({ length: 11 }, () => 0),
    255,
    255,
  ]);
  const interpreter = flags.includes('F') ? emulator : '/qemu';
  return `mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
printf '%s' ${quoted(`:guest:M::${magic}:${mask}:${interpreter}:${flags}`)} >/proc/sys/fs/binfmt_misc/register`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function reportIn(stdout: string): ToolReport | undefined {
  const line = stdout.split('\n').find((one) => one.startsWith('{"tool":"native"'));
  return line === undefined ? undefined : (JSON.parse(line) as ToolReport);
}

function linesIn(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [magic, kind, time, ...fields] = line.split('\t');
      if (magic !== 'anyarch1' || !/^\d{19}$/.test(time ?? ''))
        throw new Error(`not a line of the log: ${line}`);
      return [kind ?? '', ...fields];
    });
}
