import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { persistedEmulators, systemDirectory } from '../host/system-directory.ts';
import { persistedEmulator, requireEmulator } from '../emulators/index.ts';
import type { WantedFile } from '../installed-files/index.ts';
import { recordedEntry, type BootEntry } from './boot-entry.ts';
import { configurationFiles, type Surroundings } from './configuration.ts';
import type { Persisted } from './document.ts';
import { setFiles, setMember, type SetMember } from './emulator-set.ts';

/** What is, or is to be, registered at boot, with the files that it takes. */
export interface BootState {
  readonly members: readonly SetMember[];
  readonly entries: readonly BootEntry[];
  /** Of the emulators. */
  readonly directory: string | undefined;
}

const nothing: BootState = { members: [], entries: [], directory: undefined };

/**
 * What the document says, with the copies that are there; the emulator of one that is missing or damaged is chosen anew.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_NOT_FOUND, ANYARCH_DIGEST_MISMATCH
 */
export function readBootState(host: Host, persisted: Persisted | undefined): BootState {
  if (persisted === undefined) return nothing;
  const entries = persisted.architectures.map(recordedEntry);
  const members = entries.map(({ target }) => memberNow(host, target));
  return { members, entries, directory: currentDirectory(host) };
}

function memberNow(host: Host, target: string): SetMember {
  const copy = persistedEmulator(host, target);
  const digest = copy === undefined ? undefined : host.files.sha256(copy.path);
  const emulator =
    copy !== undefined && copy.sha256 === digest ? copy : requireEmulator(host, target, { persisted: false });
  // The link is about to be switched.
  return { ...setMember(host, emulator), source: host.files.resolve(emulator.path) };
}

/** Where the link leads now. */
function currentDirectory({ files }: Pick<Host, 'files'>): string | undefined {
  const target = ignoring(['ENOENT', 'ENOTDIR', 'EINVAL'], () => files.readLink(persistedEmulators));
  return target === undefined ? undefined : `${systemDirectory}/${target}`;
}

/** All files of a state, the emulators first. @throws AnyarchError ANYARCH_INIT_UNKNOWN */
export function filesOf(
  host: Pick<Host, 'files'>,
  { members, entries, directory }: BootState,
  surroundings: Surroundings,
): WantedFile[] {
  return [...setFiles(members, directory), ...configurationFiles(host, entries, surroundings)];
}
