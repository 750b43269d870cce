import { expect, it } from 'vitest';
import { parseForwards } from './forward.ts';
import { cardAddress, networkWords } from './network-words.ts';

const virtio = { bus: 'pci', card: 'virtio-net-pci' } as const;
const record = { id: '0198-a', forwards: parseForwards(['8080:80', '0.0.0.0:53:53/udp', '[::1]:8080:80']) };

it('leads to SSH and to each port, but those of IPv6 addresses, which QEMU does not take', () => {
  const [, network, , card] = networkWords({
    definition: virtio,
    record,
    sshPort: 40_000,
  });
  expect(network).toBe(
    'user,id=net0,hostfwd=tcp:127.0.0.1:40000-:22,hostfwd=tcp:127.0.0.1:8080-:80,hostfwd=udp:0.0.0.0:53-:53',
  );
  expect(card).toBe(`virtio-net-pci,netdev=net0,mac=${cardAddress(record.id, virtio)}`);
});

it('gives each machine a card of its own, which is no group address', () => {
  expect(cardAddress('a', virtio)).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
  expect(cardAddress('a', virtio)).toBe(cardAddress('a', virtio));
  expect(cardAddress('a', virtio)).not.toBe(cardAddress('b', virtio));
});

it('puts a card of USB where guests find it first, with an address that they keep', () => {
  const definition = { bus: 'board', card: 'usb-net' } as const;
  const card = networkWords({ definition, record, sshPort: 40_000 }).at(-1) ?? '';
  expect(card).toBe(`usb-net,netdev=net0,mac=${cardAddress(record.id, definition)},port=1.1`);
  expect(cardAddress(record.id, definition)).toBe(cardAddress(record.id, virtio).replace(/^52/, '40'));
});
