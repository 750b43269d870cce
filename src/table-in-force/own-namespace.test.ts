import { expect, test } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { ownNamespace } from './own-namespace.ts';

function inNamespace(uidMap: string): FakeHost {
  const host = fakeHost();
  host.files.remove('/proc/self/ns/user');
  host.files.addLink('/proc/self/ns/user', 'user:[4026532177]');
  host.files.addFile('/proc/self/uid_map', uidMap);
  return host;
}

test('the initial namespace is none of the own', () => {
  expect(ownNamespace(fakeHost())).toBeUndefined();
});

test('whose the mounted table is', () => {
  expect(ownNamespace(inNamespace('0 1000 1\n'))).toEqual({ userNamespace: 4026532177, mountedTable: 'own' });
  // Root of the host is root in there, and owns the host's table, too.
  expect(ownNamespace(inNamespace('0 0 1\n'))!.mountedTable).toBe('unknown');
  const hosts = inNamespace('0 1000 1\n');
  const status: FakeHost['files']['status'] = (path) => {
    const found = hosts.files.status(path);
    return found !== undefined && path.endsWith('/register') ? { ...found, uid: 65_534 } : found;
  };
  expect(ownNamespace({ binfmt: hosts.binfmt, files: { ...hosts.files, status } })!.mountedTable).toBe(
    'around',
  );
});
