export type { Advisory, Confidence, Effect, Workaround } from './advisory.ts';
export { matchAdvisories, type AdvisoryMatch, type MatchOptions } from './match.ts';
export type { EmulatorFacts, GuestRuntime, Situation } from './situation.ts';
