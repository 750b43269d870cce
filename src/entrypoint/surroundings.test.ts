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

  it("does not take another container's first process for the host's", () => {
    host.files.addLink('/proc/1/ns/mnt', 'mnt:[4026532832]');
    host.files.addLink('/proc/self/ns/pid', 'pid:[4026532840]');
    expect(inContainer(host).system.hostFiles).toBe('hidden');
  });

  it('takes them for its own outside an image', () => {
    expect(inContainer(fakeHost()).system.hostFiles).toBeUndefined();
  });

  it('keeps its state in memory, whatever is on the disk', () => {
    host.files.fail({ errno: 'ENOSPC', method: 'createExclusive' });
    host.files.fail({ errno: 'EROFS', method: 'makeDirectory' });
    const { files, system } = inContainer(host);
    const state = stateDirectory(system);
    files.makeDirectory(state);
    files.createExclusive(`${state}/lock`, new Uint8Array());
    expect(files.list(state)).toEqual(['lock']);
    expect(host.files.status(state)).toBeUndefined();
    expect(inContainer(host).files.list(state)).toEqual([]);
  });

  it('needs no home directory', () => {
    const { system } = inContainer({ ...host, system: { ...host.system, uid: 1000, environment: {} } });
    expect(stateDirectory(system)).toBe('/run/anyarch');
  });

  it('keeps its state where it is told to', () => {
    const environment = { ANYARCH_HOME: '/volume' };
    const { files, system } = inContainer({ ...host, system: { ...host.system, environment } });
    expect(stateDirectory(system)).toBe('/volume');
    expect(files).toBe(host.files);
  });

  it('leaves the state where it is outside an image', () => {
    const elsewhere = fakeHost();
    const { files, system } = inContainer(elsewhere);
    expect(stateDirectory(system)).toBe('/var/lib/anyarch');
    expect(files).toBe(elsewhere.files);
  });
});
