export { formatDuration, parseDuration } from './duration.ts';
export type { ProcessState, ThreadState } from './state.ts';
export { watchForStall, type Stall, type StallOptions, type StallWatch } from './watch.ts';
