import { AnyarchError } from '../core/error.ts';
import { encodeUtf8 } from '../core/text.ts';
import type { Emulator, EmulatorDescription } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { persistedEmulators, systemDirectory } from '../host/system-directory.ts';
import { sha256, type WantedFile } from '../installed-files/index.ts';
import { persistedPath } from './places.ts';

/** An emulator that is to be copied, or was. */
export interface SetMember {
  /** QEMU's target name. */
  readonly target: string;
  /** What the copy is made from. */
  readonly source: string;
  readonly description: EmulatorDescription;
}

type Parts = Pick<Host, 'files'>;

/**
 * The emulator as it will be in the set.
 *
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH when the file is not the one that was verified
 */
export function setMember({ files }: Parts, emulator: Emulator): SetMember {
  const { target, path, version, packageVersion = '', linkage, preservesArgv0, interposed } = emulator;
  if (linkage === 'dynamic') throw new Error(`a dynamic emulator was chosen: ${path}`);
  const actual = files.sha256(path);
  if (emulator.sha256 !== undefined && emulator.sha256 !== actual) throw damaged(emulator, actual);
  const size = files.status(path)?.size ?? 0;
  const description: EmulatorDescription = {
    schema: 1,
    target,
    path: persistedPath(target),
    version,
    packageVersion,
    linkage,
    preservesArgv0,
    size,
    sha256: actual,
    ...(interposed === undefined ? {} : { interposed }),
  };
  return { target, source: path, description };
}

/** Whoever is to be registered has an emulator. */
export function memberOf(members: readonly SetMember[], wanted: string): SetMember {
  const found = members.find(({ target }) => target === wanted);
  if (found === undefined) throw new Error(`no emulator for ${wanted}`);
  return found;
}

/** The directory that the set's content names. */
export function setDirectory(members: readonly SetMember[]): string {
  const lines = members.map(({ target, description }) => `${target} ${description.sha256}\n`);
  const digest = sha256(encodeUtf8(lines.toSorted().join('')));
  return `${systemDirectory}/emulators-${digest.slice(0, 12)}`;
}

/** Copies and what describes them; the link that puts them in use comes last. */
export function setFiles(members: readonly SetMember[], directory = setDirectory(members)): WantedFile[] {
  if (members.length === 0) return [];
  const copies = members.flatMap(({ target, source, description }): WantedFile[] => [
    {
      path: `${directory}/qemu-${target}`,
      content: { copyOf: source, sha256: description.sha256 },
      mode: 0o755,
    },
    {
      path: `${directory}/${target}.json`,
      content: `${JSON.stringify(description, undefined, 2)}\n`,
    },
  ]);
  const link = directory.slice(directory.lastIndexOf('/') + 1);
  return [...copies, { path: persistedEmulators, content: { link } }];
}

function damaged({ path, sha256: promised = '', target }: Emulator, actual: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_DIGEST_MISMATCH',
    `${path} has SHA-256 ${actual} instead of ${promised}: it is not copied`,
    { hint: `anyarch emulators verify; anyarch emulators fetch ${target}` },
  );
}
