import { expect, it } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { missingEmulatorWarnings } from './missing-emulators.ts';

it('has one line for each package, and one for each other reason', () => {
  const lacking = (target: string, source: string) =>
    new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', 'not shown', { details: { target, package: source } });
  const missing = [
    lacking('s390x', 'qemu-user 10'),
    new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', 'there is no file'),
    lacking('mips', 'qemu-user 7'),
    lacking('ppc64', 'qemu-user 10'),
  ];
  expect(missingEmulatorWarnings('linux/386', missing)).toEqual([
    'linux/386: qemu-user 10 has no emulator for s390x, ppc64',
    'linux/386: qemu-user 7 has no emulator for mips',
    'linux/386: there is no file',
  ]);
  expect(missingEmulatorWarnings('linux/386', [])).toEqual([]);
});
