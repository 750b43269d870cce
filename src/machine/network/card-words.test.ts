import { expect, it } from 'vitest';
import { findDefinition } from '../definition/table.ts';
import { cardWords } from './card-words.ts';

it("puts malta's card where it gets interrupts, and leaves others to QEMU", () => {
  expect(cardWords(findDefinition('mipsel'), 'netdev=net0')).toEqual([
    '-device',
    'e1000,netdev=net0,addr=0xb',
  ]);
  expect(cardWords(findDefinition('arm64'), 'netdev=net0')).toEqual([
    '-device',
    'virtio-net-pci,netdev=net0',
  ]);
});
