import { expect, test } from 'vitest';
import { buildProbe } from '../../../core/probe/probe.ts';
import { equalBytes } from '../../../core/bytes.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import { aarch64Pattern } from '../../../registration/testing/registration-host.ts';
import { readMessage, type ReadMessage } from '../../message/read-message.ts';
import type { Symptom } from '../../symptom.ts';
import { examinationOf } from '../../testing/examination.ts';
import { argumentsShifted } from './arguments-shifted.ts';
import { argv0Lost } from './argv0-lost.ts';
import { setuidOnNosuid } from './setuid-on-nosuid.ts';
import { setuidWithoutCredentials } from './setuid-without-credentials.ts';

const emulator = '/usr/bin/qemu-aarch64';

/** @param understandsP whether the emulator knows what flag P gives it */
function machine(flags: string, understandsP = true): FakeHost {
  const host = fakeHost();
  host.addProgram(emulator, emulator, ({ arguments: words, program }) => {
    if (equalBytes(program, buildProbe('aarch64'))) return { kind: 'exited', code: 42 };
    // The program that looks at its own name: it was started as something that is no path.
    const [, path, ...rest] = words;
    const own = flags.includes('P') && understandsP ? rest : [path, ...rest];
    return { kind: 'exited', code: own.length > 1 ? 44 : own[0]?.startsWith('/') === true ? 43 : 42 };
  });
  const rule = `:qemu-aarch64:${aarch64Pattern}:${emulator}:${flags}`;
  host.binfmt.table().register(new TextEncoder().encode(rule));
  return host;
}

function saying(...symptoms: Symptom[]): ReadMessage {
  return { text: '', symptoms, tool: undefined, program: undefined, architectures: [], lines: [] };
}

test('flag P that the emulator does not understand', () => {
  const { examine } = argumentsShifted;
  expect(examine(examinationOf(machine('FP', false)))).toMatchObject({
    status: 'fault',
    severity: 'error',
    certainty: 'proven',
    remedies: [{ command: ['anyarch', 'register', 'arm64'] }],
  });
  expect(examine(examinationOf(machine('FP')))).toMatchObject({ status: 'ok' });
  expect(examine(examinationOf(machine('F', false)))).toMatchObject({ status: 'ok' });
  expect(examine(examinationOf(fakeHost()))).toMatchObject({ status: 'skipped' });
});

test('without flag P the name is lost: worth knowing, and an error for who lacks it', () => {
  const { examine } = argv0Lost;
  const host = machine('F');
  expect(examine(examinationOf(host))).toMatchObject({
    status: 'fault',
    severity: 'note',
    certainty: 'proven',
  });
  const message = saying('wrong-argv0');
  expect(examine(examinationOf(host, { message }))).toMatchObject({ severity: 'error' });
  expect(examine(examinationOf(machine('FP'), { message }))).toMatchObject({ status: 'ok' });
});

test('flag C is missed only where somebody wants it', () => {
  const { examine } = setuidWithoutCredentials;
  const message = saying('setuid-without-effect');
  const host = machine('F');
  expect(examine(examinationOf(host))).toMatchObject({ status: 'ok' });
  const foreign = { ...message, architectures: ['aarch64'] };
  expect(examine(examinationOf(host, { message: foreign }))).toMatchObject({
    severity: 'error',
    certainty: 'likely',
    remedies: [{ command: ['anyarch', 'register', 'arm64', '--credentials'], by: 'user' }],
  });
  expect(examine(examinationOf(machine('FC'), { message: foreign }))).toMatchObject({ status: 'ok' });
  // sudo of this machine says the same.
  const unknown = examine(examinationOf(host, { message }));
  expect(unknown).toMatchObject({ severity: 'warning', certainty: 'possible' });
  expect(unknown).not.toHaveProperty('remedies.0.command');
  host.files.addFile('/sudo', buildProbe('aarch64'), { mode: 0o4755 });
  expect(examine(examinationOf(host, { file: '/sudo' }))).toMatchObject({ certainty: 'proven' });
});

test('setuid programs on a mount with nosuid', () => {
  const { examine } = setuidOnNosuid;
  const host = machine('FC');
  host.files.addFile('/opt/sudo', buildProbe('aarch64'), { mode: 0o4755 });
  const asked = { file: '/opt/sudo' };
  expect(examine(examinationOf(host))).toMatchObject({ status: 'skipped' });
  expect(examine(examinationOf(host, asked))).toMatchObject({ status: 'unknown' });
  const mount = (options: string) => {
    host.files.addFile('/proc/self/mountinfo', `30 1 0:30 / /opt ${options} - tmpfs tmpfs rw\n`);
  };
  mount('rw,nosuid');
  expect(examine(examinationOf(host, asked))).toMatchObject({
    status: 'fault',
    certainty: 'proven',
    remedies: [{ command: ['mount', '-o', 'remount,suid', '/opt'] }],
  });
  const message = readMessage(
    "sudo: effective uid is not 0, is /opt/sudo on a file system with the 'nosuid' option set or an NFS file system without root privileges?",
  );
  expect(examine(examinationOf(host, { message }))).toMatchObject({ certainty: 'proven' });
  mount('rw');
  expect(examine(examinationOf(host, asked))).toMatchObject({ status: 'ok' });
  expect(examine(examinationOf(host, { message }))).toMatchObject({ status: 'ok' });
});
