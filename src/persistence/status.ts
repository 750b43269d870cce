import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { chooseEmulator } from '../emulators/index.ts';
import { compareQemuVersions } from '../core/version.ts';
import { lookUpArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import { installedFiles, type InstalledFile } from '../installed-files/index.ts';
import { reportedError, type ReportedError } from '../registration/index.ts';
import { recordedEntry } from './boot-entry.ts';
import { readPersisted, type PersistedArchitecture } from './document.ts';
import { initCandidates, type InitCandidate } from './init/detect.ts';
import type { InitName } from './init/init-name.ts';
import { bootTable } from './boot-table.ts';
import { whyLost, winnerOver } from './order/lost.ts';
import type { BootRule } from './order/boot-rule.ts';
import { persistedPath } from './places.ts';
import { problemsOf } from './problems.ts';

export interface ArchitectureStatus {
  /** QEMU's target name. */
  readonly architecture: string;
  readonly name: string;
  readonly emulator: PersistedArchitecture['emulator'];
  /** Of the copy; `unusable`: it may not be executed. */
  readonly copy: InstalledFile['state'] | 'unusable';
  /** A newer version than the copy that this machine has. */
  readonly newer: string | undefined;
  /** The entry that takes its programs after a boot, and the file that it comes from; ours when all is well. */
  readonly afterBoot: { readonly name: string; readonly file: string } | undefined;
  /** Whether ours is that entry, and its copy is there. */
  readonly survives: boolean;
  /** Why not. */
  readonly error: ReportedError | undefined;
}

export interface PersistStatus {
  /** Undefined when nothing is persisted. */
  readonly init: InitName | undefined;
  /** What this machine has for starting things, with what told. */
  readonly inits: readonly InitCandidate[];
  readonly at: string | undefined;
  readonly by: string | undefined;
  readonly architectures: readonly ArchitectureStatus[];
  readonly files: readonly InstalledFile[];
  /** What keeps something from surviving, or could. */
  readonly problems: readonly ReportedError[];
  /** `ok` also when nothing is persisted; `partial`: some do not survive; `failed`: none does. */
  readonly outcome: 'ok' | 'partial' | 'failed';
}

/**
 * Whether what is persisted will be in force after the next boot: every configuration file that is read then is read now,
 * in the same order. Changes nothing; reads every copy.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID
 */
export function persistStatus(host: Host, state = stateDirectory(host.system)): PersistStatus {
  const document = readPersisted(host, state);
  const files = installedFiles(host, state).filter(({ feature }) => feature === 'persistence');
  const inits = initCandidates(host);
  const table = document === undefined ? [] : bootTable(host, document.init);
  const architectures = (document?.architectures ?? []).map((one) => statusOf(host, one, files, table));
  const problems = document === undefined ? [] : problemsOf(host, document, inits, files);
  const lost = architectures.filter(({ survives }) => !survives).length;
  const isBroken = problems.length > 0 || lost > 0;
  return {
    init: document?.init,
    inits,
    at: document?.at,
    by: document?.by,
    architectures,
    files,
    problems,
    outcome: !isBroken ? 'ok' : lost === architectures.length && lost > 0 ? 'failed' : 'partial',
  };
}

function statusOf(
  host: Host,
  persisted: PersistedArchitecture,
  files: readonly InstalledFile[],
  table: readonly BootRule[],
): ArchitectureStatus {
  const { architecture, name, emulator } = persisted;
  const entry = recordedEntry(persisted);
  const inForce = winnerOver(entry, table);
  const copy = copyState(host, architecture, emulator.sha256, files);
  const available = chooseEmulator(host, architecture).emulator?.version;
  const isNewer = available !== undefined && compareQemuVersions(available, emulator.version) > 0;
  const error = copy === 'same' ? whyLost(entry, table) : badCopy(architecture, copy);
  return {
    architecture,
    name,
    emulator,
    copy,
    newer: isNewer ? available : undefined,
    afterBoot: inForce === undefined ? undefined : { name: inForce.rule.name, file: inForce.file },
    survives: error === undefined,
    error: error === undefined ? undefined : reportedError(error),
  };
}

function badCopy(target: string, copy: ArchitectureStatus['copy']): AnyarchError {
  const path = persistedPath(target);
  const what = copy === 'unusable' ? 'may not be executed' : `is ${copy}`;
  const force = copy === 'changed' ? ' --force' : '';
  return new AnyarchError('ANYARCH_FILE_CHANGED', `the emulator ${path} ${what}`, {
    hint: `anyarch persist enable ${lookUpArchitecture(target)?.debian[0] ?? target}${force}`,
    details: { path },
  });
}

/** By the path that the rule has: what the link leads to counts. */
function copyState(
  { files }: Pick<Host, 'files'>,
  target: string,
  sha256: string,
  installed: readonly InstalledFile[],
): ArchitectureStatus['copy'] {
  const path = persistedPath(target);
  if (files.status(path)?.kind !== 'file') return 'missing';
  if (!files.isExecutable(path)) return 'unusable';
  const recorded = installed.find((one) => one.path === files.resolve(path));
  if (recorded?.identity === `sha256:${sha256}`) return recorded.state;
  return files.sha256(path) === sha256 ? 'same' : 'changed';
}
