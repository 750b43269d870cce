import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { describeForward, parseForward, parseForwards } from './forward.ts';

describe('a port that leads into a machine', () => {
  it.each([
    ['8080:80', { protocol: 'tcp', address: '127.0.0.1', hostPort: 8080, guestPort: 80 }],
    ['8080', { protocol: 'tcp', address: '127.0.0.1', hostPort: 8080, guestPort: 8080 }],
    ['5353:53/udp', { protocol: 'udp', address: '127.0.0.1', hostPort: 5353, guestPort: 53 }],
    ['0.0.0.0:8080:80/tcp', { protocol: 'tcp', address: '0.0.0.0', hostPort: 8080, guestPort: 80 }],
    ['[::1]:8080:80', { protocol: 'tcp', address: '::1', hostPort: 8080, guestPort: 80 }],
  ])('reads %s', (text, forward) => {
    expect(parseForward(text)).toEqual(forward);
  });

  it.each([
    ['', 'no port'],
    ['80:', 'no port'],
    ['http:80', 'no port'],
    ['8080:80/sctp', 'no port'],
    ['0:80', 'not from 1 to 65535'],
    ['8080:65536', 'not from 1 to 65535'],
    ['256.0.0.1:8080:80', 'no address'],
    ['127.0.0.1:8080', 'both ports'],
    ['[::1]:8080', 'both ports'],
    ['[::g]:8080:80', 'no port'],
    ['[1:2]:8080:80', 'no address'],
    ['[::1]:8080:80/udp', 'UDP'],
    ['8080:80,hostfwd=tcp::22-:22', 'no port'],
  ])('refuses %j: %s', (text, reason) => {
    expect(() => parseForward(text)).toThrowWithCode('ANYARCH_USAGE');
    expect(() => parseForward(text)).toThrow(reason);
  });

  it('is written as it is read', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    const address = fc.oneof(fc.ipV4(), fc.constantFrom('::1', 'fe80::1', '::ffff:1.2.3.4'));
    fc.assert(
      fc.property(fc.constantFrom('tcp' as const, 'udp' as const), address, port, port, (...words) => {
        const [protocol, at, hostPort, guestPort] = words;
        fc.pre(protocol === 'tcp' || !at.includes(':'));
        const forward = { protocol, address: at, hostPort, guestPort };
        expect(parseForward(describeForward(forward))).toEqual(forward);
      }),
    );
  });

  it('never takes a text for something that QEMU would read otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.:[]/,tcpudp- '.split('')) }), (text) => {
        const read = attempt(text);
        expect(read === undefined || (/^[0-9a-f.:]+$/i.test(read.address) && read.hostPort > 0)).toBe(true);
      }),
    );
  });
});

describe('several ports', () => {
  it.each([[['8080:80', '8080:81']], [['8080:80', '0.0.0.0:8080:80']]])('of %j clash', (texts) => {
    expect(() => parseForwards(texts)).toThrowWithCode('ANYARCH_USAGE');
  });

  it.each([[['8080:80', '8080:80/udp']], [['127.0.0.1:8080:80', '127.0.0.2:8080:80']]])(
    'of %j do not',
    (texts) => {
      expect(parseForwards(texts)).toHaveLength(2);
    },
  );
});

/** @returns undefined where it is refused as it should be */
function attempt(text: string) {
  try {
    return parseForward(text);
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_USAGE') return undefined;
    throw error;
  }
}
