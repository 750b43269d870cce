import type { Host } from '../host/host.ts';
import type { DisableOptions, EnableOptions } from './options.ts';
import type { PersistReport } from './report.ts';
import type { PersistStatus } from './status.ts';

export { readPersisted, type Persisted, type PersistedArchitecture } from './document.ts';
export { initNames, type InitName } from './init/init-name.ts';
export type { DisableOptions, EnableOptions } from './options.ts';
export type { PersistReport, ReportedArchitecture, ReportedFile } from './report.ts';
export type { ArchitectureStatus, PersistStatus } from './status.ts';

// Loaded when it is called: those who only read what is persisted also run on QuickJS.

/** See `enable` in enable.ts. */
export async function enablePersistence(host: Host, options: EnableOptions): Promise<PersistReport> {
  return (await import('./enable.ts')).enable(host, options);
}

/** See `disable` in disable.ts. */
export async function disablePersistence(host: Host, options: DisableOptions): Promise<PersistReport> {
  return (await import('./disable.ts')).disable(host, options);
}

/** See `persistStatus` in status.ts. */
export async function persistenceStatus(host: Host, state?: string): Promise<PersistStatus> {
  return (await import('./status.ts')).persistStatus(host, state);
}
