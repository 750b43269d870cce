import type { Host } from '../host/host.ts';
import { withProver } from '../registration/index.ts';
import type { News } from './event.ts';
import { isUp, type Memory } from './memory.ts';

/**
 * Executes a probe of everything that is in force: an entry may be there and run nothing, because a file was damaged.
 *
 * @param except what has just been proven
 */
export function proveAll(host: Host, state: string, memory: Memory, except: ReadonlySet<string>): News[] {
  const { proofs, wanted } = memory;
  const names = wanted
    .map(({ architecture }) => architecture)
    .filter((one) => !except.has(one) && (isUp(memory, one) || proofs.get(one)?.isProven === false));
  if (memory.tableTrouble !== undefined || names.length === 0) return [];
  const found = withProver(host, state, ({ prove }) => prove(names));
  return [...found].flatMap(([architecture, proof]): News[] => {
    if (proof.status === 'not-tried') return [];
    const wasProven = proofs.get(architecture)?.isProven;
    const isProven = proof.status === 'proven';
    proofs.set(architecture, { isProven, at: host.clock.now() });
    if (isProven === (wasProven ?? true)) return [];
    if (isProven) return [{ event: 'recovered', architecture, message: 'its programs run again' }];
    return [
      {
        event: 'broken',
        architecture,
        message: proof.reason,
        next: proof.hint,
        code: 'ANYARCH_PROBE_FAILED',
      },
    ];
  });
}
