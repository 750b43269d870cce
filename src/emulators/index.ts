import type { CatalogueItem } from './catalogue.ts';
import type { FetchHost, FetchOptions, FetchReport } from './fetch.ts';
import type { VerifyResult } from './verify.ts';
import type { Host } from '../host/host.ts';

export {
  chooseEmulator,
  requireEmulator,
  type Choice,
  type ChooseHost,
  type ChooseOptions,
} from './choose.ts';
export { describedEmulator, descriptionsDirectory, type EmulatorDescription } from './described.ts';
export { copiedEmulator, persistedEmulator } from './persisted.ts';
export { withKnownAnswers } from './known-answers.ts';
export { readCatalogue, type CatalogueItem } from './catalogue.ts';
export {
  preservesArgv0,
  type Candidate,
  type Emulator,
  type InterposedOf,
  type Interposition,
} from './emulator.ts';
export { defaultSuites, testedVersions } from './tested.ts';
export { unseenEmulator } from './unseen.ts';
export { listEmulators, type ListedEmulators } from './list.ts';
export type { FetchHost, FetchOptions, FetchReport, FetchResult } from './fetch.ts';
export type { VerifyResult } from './verify.ts';

// What needs Node, and time to load, is loaded when it is called: everything else here also runs on QuickJS.

/** See `fetchEmulators` in fetch.ts. */
export async function fetchEmulators(host: FetchHost, options: FetchOptions): Promise<FetchReport> {
  return await (await import('./fetch.ts')).fetchEmulators(host, options);
}

/** See `inspectEmulator` in inspect.ts. */
export async function inspectEmulator(
  path: string,
  target: string,
  hostArchitecture: string,
): Promise<Pick<CatalogueItem, 'version' | 'linkage' | 'buildId'>> {
  return await (await import('./inspect.ts')).inspectEmulator(path, target, hostArchitecture);
}

/** See `verifyEmulators` in verify.ts. */
export async function verifyEmulators(
  host: Pick<Host, 'files' | 'system'>,
  names?: readonly string[],
): Promise<VerifyResult[]> {
  return await (await import('./verify.ts')).verifyEmulators(host, names);
}
