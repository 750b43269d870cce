import { describe, expect, it } from 'vitest';
import { compareDebianVersions, compareQemuVersions, parseQemuVersion } from './version.ts';

describe('parseQemuVersion', () => {
  it.each([
    [
      'qemu-aarch64 version 11.1.3 (Debian 1:11.1.3+ds-1~bpo13+1)\nCopyright (c) 2003-2026 Fabrice Bellard and the QEMU Project developers\n',
      {
        target: 'aarch64',
        version: '11.1.3',
        build: 'Debian 1:11.1.3+ds-1~bpo13+1',
        debianVersion: '1:11.1.3+ds-1~bpo13+1',
      },
    ],
    [
      'qemu-arm version 10.0.0-rc1 (v10.0.0-rc1-12-gabcdef)\n',
      { target: 'arm', version: '10.0.0-rc1', build: 'v10.0.0-rc1-12-gabcdef', debianVersion: undefined },
    ],
    [
      'qemu-s390x version 9.2.2\n',
      { target: 's390x', version: '9.2.2', build: undefined, debianVersion: undefined },
    ],
    [
      'qemu-arm version 2.5.0 (Debian 1:2.5+dfsg-5), Copyright (c) 2003-2008 Fabrice Bellard\n',
      { target: 'arm', version: '2.5.0', build: 'Debian 1:2.5+dfsg-5', debianVersion: '1:2.5+dfsg-5' },
    ],
    [
      'qemu-arm version 2.1.0, Copyright (c) 2003-2008 Fabrice Bellard',
      { target: 'arm', version: '2.1.0', build: undefined, debianVersion: undefined },
    ],
    [
      '/usr/bin/qemu-arm-static version 7.2.19 (qemu-7.2.19-1.fc37)',
      { target: 'arm', version: '7.2.19', build: 'qemu-7.2.19-1.fc37', debianVersion: undefined },
    ],
  ])('reads %j', (text, expected) => {
    expect(parseQemuVersion(text)).toEqual(expected);
  });

  it.each([
    '',
    'busybox 1.36',
    'qemu-arm',
    'qemu-arm version',
    'qemu-arm version x',
    'FEX version 1',
    'x'.repeat(1_000_000),
  ])('finds none in %j', (text) => {
    expect(parseQemuVersion(text)).toBeUndefined();
  });
});

describe('compareQemuVersions', () => {
  it.each([
    ['11.1.3', '11.1.3', 0],
    ['10.0', '10.0.0', 0],
    ['9.2.4', '10.0.0', -1],
    ['10.0.0-rc1', '10.0.0', -1],
    ['10.0.0-rc2', '10.0.0-rc10', -1],
    ['10.0.0-rc4', '9.2.0', 1],
    ['7.2.19', '7.2.2', 1],
  ])('%s and %s: %i', (a, b, expected) => {
    expect(compareQemuVersions(a, b)).toBe(expected);
    expect(compareQemuVersions(b, a)).toBe(0 - expected);
  });
});

describe('compareDebianVersions', () => {
  // Every answer is `dpkg --compare-versions`'s, 1.21.
  it.each([
    ['1:11.1.3+ds-1~bpo13+1', '1:11.1.3+ds-1', -1],
    ['1:7.2+dfsg-7+deb12u16', '1:7.2+dfsg-7', 1],
    ['1.0~rc1', '1.0', -1],
    ['1:1.0', '2.0', 1],
    ['1.0-1', '1.0', 1],
    ['1.0a', '1.0+', -1],
    ['1.10', '1.9', 1],
    ['1.0~~', '1.0~', -1],
    ['1.01', '1.1', 0],
    ['0:1.0', '1.0', 0],
    ['1.0-0', '1.0', 0],
    ['1.0.20261121123456789', '1.0.20261121123456788', 1],
    ['a', '1', 1],
    ['1.2.3', '1.2.3.4', -1],
    ['10.0.2+ds-2+deb13u1~bpo12+1', '10.0.2+ds-2+deb13u1', -1],
  ])('%s and %s: %i', (a, b, expected) => {
    expect(compareDebianVersions(a, b)).toBe(expected);
    expect(compareDebianVersions(b, a)).toBe(0 - expected);
  });
});
