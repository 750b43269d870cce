import { expect, test } from 'vitest';
import { buildProbe } from '../core/probe/probe.ts';
import { fakeHost } from '../host/testing/index.ts';
import { emulatorFacts } from './emulator-facts.ts';

const path = '/usr/bin/qemu-s390x';

test('reads version and builder from what the emulator says, and how it is linked from its bytes', () => {
  const host = fakeHost();
  host.files.addFile(path, buildProbe('x86_64'), { mode: 0o755 });
  host.processes.on([path, '--version'], { stdout: 'qemu-s390x version 7.2.22 (Debian 1:7.2+dfsg-7)\n' });
  expect(emulatorFacts(host, path)).toEqual({
    version: '7.2.22',
    byDebian: true,
    linkage: 'static',
    libc: 'musl',
  });
});

test("takes glibc's mark for glibc", () => {
  const host = fakeHost();
  host.files.addFile(path, withNote(buildProbe('x86_64')), { mode: 0o755 });
  host.processes.on([path, '--version'], { stdout: 'qemu-s390x version 9.2.0\n' });
  expect(emulatorFacts(host, path)).toMatchObject({ byDebian: false, libc: 'glibc' });
});

test('leaves out what cannot be found out', () => {
  const host = fakeHost();
  expect(emulatorFacts(host, path)).toEqual({ version: undefined, byDebian: undefined });
  host.files.addFile(path, 'no program', { mode: 0o755 });
  expect(emulatorFacts(host, path)).not.toHaveProperty('linkage');
});

/** Its one segment as notes, which has the mark behind the program. */
function withNote(program: Uint8Array): Uint8Array {
  const note = Buffer.from('040000001000000001000000474e55000000000003000000020000000000000000', 'hex');
  const bytes = Buffer.concat([program, note]);
  const segment = 64;
  bytes.writeUInt32LE(4, segment);
  bytes.writeBigUInt64LE(BigInt(program.length), segment + 8);
  bytes.writeBigUInt64LE(BigInt(note.length), segment + 32);
  return bytes;
}
