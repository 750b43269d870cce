import { expect, it } from 'vitest';
import { diskTrouble } from './guest-state.ts';

/** As QEMU 10.0 answered. */
const qemu = (status: string, ioStatus: string) => ({
  execute: async (command: string) =>
    await Promise.resolve(
      command === 'query-status'
        ? { status, running: status === 'running' }
        : [{ 'io-status': ioStatus, qdev: '/machine/peripheral/disk0/virtio-backend' }, { qdev: 'seed0' }],
    ),
});

it('tells a guest that QEMU stopped for its disk from others', async () => {
  expect(await diskTrouble(qemu('io-error', 'nospace'))).toBe('no-space');
  expect(await diskTrouble(qemu('io-error', 'failed'))).toBe('disk-error');
  expect(await diskTrouble(qemu('running', 'ok'))).toBeUndefined();
  // A command of ours stopped it: that is no trouble of the disk.
  expect(await diskTrouble(qemu('paused', 'nospace'))).toBeUndefined();
});
