import { expect, test } from 'vitest';
import { join } from 'node:path';
import { requireEmulator } from '../../src/emulators/index.ts';
import type { Host } from '../../src/host/host.ts';
import { register, status, unregister } from '../../src/registration/index.ts';
import { readLedger } from '../../src/registration/ledger.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** The host as a process inside sees it, whose user namespace is the table's. */
function seenFrom({ host, pid }: PrivateTable): Host {
  const { files } = host;
  const readLink = (path: string) =>
    files.readLink(path.replace('/proc/self/ns/user', `/proc/${pid}/ns/user`));
  return { ...host, files: { ...files, readLink } };
}

describeWith([needs.qemu], 'namespaces that share a state directory', () => {
  test('keep their records apart', async () => {
    const state = join(temporaryDirectory('shared'), 'anyarch');
    const tables = [await openPrivateTable(), await openPrivateTable()];
    try {
      const [one, two] = tables.map(seenFrom) as [Host, Host];
      const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
      const choose = (host: Host) => (target: string) => requireEmulator(host, target, { qemu });
      const architectures = ['arm64', 'riscv64'];
      for (const host of [one, two]) {
        expect(register(host, { architectures, state, choose: choose(host) }).outcome).toBe('ok');
      }
      expect(unregister(one, { architectures: ['arm64'], state }).outcome).toBe('ok');
      const named = (host: Host) =>
        status(host, { state }).entries.map(({ name, owner }) => [name, owner.kind]);
      expect(named(one)).toEqual([['qemu-riscv64', 'anyarch']]);
      expect(named(two)).toEqual([
        ['qemu-riscv64', 'anyarch'],
        ['qemu-aarch64', 'anyarch'],
      ]);
      const { registrations } = readLedger(one, state);
      expect(
        registrations.map(({ name, emulator: { sha256 = '' } }) => [name, sha256.length]).sort(),
      ).toEqual([
        ['qemu-aarch64', 64],
        ['qemu-riscv64', 64],
        ['qemu-riscv64', 64],
      ]);
    } finally {
      await Promise.all(tables.map(({ close }) => close()));
    }
  });
});
