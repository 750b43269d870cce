import { parseJson } from '../core/json.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import type { Emulator, Interposition } from './emulator.ts';

/** Where an image says what its emulators are, one file for each, in the layer of the emulator. */
export const descriptionsDirectory = '/usr/share/anyarch/emulators';

/** What is written there; the image builder made it from a verified emulator. */
export interface EmulatorDescription {
  readonly schema: 1;
  readonly target: string;
  readonly path: string;
  readonly version: string;
  readonly packageVersion: string;
  readonly linkage: 'static' | 'static-pie';
  readonly preservesArgv0: boolean;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** Of a copy that is registered at boot. */
  readonly interposed?: Interposition | undefined;
}

/**
 * An emulator of an image, without executing it: 33 times `--version` take longer than all the rest of registering.
 * Undefined where nothing describes the file, or where it has another size than what is described.
 *
 * @param target QEMU's target name
 * @param path absolute
 */
export function describedEmulator(
  { files }: Pick<Host, 'files'>,
  target: string,
  path: string,
): Emulator | undefined {
  const described = readEmulatorDescription(files, `${descriptionsDirectory}/${target}.json`);
  if (described?.target !== target) return undefined;
  const status = files.status(path);
  // tonistiigi/binfmt's name is a hard link to the one that is described.
  if (described.path !== path && files.status(described.path)?.inode !== status?.inode) return undefined;
  if (status?.kind !== 'file' || status.size !== described.size || !files.isExecutable(path))
    return undefined;
  const { version, packageVersion, linkage, preservesArgv0, sha256 } = described;
  return { target, path, version, packageVersion, linkage, preservesArgv0, sha256, origin: 'image' };
}

/** What is damaged describes nothing: then the emulator is judged as any other. */
export function readEmulatorDescription(files: Host['files'], path: string): EmulatorDescription | undefined {
  const bytes = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'], () => files.read(path));
  if (bytes === undefined) return undefined;
  const document = parseJson(decodeUtf8(bytes));
  return isDescription(document) ? document : undefined;
}

function isDescription(value: unknown): value is EmulatorDescription {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  const texts = ['target', 'path', 'version', 'packageVersion', 'sha256'];
  return (
    fields['schema'] === 1 &&
    texts.every((name) => typeof fields[name] === 'string') &&
    (fields['linkage'] === 'static' || fields['linkage'] === 'static-pie') &&
    typeof fields['preservesArgv0'] === 'boolean' &&
    typeof fields['size'] === 'number'
  );
}
