import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { home } from '../places.ts';
import type { Fact } from './measured-workload.ts';

interface SetDocument {
  readonly group: string;
  readonly guestArchitecture: string;
  readonly files: readonly { readonly size: number }[];
}

/** How large what was prepared is. */
export function treeFacts(): Fact[] {
  const tree = join(home, 'tool-tree');
  const sets = readdirSync(tree)
    .filter((name) => /^[a-z2-7]{6}$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(tree, name, 'set.json'), 'utf8')) as SetDocument);
  return [...new Set(sets.map(({ group }) => group))].sort().map((group) => {
    const bytes = sets
      .filter((set) => set.group === group)
      .map(({ files }) => files.reduce((sum, { size }) => sum + size, 0));
    return {
      name: `tool set of group ${group}`,
      value: bytes.map((size) => `${(size / 1e6).toFixed(0)} MB`).join(', '),
      goal: group === 'c' ? 'at most 150 MB' : 'none',
    };
  });
}
