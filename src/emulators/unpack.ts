import type { ErrorCode } from '../core/error-code.ts';
import { AnyarchError } from '../core/error.ts';
import { unpackDeb, type ArchiveOptions, type DebianPackage } from '../debian/index.ts';
import type { Clock } from '../host/host.ts';
import { putFile } from '../store/index.ts';
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
    try {
      items.set(target, await storeEmulator(unpacking, target, content));
    } catch (error) {
      if (!(error instanceof AnyarchError && ofOneTarget.has(error.code))) throw error;
      errors.set(target, error);
    }
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
): Promise<CatalogueItem> {
  const { directory, source, clock, version } = unpacking;
  const { name, architecture, sha256, suite, version: packageVersion } = source;
  const inspect = async (path: string) => {
    const facts = await inspectEmulator(path, target, architecture);
    requireVersion({ ...facts, packageVersion }, version);
    return facts;
  };
  const stored = await putFile(directory, `qemu-${target}`, content, inspect);
  const fetchedAt = new Date(clock.now()).toISOString();
  return { ...stored, packageVersion, suite, package: { name, architecture, sha256 }, fetchedAt };
}

/** What inspecting one emulator finds. Everything else, such as a full disk, concerns the others too. */
const ofOneTarget: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ANYARCH_ELF_INVALID',
  'ANYARCH_EMULATOR_UNUSABLE',
  'ANYARCH_PACKAGE_NOT_FOUND',
]);

/** bookworm's package says 7.2 and holds 7.2.22: only now it shows. */
function requireVersion(
  { version, packageVersion }: Pick<CatalogueItem, 'version' | 'packageVersion'>,
  wanted: string | undefined,
): void {
  if (wanted === undefined || wanted === packageVersion || isVersion(version, wanted)) return;
  throw new AnyarchError(
    'ANYARCH_PACKAGE_NOT_FOUND',
    `the package ${packageVersion} holds version ${version}, not ${wanted}`,
    {
      hint: `--version ${version}`,
    },
  );
}
