import { beforeEach, describe, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { imageMark, inContainer } from './surroundings.ts';

describe('inContainer', () => {
  let host: FakeHost;
  beforeEach(() => {
    host = fakeHost();
    host.files.addFile(imageMark, '{}');
    host.files.addLink('/proc/1/ns/mnt', 'mnt:[4026531841]');
  });

  it("sees nothing of the host's files by itself", () => {
    expect(inContainer(host).system.hostFiles).toBe('hidden');
  });

  it('sees them where they are mounted', () => {
    host.files.addDirectory('/host/etc');
    expect(inContainer(host).system.hostFiles).toEqual({ below: '/host' });
  });

  it("sees them through the host's first process", () => {
    host.files.addLink('/proc/1/ns/mnt', 'mnt:[4026531832]');
    expect(inContainer(host).system.hostFiles).toEqual({ below: '/proc/1/root' });
  });

  it('takes them for its own outside an image', () => {
    expect(inContainer(fakeHost()).system.hostFiles).toBeUndefined();
  });

  it('keeps its state in memory where the container is read-only', () => {
    expect(stateDirectory(inContainer(host).system)).toBe('/var/lib/anyarch');
    expect(host.files.list('/var/lib/anyarch')).toEqual([]);
    host.files.fail({ errno: 'EROFS', method: 'makeDirectory', times: 1 });
    expect(stateDirectory(inContainer(host).system)).toBe('/dev/shm/anyarch');
    // As in the image, where the directory is.
    host.files.fail({ errno: 'EROFS', method: 'createExclusive', times: 1 });
    expect(stateDirectory(inContainer(host).system)).toBe('/dev/shm/anyarch');
    host.files.fail({ errno: 'ENOSPC', method: 'makeDirectory', times: 1 });
    expect(() => inContainer(host)).toThrow('ENOSPC');
  });
});
