import { findArchitecture } from '../core/architecture.ts';
import { parseRule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import { persistedEmulators } from '../host/system-directory.ts';
import { readPersisted } from '../persistence/index.ts';
import { readLetGo, readWishes, type RegisterOptions } from '../registration/index.ts';

/** How an architecture is to be registered. */
export type WantedOptions = Pick<RegisterOptions, 'credentials' | 'fixBinary' | 'preserveArgv0' | 'qemu'>;

export interface WantedRegistration {
  /** QEMU's target name. */
  readonly architecture: string;
  /** Who wants it: `register`, `persist`, or the words of the command. */
  readonly source: 'register' | 'persist' | 'given';
  /** The entry that fulfilled what `register` was asked for, whosever it is. */
  readonly entry?: string | undefined;
  readonly options: WantedOptions;
}

export interface WantedHere {
  readonly wanted: readonly WantedRegistration[];
  /** What else would be wanted, but was unregistered since the boot. */
  readonly letGo: readonly string[];
}

/** The files that it is read from. */
export function wantedFiles(state: string): readonly string[] {
  return [`${state}/registrations.json`, `${state}/persistence.json`];
}

/**
 * What is to be kept up, one for each architecture: what was registered here by command, with what that was asked for;
 * then what is registered at each boot. What was unregistered is not wanted before somebody registers it again, whoever
 * names it: the command's words may be those of a timer.
 *
 * @param given names of any kind; all that is wanted when it is empty
 * @throws AnyarchError ANYARCH_LEDGER_INVALID, ANYARCH_STATE_INVALID, ANYARCH_UNKNOWN_ARCHITECTURE
 */
export function readWanted(host: Pick<Host, 'files'>, state: string, given: readonly string[]): WantedHere {
  const wanted = new Map<string, WantedRegistration>();
  const persisted = readAtBoot(host, state);
  const add = (one: WantedRegistration): void => {
    if (!wanted.has(one.architecture)) wanted.set(one.architecture, one);
  };
  for (const { architecture, credentials, fixBinary, preserveArgv0, qemu, entry } of readWishes(
    host,
    state,
  )) {
    // What was only wanted because it is registered at each boot ends with that.
    if (
      qemu?.startsWith(`${persistedEmulators}/`) === true &&
      !persisted.some((one) => one.architecture === architecture)
    )
      continue;
    const options = { credentials, fixBinary, preserveArgv0, ...(qemu === undefined ? {} : { qemu }) };
    add({ architecture, source: 'register', options, entry });
  }
  persisted.forEach(add);
  const names = new Set(given.map((name) => findArchitecture(name).name));
  const all = [...(given.length === 0 ? wanted.keys() : names)].map(
    (architecture): WantedRegistration =>
      wanted.get(architecture) ?? { architecture, source: 'given', options: {} },
  );
  const released = readLetGo(host, state);
  const isLetGo = ({ architecture, source }: WantedRegistration): boolean =>
    source !== 'register' && released.has(architecture);
  return {
    wanted: all.filter((one) => !isLetGo(one)),
    letGo: all.filter(isLetGo).map(({ architecture }) => architecture),
  };
}

/** What is registered at each boot, as the rule says; nothing while a command is changing that. */
function readAtBoot(host: Pick<Host, 'files'>, state: string): readonly WantedRegistration[] {
  const persisted = readPersisted(host, state);
  if (persisted === undefined || persisted.changing === true) return [];
  return persisted.architectures.map(({ architecture, rule, emulator }) => {
    const { credentials, fixBinary, preserveArgv0 } = parseRule(rule).flags;
    const options = { credentials, fixBinary, preserveArgv0, qemu: emulator.path };
    return { architecture, source: 'persist', options };
  });
}
