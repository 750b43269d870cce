import { expect, test } from 'vitest';
import { buildProbe } from '../../../core/probe/probe.ts';
import { examinationOf } from '../../testing/examination.ts';
import { emulatorSlow } from './emulator-slow.ts';
import { machineWithEmulator } from './testing/machine-with-emulator.ts';

test('is a note where no guest is known, and nothing for a version that is quick', () => {
  const verdict = (version: string) => emulatorSlow.examine(examinationOf(machineWithEmulator(version)));
  expect(verdict('7.2.22')).toMatchObject({ status: 'fault', severity: 'note' });
  expect(verdict('10.0.2')).toMatchObject({ status: 'ok' });
  expect(verdict('5.2.0')).toMatchObject({ status: 'ok' });
});

test('is nothing where the option is in the environment', () => {
  const host = machineWithEmulator('7.2.22');
  const environment = { ...host.system.environment, QEMU_CPU: 'max,pauth-impdef=on' };
  const quick = { ...host, system: { ...host.system, environment } };
  expect(emulatorSlow.examine(examinationOf(quick))).toMatchObject({ status: 'ok' });
});

test('looks whether the guest is compiled with pointer authentication', () => {
  const host = machineWithEmulator('7.2.22');
  host.files.addFile('/x', buildProbe('aarch64'));
  expect(emulatorSlow.examine(examinationOf(host, { file: '/x' }))).toMatchObject({ status: 'ok' });
  host.files.addFile('/y', marked(buildProbe('aarch64')));
  expect(emulatorSlow.examine(examinationOf(host, { file: '/y' }))).toMatchObject({
    status: 'fault',
    severity: 'warning',
    certainty: 'proven',
    evidence: expect.arrayContaining(['/y is compiled with pointer authentication']) as string[],
  });
});

/** Its one segment as a property note: PAC and BTI. */
function marked(program: Uint8Array): Uint8Array {
  const note = Buffer.from('040000001000000005000000474e5500000000c0040000000300000000000000', 'hex');
  const bytes = Buffer.concat([program, note]);
  const segment = 64;
  bytes.writeUInt32LE(4, segment);
  bytes.writeBigUInt64LE(BigInt(program.length), segment + 8);
  bytes.writeBigUInt64LE(BigInt(note.length), segment + 32);
  return bytes;
}
