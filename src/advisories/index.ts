export type { Advisory, Confidence, Effect, Workaround } from './advisory.ts';
export { emulatorFacts } from './emulator-facts.ts';
export { matchAdvisories, type AdvisoryMatch, type MatchOptions } from './match.ts';
export { runtimeNames, type RuntimeName } from './runtime-name.ts';
export { findRuntimes } from './runtimes/find-runtimes.ts';
export type { EmulatorFacts, GuestRuntime, Situation } from './situation.ts';
