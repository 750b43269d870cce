import type { Host } from '../host/host.ts';
import type { News } from './event.ts';
import type { Memory } from './memory.ts';
import { readWanted, type WantedRegistration } from './wanted.ts';

/**
 * Reads anew what is wanted. What somebody unregisters while we watch is let go, even where the command's words or the
 * configuration for the next boot name it.
 *
 * @param given the command's words
 */
export function refreshWanted(
  host: Pick<Host, 'files'>,
  state: string,
  memory: Memory,
  given: readonly string[],
): News[] {
  const before = memory.wanted;
  const read = readWanted(host, state, given);
  for (const { architecture, source } of read) {
    if (source === 'register') memory.released.delete(architecture);
    else if (before.some((one) => one.architecture === architecture && one.source === 'register'))
      memory.released.add(architecture);
  }
  memory.wanted = read.filter(({ architecture }) => !memory.released.has(architecture));
  for (const { architecture } of before)
    if (!memory.wanted.some((one) => one.architecture === architecture)) forget(memory, architecture);
  const names = namesOf(memory.wanted);
  if (memory.said.get(subject) === names) return [];
  memory.said.set(subject, names);
  if (names !== '') return [{ event: 'watching', message: `watching ${names}` }];
  const next = 'anyarch register ARCH: it is noticed here';
  return [{ event: 'watching', message: 'nothing is registered that could be watched', next }];
}

const subject = 'what is wanted';

function forget(memory: Memory, architecture: string): void {
  for (const known of [memory.situations, memory.damping, memory.accepted, memory.proofs, memory.said])
    known.delete(architecture);
  memory.claimed.delete(architecture);
}

function namesOf(wanted: readonly WantedRegistration[]): string {
  return wanted.map(({ architecture }) => architecture).join(', ');
}
