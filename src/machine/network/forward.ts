import { AnyarchError } from '../../core/error.ts';
import type { Forward } from '../record.ts';

/**
 * Reads `[ADDRESS:]HOST:GUEST[/tcp|/udp]`, as `--port` takes it; one number stands for both ports. Only this machine
 * reaches a port unless an address is given: `0.0.0.0:8080:80`, `[::1]:8080:80`.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function parseForward(text: string): Forward {
  const [, bracketed, plain, host = '', guestText, protocol = 'tcp'] =
    /^(?:(?:\[([0-9a-fA-F:.]+)\]|(\d+\.\d+\.\d+\.\d+)):)?(\d+)(?::(\d+))?(?:\/(tcp|udp))?$/.exec(text) ?? [];
  if (host === '') throw misuse(text, 'it is no port of the host and one of the guest');
  if (plain?.split('.').some((part) => Number(part) > 255) === true)
    throw misuse(text, `${plain} is no address`);
  if (bracketed !== undefined && !isIpv6(bracketed)) throw misuse(text, `${bracketed} is no address`);
  if ((bracketed ?? plain) !== undefined && guestText === undefined)
    throw misuse(text, 'with an address, both ports are needed');
  if (bracketed !== undefined && protocol === 'udp')
    throw misuse(text, 'IPv6 addresses go through the SSH connection, which has no UDP');
  const hostPort = portOf(text, host);
  return {
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    address: bracketed ?? plain ?? '127.0.0.1',
    hostPort,
    guestPort: portOf(text, guestText ?? host),
  };
}

/**
 * All that `--port` was given.
 *
 * @throws AnyarchError ANYARCH_USAGE also where two want the same port of the host
 */
export function parseForwards(texts: readonly string[]): Forward[] {
  const forwards = texts.map(parseForward);
  forwards.forEach((forward, index) => {
    const other = forwards.slice(0, index).find((one) => clash(one, forward));
    if (other !== undefined)
      throw misuse(texts[index] ?? '', `${describeForward(other)} takes the same port of the host`);
  });
  return forwards;
}

/** For people, and read again by `parseForward`. */
export function describeForward({ protocol, address, hostPort, guestPort }: Forward): string {
  const shown = address.includes(':') ? `[${address}]` : address;
  return `${shown}:${hostPort}:${guestPort}${protocol === 'udp' ? '/udp' : ''}`;
}

/** Whether both want the same port of the host. */
export function clash(one: Forward, other: Forward): boolean {
  if (one.protocol !== other.protocol || one.hostPort !== other.hostPort) return false;
  return one.address === other.address || [one, other].some(({ address }) => address === '0.0.0.0');
}

function portOf(text: string, digits: string): number {
  const port = Number(digits);
  if (port >= 1 && port <= 65_535) return port;
  throw misuse(text, `${digits.slice(0, 20)} is not from 1 to 65535`);
}

function isIpv6(text: string): boolean {
  return URL.canParse(`http://[${text}]/`);
}

function misuse(text: string, reason: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', `port "${text.slice(0, 80)}": ${reason}`, {
    hint: 'write it as HOST:GUEST, ADDRESS:HOST:GUEST or HOST:GUEST/udp: --port 8080:80',
  });
}
