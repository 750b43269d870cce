import type { FileKind } from '../host/files.ts';

/** What anyarch may have made in a directory, by name. Everything else there is somebody's. */
export interface Known {
  readonly name: RegExp;
  readonly kind: FileKind;
  /**
   * - `file`: removed, whatever it says
   * - `document`: JSON of ours; in a directory that others use, too, only when it reads as such
   * - `lock`: names the process that holds it
   * - `tree`: with all that is in it
   * - a list: what may be in the directory, which goes when nothing else is left there
   */
  readonly content: 'file' | 'document' | 'lock' | 'tree' | readonly Known[];
  /** Of fetched emulators and guests, which can be kept. */
  readonly isStore?: boolean;
}

const hex64 = '[0-9a-f]{64}';
/** What an atomic write leaves when it is killed (host/node/file-writing.ts). */
const temporary = String.raw`\.\d+-\d+-[0-9a-z]+\.tmp`;

function file(name: string, options: Pick<Known, 'isStore'> = {}): Known {
  return { name: new RegExp(`^(${name})$`), kind: 'file', content: 'file', ...options };
}

function directory(name: string, content: readonly Known[] | 'tree'): Known {
  return { name: new RegExp(`^(${name})$`), kind: 'directory', content };
}

/** A JSON file of ours with its lock, and what killed commands leave of both. */
function documents(names: string, options: Pick<Known, 'isStore'> = {}): Known[] {
  const base = `(${names})\\.json`;
  return [
    { name: new RegExp(`^${base}$`), kind: 'file', content: 'document', ...options },
    ...locks(`(${names})(\\.json)?\\.lock`),
    file(base + temporary),
  ];
}

/** See host/lock.ts. */
function locks(name: string): Known[] {
  const chain = String.raw`(\.after-[0-9a-z-]+)*`;
  return [
    { name: new RegExp(`^${name}${chain}$`), kind: 'file', content: 'lock' },
    file(`${name}${chain}${temporary}`),
  ];
}

/** See store/content-store.ts. */
const store = directory('store', [
  { ...directory('sha256', [directory(hex64, [file(String.raw`[\w.-]+`)])]), isStore: true },
  directory('temporary', [file(String.raw`\d+-\d+-\d+\.[0-9a-f]+`)]),
]);

/** See host/launcher-place.ts. */
const launchers: Known = directory('launcher', [file(`[0-9a-f]{16}(${temporary})?`)]);

/** What killed commands leave of probes (registration/probe-leftovers.ts). */
export const probes: Known = directory(String.raw`anyarch-probe-\d+-\d+-\d+`, 'tree');

export const cacheContent: readonly Known[] = [
  // Packages, and what interrupted downloads left of them.
  directory('sha256', [file(String.raw`${hex64}(\.part(\.[0-9a-f.-]+)?)?`)]),
  directory('layers', [
    directory('records', [file(String.raw`${hex64}\.[\w.-]+\.json`)]),
    directory('blobs', [file(hex64)]),
    directory('temporary', [file(String.raw`\d+-\d+-\d+\.[\w.-]+`)]),
  ]),
  directory('images', [...documents('emulators'), store]),
  // V8's code cache (cli/start.ts).
  directory('code', [file(String.raw`v\d+[\w.+-]*-(run|other)(\.\d+)?`)]),
  launchers,
];

/** What a state directory has, in the order in which it goes: what tells what else is ours goes last. */
export const stateContent: readonly Known[] = [
  probes,
  directory('cache', cacheContent),
  directory('mount', []),
  // See run/guest-root.ts.
  directory('guests', [
    { ...directory(String.raw`[0-9a-f]{16}-\d+`, 'tree'), isStore: true },
    directory(String.raw`\.building-\w+`, 'tree'),
  ]),
  store,
  ...documents('digests'),
  ...documents('emulators|guests', { isStore: true }),
  ...documents('persistence'),
  ...documents('installed'),
  ...locks(String.raw`watch\.lock`),
  ...documents('registrations'),
];

/** Of directories that hold nothing but launchers. */
export const launcherContent: readonly Known[] = [launchers];
