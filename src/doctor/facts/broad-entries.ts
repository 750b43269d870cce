import { architectures, lookUpArchitecture, sameFamily } from '../../core/architecture.ts';
import { parseEntry, type Entry } from '../../core/entry.ts';
import { AnyarchError } from '../../core/error.ts';
import { matchesMagic } from '../../core/match.ts';
import { ruleLimits } from '../../core/rule.ts';
import { fact } from '../examination.ts';
import { tableStatus } from './status.ts';

/** An entry that takes ELF programs without a look at the machine that they are for. */
export interface BroadEntry {
  readonly name: string;
  readonly interpreter: string;
  /** QEMU's names of those that it takes, its own among them. */
  readonly takes: readonly string[];
  /** Those that this machine may run by itself, were the entry not there. */
  readonly hides: readonly string[];
}

/** Enabled ones, the newest first. */
export const broadEntries = fact((examination): readonly BroadEntry[] => {
  const own = lookUpArchitecture(examination.host.system.machine);
  return tableStatus(examination).entries.flatMap(({ name, text }) => {
    const entry = understood(name, text);
    if (entry?.enabled !== true || entry.kind !== 'magic' || looksAtMachine(entry)) return [];
    const taken = architectures.filter(({ magic }) => matchesMagic(padded(magic), entry));
    if (taken.length < 2) return [];
    const related = taken.filter((one) => own !== undefined && (one === own || sameFamily(one, own)));
    return [
      {
        name,
        interpreter: entry.interpreter,
        takes: taken.map((one) => one.name),
        hides: related.map((one) => one.name),
      },
    ];
  });
});

/** Where ELF has the two bytes of e_machine, which name the architecture. */
const machineAt = [18, 19];

function looksAtMachine({ offset, magic, mask }: Entry): boolean {
  return machineAt.some((at) => at >= offset && at < offset + magic.length && mask?.[at - offset] !== 0);
}

function padded(magic: Uint8Array): Uint8Array {
  const header = new Uint8Array(ruleLimits.header);
  header.set(magic);
  return header;
}

function understood(name: string, text: string): Entry | undefined {
  try {
    return parseEntry(name, text);
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
