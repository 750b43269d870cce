export { architectureOfFile, detectArchitecture } from './detect-architecture.ts';
export { execGuest, explicitCommand, findSysroot } from './exec.ts';
export { prepareGuestRoot } from './guest-root.ts';
export type { BusyboxGuest } from './guest-root.ts';
export type { GuestOutcome } from './outcome.ts';
export { runGuest } from './run.ts';
export type { GuestRun } from './run.ts';
export type { Bind, GuestRoot } from './setup.ts';
export { parseVolume } from './volume.ts';
