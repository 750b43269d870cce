import { writeFileSync } from 'node:fs';
import { succeed } from '../../support/command.ts';
import { useHostTable } from '../../support/engines/host-table.ts';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { must, useEnginePlace, type EngineLaboratory } from '../../support/faults/engines/engine-place.ts';
import {
  containersConfiguration,
  startRootlessPodman,
  startVfsPodman,
} from '../../support/faults/engines/places.ts';
import { testFault } from '../../support/faults/fault.ts';
import { guests } from '../../support/fixtures/guests.ts';

const { i386, s390x } = guests;
const required = [needs.root, needs.apt, needs.qemu, needs.podman];

const runOf = (guest: typeof i386 | typeof s390x): string[] => [
  ...['podman', 'run', '--rm', '--network', 'none', '--platform', guest.platform],
  ...[`anyarch.test/busybox:${guest.debian}`, '/bin/uname', '-m'],
];

describeWith(required, 'podman, its runtime and its storage', () => {
  const { open, place } = useEnginePlace(() => startVfsPodman(i386));
  const configure = (runtime: string): Promise<void> => {
    const { configuration } = place();
    writeFileSync(
      configuration,
      containersConfiguration(configuration.replace(/\/containers\.conf$/, ''), runtime),
    );
    return Promise.resolve();
  };

  testFault(open, {
    name: 'a runtime is configured that is not installed',
    cause: 'engine-runtime-missing',
    inject: () => configure('youki'),
    command: () => runOf(i386),
    ask: () => ['podman'],
    remedy: () => configure('wrapper'),
  });

  testFault(open, {
    name: 'the storage is mounted noexec',
    cause: 'engine-storage-noexec',
    inject: () => succeed(['mount', '-o', 'remount,noexec', place().storage]),
    command: () => runOf(i386),
    ask: () => ['podman', '--image', `anyarch.test/busybox:${i386.debian}`],
  });
});

describeWith([...required, needs.hostTable, needs.testUser], 'podman without root', () => {
  useHostTable();
  const { open } = useEnginePlace(() => startRootlessPodman([s390x]));
  const ask = (): string[] => ['podman', '--image', `anyarch.test/busybox:${s390x.debian}`];

  testFault(open, {
    name: 'nothing is registered, and there is no root to do it',
    cause: 'entry-missing',
    isBrokenFromTheStart: true,
    inject: () => Promise.resolve(),
    command: () => runOf(s390x),
    ask,
  });

  const enabled = async (): Promise<EngineLaboratory> => {
    const laboratory = await open();
    await must(laboratory, 'anyarch', 'rootless', 'enable', 'podman', '-a', 's390x');
    return laboratory;
  };
  testFault(enabled, {
    name: 'its namespace has an empty table of its own',
    cause: 'engine-table-incomplete',
    alsoErrors: { 'entry-missing': 'the host has no entry either' },
    inject: async (laboratory) => {
      await must(laboratory, 'anyarch', 'rootless', 'disable', 'podman');
      await must(laboratory, 'podman', 'system', 'migrate');
      await must(
        laboratory,
        ...['podman', 'unshare', 'mount', '-t', 'binfmt_misc', 'binfmt_misc', '/proc/sys/fs/binfmt_misc'],
      );
    },
    command: () => runOf(s390x),
    ask,
  });
});
