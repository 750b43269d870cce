import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mirrorHost } from '../../test/support/mirror-host.ts';
import { buildDeb, staticProgram } from '../../test/support/mirror-package.ts';
import { startMirror, type Mirror, type MirrorPackage } from '../../test/support/mirror.ts';
import { fetchGuest, findGuest, type FetchGuestOptions } from './index.ts';
import { suitesOfGuest } from './suites.ts';

let mirror: Mirror;
let home: string;

beforeEach(async () => {
  mirror = await startMirror();
  home = mkdtempSync(join(tmpdir(), 'anyarch-guest-'));
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
});

const fetch = (architecture: string, options: Partial<FetchGuestOptions> = {}) =>
  fetchGuest(mirrorHost(home), {
    architecture,
    mirror: mirror.url,
    keyrings: [mirror.keyring],
    retryMs: 1,
    ...options,
  });

const programs = {
  arm64: staticProgram({ machine: 183, class: 64 }),
  armhf: Buffer.concat([staticProgram({ machine: 40, class: 32 }), Buffer.from('hf')]),
  armel: Buffer.concat([staticProgram({ machine: 40, class: 32 }), Buffer.from('el')]),
};

async function busybox(
  architecture: string,
  program: Uint8Array,
  path = 'usr/bin/busybox',
  version = '1:1.37.0-6',
): Promise<MirrorPackage> {
  return {
    name: 'busybox-static',
    version,
    architecture,
    deb: await buildDeb([{ name: `./${path}`, content: program }]),
  };
}

describe('fetchGuest', () => {
  it('brings the busybox of an architecture into the store, once', async () => {
    await mirror.addSuite({
      suite: 'trixie',
      architectures: ['arm64', 'amd64'],
      packages: [await busybox('arm64', programs.arm64)],
    });
    expect(findGuest(mirrorHost(home), 'arm64')).toBeUndefined();
    const guest = await fetch('linux/arm64');
    expect(guest).toMatchObject({ architecture: 'aarch64', debian: 'arm64', packageVersion: '1:1.37.0-6' });
    expect(readFileSync(guest.path).equals(programs.arm64)).toBe(true);
    expect(findGuest(mirrorHost(home), 'aarch64')).toEqual(guest);
    mirror.requests.length = 0;
    expect(await fetch('arm64')).toEqual(guest);
    expect(mirror.requests).toEqual([]);
  });

  it('tells armel from armhf', async () => {
    const packages = [
      await busybox('armhf', programs.armhf),
      await busybox('armel', programs.armel, 'bin/busybox'),
    ];
    await mirror.addSuite({ suite: 'trixie', architectures: ['armel', 'armhf'], packages });
    await Promise.all([fetch('arm'), fetch('linux/arm/v5')]);
    expect(findGuest(mirrorHost(home), 'linux/arm/v7')?.debian).toBe('armhf');
    const armel = findGuest(mirrorHost(home), 'armel');
    expect(readFileSync(armel?.path ?? '').equals(programs.armel)).toBe(true);
  });

  it('goes back to an older release for architectures that Debian has dropped', async () => {
    expect(suitesOfGuest('mips64el')).toEqual(['bookworm']);
    expect(suitesOfGuest('arm64')).toEqual(['trixie', 'bookworm']);
    expect(suitesOfGuest('loong64')).toEqual(['sid']);
    await expect(fetch('loong64')).rejects.toThrowWithCode('ANYARCH_PACKAGE_NOT_FOUND');
    expect(mirror.requests).toEqual(['GET /dists/sid/InRelease']);
  });

  it.each(['hexagon', 'm68k'])('says so where Debian has none: %s', async (architecture) => {
    await expect(fetch(architecture)).rejects.toThrowWithCode('ANYARCH_PACKAGE_NOT_FOUND');
    expect(mirror.requests).toEqual([]);
  });

  it('fetches again what is damaged or has disappeared', async () => {
    await mirror.addSuite({
      suite: 'trixie',
      architectures: ['arm64'],
      packages: [await busybox('arm64', programs.arm64)],
    });
    const { path } = await fetch('arm64');
    writeFileSync(path, Buffer.alloc(programs.arm64.length));
    await fetch('arm64');
    expect(readFileSync(path).equals(programs.arm64)).toBe(true);
    rmSync(path);
    expect(findGuest(mirrorHost(home), 'arm64')).toBeUndefined();
    await fetch('arm64');
    expect(readFileSync(path).equals(programs.arm64)).toBe(true);
  });

  it.each([
    ['another architecture', programs.armhf, 'usr/bin/busybox'],
    ['something else', Buffer.from('#!/bin/sh'), 'usr/bin/busybox'],
    ['no busybox', programs.arm64, 'usr/bin/toybox'],
  ])('refuses %s', async (_, program, path) => {
    await mirror.addSuite({
      suite: 'trixie',
      architectures: ['arm64'],
      packages: [await busybox('arm64', program, path)],
    });
    await expect(fetch('arm64')).rejects.toThrow(/./);
    expect(findGuest(mirrorHost(home), 'arm64')).toBeUndefined();
    expect(readdirSync(home)).not.toContain('guests.json');
  });

  it('refuses an expired release, unless that is allowed', async () => {
    const validUntil = new Date(Date.now() - 1000);
    await mirror.addSuite({
      suite: 'trixie',
      architectures: ['arm64'],
      packages: [await busybox('arm64', programs.arm64)],
      validUntil,
    });
    await expect(fetch('arm64')).rejects.toThrowWithCode('ANYARCH_RELEASE_EXPIRED');
    expect((await fetch('arm64', { allowExpired: true })).debian).toBe('arm64');
  });
});

describe('findGuest', () => {
  it('refuses a damaged catalogue', () => {
    for (const text of [
      '{',
      '{"schema":1,"guests":{"arm64":{"sha256":"../x"}}}',
      '{"schema":2,"guests":{}}',
    ]) {
      writeFileSync(join(home, 'guests.json'), text);
      expect(() => findGuest(mirrorHost(home), 'arm64')).toThrowWithCode('ANYARCH_FILE');
    }
  });
});
