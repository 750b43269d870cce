import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import type { Files } from '../host/files.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { applyFiles, type WantedFile } from './index.ts';
import { conf, copy, link, prepared, read, state } from './testing/wanted-files.ts';

const changing = [
  'writeOnce',
  'writeAtomic',
  'createExclusive',
  'createFleeting',
  'makeDirectory',
  'rename',
  'remove',
  'removeDirectory',
  'writeLink',
] as const satisfies readonly (keyof Files)[];

/** Asks before each change, and once more behind it. */
function watched(host: FakeHost, ask: (when: 'before' | 'after') => void): FakeHost {
  const methods = changing.map((name) => [
    name,
    (...args: unknown[]) => {
      ask('before');
      const result = (host.files[name] as (...rest: unknown[]) => unknown)(...args);
      ask('after');
      return result;
    },
  ]);
  return { ...host, files: { ...host.files, ...(Object.fromEntries(methods) as Partial<Files>) } };
}

const first = [copy, link, conf('a', '1'), conf('b', '1')];
const second = [
  { ...copy, path: '/usr/local/lib/anyarch/emulators-2/qemu-arm' },
  { path: link.path, content: { link: 'emulators-2' } },
  conf('a', '2'),
  conf('c', '1'),
];

const transitions = [
  ['installing', [], first],
  ['upgrading', first, second],
  ['uninstalling', second, []],
] as const;

/** Everything below the directories that are written to. */
function snapshot(host: FakeHost): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    const kind = host.files.linkStatus(path)?.kind;
    if (kind === 'link') found[path] = host.files.readLink(path);
    else if (kind === 'file') found[path] = read(host, path);
    else
      host.files.list(path).forEach((name) => {
        visit(`${path}/${name}`);
      });
  };
  ['/etc', '/usr', state].forEach(visit);
  return Object.fromEntries(Object.entries(found).toSorted());
}

function countChanges(
  from: readonly WantedFile[],
  to: readonly WantedFile[],
  counted: 'before' | 'after',
): number {
  const host = prepared();
  applyFiles(host, state, 'persistence', from);
  let count = 0;
  applyFiles(
    watched(host, (when) => (count += when === counted ? 1 : 0)),
    state,
    'persistence',
    to,
  );
  return count;
}

describe.each(transitions)('%s, disturbed at every step', (_, from, to) => {
  const expected = (() => {
    const host = prepared();
    applyFiles(host, state, 'persistence', from);
    applyFiles(host, state, 'persistence', to);
    return snapshot(host);
  })();

  it.each(['before', 'after'] as const)(
    'is repaired by the next call when it is killed %s a change',
    (when) => {
      const steps = countChanges(from, to, when);
      expect(steps).toBeGreaterThan(5);
      for (let step = 0; step < steps; step += 1) {
        const host = prepared();
        applyFiles(host, state, 'persistence', from);
        let left = step;
        let isKilled = false;
        const dying = watched(host, (now) => {
          if (!isKilled && now === when) isKilled = left-- === 0;
          if (isKilled) throw new Error('killed');
        });
        expect(() => applyFiles(dying, state, 'persistence', to)).toThrow('killed');
        expect(read(host, '/etc/binfmt.d/theirs.conf')).toBe('theirs');
        // The process is gone, and with it its lock.
        host.files
          .list(state)
          .filter((name) => name.includes('.lock'))
          .forEach((name) => {
            host.files.remove(`${state}/${name}`);
          });
        applyFiles(host, state, 'persistence', to);
        expect(snapshot(host)).toEqual(expected);
      }
    },
  );

  it.each([
    ['ENOSPC', 'ANYARCH_DISK_FULL'],
    ['EROFS', 'ANYARCH_READ_ONLY_SYSTEM'],
    ['EACCES', 'ANYARCH_PERMISSION'],
    ['EPERM', 'ANYARCH_PERMISSION'],
    ['EIO', 'ANYARCH_FILE'],
  ] as const)('has a code for %s, harms nobody, and is repaired by the next call', (errno, code) => {
    const paths = [...new Set([...from, ...to].map(({ path }) => path)), `${state}/installed.json`];
    let failures = 0;
    for (const path of paths) {
      for (const method of ['writeAtomic', 'writeLink', 'remove'] as const) {
        const host = prepared();
        applyFiles(host, state, 'persistence', from);
        const before = snapshot(host);
        host.files.fail({ errno, method, path, times: 1 });
        const error = errorOf(() => applyFiles(host, state, 'persistence', to));
        const isCoded = error instanceof AnyarchError && error.code === code;
        if (error !== undefined) failures += 1;
        expect(error === undefined || isCoded).toBe(true);
        // What cannot be removed stays beside what is new.
        const stays = isCoded && method !== 'remove' && path !== `${state}/installed.json`;
        expect(stays ? snapshot(host) : before).toEqual(before);
        expect(read(host, '/etc/binfmt.d/theirs.conf')).toBe('theirs');
        applyFiles(host, state, 'persistence', to);
        // An injected failure that nothing met must not meet the comparison.
        expect(snapshot(host)).toEqual(expected);
      }
    }
    expect(failures).toBeGreaterThan(to.length === 0 ? from.length - 1 : to.length - 1);
  });
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
