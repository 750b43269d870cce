import { expect, test } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { SystemError } from '../host/system-error.ts';
import { fakeHost } from '../host/testing/index.ts';
import { writeFailure } from './refusal.ts';

test.each([
  [
    1000,
    'EACCES',
    '/home/ann/.config/containers/x',
    'ls -ld /home/ann/.config/containers/x /home/ann/.config/',
  ],
  [1000, 'EACCES', '/srv/config/x', 'among your own files'],
  [1000, 'EROFS', '/home/ann/x', 'among your own files'],
  [1000, 'EACCES', '/etc/x', 'as root, with sudo'],
  [1000, 'EACCES', '/home/anna/x', 'as root, with sudo'],
  [1000, 'EROFS', '/etc/x', 'the image that the system is made from'],
  [0, 'EROFS', '/home/ann/x', 'the image that the system is made from'],
  [0, 'EACCES', '/home/ann/x', 'not even root may'],
] as const)('who cannot write, uid %i with %s at %s, is told what helps: %s', (uid, errno, path, hint) => {
  const environment = { HOME: '/home/ann', XDG_CONFIG_HOME: '/srv/config', XDG_DATA_HOME: 'relative' };
  const host = fakeHost({ system: { uid, environment } });
  const failure = writeFailure(host, '/elsewhere', new SystemError(errno, 'open', path));
  expect(failure).toBeInstanceOf(AnyarchError);
  expect((failure as AnyarchError).hint).toContain(hint);
});
