import {
  persistedEmulator,
  type Emulator,
  type InterposedOf,
  type Interposition,
} from '../emulators/index.ts';
import type { ByteSource } from '../core/byte-source.ts';
import type { Host } from '../host/host.ts';
import { findInterposed, isIntact } from './find.ts';
import type { Interposed, InterposeOptions } from './interposed.ts';
import type { VerifiedInterposed } from './verify.ts';

export { findInterposed } from './find.ts';
export type { Interposed, InterposeOptions } from './interposed.ts';
export { readPatch } from './patch/index.ts';
export { isWorthTelling, type PlainReason } from './plain-reason.ts';
export type { SuiteResult } from './record.ts';
export type { VerifiedInterposed } from './verify.ts';

/** See `interpose` in interpose.ts; loaded when it is called: a hot `anyarch run` only looks up what was made. */
export async function interpose(
  host: Host,
  emulators: readonly Emulator[],
  options: InterposeOptions,
): Promise<readonly Interposed[]> {
  return await (await import('./interpose.ts')).interpose(host, emulators, options);
}

/** What an emulator's file was made from, by the file itself; undefined for a plain one. */
export async function readInterposition(file: ByteSource): Promise<Interposition | undefined> {
  const { readPatch } = await import('./patch/index.ts');
  const patch = readPatch(file);
  if (patch === undefined) return undefined;
  const { originalSha256, interposerSha256, arguments: words } = patch;
  return { originalSha256, interposerSha256, arguments: words };
}

/** See `verifyInterposed` in verify.ts. */
export async function verifyInterposed(
  host: Pick<Host, 'files' | 'system' | 'clock'>,
  targets?: readonly string[],
): Promise<VerifiedInterposed[]> {
  return await (await import('./verify.ts')).verifyInterposed(host, targets);
}

/**
 * For what chooses synchronously: the twins that were made before, as the copies that are registered at boot where
 * these have the same content.
 */
export function interposedOf(
  host: Pick<Host, 'files' | 'system'>,
  options: Pick<InterposeOptions, 'build' | 'state' | 'lasting'>,
): InterposedOf {
  const known = new Map<string, Emulator>();
  const find = (chosen: Emulator): Emulator => {
    const { emulator } = findInterposed(host, chosen, options) ?? { emulator: chosen };
    if (emulator.interposed === undefined) return emulator;
    const persisted = persistedEmulator(host, emulator.target);
    const isSame =
      persisted !== undefined &&
      persisted.sha256 === emulator.sha256 &&
      (options.lasting !== true || isIntact(host, persisted));
    return isSame ? { ...persisted, interposed: emulator.interposed } : emulator;
  };
  return (chosen) => {
    const key = `${chosen.target} ${chosen.path}`;
    const emulator = known.get(key) ?? find(chosen);
    known.set(key, emulator);
    return emulator;
  };
}
