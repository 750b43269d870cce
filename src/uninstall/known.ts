import type { FileKind } from '../host/files.ts';

/** What anyarch may have made in a directory, by name. Everything else there is somebody's. */
export interface Known {
  readonly name: RegExp;
  readonly kind: FileKind;
  /**
   * - `file`: removed, whatever it says
   * - `document`: JSON of ours
   * - `lock`: names the process that holds it
   * - `tree`: with all that is in it
   * - a list: what may be in the directory, which goes when nothing else is left there
   */
  readonly content: 'file' | 'document' | 'lock' | 'tree' | readonly Known[];
  /** Of fetched emulators and guests, which can be kept. */
  readonly isStore?: boolean;
  /** Machines with people's disks, or what these do not start without. */
  readonly isMachine?: boolean;
  /** Whoever is served by it names it on his command line, and keeps it then. */
  readonly isServed?: boolean;
  /** How it is told from what somebody else keeps under such a name; documents and locks by what they say. */
  readonly proof?: Proof;
}

/**
 * - `name`: nobody else gives such a one
 * - `digest`: its content has the digest that it, or `parentDigest` its directory, is called by
 * - `guest`: the busybox in the tree has it
 * - `machine`: it has the record of a machine
 * - `recipe`: it begins as recipes do (core/recipe)
 * - `set`: it has the document of a tool set
 */
export type Proof = 'name' | 'digest' | 'parentDigest' | 'guest' | 'machine' | 'recipe' | 'set';

type Further = Pick<Known, 'isMachine' | 'isStore' | 'proof'>;

const hex64 = '[0-9a-f]{64}';
/** What an atomic write leaves when it is killed (host/node/file-writing.ts). */
const temporary = String.raw`\.\d+-\d+-[0-9a-z]+\.tmp`;

function file(name: string, options: Further = {}): Known {
  return { name: new RegExp(`^(${name})$`), kind: 'file', content: 'file', ...options };
}

function directory(name: string, content: readonly Known[] | 'tree', options: Further = {}): Known {
  return { name: new RegExp(`^(${name})$`), kind: 'directory', content, ...options };
}

/** A JSON file of ours with its lock, and what killed commands leave of both. */
function documents(names: string, options: Pick<Known, 'isStore'> = {}): Known[] {
  const base = `(${names})\\.json`;
  return [
    { name: new RegExp(`^${base}$`), kind: 'file', content: 'document', ...options },
    ...locks(`(${names})(\\.json)?\\.lock`),
    file(base + temporary, { proof: 'name' }),
  ];
}

/** See host/lock.ts. */
function locks(name: string): Known[] {
  const chain = String.raw`(\.after-[0-9a-z-]+)*`;
  return [
    { name: new RegExp(`^${name}${chain}$`), kind: 'file', content: 'lock' },
    file(`${name}${chain}${temporary}`, { proof: 'name' }),
  ];
}

/** See store/content-store.ts. */
const store = directory('store', [
  directory('sha256', [directory(hex64, [file(String.raw`[\w.-]+`, { proof: 'parentDigest' })])], {
    isStore: true,
  }),
  directory('temporary', [file(String.raw`\d+-\d+-\d+\.[0-9a-f]+`)]),
]);

/** See host/launcher-place.ts. */
const launchers: Known = directory('launcher', [file(`[0-9a-f]{16}(${temporary})?`)]);

/** What killed commands leave of probes (registration/probe-leftovers.ts). */
export const probes: Known = directory(String.raw`anyarch-probe-\d+-\d+-\d+`, 'tree', { proof: 'name' });

export const cacheContent: readonly Known[] = [
  // Packages, and what interrupted downloads left of them.
  directory('sha256', [file(hex64, { proof: 'digest' }), file(String.raw`${hex64}\.part(\.[0-9a-f.-]+)?`)]),
  directory('layers', [
    directory('records', [file(String.raw`${hex64}\.[\w.-]+\.json`)]),
    directory('blobs', [file(hex64, { proof: 'digest' })]),
    directory('temporary', [file(String.raw`\d+-\d+-\d+\.[\w.-]+`)]),
  ]),
  directory('images', [...documents('emulators'), store]),
  // Images on their way to being unpacked (image-source/).
  directory('incoming', [
    directory(hex64, 'tree', { proof: 'name' }),
    ...locks(String.raw`${hex64}\.lock`),
    directory(String.raw`\d+-\d+-\d+\.[0-9a-f]{12}`, 'tree', { proof: 'name' }),
  ]),
  // What "anyarch image from-disk" reads (machine/from-disk/).
  directory('disks', [directory(String.raw`\d+-\d+-\d+\.[0-9a-f]{12}`, 'tree', { proof: 'name' })]),
  // V8's code caches, of every version of Node and build that was started (cli/start.ts).
  directory('code', [file(String.raw`v\d+\.\d+\.\d+[\w.+-]*-\w+-\d+-\d+-\d+(-run|-image|-other)?(\.\d+)?`)]),
  launchers,
];

/** See accelerate/engines/places.ts. */
const stands: Known = directory('accelerate', [
  directory('podman|docker|buildah', [
    directory('runtimes|bin', [file(String.raw`[\w.-]+`)]),
    file(`service-path(${temporary})?`),
  ]),
]);

/** See machine/places.ts, machine/disk/kept-directory.ts and debian-programs/places.ts. */
const machineContent: readonly Known[] = [
  directory('machines', [
    directory('[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?', 'tree', { isMachine: true, proof: 'machine' }),
    directory(String.raw`\.(new|gone)-[0-9a-z-]+`, 'tree', { proof: 'name' }),
    ...locks(String.raw`\.[0-9a-z-]+\.lock`),
    ...locks(String.raw`\.pruning`),
  ]),
  directory('machine-layers', [
    file(String.raw`[0-9a-z]+-[0-9a-z]+\.qcow2`, { isMachine: true, proof: 'name' }),
    ...locks('lock'),
  ]),
  directory('machine-images', [
    directory(String.raw`\.making-\d+-\d+-\d+\.[0-9a-f]{8}`, 'tree', { proof: 'name' }),
    directory(String.raw`\.downloads`, 'tree', { proof: 'name' }),
    ...locks(String.raw`\.lock-[\w.+-]+?`),
    directory(String.raw`(debian|container|reader|cloud)-[\w.+-]+`, 'tree', {
      isMachine: true,
      proof: 'name',
    }),
  ]),
  // Programs of machines go with what they are made of.
  directory('programs', [
    directory('sets', [directory('[0-9a-f]{32}', 'tree', { isStore: true, isMachine: true, proof: 'name' })]),
    directory('packages', [directory(hex64, 'tree', { isStore: true, isMachine: true, proof: 'name' })]),
    directory('making', [directory(String.raw`\d+-\d+-\d+\.[0-9a-f]{16}`, 'tree', { proof: 'name' })]),
    ...locks('lock'),
  ]),
  // See machine/accelerator/.
  directory('machine-probes', [directory('[0-9a-f]{12}', 'tree', { proof: 'name' })]),
];

/** What a state directory has, in the order in which it goes: what tells what else is ours goes last. */
export const stateContent: readonly Known[] = [
  probes,
  directory('cache', cacheContent),
  directory('mount', []),
  // See run/guest-root.ts.
  directory('guests', [
    directory(String.raw`[0-9a-f]{16}-\d+`, 'tree', { isStore: true, proof: 'guest' }),
    directory(String.raw`\.building-\w+`, 'tree'),
  ]),
  // The unpacked images, whose trees have been removed by then (remove-images.ts); see image-store/places.ts.
  directory('images', [
    directory(hex64, 'tree', { isStore: true, proof: 'name' }),
    directory(String.raw`\.(building|removing|verifying)-[0-9a-z-]+`, 'tree', { proof: 'name' }),
    ...locks(String.raw`(${hex64}|store|\.(building|removing|verifying)-[0-9a-z-]+)\.lock`),
  ]),
  // See tool-tree/places.ts. Recipes go before what they name.
  directory('tool-tree', [
    directory('r', [
      file('s?[0-9a-f]{2,128}', { proof: 'recipe' }),
      file(`s?[0-9a-f]{2,128}${temporary}`, { proof: 'name' }),
    ]),
    { ...file(`log(${temporary})?`), kind: 'other' },
    directory('[a-z2-7]{6}', 'tree', { proof: 'set' }),
  ]),
  directory('tool-sets', [
    directory('pairings|requests|stamps', documents('[0-9a-z]+')),
    directory('(making|removing)-[0-9a-z-]+', 'tree', { proof: 'name' }),
    ...locks('lock'),
  ]),
  ...machineContent,
  store,
  // See interposer/: what was made of emulators, and where guests were tried.
  directory('interposed', [
    ...documents(String.raw`\w+`),
    directory('trials', [directory(String.raw`\d+-\d+-\d+\.\w+`, 'tree')]),
  ]),
  ...documents('digests'),
  ...documents('answers'),
  ...documents('emulators|guests', { isStore: true }),
  ...documents('persistence'),
  // See rootless/own-directory.ts and private-table/.
  directory('rootless', [
    file(`anyarch(${temporary})?`),
    directory('trial', [...documents('rootless'), ...locks(String.raw`rootless\.lock`)]),
    directory('podman|docker|buildah|apptainer', [
      directory(String.raw`hooks\.d|runtimes`, [file(String.raw`[\w.-]+`)]),
    ]),
  ]),
  stands,
  ...documents('rootless|rootless-failure'),
  ...locks(String.raw`rootless-command\.lock`),
  ...documents('installed|acceleration-report'),
  ...locks(String.raw`watch\.lock`),
  ...documents('registrations'),
];

/** Of directories that hold nothing but launchers and sockets. */
export const launcherContent: readonly Known[] = [
  launchers,
  // Sockets of machines (machine/life/sockets.ts).
  directory('m', [{ ...directory('[0-9a-f]{8}', 'tree', { proof: 'name' }), isServed: true }]),
];

/** Of `systemDirectory`: see persistence/ and watch/service/. What names others goes first. */
export const systemContent: readonly Known[] = [
  stands,
  directory('bin', [file(`anyarch(${temporary})?`)]),
  file(String.raw`binfmt\.sh(${temporary})?`),
  directory('rules|binfmts', [file(String.raw`[\w.-]+`)]),
  { ...file(`current(${temporary})?`), kind: 'link' },
  directory('emulators-[0-9a-f]{12}', [file(String.raw`(qemu-\w+|\w+\.json)(${temporary})?`)]),
];
