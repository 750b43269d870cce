import { expect, test } from 'vitest';
import { unseenEmulator } from '../emulators/index.ts';
import { install, registrationHost, aarch64Pattern } from './testing/registration-host.ts';
import { status } from './status.ts';
import { unregister } from './unregister.ts';

/** What is different from inside a container: nothing of the host's is seen, and nothing is remembered. */
const inContainer = (targets?: readonly string[]) =>
  registrationHost(targets, { system: { hostFiles: 'hidden' } });

const ofImage = `:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:F`;
const ofDebian = `:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64:OPF`;
const ofBookworm = `:qemu-aarch64:${aarch64Pattern}:/usr/libexec/qemu-binfmt/aarch64-binfmt-P:`;

test.each([
  [ofImage, 'predecessor'],
  [ofDebian, 'systemd-binfmt'],
  [ofBookworm, 'binfmt-support'],
])('%s belongs to %s when no file can be asked', (rule, owner) => {
  const { host, addEntry } = inContainer();
  host.addProgram('/usr/bin/qemu-aarch64');
  host.addProgram('/usr/bin/qemu-aarch64-static');
  // These describe the container, not the host.
  host.files.addFile('/usr/lib/binfmt.d/qemu.conf', `${ofImage}\n`);
  addEntry(rule);
  expect(status(host).entries).toMatchObject([{ owner: { kind: owner } }]);
});

test("the host's files are asked where they are shown", () => {
  const { host, addEntry } = registrationHost([], { system: { hostFiles: { below: '/host' } } });
  host.addProgram('/usr/bin/qemu-aarch64-static');
  host.files.addFile('/host/usr/lib/binfmt.d/qemu.conf', `${ofImage}\n`);
  addEntry(ofImage);
  expect(status(host).entries).toMatchObject([
    { owner: { kind: 'systemd-binfmt', evidence: '/usr/lib/binfmt.d/qemu.conf' } },
  ]);
});

test("the host's absolute links lead to the host's files", () => {
  const { host, addEntry } = registrationHost([], { system: { hostFiles: { below: '/host' } } });
  host.addProgram('/usr/bin/qemu-aarch64-static');
  host.files.addFile('/host/etc/static/nixos.conf', `${ofImage}\n`);
  host.files.addLink('/host/etc/binfmt.d', '/etc/static');
  // Its own is not looked at.
  host.files.addFile('/etc/static/other.conf', ':qemu-s390x:M::QQ::/usr/bin/qemu-s390x-static:\n');
  addEntry(ofImage);
  expect(status(host).entries).toMatchObject([
    { owner: { kind: 'systemd-binfmt', evidence: '/etc/binfmt.d/nixos.conf' } },
  ]);
});

test.each([
  [ofDebian, 'systemd-binfmt'],
  [ofBookworm, 'binfmt-support'],
])('%s belongs to %s where the files that are shown do not name it', (rule, owner) => {
  const { host, addEntry, register, entries } = registrationHost(['s390x'], {
    system: { hostFiles: { below: '/host' } },
  });
  host.addProgram('/usr/bin/qemu-aarch64');
  addEntry(rule);
  expect(status(host).entries).toMatchObject([{ owner: { kind: owner } }]);
  register({ architectures: ['s390x'], reset: true });
  expect([...entries().keys()]).toEqual(['qemu-s390x', 'qemu-aarch64']);
});

test("adopting replaces a predecessor's entry without a gap; the distribution's stays", () => {
  const { host, addEntry, register, entries } = inContainer();
  host.addProgram('/usr/bin/qemu-aarch64-static');
  host.addProgram('/usr/bin/qemu-s390x');
  addEntry(ofImage);
  expect(register({ architectures: ['arm64'], adopt: true }).results).toMatchObject([
    { action: 'replace', name: 'qemu-aarch64', proven: true },
  ]);
  expect([...entries().keys()]).toEqual(['qemu-aarch64']);
  unregister(host, { architectures: 'all' });
  addEntry(ofBookworm);
  expect(register({ architectures: ['arm64'], adopt: true }).results).toMatchObject([
    { action: 'add', name: 'anyarch-aarch64', shadows: ['qemu-aarch64'] },
  ]);
  expect([...entries().keys()]).toEqual(['anyarch-aarch64', 'qemu-aarch64']);
});

test('adopting concerns the wanted architectures only', () => {
  const { host, addEntry, register, entries } = inContainer();
  host.addProgram('/usr/bin/qemu-aarch64-static');
  addEntry(ofImage);
  register({ architectures: ['riscv64'], adopt: true });
  expect([...entries().keys()]).toEqual(['qemu-riscv64', 'qemu-aarch64']);
});

test('an interpreter that is not here is registered without F, and nothing is proven', () => {
  const { register, entries } = inContainer();
  const choose = (target: string) => unseenEmulator(target, `/usr/bin/qemu-${target}-static`);
  const wanted = { architectures: ['arm64'], choose, fixBinary: false, preserveArgv0: false };
  expect(register({ ...wanted, unseen: true })).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'add', name: 'qemu-aarch64', proven: undefined }],
  });
  expect(entries().get('qemu-aarch64')).toContain('interpreter /usr/bin/qemu-aarch64-static\nflags: \n');
});

test('without `unseen` that is a failure, and with F it always is', () => {
  const { register, entries } = inContainer();
  const choose = (target: string) => unseenEmulator(target, `/usr/bin/qemu-${target}-static`);
  expect(register({ architectures: ['arm64'], choose, fixBinary: false }).results).toMatchObject([
    { error: { code: 'ANYARCH_PROBE_FAILED' } },
  ]);
  expect(register({ architectures: ['arm64'], choose, unseen: true }).results[0]?.error).toBeDefined();
  expect(entries().size).toBe(0);
});

test('`unseen` excuses no emulator that is here', () => {
  const { host, register, emulators } = inContainer();
  emulators.set('aarch64', install(host, 'aarch64', '1.0'));
  host.addProgram(emulators.get('aarch64')?.path ?? '', 'broken', () => ({ kind: 'exited', code: 1 }));
  expect(register({ architectures: ['arm64'], unseen: true }).results).toMatchObject([
    { error: { code: 'ANYARCH_PROBE_FAILED' } },
  ]);
});

test("removes predecessors' entries on demand, by architecture or by name, and never others'", () => {
  const { host, addEntry, entries } = inContainer();
  for (const name of ['qemu-aarch64-static', 'qemu-s390x']) host.addProgram(`/usr/bin/${name}`);
  addEntry(ofImage);
  addEntry(':qemu-s390x:M::\\x7fELF\\x02\\x02::/usr/bin/qemu-s390x:OPF');
  expect(unregister(host, { architectures: ['arm64'] }).results).toMatchObject([{ action: 'absent' }]);
  const byName = unregister(host, {
    architectures: 'all',
    entries: ['qemu-aarch64', 'qemu-s390x', 'qemu-arm'],
    predecessors: true,
  });
  expect(byName.results).toMatchObject([
    { action: 'remove', name: 'qemu-aarch64', proven: true },
    { action: 'absent', name: 'qemu-s390x', reason: expect.stringContaining('systemd-binfmt') as string },
    { action: 'absent', name: 'qemu-arm', reason: 'nothing is registered' },
  ]);
  expect([...entries().keys()]).toEqual(['qemu-s390x']);
});
