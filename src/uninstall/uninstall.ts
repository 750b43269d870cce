import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { launcherDirectories } from '../host/launcher-place.ts';
import { stateDirectory, systemStateDirectory } from '../host/state-directory.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { elsewhere } from './elsewhere.ts';
import { findFiles } from './find-files.ts';
import { foundNothing, together, type FoundFiles, type User } from './found.ts';
import { absoluteState, otherPlaces, statePlace, systemPlace } from './places.ts';
import { removeAcceleration } from './remove-acceleration.ts';
import { removeEntries } from './remove-entries.ts';
import { emptyPlace } from './remove-found.ts';
import { removeUnpackedImages } from './remove-images.ts';
import { hasMachines, machinesRun, removeUnfinishedImages, runningMachines } from './machines.ts';
import { removeUnrecorded } from './remove-unrecorded.ts';
import { joined, outcomeOf, type Left, type StepResult, type UninstallReport } from './report.ts';
import { removePersistence, removeService, stopsService } from './remove-features.ts';
import { removeRootless } from './remove-rootless.ts';
import { usersOf } from './users.ts';

export interface UninstallOptions {
  /** List, change nothing. */
  readonly dryRun?: boolean;
  /** Although processes use it; and configuration that somebody changed, which is kept beside. */
  readonly force?: boolean;
  /** Keep fetched emulators and guests. */
  readonly keepStore?: boolean;
  /** Remove virtual machines, too, with their disks and snapshots. */
  readonly machines?: boolean;
  /** Where the package has its programs: `build/` of it. */
  readonly build?: string;
  /** What a relative ANYARCH_HOME starts at. */
  readonly workingDirectory: string;
}

/**
 * Removes everything that anyarch made on this machine for this user, as root also what it made for all, and nothing else.
 * What tells what else there is to remove goes last, so that after a kill another call finishes. What cannot be removed
 * holds up nothing but the records that are needed to remove it later.
 *
 * @throws AnyarchError ANYARCH_MACHINE_RUNNING, ANYARCH_IN_USE, ANYARCH_FILE when the environment names no directory
 */
export async function uninstall(host: Host, options: UninstallOptions): Promise<UninstallReport> {
  const { dryRun = false, force = false, keepStore = false, machines = false } = options;
  const state = absoluteState(stateDirectory(host.system), options.workingDirectory);
  const isRoot = host.system.uid === 0;
  const running = runningMachines(host);
  if (running.length > 0 && !dryRun) throw machinesRun(running);
  const keepMachines = !machines && hasMachines(host);
  const users = [
    ...currentUsers(host, state),
    ...running.map(({ name, pid }) => ({ pid, uses: `machine ${name}` })),
  ];
  if (users.length > 0 && !dryRun && !force) throw inUse(users);

  const parts = { state, dryRun, force };
  const made = joined([
    // Their files may belong to ids that only a namespace has. On a full disk they make the room that the rest needs.
    ...(keepStore ? [] : [await removeUnpackedImages(host, { state, dryRun, force })]),
    await removeUnfinishedImages(host, { dryRun }),
    await removeRootless(host, parts),
    removeAcceleration(host, { ...parts, build: options.build }),
    // First what would bring entries back.
    ...(isRoot ? [removeService(host, parts), await removePersistence(host, parts)] : []),
    ...(isRoot ? [removeUnrecorded(host, parts)] : []),
    removeEntries(host, state, dryRun),
  ]);
  const isSettled = made.left.every(({ error }) => error === undefined);
  const others = elsewhere(host, state);
  const isSystemOurs = isRoot && isSettled && !others.some(({ subject }) => subject === systemStateDirectory);
  const places = [
    ...(isSystemOurs ? [systemPlace] : []),
    ...otherPlaces(host.system),
    ...(isSettled ? [statePlace(host.system, state)] : []),
  ];
  // All before the first goes: to ask for a lock may take a launcher, which is made in one of them.
  const found = places.map((place) => withoutMade(findFiles(host, place), made, dryRun));
  const result = joined([
    made,
    ...places.map((place, index) =>
      emptyPlace(host, place, found[index] ?? foundNothing, { dryRun, keepStore, keepMachines }),
    ),
    { removed: [], left: [...(isSettled ? [] : [keptState(host, state)]).flat(), ...others] },
  ]);
  return { outcome: outcomeOf(result), dryRun, ...result, users };
}

/** With `dryRun` what the records tell of is still there; and what could not be removed before is not tried again. */
function withoutMade(there: FoundFiles, { removed, left }: StepResult, dryRun: boolean): FoundFiles {
  const gone = new Set([...(dryRun ? removed : []), ...left].map(({ subject }) => subject));
  const stays = ({ path }: { readonly path: string }): boolean => !gone.has(path);
  return { ...there, found: there.found.filter(stays), left: there.left.filter(stays) };
}

/** The records, and the emulators that entries may still use. */
function keptState({ files }: Host, state: string): Left[] {
  const reason = 'kept, because what could not be removed is recorded there; run the command again then';
  return files.linkStatus(state) === undefined ? [] : [{ subject: state, reason }];
}

function currentUsers(host: Host, state: string): readonly User[] {
  const places = [...otherPlaces(host.system), statePlace(host.system, state)];
  const found = together(places.map((place) => findFiles(host, place))).users;
  const directories = [
    `${state}/store`,
    `${state}/cache`,
    ...launcherDirectories(host.system),
    ...(host.system.uid === 0 ? [systemDirectory] : []),
  ];
  const running = usersOf(host, directories, host.system.environment['ANYARCH_HOME']);
  const isStopped = stopsService(host, state);
  const stopped = running.flatMap(({ pid, uses }) => (isStopped && uses === serviceProgram ? [pid] : []));
  const users = new Map([...found, ...running].map((user) => [user.pid, user]));
  return [...users.values()].filter(({ pid }) => !stopped.includes(pid));
}

function inUse(users: readonly User[]): AnyarchError {
  const shown = users.slice(0, 5).map(({ pid, uses }) => `${pid} (${uses})`);
  const more = users.length > shown.length ? ` and ${users.length - shown.length} more` : '';
  return new AnyarchError(
    'ANYARCH_IN_USE',
    `processes use what is to be removed: ${shown.join(', ')}${more}`,
    {
      hint: 'end them, or remove it all the same: --force (what runs goes on, but can start no further foreign programs)',
      details: { pids: users.map(({ pid }) => `${pid}`) },
    },
  );
}

/** The watching service's. */
const serviceProgram = `${systemDirectory}/bin/anyarch`;
