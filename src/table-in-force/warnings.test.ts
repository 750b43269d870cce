import { expect, test } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { namespaceTitle } from './describe-namespace.ts';
import type { DescribedNamespace } from './describe-namespace.ts';
import { warningsOf } from './warnings.ts';

const initial: DescribedNamespace = {
  inode: 1,
  owner: 0,
  ownerName: 'root',
  isInitial: true,
  engine: undefined,
};
const podmans: DescribedNamespace = {
  inode: 2,
  owner: 1000,
  ownerName: 'me',
  isInitial: false,
  engine: 'podman',
};
const pause = { pid: 5, command: 'catatonit', userNamespace: 2, mountNamespace: 20, mounts: [] };

function facts(overrides: Partial<Parameters<typeof warningsOf>[1]>): Parameters<typeof warningsOf>[1] {
  return {
    process: { pid: 9, command: 'sh', userNamespace: 2, mountNamespace: 21 },
    namespaces: [podmans, initial],
    whose: 'own',
    owner: podmans,
    foundBy: 'probe',
    device: '0:40',
    mountedDevice: '0:40',
    status: { entries: [{ name: 'qemu-aarch64', enabled: true }] } as never,
    table: { device: '0:40', level: 0, viewers: [pause] },
    hidden: [],
    shadowed: initial,
    ...overrides,
  };
}

test('a table that an engine’s own process keeps is nothing to warn of; a container’s is', () => {
  const host = fakeHost();
  host.files.addFile('/proc/5/cmdline', '/usr/bin/catatonit\0-P\0');
  expect(warningsOf(host, facts({}))).toEqual([]);
  // The init of a container has the same name.
  host.files.addFile('/proc/5/cmdline', '/dev/init\0--\0sh\0');
  expect(warningsOf(host, facts({}))).toMatchObject([{ kind: 'throw-away' }]);
  expect(warningsOf(host, facts({}))[0]!.message).toContain('5 (catatonit)');
});

test('what an empty or a partial table hides, with the remedy', () => {
  const hidden = [{ name: 'qemu-arm', architecture: 'arm' }];
  const host = fakeHost();
  host.files.addFile('/proc/5/cmdline', 'catatonit\0-P\0');
  const partial = warningsOf(host, facts({ hidden }));
  expect(partial).toMatchObject([
    { kind: 'hides-others', hint: 'anyarch rootless enable podman, as its user' },
  ]);
  const empty = warningsOf(host, facts({ hidden, status: { entries: [] } as never }));
  expect(empty).toMatchObject([{ kind: 'empty' }]);
  expect(empty[0]!.message).toContain('shadows that of the host: programs of qemu-arm fail with ENOEXEC');
});

test('what is mounted is another table than the one in force', () => {
  const gone = { whose: 'unmounted', owner: undefined, device: undefined, mountedDevice: '0:39' } as const;
  const kinds = warningsOf(fakeHost(), facts({ ...gone, status: { entries: [] } as never }));
  expect(kinds.map(({ kind }) => kind)).toEqual(['not-in-force']);
});

test('namespaces are called by engine and user', () => {
  expect(
    [podmans, initial, { ...podmans, engine: undefined, ownerName: undefined }].map(namespaceTitle),
  ).toEqual(["podman's namespace of user me", 'the host', 'a namespace of user 1000']);
});
