export type { Advisory, Confidence, Effect, Workaround } from './advisory.ts';
export { emulatorFacts } from './emulator-facts.ts';
export { matchAdvisories, type AdvisoryMatch, type MatchOptions } from './match.ts';
export { findRuntimes } from './runtimes/find-runtimes.ts';
export type { EmulatorFacts, GuestRuntime, Situation } from './situation.ts';
