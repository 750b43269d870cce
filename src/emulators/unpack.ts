import { AnyarchError } from '../core/error.ts';
import { unpackDeb, type ArchiveOptions, type DebianPackage } from '../debian/index.ts';
import type { Clock } from '../host/host.ts';
import { storedPath } from '../host/stored-path.ts';
import { putFile, removeStored } from '../store/index.ts';
import type { CatalogueItem } from './catalogue.ts';
import { isVersion } from './emulator.ts';
import { inspectEmulator } from './inspect.ts';

export interface Unpacking {
  /** The state directory. */
  readonly directory: string;
  readonly source: DebianPackage;
  /** Path of the verified package. */
  readonly deb: string;
  readonly clock: Clock;
  /** Wanted by the user. */
  readonly version: string | undefined;
  readonly progress: Pick<ArchiveOptions, 'signal' | 'onProgress'>;
}

export interface Unpacked {
  readonly items: ReadonlyMap<string, CatalogueItem>;
  /** Targets whose emulator the package has, but not as it should be. */
  readonly errors: ReadonlyMap<string, AnyarchError>;
  /** What kept it from going on. What was stored before that stays. */
  readonly failure: AnyarchError | undefined;
}

/** Puts the emulators of the targets that a package has into the store. */
export async function unpackEmulators(unpacking: Unpacking, targets: readonly string[]): Promise<Unpacked> {
  const { source, deb, progress } = unpacking;
  const suffix = source.name === 'qemu-user-static' ? '-static' : '';
  const paths = new Map(targets.map((target) => [`usr/bin/qemu-${target}${suffix}`, target]));
  const items = new Map<string, CatalogueItem>();
  const errors = new Map<string, AnyarchError>();
  const store = async (path: string, content: AsyncIterable<Uint8Array>) => {
    const target = paths.get(path) ?? '';
    const item = await storeEmulator(unpacking, target, content);
    if (item instanceof AnyarchError) errors.set(target, item);
    else items.set(target, item);
  };
  try {
    await unpackDeb(deb, [...paths.keys()], store, {
      ...progress,
      subject: `${source.name} ${source.version}`,
    });
    return { items, errors, failure: undefined };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return { items, errors, failure: error };
  }
}

async function storeEmulator(
  unpacking: Unpacking,
  target: string,
  content: AsyncIterable<Uint8Array>,
): Promise<CatalogueItem | AnyarchError> {
  const { directory, source, clock, version } = unpacking;
  const { name, architecture, sha256, suite, version: packageVersion } = source;
  const stored = await putFile(directory, `qemu-${target}`, content);
  try {
    const item: CatalogueItem = {
      ...stored,
      ...(await inspectEmulator(storedPath(directory, stored), target, architecture)),
      packageVersion,
      suite,
      package: { name, architecture, sha256 },
      fetchedAt: new Date(clock.now()).toISOString(),
    };
    requireVersion(item, version);
    return item;
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    await removeStored(directory, stored);
    return error;
  }
}

/** bookworm's package says 7.2 and holds 7.2.22: only now it shows. */
function requireVersion({ version, packageVersion }: CatalogueItem, wanted: string | undefined): void {
  if (wanted === undefined || wanted === packageVersion || isVersion(version, wanted)) return;
  throw new AnyarchError(
    'ANYARCH_PACKAGE_NOT_FOUND',
    `the package ${packageVersion} holds version ${version}, not ${wanted}`,
    {
      hint: `--version ${version}`,
    },
  );
}
