import type { Architecture } from '../core/architecture.ts';
import { parseEntry } from '../core/entry.ts';
import type { Entry } from '../core/entry.ts';
import { AnyarchError } from '../core/error.ts';
import { formatRule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

/** An architecture and what runs it. */
export interface Emulated {
  readonly architecture: Architecture;
  readonly emulator: { readonly path: string; readonly preservesArgv0: boolean };
}

/** A rule of a private table. */
export interface TableRule {
  readonly name: string;
  /** What is written to `register`. */
  readonly text: Uint8Array;
  /** One of the host's entries, copied: the table is of use without it if the kernel refuses it here. */
  readonly optional: boolean;
}

/**
 * The private table: the host's enabled entries, which it would otherwise hide, and after them (the kernel prefers
 * the newest) one rule for each emulated architecture.
 */
export function tableRules(
  host: Pick<Host, 'binfmt' | 'log' | 'files'>,
  emulated: readonly Emulated[],
): TableRule[] {
  const own = emulated.map(({ architecture, emulator }) => ownRule(architecture, emulator));
  const names = new Set(own.map((rule) => rule.name));
  const copied = hostEntries(host)
    .filter((entry) => entry.enabled && !names.has(entry.name))
    .reverse()
    .map((entry): TableRule => ({ name: entry.name, text: formatRule(entry), optional: true }));
  return [...copied, ...own];
}

/**
 * F: the guest's root needs no copy of the emulator. P: the guest's argv[0] stays. C: setuid programs work; the
 * rights they gain end at the user namespace, so there is no reason to withhold them.
 */
export function ownRule(architecture: Architecture, emulator: Emulated['emulator']): TableRule {
  const name = `qemu-${architecture.name}`;
  const text = formatRule({
    name,
    kind: 'magic',
    offset: architecture.offset,
    magic: architecture.magic,
    mask: architecture.mask,
    interpreter: emulator.path,
    flags: { fixBinary: true, credentials: true, openBinary: true, preserveArgv0: emulator.preservesArgv0 },
  });
  return { name, text, optional: false };
}

function hostEntries({ binfmt, log }: Pick<Host, 'binfmt' | 'log'>): Entry[] {
  if (binfmt.state() !== 'mounted') return [];
  const table = binfmt.table();
  return table.list().flatMap((name) => {
    // Who registers beside us may have taken it away since it was listed.
    const text = ignoring(['ENOENT'], () => table.read(name));
    if (text === undefined) return [];
    try {
      return [parseEntry(name, text)];
    } catch (error) {
      if (!(error instanceof AnyarchError)) throw error;
      log.debug(`the host's entry ${name} is left out: ${error.message}`);
      return [];
    }
  });
}
