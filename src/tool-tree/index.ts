import type { Host } from '../host/host.ts';
import type { PrepareOptions } from './prepare/options.ts';
import type { PrepareReport } from './prepare/report.ts';
import type { LostPreparation } from './store/repair.ts';
import type { RemovedSet, RemoveOptions } from './store/remove.ts';
import type { VerifiedTree } from './store/verify.ts';

export { denied } from './groups/index.ts';
export type { MakeSet, NotAdapted, SetFile, SetInput, SetLibrary, SetProgram } from './make-set.ts';
export { fallbackReasons, parseTold } from './log/log-line.ts';
export type { FallbackReason, LogRecord } from './log/log-line.ts';
export { openLog } from './log/open-log.ts';
export type { OpenLog } from './log/open-log.ts';

export { logFile, mountPoint, setsFiles, toolSetsDirectory, toolTreeDirectory } from './places.ts';
export { toolGroups } from './tool.ts';
export type { Denied, PackageFile, Tool, ToolGroup } from './tool.ts';

export { rootGuest } from './guest/root-guest.ts';
export { suiteGuest } from './guest/suite-guest.ts';
export type { GuestFacts } from './guest/guest-facts.ts';
export type { PrepareOptions } from './prepare/options.ts';
export type { PreparedSet, PreparedTool, PrepareReport } from './prepare/report.ts';
export { listTools } from './store/list.ts';
export type { ListedSet, ServedGuest } from './store/list.ts';
export { startUpOf } from './store/start-up.ts';
export type { StartUp } from './store/pairing.ts';
export type { RemovedSet } from './store/remove.ts';
export type { LostPreparation } from './store/repair.ts';
export type { VerifiedSet, VerifiedTree } from './store/verify.ts';

// What changes the tree is loaded only by who does it.

/** See `prepareTools` in prepare/prepare.ts. */
export async function prepareTools(host: Host, options: PrepareOptions): Promise<PrepareReport> {
  return await (await import('./prepare/prepare.ts')).prepareTools(host, options);
}

/** See `verifyTree` in store/verify.ts. */
export async function verifyTools(host: Pick<Host, 'files'>, state: string): Promise<VerifiedTree> {
  return (await import('./store/verify.ts')).verifyTree(host, state);
}

/** See `removeDamaged` in store/repair.ts. */
export async function removeDamagedTools(
  host: Pick<Host, 'files' | 'clock' | 'log' | 'processes'>,
  state: string,
  signal?: AbortSignal,
): Promise<LostPreparation[]> {
  return await (await import('./store/repair.ts')).removeDamaged(host, state, signal);
}

/** See `removeTools` in store/remove.ts. */
export async function removeTools(
  host: Pick<Host, 'files' | 'clock' | 'log' | 'processes'>,
  state: string,
  names: readonly string[],
  options?: RemoveOptions,
): Promise<RemovedSet[]> {
  return await (await import('./store/remove.ts')).removeTools(host, state, names, options);
}
