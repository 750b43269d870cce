import { expect, test } from 'vitest';
import { buildProbe } from '../../../core/probe/probe.ts';
import { encodeUtf8 } from '../../../core/text.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import { aarch64Pattern } from '../../../registration/testing/registration-host.ts';
import { examinationOf } from '../../testing/examination.ts';
import { architectureNotNative } from '../program/architecture-not-native.ts';
import { entryOfAnotherArchitecture } from './entry-of-another-architecture.ts';
import { entryTooBroad } from './entry-too-broad.ts';

const emulator = '/usr/bin/qemu-arm';

function hostWith(rule: string): FakeHost {
  const host = fakeHost();
  host.addProgram(emulator, emulator, () => ({ kind: 'exited', code: 255 }));
  host.files.addFile('/x', buildProbe('i386'), { mode: 0o755 });
  host.binfmt.table().register(encodeUtf8(rule));
  return host;
}

/** What the kernel takes of a rule for arm whose \x00 a shell has written. */
const cut = `:qemu-arm:M::\\x7fELF\\x01\\x01\\x01::${emulator}:`;

test('a rule that does not look at the machine is in the way of what is native', () => {
  const asked = examinationOf(hostWith(cut), { file: '/x' });
  expect(entryTooBroad.examine(asked)).toMatchObject({
    status: 'fault',
    severity: 'error',
    certainty: 'proven',
    architectures: expect.arrayContaining(['arm', 'i386']) as unknown,
    remedies: [{ command: ['sh', '-c', 'echo 0 > /proc/sys/fs/binfmt_misc/qemu-arm'], by: 'user' }],
  });
  expect(architectureNotNative.examine(asked)).toMatchObject({ status: 'unknown' });
  expect(entryOfAnotherArchitecture.examine(asked)).toMatchObject({ status: 'ok' });
  // Also where nobody asks.
  expect(entryTooBroad.examine(examinationOf(hostWith(cut)))).toMatchObject({ severity: 'error' });
});

test('names the architecture that the emulator says it is for, too', () => {
  const path = '/opt/qemu-s390x-static';
  const host = hostWith(cut.replace(emulator, path));
  expect(entryTooBroad.examine(examinationOf(host, { file: '/x' }))).toMatchObject({
    architectures: expect.arrayContaining(['arm', 's390x']) as unknown,
  });
});

test('of another size than the programs of this machine it is a warning', () => {
  const big = `:qemu-ppc:M::\\x7fELF\\x01\\x02\\x01::${emulator}:`;
  expect(entryTooBroad.examine(examinationOf(hostWith(big)))).toMatchObject({ severity: 'warning' });
});

test('rules that look at it, and those for other files, are as they should be', () => {
  for (const rule of [`:qemu-aarch64:${aarch64Pattern}:${emulator}:`, `:DOSWin:M:0:MZ::${emulator}:`])
    expect(entryTooBroad.examine(examinationOf(hostWith(rule)))).toMatchObject({ status: 'ok' });
});
