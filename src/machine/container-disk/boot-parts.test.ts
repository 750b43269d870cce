import { expect, it } from 'vitest';
import { isNeededEarly } from './boot-parts.ts';

const driver = (path: string) => `usr/lib/modules/6.1.0-50-5kc-malta/kernel/${path}`;

it.each(['', '.xz', '.zst'])(
  'takes drivers of disks and cards to the root in memory, and no others (.ko%s)',
  (ending) => {
    for (const name of [
      'drivers/block/virtio_blk',
      'fs/ext4/ext4',
      'drivers/net/virtio_net',
      'drivers/net/ethernet/intel/e1000/e1000',
    ])
      expect(isNeededEarly(`${driver(name)}.ko${ending}`)).toBe(true);
    for (const name of [
      'drivers/gpu/drm/virtio/virtio-gpu',
      'drivers/net/ethernet/intel/e1000e/e1000e',
      'sound/core/snd',
    ])
      expect(isNeededEarly(`${driver(name)}.ko${ending}`)).toBe(false);
  },
);

it('takes the lists that drivers are found by', () => {
  expect(isNeededEarly('usr/lib/modules/6.1.0-50-5kc-malta/modules.dep')).toBe(true);
});
