import { expect, it } from 'vitest';
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
