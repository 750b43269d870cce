import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { tryLock } from '../../host/lock.ts';
import { SystemError } from '../../host/system-error.ts';
import {
  applyFiles,
  installedFiles,
  planFiles,
  type FileAction,
  type InstalledFile,
} from '../../installed-files/index.ts';
import { requireOwnMetrics } from '../metrics-file.ts';
import { findInit, type FoundInit, type ServiceInit } from './init.ts';
import type { ServiceOptions } from './place.ts';
import { serviceFiles, startCommands, stopCommands, type ProgramFile } from './service.ts';

export interface ChangeOptions {
  readonly state: string;
  readonly dryRun?: boolean;
  /** What somebody changed makes way. */
  readonly force?: boolean;
}

export interface EnableOptions extends ChangeOptions, Omit<ServiceOptions, 'state'> {
  readonly program: ProgramFile;
  /** Default: what is found here. */
  readonly init?: ServiceInit;
}

export interface ServiceReport {
  readonly dryRun: boolean;
  /** Undefined where nothing is known that starts services. */
  readonly init: ServiceInit | undefined;
  readonly files: readonly FileAction[];
  /** What the init was told; with `dryRun` would be. */
  readonly commands: readonly ServiceCommand[];
  /** The init is not at work here (a container, a root file system that is being built): it takes notice at the next boot. */
  readonly isInitRunning: boolean;
}

interface ServiceCommand {
  readonly command: readonly string[];
  /** Undefined with `dryRun`, and when it could not be started. */
  readonly exitCode: number | undefined;
  readonly error: string | undefined;
}

type Parts = Pick<Host, 'files' | 'system' | 'clock' | 'processes'>;

/**
 * Installs the service, and starts it where its init is at work.
 *
 * @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_HOST_UNSUPPORTED, those of `applyFiles`, and where the file of metrics is
 *   somebody else's
 */
export function enableService(host: Parts, options: EnableOptions): ServiceReport {
  const { state, program, metricsFile, dryRun = false, force = false } = options;
  if (!dryRun) requireRoot(host, 'enable');
  if (metricsFile !== undefined) requireOwnMetrics(host, metricsFile);
  const found = findInit(host, options.init);
  const wanted = serviceFiles(found, program, options);
  const files = (dryRun ? planFiles : applyFiles)(host, state, 'watch', wanted, { force });
  const commands = found.isRunning ? told(host, startCommands(found), dryRun) : [];
  return { dryRun, init: found.init, files, commands, isInitRunning: found.isRunning };
}

/**
 * Stops the service and removes its files. Registrations stay.
 *
 * @throws AnyarchError ANYARCH_PERMISSION, and those of `applyFiles`
 */
export function disableService(
  host: Parts,
  { state, dryRun = false, force = false }: ChangeOptions,
): ServiceReport {
  if (!dryRun) requireRoot(host, 'disable');
  const found = foundOrNone(host);
  const isThere = installedFiles(host, state).some(({ feature }) => feature === 'watch');
  const { before, after } =
    found?.isRunning === true && isThere ? stopCommands(found) : { before: [], after: [] };
  const stopped = told(host, before, dryRun);
  const files = (dryRun ? planFiles : applyFiles)(host, state, 'watch', [], { force });
  const commands = [...stopped, ...told(host, after, dryRun)];
  return { dryRun, init: found?.init, files, commands, isInitRunning: found?.isRunning ?? false };
}

export interface ServiceStatus {
  readonly files: readonly InstalledFile[];
  /** The process that watches with this state, as a service or not; undefined when there is none. */
  readonly pid: number | undefined;
}

/** @throws AnyarchError ANYARCH_STATE_INVALID */
export function serviceStatus(host: Parts, state: string): ServiceStatus {
  const files = installedFiles(host, state).filter(({ feature }) => feature === 'watch');
  return { files, pid: watcher(host, state) };
}

function watcher(host: Parts, state: string): number | undefined {
  try {
    const attempt = tryLock(host, `${state}/watch.lock`);
    if (!('release' in attempt)) return attempt.heldBy?.pid;
    attempt.release();
    return undefined;
  } catch (error) {
    // Nobody holds it where this user may not make it, or where there is no state.
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function foundOrNone(host: Parts): FoundInit | undefined {
  try {
    return findInit(host);
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_HOST_UNSUPPORTED') return undefined;
    throw error;
  }
}

/** All of them, whatever becomes of the first. */
function told(
  { processes }: Parts,
  commands: readonly (readonly string[])[],
  dryRun: boolean,
): ServiceCommand[] {
  return commands.map((command) => {
    if (dryRun) return { command, exitCode: undefined, error: undefined };
    const { exitCode, startError, stderr } = processes.run(command, { timeoutMs: 60_000 });
    const error = exitCode === 0 ? undefined : (startError ?? stderr.trim());
    return { command, exitCode, error };
  });
}

function requireRoot({ system }: Parts, what: 'enable' | 'disable'): void {
  if (system.uid === 0) return;
  throw new AnyarchError('ANYARCH_PERMISSION', 'only root may install or remove a service', {
    hint: `sudo anyarch watch ${what}; or look first: anyarch watch ${what} --dry-run`,
  });
}
