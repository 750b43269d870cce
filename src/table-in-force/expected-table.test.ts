import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedTable, nextTable, tablesOf, topDevice } from './expected-table.ts';
import { standardPath } from './seen-tables.ts';
import type { Viewer } from './seen-tables.ts';

const chain = [
  { inode: 3, owner: 165_536 },
  { inode: 2, owner: 1000 },
  { inode: 1, owner: 0 },
];

let pid = 0;
function viewer(userNamespace: number, ...devices: readonly string[]): Viewer {
  pid += 1;
  return {
    pid,
    command: 'sh',
    userNamespace,
    mountNamespace: pid,
    mounts: devices.map((device) => ({ device, point: standardPath })),
  };
}

describe('the expected table', () => {
  it('is that of the nearest namespace which has mounted one', () => {
    const hosts = [viewer(1, 'host'), viewer(3, 'host')];
    expect(expectedTable(tablesOf(chain, hosts))).toMatchObject({ device: 'host', level: 2 });
    const outer = [...hosts, viewer(2, 'host', 'outer')];
    expect(expectedTable(tablesOf(chain, outer))).toMatchObject({ device: 'outer', level: 1 });
    const own = [...outer, viewer(3, 'host', 'outer', 'own')];
    const tables = tablesOf(chain, own);
    expect(expectedTable(tables)).toMatchObject({ device: 'own', level: 0 });
    expect(nextTable(tables, expectedTable(tables))).toMatchObject({ device: 'outer' });
  });

  it('is not that of a namespace beside the chain', () => {
    expect(expectedTable(tablesOf(chain, [viewer(9, 'other')]))).toBeUndefined();
    expect(expectedTable([])).toBeUndefined();
  });

  it('lies above an inherited one, where nobody outside can be looked at', () => {
    const tables = tablesOf(chain.slice(0, 1), [viewer(3, 'host', 'own')]);
    expect(expectedTable(tables)).toMatchObject({ device: 'own' });
  });

  it('is never of a namespace further out than another one that has a table', () => {
    const viewers = fc.array(
      fc
        .record({
          namespace: fc.constantFrom(1, 2, 3, 9),
          devices: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
        })
        .map(({ namespace, devices }) => viewer(namespace, ...devices)),
    );
    fc.assert(
      fc.property(viewers, (seen) => {
        const tables = tablesOf(chain, seen);
        const found = expectedTable(tables);
        expect(tables.every(({ level }) => found !== undefined && level >= found.level)).toBe(true);
        // Each table is seen from the namespace that it is said to be of, and from none further out.
        for (const { device, level } of tables) {
          const from = seen.filter(({ mounts }) => mounts.some((mount) => mount.device === device));
          const levels = from.map(({ userNamespace }) =>
            chain.findIndex(({ inode }) => inode === userNamespace),
          );
          expect(Math.max(...levels)).toBe(level);
        }
      }),
    );
  });
});

it('is seen where no later mount lies over it', () => {
  const elsewhere = { device: 'x', point: '/mnt' };
  const one = viewer(1, 'below', 'above');
  expect(topDevice({ ...one, mounts: [...one.mounts, elsewhere] })).toBe('above');
  expect(topDevice({ ...one, mounts: [elsewhere] })).toBeUndefined();
});
