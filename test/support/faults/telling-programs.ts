import { aarch64 } from '../../../src/core/launcher/hosts/aarch64.ts';
import { buildLauncher } from '../../../src/core/launcher/build-launcher.ts';
import { buildStaticExecutable } from '../../../src/core/launcher/static-executable.ts';

/**
 * arm64: opens a directory with openat2, as tar does since it was repaired for CVE-2025-45582, and fails with tar's words where the
 * call is missing.
 */
export function programWithOpenat2(): Uint8Array {
  // struct open_how: O_DIRECTORY | O_CLOEXEC as arm64 has them, no mode, RESOLVE_BENEATH.
  const how = new Uint8Array(24);
  const view = new DataView(how.buffer);
  view.setBigUint64(0, 0x8_4000n, true);
  view.setBigUint64(16, 8n, true);
  const message = 'tar: etc: Cannot open: Function not implemented\n';
  const currentDirectory = -100;
  return buildLauncher(aarch64, {
    steps: [
      {
        call: 'openat2',
        arguments: [currentDirectory, '.', how, how.length],
        onError: { goTo: 'missing' },
      },
      { call: 'exit_group', arguments: [0] },
      { label: 'missing', call: 'write', arguments: [2, message, message.length] },
      { call: 'exit_group', arguments: [2] },
    ],
  });
}

/** arm64: starts a child as Go 1.23.1 does, with CLONE_PIDFD, fails with Go's words, and has Go's record of its version. */
export function programOfGo(): Uint8Array {
  const message = 'fork/exec /bin/true: invalid argument\n';
  const code = [
    0xd100_43ff, // sub sp, sp, #16
    0xd282_0220, // mov x0, #0x1011: CLONE_PIDFD | SIGCHLD
    0xd280_0001, // mov x1, #0
    0x9100_03e2, // mov x2, sp
    0xd280_0003, // mov x3, #0
    0xd280_0004, // mov x4, #0
    0xd280_1b88, // mov x8, #220: clone
    0xd400_0001, // svc #0
    0xb7f8_0160, // tbnz x0, #63, fail
    0xb400_00e0, // cbz x0, done
    0x9280_0000, // mov x0, #-1
    0xd280_0001, // mov x1, #0
    0xd280_0002, // mov x2, #0
    0xd280_0003, // mov x3, #0
    0xd280_2088, // mov x8, #260: wait4
    0xd400_0001, // svc #0
    0xd280_0000, // done: mov x0, #0
    0xd280_0ba8, // mov x8, #93: exit
    0xd400_0001, // svc #0
    0xd280_0040, // fail: mov x0, #2
    0x1000_00e1, // adr x1, message
    0xd280_0002 | (message.length << 5), // mov x2, #length
    0xd280_0808, // mov x8, #64: write
    0xd400_0001, // svc #0
    0xd280_0020, // mov x0, #1
    0xd280_0ba8, // mov x8, #93: exit
    0xd400_0001, // svc #0
  ];
  const text = Buffer.concat([words(code), Buffer.from(message)]);
  const program = buildStaticExecutable(aarch64.identity, text);
  const version = 'go1.23.1';
  const record = Buffer.concat([
    Buffer.from('\xff Go buildinf:\x08\x02', 'latin1'),
    Buffer.alloc(16),
    Buffer.from([version.length]),
    Buffer.from(version),
  ]);
  return Buffer.concat([program, record]);
}

/** riscv64: executes one vector instruction and exits with 42. */
export function programWithVectors(): Uint8Array {
  const code = [
    0x0c05_72d7, // vsetvli t0, a0, e8, m1, ta, ma
    0x05d0_0893, // li a7, 93: exit
    0x02a0_0513, // li a0, 42
    0x0000_0073, // ecall
  ];
  return buildStaticExecutable({ class: 64, endianness: 'little', machine: 243 }, words(code));
}

function words(code: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(code.length * 4);
  const view = new DataView(bytes.buffer);
  code.forEach((word, index) => {
    view.setUint32(index * 4, word >>> 0, true);
  });
  return bytes;
}
