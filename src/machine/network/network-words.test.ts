import { expect, it } from 'vitest';
import { parseForwards } from './forward.ts';
import { cardAddress, networkWords } from './network-words.ts';

const record = { id: '0198-a', forwards: parseForwards(['8080:80', '0.0.0.0:53:53/udp', '[::1]:8080:80']) };

it('leads to SSH and to each port, but those of IPv6 addresses, which QEMU does not take', () => {
  const [, network, , card] = networkWords({
    definition: { card: 'virtio-net-pci' },
    record,
    sshPort: 40_000,
  });
  expect(network).toBe(
    'user,id=net0,hostfwd=tcp:127.0.0.1:40000-:22,hostfwd=tcp:127.0.0.1:8080-:80,hostfwd=udp:0.0.0.0:53-:53',
  );
  expect(card).toBe(`virtio-net-pci,netdev=net0,mac=${cardAddress(record.id)}`);
});

it('gives each machine a card of its own, which is no group address', () => {
  expect(cardAddress('a')).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
  expect(cardAddress('a')).toBe(cardAddress('a'));
  expect(cardAddress('a')).not.toBe(cardAddress('b'));
});
