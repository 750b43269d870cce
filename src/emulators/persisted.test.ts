import { describe, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { chooseEmulator } from './choose.ts';
import type { EmulatorDescription } from './described.ts';
import { listEmulators } from './list.ts';

const path = '/usr/local/lib/anyarch/current/qemu-s390x';

function withSystemEmulator(): FakeHost {
  const host = fakeHost();
  host.addProgram('/usr/bin/qemu-s390x', 'qemu');
  host.processes.on(['/usr/bin/qemu-s390x', '--version'], { stdout: 'qemu-s390x version 11.1.3 (Debian 1)' });
  return host;
}

/** @param identity of the copy's content */
function persist(host: FakeHost, identity: string, changes: Partial<EmulatorDescription> = {}): void {
  host.addProgram('/usr/local/lib/anyarch/emulators-1/qemu-s390x', identity);
  host.files.addLink('/usr/local/lib/anyarch/current', 'emulators-1');
  const description: EmulatorDescription = {
    schema: 1,
    target: 's390x',
    path,
    version: '11.1.3',
    packageVersion: '',
    linkage: 'static',
    preservesArgv0: true,
    size: host.files.read(path).length,
    sha256: host.files.sha256(path),
    ...changes,
  };
  host.files.addFile('/usr/local/lib/anyarch/emulators-1/s390x.json', JSON.stringify(description));
}

describe('the persisted copy', () => {
  it('is preferred to a file with the same content', () => {
    const host = withSystemEmulator();
    persist(host, 'qemu');
    expect(chooseEmulator(host, 's390x', { qemu: 'system' }).emulator).toMatchObject({
      path,
      origin: 'persisted',
      version: '11.1.3',
    });
  });

  it('is not preferred to another content of the same size', () => {
    const host = withSystemEmulator();
    persist(host, 'qemV');
    expect(chooseEmulator(host, 's390x', { qemu: 'system' }).emulator?.path).toBe('/usr/bin/qemu-s390x');
  });

  it('does not stand in for the emulators of another system', () => {
    const host = withSystemEmulator();
    host.addProgram('/other/usr/bin/qemu-s390x', 'qemu');
    host.processes.on(['/other/usr/bin/qemu-s390x', '--version'], { stdout: 'qemu-s390x version 11.1.3' });
    persist(host, 'qemu');
    expect(chooseEmulator(host, 's390x', { root: '/other' }).emulator?.path).toBe(
      '/other/usr/bin/qemu-s390x',
    );
  });

  it('can be used where it is all that there is, and is listed once', () => {
    const host = fakeHost();
    persist(host, 'qemu');
    expect(chooseEmulator(host, 's390x').emulator?.path).toBe(path);
    expect(chooseEmulator(host, 's390x', { qemu: '11.1' }).emulator?.path).toBe(path);
    expect(chooseEmulator(host, 's390x', { qemu: '10' }).emulator).toBeUndefined();
    expect(listEmulators(host, ['s390x'])[0]?.candidates).toHaveLength(1);
  });

  it.each([
    ['size', { size: 1 }],
    ['target', { target: 'arm' }],
    ['schema', { schema: 2 as 1 }],
  ])('counts for nothing when its %s is not what is described', (_, changes) => {
    const host = fakeHost();
    persist(host, 'qemu', changes);
    expect(chooseEmulator(host, 's390x').emulator).toBeUndefined();
  });
});
