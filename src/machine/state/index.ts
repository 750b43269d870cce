export type { SavedMemory, StateDocument } from './document.ts';
export { setGuestClock, type AskGuest } from './guest-clock.ts';
export type { MigrateOptions } from './migrate.ts';
export type { Monitor } from './monitor.ts';
export { statePlaces } from './places.ts';
export { readState } from './read-state.ts';
export { dropState, incomingWords, resumeState, stateToResume, type PlannedQemu } from './resume-state.ts';
export { confirmState, saveState } from './save-state.ts';
