import type { Emulator, InterposedOf } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import type { Interposed, InterposeOptions } from './interposed.ts';

export { findInterposed } from './find.ts';
export type { Interposed, InterposeOptions } from './interposed.ts';
export { isWorthTelling, type PlainReason } from './plain-reason.ts';
export type { SuiteResult } from './record.ts';

/** See `interpose` in interpose.ts; loaded when it is called: a hot `anyarch run` only looks up what was made. */
export async function interpose(
  host: Host,
  emulators: readonly Emulator[],
  options: InterposeOptions,
): Promise<readonly Interposed[]> {
  return await (await import('./interpose.ts')).interpose(host, emulators, options);
}

/** For what chooses synchronously: the twins of the emulators that were handed to `interpose`. */
export function interposedOf(
  emulators: readonly Emulator[],
  interposed: readonly Interposed[],
): InterposedOf {
  const byPath = new Map(emulators.map(({ path }, index) => [path, interposed[index]?.emulator]));
  return (emulator) => byPath.get(emulator.path) ?? emulator;
}
