import type { Host } from '../host/host.ts';
import { persistedEmulators } from '../host/system-directory.ts';
import type { Emulator } from './emulator.ts';
import { readEmulatorDescription, type EmulatorDescription } from './described.ts';

type Parts = Pick<Host, 'files'>;

/** Where the description of a persisted emulator is; `persist enable` writes it beside the copy. */
function persistedDescription(target: string): string {
  return `${persistedEmulators}/${target}.json`;
}

/**
 * The copy that entries of a boot are registered with; undefined where there is none, or not the one that is described.
 * Not executed: its digest was compared when it was made.
 *
 * @param target QEMU's name
 */
export function persistedEmulator({ files }: Parts, target: string): Emulator | undefined {
  const described = readEmulatorDescription(files, persistedDescription(target));
  if (described?.target !== target) return undefined;
  const { path, size } = described;
  const status = files.status(path);
  if (status?.kind !== 'file' || status.size !== size || !files.isExecutable(path)) return undefined;
  return copiedEmulator(described);
}

/** The copy that a description is of. */
export function copiedEmulator(description: EmulatorDescription): Emulator {
  const { target, path, version, packageVersion, linkage, preservesArgv0, sha256, interposed } = description;
  return {
    target,
    path,
    version,
    ...(packageVersion === '' ? {} : { packageVersion }),
    linkage,
    origin: 'persisted',
    preservesArgv0,
    sha256,
    ...(interposed === undefined ? {} : { interposed }),
  };
}

/**
 * The persisted copy instead of an emulator with the same content: entries that were made at boot stay as they are.
 *
 * @param persisted of the same target
 */
export function preferPersisted(
  { files }: Parts,
  emulator: Emulator,
  persisted: Emulator | undefined,
): Emulator {
  if (persisted?.version !== emulator.version) return emulator;
  if (emulator.sha256 !== undefined) return emulator.sha256 === persisted.sha256 ? persisted : emulator;
  // Hashing 15 MB takes a while; most differ in their size.
  if (files.status(emulator.path)?.size !== files.status(persisted.path)?.size) return emulator;
  return files.sha256(emulator.path) === persisted.sha256 ? persisted : emulator;
}
