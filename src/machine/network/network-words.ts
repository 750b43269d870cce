import { usbPorts } from '../definition/usb-ports.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { Forward, MachineRecord } from '../record.ts';
import { cardWords } from './card-words.ts';

export interface NetworkRequest {
  readonly definition: Pick<MachineDefinition, 'bus' | 'card' | 'cardPlace'>;
  readonly record: Pick<MachineRecord, 'id' | 'forwards'>;
  /** On the host's 127.0.0.1: leads to the guest's port 22. */
  readonly sshPort: number;
}

/**
 * QEMU's words for one network card in a network of the machine's own, whose way out is QEMU itself: no privilege, no
 * bridge, and nobody reaches the guest but by the forwards.
 */
export function networkWords({ definition, record, sshPort }: NetworkRequest): string[] {
  const forwards = [
    `hostfwd=tcp:127.0.0.1:${sshPort}-:22`,
    ...record.forwards.filter(isForwardedByQemu).map(hostForward),
  ];
  return [
    '-netdev',
    ['user', 'id=net0', ...forwards].join(','),
    ...cardWords(
      definition,
      'netdev=net0',
      `mac=${cardAddress(record.id, definition)}`,
      ...(definition.bus === 'board' ? [`port=${usbPorts.card}`] : []),
    ),
  ];
}

/**
 * Not IPv6: QEMU reads the host's address with inet_aton, up to 10.0 at least ("Bad host address"; net/slirp.c), though
 * its libslirp could. Those go through the SSH connection.
 */
export function isForwardedByQemu({ address }: Pick<Forward, 'address'>): boolean {
  return !address.includes(':');
}

function hostForward({ protocol, address, hostPort, guestPort }: Forward): string {
  return `hostfwd=${protocol}:${address}:${hostPort}-:${guestPort}`;
}

/**
 * The same for each start of a machine, another one for each machine. QEMU's own range is 52:54:00. Of a card at USB the
 * first byte is 40: Linux does not keep one that is locally administered, which 52 says, or calls the card usb0 (rndis_host, usbnet).
 */
export function cardAddress(id: string, { card }: Pick<MachineDefinition, 'card'>): string {
  let hash = 0x811c9dc5;
  // FNV-1a: 24 bits tell apart what is in separate networks anyhow.
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  const bytes = [16, 8, 0].map((shift) => ((hash >>> shift) & 0xff).toString(16).padStart(2, '0'));
  return [card === 'usb-net' ? '40' : '52', '54', '00', ...bytes].join(':');
}
