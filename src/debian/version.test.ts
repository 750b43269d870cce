import { describe, expect, it } from 'vitest';
import { upstreamVersion } from './version.ts';

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
