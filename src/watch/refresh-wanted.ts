import type { Host } from '../host/host.ts';
import type { News } from './event.ts';
import type { Memory } from './memory.ts';
import { readWanted } from './wanted.ts';

/**
 * Reads anew what is wanted.
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
  const { wanted, letGo } = readWanted(host, state, given);
  memory.wanted = wanted;
  memory.letGo = letGo;
  for (const { architecture } of before)
    if (!memory.wanted.some((one) => one.architecture === architecture)) forget(memory, architecture);
  const names = wanted.map(({ architecture }) => architecture).join(', ');
  const not = letGo.length === 0 ? '' : `; not ${letGo.join(', ')}, which was unregistered`;
  const message = (names === '' ? 'nothing is registered that could be watched' : `watching ${names}`) + not;
  if (memory.said.get(subject) === message) return [];
  memory.said.set(subject, message);
  if (names !== '' && not === '') return [{ event: 'watching', message }];
  return [{ event: 'watching', message, next: `anyarch register ${letGo[0] ?? 'ARCH'}: it is noticed here` }];
}

const subject = 'what is wanted';

function forget(memory: Memory, architecture: string): void {
  for (const known of [memory.situations, memory.damping, memory.accepted, memory.proofs, memory.said])
    known.delete(architecture);
  memory.claimed.delete(architecture);
}
