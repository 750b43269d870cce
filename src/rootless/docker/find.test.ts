import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import { findRootlessDocker } from './find.ts';

const version = { stdout: 'Docker version 20.10.24+dfsg1, build 297e128\n' };

describe('findRootlessDocker', () => {
  it.each([
    '/usr/bin/dockerd-rootless.sh',
    '/usr/share/docker.io/contrib/dockerd-rootless.sh',
    '/home/me/bin/dockerd-rootless.sh',
  ])('finds %s', (path) => {
    const host = user();
    host.files.addFile(path, '#!/bin/sh\n', { mode: 0o755 });
    host.files.addFile('/usr/sbin/dockerd', '', { mode: 0o755 });
    host.processes.on(['/usr/sbin/dockerd', '--version'], version);
    expect(findRootlessDocker(host)).toEqual({ found: true, path, version: '20.10.24+dfsg1' });
  });

  it("does not take root's daemon for it, and names both remedies", () => {
    const host = user();
    host.files.addFile('/usr/sbin/dockerd', '', { mode: 0o755 });
    host.files.addFile('/var/run/docker.sock', '', { uid: 0 });
    const found = findRootlessDocker(host);
    expect(found).toEqual({ found: false, reason: expect.stringContaining("root's daemon") as string });
    expect(found).toMatchObject({ reason: expect.stringContaining('sudo anyarch register') as string });
    expect(found).toMatchObject({ reason: expect.stringContaining('setuptool.sh install') as string });
  });

  it('says what is missing where there is no docker at all', () => {
    expect(findRootlessDocker(user())).toMatchObject({
      found: false,
      reason: expect.stringContaining('there is no dockerd-rootless.sh in PATH') as string,
    });
  });
});

function user(): FakeHost {
  const environment = { HOME: '/home/me', PATH: '/usr/local/bin:/usr/bin' };
  const host = fakeHost({ system: { uid: 1000, environment } });
  host.files.addDirectory('/proc');
  return host;
}
