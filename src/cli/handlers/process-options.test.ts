import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import { chosenProcesses } from './process-options.ts';

function userHost(): FakeHost {
  return fakeHost({ system: { uid: 1000, gid: 1000, environment: { XDG_RUNTIME_DIR: '/run/user/1000' } } });
}

describe('the processes that are asked for', () => {
  it('are none without an option, and one for a number', () => {
    expect(chosenProcesses(fakeHost(), {})).toBeUndefined();
    expect(chosenProcesses(fakeHost(), { pid: '12' })).toEqual([12]);
    for (const pid of ['0', '-1', '1x', '', '99999999999999999999'])
      expect(() => chosenProcesses(fakeHost(), { pid })).toThrowWithCode('ANYARCH_USAGE');
    expect(() => chosenProcesses(fakeHost(), { pid: '1', user: 'me' })).toThrowWithCode('ANYARCH_USAGE');
  });

  it('are podman’s pause process, or for root this one', () => {
    const host = userHost();
    const find = () => chosenProcesses(host, { engine: 'podman' });
    expect(find).toThrowWithCode('ANYARCH_ENGINE_NOT_FOUND');
    host.files.addFile('/run/user/1000/libpod/tmp/pause.pid', '77');
    host.files.addFile('/proc/77/comm', 'catatonit\n');
    expect(find()).toEqual([77]);
    // The number is another one's now.
    host.files.addFile('/proc/77/comm', 'bash\n');
    expect(find).toThrowWithCode('ANYARCH_ENGINE_NOT_FOUND');
    expect(chosenProcesses(fakeHost(), { engine: 'podman' })).toEqual([100]);
  });

  it('are docker’s daemon', () => {
    const host = userHost();
    const find = () => chosenProcesses(host, { engine: 'docker' });
    expect(find).toThrowWithCode('ANYARCH_ENGINE_NOT_FOUND');
    host.files.addFile('/run/docker.pid', '88');
    expect(find).toThrowWithCode('ANYARCH_ENGINE_NOT_FOUND');
    host.files.addFile('/proc/88/comm', 'dockerd\n');
    expect(find()).toEqual([88]);
  });

  it('are the commands that run, where each has a namespace', () => {
    const host = userHost();
    const find = () => chosenProcesses(host, { engine: 'buildah' });
    expect(find).toThrowWithCode('ANYARCH_ENGINE_NOT_FOUND');
    host.files.addDirectory('/proc/91', { uid: 1000 });
    host.files.addFile('/proc/91/comm', 'buildah\n');
    host.files.addFile('/proc/92/comm', 'other\n');
    expect(find()).toEqual([91]);
  });

  it('are a user’s only for that user and root', () => {
    const host = userHost();
    host.files.addFile('/etc/passwd', 'me:x:1000:1000::/home/me:/bin/sh\nother:x:1001:1001::/:/bin/sh\n');
    expect(chosenProcesses(host, { user: 'me' })).toEqual([]);
    expect(() => chosenProcesses(host, { user: 'other' })).toThrowWithCode('ANYARCH_PERMISSION');
    expect(() => chosenProcesses(host, { user: 'nobody' })).toThrowWithCode('ANYARCH_USAGE');
  });
});
