/** The library. The pure part is also `anyarch/core`. */
export * from './core/index.ts';
export { nodeHost } from './host/node/node-host.ts';
export type { NodeHostOptions } from './host/node/node-host.ts';
export type { Clock, Host, Log, System } from './host/host.ts';
export { SystemError } from './host/system-error.ts';
export { register, release, status, takingOver, unregister } from './registration/index.ts';
export { explainFile } from './registration/index.ts';
export type {
  ArchitectureResult,
  Explanation,
  RegisterOptions,
  RegistrationReport,
  ReleaseOptions,
  StatusReport,
  TakingOver,
  UnregisterOptions,
} from './registration/index.ts';
export {
  chooseEmulator,
  fetchEmulators,
  listEmulators,
  requireEmulator,
  verifyEmulators,
} from './emulators/index.ts';
export type { Emulator, FetchOptions, FetchReport } from './emulators/index.ts';
export { fetchGuest, findGuest } from './guest/index.ts';
export type { Guest } from './guest/index.ts';
export { execGuest, explicitCommand, prepareGuestRoot, runGuest } from './run/index.ts';
export type * from './run/index.ts';
export { buildImages, inspectImages } from './image/index.ts';
export type { BuildOptions, BuildReport, Inspection } from './image/index.ts';
export { parseReference, type Reference } from './core/oci/reference.ts';
export { openRemoteImage, pullImage, pushImages } from './registry/index.ts';
export type * from './registry/index.ts';
export { privateTableConditions, type Condition } from './private-table/index.ts';
export { tableInForce, type TableInForce } from './table-in-force/index.ts';
export { newMemory, watchOnce, type WatchEvent, type WatchOptions } from './watch/index.ts';
