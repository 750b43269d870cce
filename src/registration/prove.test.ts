import { expect, it } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { withProver } from './prove.ts';

it('frees the probes in memory, whatever becomes of what they are for', () => {
  const host = fakeHost();
  host.files.fail({ errno: 'EROFS', method: 'makeDirectory' });
  const kept = new Set<string>();
  const executor = {
    ...host.executor,
    inMemory: () => {
      const path = `/proc/self/fd/${kept.size + 3}`;
      kept.add(path);
      return path;
    },
    forget: (path: string) => {
      expect(kept.delete(path)).toBe(true);
    },
  };
  const during = () =>
    withProver({ ...host, executor }, '/state', (prover) => {
      prover.prove(['aarch64', 's390x']);
      prover.prove(['aarch64']);
      expect([...kept]).toEqual(['/proc/self/fd/3', '/proc/self/fd/4']);
      throw new RangeError('of the action');
    });
  expect(during).toThrow(RangeError);
  expect(kept.size).toBe(0);
});
