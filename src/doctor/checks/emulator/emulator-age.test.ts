import { expect, test } from 'vitest';
import { examinationOf } from '../../testing/examination.ts';
import { emulatorOfUnknownOrigin } from './emulator-of-unknown-origin.ts';
import { emulatorOutdated } from './emulator-outdated.ts';
import { emulatorUntested } from './emulator-untested.ts';
import { machineWithEmulator } from './testing/machine-with-emulator.ts';

test('tells an emulator than which a newer one is here', () => {
  const host = machineWithEmulator('10.0.2');
  expect(emulatorOutdated.examine(examinationOf(host))).toMatchObject({ status: 'ok' });
  host.addProgram('/opt/qemu/qemu-aarch64-static', 'newer');
  host.processes.on(['/opt/qemu/qemu-aarch64-static', '--version'], {
    stdout: 'qemu-aarch64 version 11.1.3\n',
  });
  const system = {
    ...host.system,
    environment: { ...host.system.environment, ANYARCH_QEMU_DIR: '/opt/qemu' },
  };
  expect(emulatorOutdated.examine(examinationOf({ ...host, system }))).toMatchObject({
    status: 'fault',
    severity: 'note',
    remedies: [{ command: ['anyarch', 'register', 'arm64'] }],
  });
});

test('knows which versions are tested, with their later repairs', () => {
  const untested = (version: string) => emulatorUntested.examine(examinationOf(machineWithEmulator(version)));
  expect(untested('11.1.3')).toMatchObject({ status: 'ok' });
  expect(untested('10.0.99')).toMatchObject({ status: 'ok' });
  expect(untested('9.2.2')).toMatchObject({ status: 'fault', severity: 'note' });
  expect(untested('11.2.0')).toMatchObject({ status: 'fault', severity: 'note' });
});

test('tells an emulator that nobody is known to have brought', () => {
  const host = machineWithEmulator('11.1.3');
  // Its name and path are those that images register.
  expect(emulatorOfUnknownOrigin.examine(examinationOf(host))).toMatchObject({ status: 'ok' });
  const other = machineWithEmulator('11.1.3', {}, { name: 'mine', path: '/home/me/qemu-aarch64' });
  expect(emulatorOfUnknownOrigin.examine(examinationOf(other))).toMatchObject({
    status: 'fault',
    severity: 'note',
  });
});
