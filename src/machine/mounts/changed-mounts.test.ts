import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Mount } from '../record.ts';
import { changedMounts } from './changed-mounts.ts';
import { mountTag } from './mount.ts';

const at = (target: string, source = '/data', isReadOnly = false): Mount => ({ source, target, isReadOnly });
const tags = (mounts: readonly Mount[]): string[] => mounts.map(mountTag);

it('leaves tags to what stays, and gives new ones to what is new', () => {
  const first = { mounts: [at('/a'), at('/b'), at('/c')] };
  const second = changedMounts(first, [at('/c'), at('/new'), at('/a')]);
  expect(tags(second.mounts)).toEqual(['anyarch2', 'anyarch3', 'anyarch0']);
  // What is there again is found by lines of older disks, and fits what was saved with it.
  const third = changedMounts(second, [at('/b'), at('/new')]);
  expect(tags(third.mounts)).toEqual(['anyarch1', 'anyarch3']);
  expect(tags(changedMounts(third, [at('/new', '/other'), at('/b', '/data', true)]).mounts)).toEqual([
    'anyarch4',
    'anyarch5',
  ]);
});

it('leaves a machine that never had any as it is', () => {
  expect(changedMounts({ mounts: [] }, [])).toEqual({ mounts: [] });
  expect(changedMounts({ mounts: [at('/a')] }, [])).toMatchObject({
    mounts: [],
    pastMounts: [{ number: 0 }],
  });
});

it('never gives a tag to two, nor two to one, whatever changes follow each other', () => {
  const mount = fc.record({
    source: fc.constantFrom('/data', '/src'),
    target: fc.constantFrom('/a', '/b', '/c'),
    isReadOnly: fc.boolean(),
  });
  const lists = fc.array(fc.uniqueArray(mount, { selector: ({ target }) => target, maxLength: 3 }));
  fc.assert(
    fc.property(lists, (changes) => {
      const owners = new Map<string, string>();
      const tagsOf = new Map<string, string>();
      let now: Parameters<typeof changedMounts>[0] = { mounts: [] };
      for (const wanted of changes) {
        now = changedMounts(now, wanted);
        expect(new Set(tags(now.mounts)).size).toBe(wanted.length);
        now.mounts.forEach((one, index) => {
          const owner = JSON.stringify([one.source, one.target, one.isReadOnly]);
          expect(owners.get(mountTag(one, index)) ?? owner).toBe(owner);
          expect(tagsOf.get(owner) ?? mountTag(one, index)).toBe(mountTag(one, index));
          owners.set(mountTag(one, index), owner);
          tagsOf.set(owner, mountTag(one, index));
        });
      }
    }),
  );
});
