import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { fakeHost } from '../host/testing/index.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { chooseMapping } from './mapping.ts';
import type { GuestIds } from './mapping.ts';

const roots = {
  host: { kind: 'host' },
  directory: { kind: 'directory', path: '/r' },
  ephemeral: { kind: 'ephemeral', path: '/r' },
} as const;

function user(uid: number, subordinate: string): FakeHost {
  const host = fakeHost({ system: { uid, gid: uid } });
  host.processes.on(['id', '-un'], { stdout: 'me\n' });
  for (const name of ['subuid', 'subgid'])
    host.files.addFile(`/etc/${name}`, new TextEncoder().encode(subordinate));
  return host;
}

function hintOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof AnyarchError) return error.hint;
    throw error;
  }
  return undefined;
}

describe('chooseMapping', () => {
  const ranges = 'other:100000:65536\nme:165536:65536\n1000:300000:10\n';

  it.each([
    ['host', 'auto', 'self'],
    ['host', 'keep', 'self'],
    ['host', 'root', 'parent'],
    ['directory', 'auto', 'parent'],
    ['directory', 'keep', 'parent'],
    ['directory', 'root', 'parent'],
    ['ephemeral', 'auto', 'self'],
    ['ephemeral', 'keep', 'self'],
    ['ephemeral', 'root', 'parent'],
  ] as const)('%s root, %s ids: %s', (root, ids, kind) => {
    expect(chooseMapping(user(1000, ranges), roots[root], ids).mapping.kind).toBe(kind);
  });

  it('has the subordinate ids mapped behind the own one', () => {
    const host = user(1000, ranges);
    host.processes.on(['newuidmap'], {});
    host.processes.on(['newgidmap'], {});
    chooseMapping(host, roots.host, 'root').write?.(77);
    const words = ['77', '0', '1000', '1', '1', '165536', '65536', '65537', '300000', '10'];
    expect(host.processes.runs.slice(1).map(({ command }) => command)).toEqual([
      ['newuidmap', ...words],
      ['newgidmap', ...words],
    ]);
  });

  it('says what newuidmap said, or that there is none', () => {
    const host = user(1000, ranges);
    const { write } = chooseMapping(host, roots.host, 'root');
    expect(() => write?.(77)).toThrowWithCode('ANYARCH_SUBORDINATE_IDS');
    host.processes.on(['newuidmap'], { exitCode: 1, stderr: 'newuidmap: not allowed\n' });
    expect(() => write?.(77)).toThrow('newuidmap: not allowed');
  });

  it('says why newuidmap has no privilege', () => {
    const host = user(1000, ranges);
    for (const name of ['newuidmap', 'newgidmap'])
      host.files.addFile(`/usr/bin/${name}`, 'x', { mode: 0o4755 });
    host.processes.on(['newuidmap'], { exitCode: 1, stderr: 'newuidmap: write to uid_map failed\n' });
    const { write } = chooseMapping(host, roots.host, 'root');
    expect(hintOf(() => write?.(77))).toBe('look at the ranges in /etc/subuid and /etc/subgid');
    host.files.addFile('/proc/self/status', 'NoNewPrivs:\t1\n');
    expect(hintOf(() => write?.(77))).toContain('no_new_privs is set');
  });

  it.each([
    ['host', 'auto', 'self'],
    ['directory', 'auto', 'self'],
    ['directory', 'keep', 'self'],
  ] as const)('does with one id where there are no others: %s root, %s ids', (root, ids, kind) => {
    expect(chooseMapping(user(1000, ''), roots[root], ids).mapping.kind).toBe(kind);
  });

  it.each(Object.values(roots))('refuses to give all ids to who has none: $kind', (root) => {
    const choose = (ids: GuestIds): unknown => chooseMapping(user(1000, 'other:100000:65536\n'), root, ids);
    expect(() => choose('root')).toThrowWithCode('ANYARCH_SUBORDINATE_IDS');
    expect(() => choose('root')).toThrow('me has no range in /etc/subuid');
  });
});
