import type { MachineDefinition } from '../definition/definition.ts';
import { usbPorts } from '../definition/usb-ports.ts';
import type { MachinePlaces } from '../places.ts';
import { blockNode, device } from './words.ts';

/** The machine's disk, and the seed as a second one that is only read: kernels without a driver for CD drives see it, too. */
export function diskWords(
  { bus }: MachineDefinition,
  { disk, seed }: Pick<MachinePlaces, 'disk' | 'seed'>,
): string[] {
  const diskNode = blockNode({
    driver: 'qcow2',
    'node-name': 'disk',
    // What the guest frees and what it fills with zeros takes no space.
    discard: 'unmap',
    'detect-zeroes': 'unmap',
    cache: { direct: false, 'no-flush': false },
    file: { driver: 'file', 'node-name': 'disk-file', filename: disk, discard: 'unmap' },
  });
  const seedNode = blockNode({
    driver: 'raw',
    'node-name': 'seed',
    'read-only': true,
    file: { driver: 'file', 'node-name': 'seed-file', filename: seed, 'read-only': true },
  });
  if (bus === 'board')
    return [
      ...diskNode,
      ...device('sd-card', { id: 'disk0', drive: 'disk' }),
      ...seedNode,
      ...device('usb-hub', { id: 'hub0', port: usbPorts.hub }),
      ...device('usb-storage', { id: 'seed0', drive: 'seed', port: usbPorts.seed }),
    ];
  return [
    ...diskNode,
    ...device(`virtio-blk-${bus}`, { id: 'disk0', drive: 'disk', bootindex: 1, 'write-cache': 'on' }),
    ...seedNode,
    ...device(`virtio-blk-${bus}`, { id: 'seed0', drive: 'seed' }),
  ];
}
