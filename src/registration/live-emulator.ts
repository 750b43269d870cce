import type { Interposition } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import type { Digests } from './digests.ts';
import type { Place } from './here.ts';
import { recordsOf } from './ledger.ts';
import type { Ledger } from './ledger-document.ts';
import type { InterpreterState } from './pinned.ts';
import type { KnownEntry } from './plan-data.ts';

/** The emulator that runs when an entry is used: with F the one that was registered, else the one at the path now. */
export interface LiveEmulator {
  /** `11.1.3`; undefined when it cannot be told. */
  readonly version: string | undefined;
  /** Lower-case hexadecimal; undefined when it cannot be told. */
  readonly sha256: string | undefined;
  /** What it was made from, where it is recorded to be an interposed one. */
  readonly interposed?: Interposition | undefined;
  readonly state: InterpreterState;
  /** False: nobody recorded what was pinned; the facts are those of the file that is there now. */
  readonly isCertain: boolean;
}

/** Undefined for entries whose interpreter is no QEMU. Each file is looked at once. */
export function liveEmulators(
  host: Host,
  ledger: Ledger,
  place: Place,
  digests: Digests,
): (known: KnownEntry) => LiveEmulator | undefined {
  const versions = new Map<string, string | undefined>();
  const versionOf = (path: string) => remember(versions, path, () => runVersion(host, path));

  return ({ listed: { name, entry }, interpreter: state }) => {
    if (entry === undefined || !isQemu(entry.interpreter)) return undefined;
    const [record] = recordsOf(ledger, name, place);
    const isPinned = entry.flags.fixBinary;
    if (isPinned && record !== undefined && state !== 'interrupted') {
      const { version, sha256, interposed } = record.emulator;
      return {
        version,
        sha256: sha256 ?? (state === 'same' ? digests.of(entry.interpreter) : undefined),
        interposed,
        state,
        isCertain: true,
      };
    }
    if (state === 'deleted') return { version: undefined, sha256: undefined, state, isCertain: !isPinned };
    return {
      version: versionOf(entry.interpreter),
      sha256: digests.of(entry.interpreter),
      state,
      isCertain: !isPinned,
    };
  };
}

function isQemu(interpreter: string): boolean {
  return /\/qemu-[^/]+$/.test(interpreter);
}

/** `qemu-aarch64 version 11.1.3 (Debian 1:11.1.3+ds-1)` */
function runVersion(host: Host, path: string): string | undefined {
  const { stdout } = host.processes.run([path, '--version'], { timeoutMs: 10_000 });
  return /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
}

function remember<V>(known: Map<string, V>, key: string, find: () => V): V {
  const found = known.has(key) ? (known.get(key) as V) : find();
  known.set(key, found);
  return found;
}
