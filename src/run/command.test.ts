import { describe, expect, it } from 'vitest';
import { commandCandidates, guestEnvironment } from './command.ts';

describe('guestEnvironment', () => {
  const host = { PATH: '/opt/bin', HOME: '/home/me', TERM: 'xterm', SECRET: 's' };

  it('gives a root of its own a fresh environment', () => {
    expect(guestEnvironment(host, [], true)).toEqual({
      PATH: expect.stringContaining('/usr/bin') as string,
      HOME: '/root',
      TERM: 'xterm',
    });
  });

  it("keeps the host's among the host's files", () => {
    expect(guestEnvironment(host, [], false)).toEqual(host);
  });

  it('takes values and names', () => {
    expect(guestEnvironment(host, ['A=b=c', 'SECRET', 'UNSET', 'HOME='], true)).toMatchObject({
      A: 'b=c',
      SECRET: 's',
      HOME: '',
    });
    expect(guestEnvironment(host, ['UNSET'], true)).not.toHaveProperty('UNSET');
  });
});

it.each(['=x', '', '='])('refuses a variable without a name: "%s"', (setting) => {
  expect(() => guestEnvironment({}, [setting], true)).toThrowWithCode('ANYARCH_USAGE');
});

describe('commandCandidates', () => {
  it('goes through PATH in its order', () => {
    expect(commandCandidates('sh', { PATH: '/a::/b' })).toEqual(['/a/sh', './sh', '/b/sh']);
  });

  it('takes a path as it is', () => {
    expect(commandCandidates('./x', { PATH: '/a' })).toEqual(['./x']);
  });
});
