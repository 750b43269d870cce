import { describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../host/node/node-files.ts';
import { fakeHost } from '../../../host/testing/index.ts';
import { machineRequest, userOf } from './request.ts';

it('calls the user as the caller is called, where a guest can have one of that name', () => {
  expect(userOf({ userName: 'anna', environment: {} }, undefined)).toBe('anna');
  expect(userOf({ userName: 'anna', environment: { USER: 'root' } }, undefined)).toBe('anna');
  expect(userOf({ environment: { LOGNAME: 'bert' } }, undefined)).toBe('bert');
  for (const userName of ['root', 'www-data', 'Anna.B', undefined])
    expect(userOf({ userName, environment: {} }, undefined)).toBe('debian');
  expect(userOf({ userName: 'anna', environment: {} }, 'carl')).toBe('carl');
  expect(() => userOf({ environment: {} }, 'root')).toThrowWithCode('ANYARCH_USAGE');
});

it.each(['/dev/zero', '/', '/nowhere'])('reads no user data that may never end: %s', (path) => {
  const host = { ...fakeHost(), files: nodeFiles };
  expect(() => machineRequest({ host }, 'demo', { arch: 'arm64', 'cloud-init': path })).toThrowWithCode(
    'ANYARCH_FILE',
  );
});

describe('a board', () => {
  const request = (options: Parameters<typeof machineRequest>[2]): ReturnType<typeof machineRequest> =>
    machineRequest({ host: fakeHost() }, 'pi', { arch: 'raspi3b', ...options });

  it('has its memory and its processors, no less and no more', () => {
    expect(request({}).hardware).toMatchObject({ cpus: 4, memoryMiB: 1024 });
    expect(request({ cpus: '4', memory: '1G', cpu: 'cortex-a53' }).hardware).toMatchObject({
      cpus: 4,
      memoryMiB: 1024,
    });
    for (const options of [{ cpus: '2' }, { memory: '512' }, { memory: '2G' }, { cpu: 'max' }])
      expect(() => request(options)).toThrowWithCode('ANYARCH_USAGE');
  });

  it('has an SD card for a disk, and no mounts', () => {
    expect(request({ disk: '32G' }).diskBytes).toBe(2 ** 35);
    expect(() => request({ disk: '20G' })).toThrowWithCode('ANYARCH_USAGE');
    expect(machineRequest({ host: fakeHost() }, 'a', { arch: 'arm64', disk: '20G' }).diskBytes).toBe(
      20 * 2 ** 30,
    );
    expect(() => request({ mount: ['/:/host:ro'] })).toThrowWithCode('ANYARCH_USAGE');
  });
});
