import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, upstreamVersion } from './version.ts';

describe('compareVersions', () => {
  // In ascending order, by Debian's policy and `dpkg --compare-versions`.
  const ascending = [
    '7.2+dfsg-7',
    '1:7.2+dfsg-7+deb12u18',
    '1:7.2+dfsg-7+deb12u18+b3',
    '1:10.0~rc1-1',
    '1:10.0.2+ds-2+deb13u1~bpo12+1',
    '1:10.0.2+ds-2+deb13u1',
    '1:10.0.13+ds-0+deb13u1',
    '1:11.1.3a',
    '1:11.1.3+ds-1~bpo13+1',
    '1:11.1.3+ds-1',
    '1:11.1.3+ds-10',
    '2:1',
  ];

  it('orders as dpkg does', () => {
    const shuffled = [...ascending].sort((a, b) => ((a.length * 7) % 5) - ((b.length * 7) % 5));
    expect(shuffled.sort(compareVersions)).toEqual(ascending);
  });

  it('is antisymmetric', () => {
    const version = fc.stringMatching(/^[0-9]{1,3}(:[0-9]{1,2})?[a-z0-9.+~-]{0,8}$/);
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)));
      }),
    );
  });
});

describe('upstreamVersion', () => {
  it.each([
    ['1:11.1.3+ds-1~bpo13+1', '11.1.3'],
    ['1:7.2+dfsg-7+deb12u18+b3', '7.2'],
    ['1:10.0.2+ds-2+deb13u1~bpo12+1', '10.0.2'],
    ['1:11.2.0~rc1+ds-1', '11.2.0~rc1'],
    ['1.37.0', '1.37.0'],
  ])('%s is %s', (version, upstream) => {
    expect(upstreamVersion(version)).toBe(upstream);
  });
});
