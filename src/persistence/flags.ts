import type { Emulator } from '../emulators/index.ts';
import type { Flags } from '../core/flags.ts';
import type { Wish } from '../registration/index.ts';

/** How an architecture is registered. */
export interface WantedFlags {
  readonly credentials: boolean;
  readonly fixBinary: boolean;
  readonly preserveArgv0: boolean | 'auto';
}

/**
 * As it is asked for, else as it is registered at boot, else as it is registered now: a boot changes nothing.
 *
 * @param credentials asked for
 */
export function wantedFlags(
  credentials: boolean | undefined,
  persisted: Flags | undefined,
  wish: Wish | undefined,
): WantedFlags {
  const former: WantedFlags = persisted ?? {
    credentials: wish?.credentials ?? false,
    fixBinary: wish?.fixBinary ?? true,
    preserveArgv0: wish?.preserveArgv0 ?? 'auto',
  };
  const { fixBinary, preserveArgv0 } = former;
  return { credentials: credentials ?? former.credentials, fixBinary, preserveArgv0 };
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
