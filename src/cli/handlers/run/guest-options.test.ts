import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../../host/testing/index.ts';
import type { FakeHost } from '../../../host/testing/index.ts';
import { guestOptions } from './guest-options.ts';

const hostRoot = { kind: 'host' } as const;

function user(subordinate: boolean): FakeHost {
  const host = fakeHost({ system: { uid: 1000, gid: 1000 } });
  host.processes.on(['id', '-un'], { stdout: 'me\n' });
  if (subordinate)
    for (const name of ['subuid', 'subgid'])
      host.files.addFile(`/etc/${name}`, new TextEncoder().encode('me:100000:65536\n'));
  return host;
}

describe('guestOptions', () => {
  it.each([
    [{}, 'sh', 'auto'],
    [{}, '/usr/bin/buildah', 'root'],
    [{ 'keep-id': true }, 'buildah', 'keep'],
    [{ 'map-auto': true }, 'sh', 'root'],
  ])('%o and %s: %s', (options, program, ids) => {
    expect(guestOptions(user(true), hostRoot, options, program)).toEqual({ ids, network: 'host' });
  });

  it('leaves programs of many ids the one that there is', () => {
    expect(guestOptions(user(false), hostRoot, {}, 'buildah').ids).toBe('auto');
  });

  it("finds the user and the home among the guest's", () => {
    const host = user(true);
    host.files.addFile('/guest/etc/passwd', new TextEncoder().encode('web:x:33:34::/srv:\n'));
    const root = { kind: 'directory', path: '/guest' } as const;
    expect(guestOptions(host, root, { user: 'web' }, 'sh')).toMatchObject({
      user: { uid: 33, gid: 34, groups: [] },
      home: '/srv',
    });
  });

  it.each([
    { 'keep-id': true, 'map-auto': true },
    { hostname: '' },
    { hostname: 'a b' },
    { hostname: '-a' },
    { hostname: 'x'.repeat(65) },
    { memory: 'much' },
    { user: 'nobody-there' },
  ])('refuses %o', (options) => {
    expect(() => guestOptions(user(true), hostRoot, options, 'sh')).toThrowWithCode('ANYARCH_USAGE');
  });
});
