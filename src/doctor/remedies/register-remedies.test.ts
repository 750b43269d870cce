import { expect, test } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { examinationOf } from '../testing/examination.ts';
import { registerRemedies } from './register-remedies.ts';

const root = fakeHost();
const user = fakeHost({ system: { uid: 1000, gid: 1000 } });

test('root registers; others get first what needs no root', () => {
  expect(registerRemedies(examinationOf(root), ['aarch64'])).toMatchObject([
    { command: ['anyarch', 'register', 'arm64'], by: 'anyarch' },
  ]);
  expect(registerRemedies(examinationOf(user, { file: '/opt/x' }), ['aarch64'])).toMatchObject([
    { command: ['anyarch', 'exec', '/opt/x'] },
    { command: ['sudo', 'anyarch', 'register', 'arm64'], by: 'user' },
  ]);
  expect(registerRemedies(examinationOf(user, { scope: 'podman' }), ['aarch64'])).toMatchObject([
    { command: ['anyarch', 'rootless', 'enable', 'podman', '-a', 'arm64'], by: 'anyarch' },
    { command: ['sudo', 'anyarch', 'register', 'arm64'], by: 'user' },
  ]);
});

test('without an architecture nothing is to be typed as it is, and root is not the only way', () => {
  const told = registerRemedies(examinationOf(user), []);
  expect(told.map(({ command }) => command)).toEqual([undefined, undefined]);
  expect(told.map(({ does }) => does)).toEqual([
    expect.stringContaining('anyarch exec -a ARCH PROGRAM'),
    expect.stringContaining('sudo anyarch register ARCH'),
  ]);
  expect(registerRemedies(examinationOf(root), [])).toMatchObject([
    { does: expect.stringContaining('anyarch register ARCH') as string },
  ]);
});
