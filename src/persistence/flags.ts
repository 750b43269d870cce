import type { Emulator } from '../emulators/index.ts';
import type { Flags } from '../core/flags.ts';
import type { KnownEntry, Wish } from '../registration/index.ts';

/** How an architecture is registered. */
export interface WantedFlags {
  readonly credentials: boolean;
  readonly fixBinary: boolean;
  readonly preserveArgv0: boolean | 'auto';
}

/** Where flags come from, the strongest first. */
export interface FlagSources {
  /** Flag C as it is asked for. */
  readonly credentials: boolean | undefined;
  readonly live: Flags | undefined;
  readonly wish: Wish | undefined;
  readonly persisted: Flags | undefined;
}

/** As it is asked for, else as it is registered now, else as it is registered at boot: a boot changes nothing. */
export function wantedFlags({ credentials, live, wish, persisted }: FlagSources): WantedFlags {
  const former = live ?? persisted ?? wish;
  return {
    credentials: credentials ?? former?.credentials ?? false,
    fixBinary: former?.fixBinary ?? true,
    preserveArgv0: (live === undefined ? undefined : wish?.preserveArgv0) ?? former?.preserveArgv0 ?? 'auto',
  };
}

/** Of the entry that anyarch has in the table. @param target QEMU's name */
export function liveFlags(entries: readonly KnownEntry[], target: string): Flags | undefined {
  const own = entries.filter(
    ({ owner, architecture }) => owner.kind === 'anyarch' && architecture === target,
  );
  return own.find(({ listed }) => !listed.name.endsWith('-next'))?.listed.entry?.flags;
}

/** As `register` of registration/ makes them. */
export function flagsOf({ credentials, fixBinary, preserveArgv0 }: WantedFlags, emulator: Emulator): Flags {
  return {
    fixBinary,
    credentials,
    openBinary: credentials,
    preserveArgv0: preserveArgv0 === 'auto' ? emulator.preservesArgv0 : preserveArgv0,
  };
}
