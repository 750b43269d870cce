import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../core/text.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import type { Check } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import { apparmorDenials } from './apparmor-denials.ts';
import { confinementChecks } from './index.ts';
import { insideContainer } from './inside-container.ts';
import { noNewPrivs } from './no-new-privs.ts';
import { seccompRefusesEmulator } from './seccomp-refuses-emulator.ts';
import { selinuxDenials } from './selinux-denials.ts';
import { selinuxLabels } from './selinux-labels.ts';
import { wsl } from './wsl.ts';
import { wslInteropLost } from './wsl-interop-lost.ts';

const avc =
  'type=AVC msg=audit(1700000000.123:456): avc:  denied  { read execute } for  pid=1 comm="uname" path="/usr/bin/qemu-aarch64-static" scontext=system_u:system_r:container_t:s0:c1 tcontext=system_u:object_r:container_file_t:s0:c8 tclass=file permissive=0';

function machine(files: Readonly<Record<string, string>> = {}, kernelRelease = '6.18.0'): FakeHost {
  const host = fakeHost({ system: { kernelRelease } });
  host.files.addFile('/proc/self/status', 'Name:\tnode\nNoNewPrivs:\t0\nSeccomp:\t0\n');
  for (const [path, text] of Object.entries(files)) host.files.addFile(path, text);
  return host;
}

function register(host: FakeHost, rule: string): void {
  host.binfmt.table().register(encodeUtf8(rule));
}

const examine = async (check: Check, host: FakeHost, asked: Partial<Examination> = {}) =>
  await check.examine(examinationOf(host, asked));
const says = (text: string): Partial<Examination> => ({ message: readMessage(text) });
const enforcing = { '/sys/fs/selinux/enforce': '1' };

it('has nothing to say of an ordinary machine, not even by accident', async () => {
  for (const check of confinementChecks) {
    const { status } = await examine(check, machine());
    // Without a log to read, nobody knows.
    expect([check.id, status]).toEqual([
      check.id,
      check === apparmorDenials ? 'unknown' : check === wslInteropLost ? 'skipped' : 'ok',
    ]);
  }
});

describe('no_new_privs', () => {
  const confined = () => machine({ '/proc/self/status': 'NoNewPrivs:\t1\n' });

  it('is worth a note, and an error where a setuid program has no effect', async () => {
    expect(await examine(noNewPrivs, confined())).toMatchObject({ severity: 'note' });
    const sudo =
      'sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the nosuid option set?';
    const message = { ...readMessage(sudo), symptoms: ['setuid-without-effect'] as const };
    expect(await examine(noNewPrivs, confined(), { message })).toMatchObject({ severity: 'error' });
  });

  it('may be set elsewhere, as the message says', async () => {
    const text = 'sudo: The "no new privileges" flag is set, which prevents sudo from running as root.';
    expect(await examine(noNewPrivs, machine(), says(text))).toMatchObject({ certainty: 'proven' });
  });

  it('is unknown where /proc does not tell', async () => {
    expect(await examine(noNewPrivs, machine({ '/proc/self/status': '' }))).toMatchObject({
      status: 'unknown',
    });
  });
});

describe('a filter', () => {
  it('is told by what QEMU says, wherever it is', async () => {
    const text = 'qemu: qemu_thread_create: Operation not permitted';
    expect(await examine(seccompRefusesEmulator, machine(), says(text))).toMatchObject({
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
    });
    const other = 'qemu: qemu_thread_create: Resource temporarily unavailable';
    expect(await examine(seccompRefusesEmulator, machine(), says(other))).toMatchObject({ status: 'ok' });
  });

  it('is told by what the audit says of emulators that it killed', async () => {
    const killed =
      'type=SECCOMP msg=audit(1.0:6): pid=9 comm="qemu-s390x" exe="/usr/bin/qemu-s390x" sig=31 syscall=435 code=0x80000000';
    const host = machine({ '/var/log/audit/audit.log': killed });
    expect(await examine(seccompRefusesEmulator, host, says('Bad'))).toMatchObject({
      status: 'fault',
      evidence: [killed, expect.stringContaining('Seccomp is off')],
    });
  });

  it('is no fault where emulators work under it', async () => {
    const host = machine({ '/proc/self/status': 'Seccomp:\t2\n' });
    expect(await examine(seccompRefusesEmulator, host)).toMatchObject({ status: 'ok' });
  });
});

describe('SELinux', () => {
  it('is told by the audit log, and by a message that quotes it', async () => {
    const logged = machine({ ...enforcing, '/var/log/audit/audit.log': `noise\n${avc}\n` });
    expect(await examine(selinuxDenials, logged)).toMatchObject({
      severity: 'warning',
      evidence: [avc],
      summary: 'SELinux refuses uname to read, execute /usr/bin/qemu-aarch64-static',
      remedies: [
        { command: ['anyarch', 'register', 'arm64'] },
        { does: expect.stringContaining('type:spc_t') as string },
      ],
    });
    expect(await examine(selinuxDenials, machine(), says(avc))).toMatchObject({
      severity: 'error',
      certainty: 'proven',
    });
  });

  it('is told by a message from another machine, or from before the boot, whatever is logged here', async () => {
    const host = machine({
      ...enforcing,
      '/proc/stat': 'btime 1800000000\n',
      '/var/log/audit/audit.log': avc.replace('1700000000', '1800000001').replace('aarch64', 'arm'),
    });
    expect(await examine(selinuxDenials, host, says(avc))).toMatchObject({
      severity: 'error',
      certainty: 'proven',
      summary: expect.stringContaining('qemu-aarch64') as string,
      architectures: ['aarch64'],
    });
    expect(await examine(selinuxDenials, host)).toMatchObject({
      summary: expect.stringContaining('qemu-arm-static') as string,
    });
  });

  it('has no architecture registered that nobody named', async () => {
    const unnamed = avc.replace('/usr/bin/qemu-aarch64-static', '/var/lib/anyarch/store/emulator');
    const verdict = await examine(selinuxDenials, machine(enforcing), says(unnamed));
    expect(verdict).toMatchObject({
      remedies: [{ does: expect.stringContaining('anyarch register ARCH') as string, by: 'user' }, {}],
    });
    expect(verdict).not.toHaveProperty('remedies.0.command');
  });

  it('is not blamed for what it refused to others, before the boot, or only watched', async () => {
    for (const line of [
      avc.replace('qemu-aarch64-static', 'httpd'),
      avc.replace('permissive=0', 'permissive=1'),
      avc.replace('1700000000', '1600000000'),
    ]) {
      const host = machine({
        ...enforcing,
        '/var/log/audit/audit.log': line,
        '/proc/stat': 'btime 1650000000\n',
      });
      expect(await examine(selinuxDenials, host)).toMatchObject({ status: 'ok' });
    }
    expect(await examine(selinuxDenials, machine(enforcing))).toMatchObject({ status: 'unknown' });
  });

  it.each([
    ['system_u:object_r:bin_t:s0', 'ok'],
    ['system_u:object_r:container_file_t:s0', 'ok'],
    ['system_u:object_r:var_lib_t:s0', 'fault'],
    ['system_u:object_r:container_file_t:s0:c1022,c1023', 'fault'],
    ['?', 'ok'],
  ])('labels an emulator %s: %s', async (label, status) => {
    const host = machine(enforcing);
    host.addProgram('/usr/bin/qemu-aarch64');
    register(
      host,
      ':qemu-aarch64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00::/usr/bin/qemu-aarch64:F',
    );
    host.processes.on(['stat'], { stdout: `${label}\n` });
    expect(await examine(selinuxLabels, host)).toMatchObject({ status });
    host.files.addFile('/sys/fs/selinux/enforce', '0');
    expect(await examine(selinuxLabels, host)).toMatchObject({ status: 'ok' });
  });
});

it('reads AppArmor’s refusals from the kernel’s log', async () => {
  const line =
    'audit: type=1400 audit(1700000002.000:5): apparmor="DENIED" operation="exec" profile="docker-default" name="/usr/bin/qemu-arm" comm="sh"';
  const host = machine();
  host.processes.on(['dmesg'], { stdout: `[    1.0] ${line}\n` });
  expect(await examine(apparmorDenials, host)).toMatchObject({ severity: 'note' });
  expect(await examine(apparmorDenials, host, says('bash: ./prog: Permission denied'))).toMatchObject({
    severity: 'error',
    summary: expect.stringContaining('docker-default') as string,
  });
  const quiet = machine();
  quiet.processes.on(['dmesg'], { stdout: line.replace('qemu-arm', 'cupsd') });
  expect(await examine(apparmorDenials, quiet)).toMatchObject({ status: 'ok' });
});

it('notes that it is in a container', async () => {
  expect(await examine(insideContainer, machine({ '/run/.containerenv': '' }))).toMatchObject({
    severity: 'note',
  });
  const init = machine({ '/proc/1/environ': 'A=1\0container=lxc\0' });
  expect(await examine(insideContainer, init)).toMatchObject({ severity: 'note' });
});

it('knows both kinds of WSL', async () => {
  const first = machine({}, '4.4.0-19041-Microsoft');
  expect(await examine(wsl, first)).toMatchObject({ severity: 'error' });
  const second = machine({}, '5.15.90.1-microsoft-standard-WSL2');
  expect(await examine(wsl, second)).toMatchObject({ severity: 'note' });
  expect(await examine(wslInteropLost, second)).toMatchObject({ severity: 'note' });
  expect(await examine(wslInteropLost, second, says('zsh: exec format error: explorer.exe'))).toMatchObject({
    severity: 'error',
  });
  second.files.addFile('/init', 'program', { mode: 0o755 });
  register(second, ':WSLInterop:M::MZ::/init:PF');
  expect(await examine(wslInteropLost, second)).toMatchObject({ status: 'ok' });
});
