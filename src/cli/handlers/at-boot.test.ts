import { expect, test } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { atBootNotes } from './at-boot.ts';

const path = '/var/lib/anyarch/persistence.json';
const persisted = (architecture: string) => ({
  architecture,
  name: `qemu-${architecture}`,
  rule: `:qemu-${architecture}:M::x::/usr/local/lib/anyarch/current/qemu-${architecture}:F`,
  emulator: {
    version: '11.1.3',
    sha256: 'a'.repeat(64),
    path: `/usr/local/lib/anyarch/current/qemu-${architecture}`,
  },
});

test('only what is registered at boot and was named comes back, and how to end that is said', () => {
  const host = fakeHost();
  expect(atBootNotes(host, 'all')).toEqual([]);
  const architectures = ['aarch64', 's390x'].map(persisted);
  host.files.addFile(
    path,
    JSON.stringify({ schema: 1, init: 'systemd', architectures, at: '2026-01-01T00:00:00.000Z', by: '' }),
  );
  expect(atBootNotes(host, ['linux/arm64', 'riscv64'])).toEqual([
    'arm64 comes back at the next boot; to end that: sudo anyarch persist disable arm64',
  ]);
  expect(atBootNotes(host, 'all')).toHaveLength(2);
  expect(atBootNotes(host, ['riscv64'])).toEqual([]);
});

test('a damaged record of what is registered at boot is said, and stops nothing', () => {
  const host = fakeHost();
  host.files.addFile(path, '{');
  expect(atBootNotes(host, ['arm64'])).toEqual([expect.stringContaining(path)]);
});
