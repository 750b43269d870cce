import { describe, expect, it } from 'vitest';
import { staticProgram } from '../../test/support/mirror-package.ts';
import { architectures } from '../core/architecture.ts';
import { fakeFiles } from '../host/testing/fake-files.ts';
import { fakeProcesses } from '../host/testing/fake-processes.ts';
import type { Catalogue, CatalogueItem } from './catalogue.ts';
import { chooseEmulator, requireEmulator } from './choose.ts';
import { listEmulators } from './list.ts';

const amd64 = staticProgram({ machine: 62, class: 64 });
const i386 = staticProgram({ machine: 3, class: 32 });
const arm64 = staticProgram({ machine: 183, class: 64 });

function dynamicProgram(): Buffer {
  const loader = Buffer.from('/lib64/ld-linux-x86-64.so.2\0');
  const bytes = Buffer.concat([staticProgram({ machine: 62, class: 64 }), Buffer.alloc(56), loader]);
  bytes.writeUInt16LE(2, 56);
  bytes.writeUInt32LE(3, 120);
  bytes.writeBigUInt64LE(BigInt(176), 128);
  bytes.writeBigUInt64LE(BigInt(loader.length), 152);
  return bytes;
}

function machine(environment: Record<string, string> = {}) {
  const files = fakeFiles();
  const processes = fakeProcesses();
  const system = {
    uid: 1000,
    gid: 1000,
    pid: 1,
    machine: 'x86_64',
    kernelRelease: '6.12',
    environment: { HOME: '/home/a', PATH: '/usr/bin:/opt/bin:.', ...environment },
  };
  return {
    files,
    processes,
    system,
    install: (path: string, version: string, program: Uint8Array = amd64, target = 'aarch64') => {
      files.addFile(path, program, { mode: 0o755 });
      processes.on([path], {
        stdout: `qemu-${target} version ${version}\nCopyright (c) 2003-2026 Fabrice Bellard\n`,
      });
    },
    store: (directory: string, items: readonly Partial<CatalogueItem>[], inUse = items[0]?.sha256 ?? '') => {
      const complete = items.map((item) => ({ ...storedItem, ...item }));
      for (const { sha256, size } of complete)
        files.addFile(`${directory}/store/sha256/${sha256}/qemu-aarch64`, Buffer.alloc(size), {
          mode: 0o755,
        });
      const catalogue: Catalogue = { schema: 1, emulators: { aarch64: { inUse, items: complete } } };
      files.addFile(`${directory}/emulators.json`, JSON.stringify(catalogue));
    },
  };
}

const storedItem: CatalogueItem = {
  sha256: '1'.repeat(64),
  file: 'qemu-aarch64',
  size: 5,
  version: '11.1.3',
  packageVersion: '1:11.1.3+ds-1',
  linkage: 'static-pie',
  suite: 'sid',
  package: { name: 'qemu-user', architecture: 'amd64', sha256: '2'.repeat(64) },
  fetchedAt: '2026-01-01T00:00:00.000Z',
};
const home = '/home/a/.local/share/anyarch';

describe('chooseEmulator', () => {
  it.each(['arm64', 'linux/arm64/v8', 'AARCH64', 'aarch64-linux-gnu'])('takes any name: %s', (name) => {
    const host = machine();
    host.install('/usr/bin/qemu-aarch64', '10.0.13');
    expect(chooseEmulator(host, name).emulator).toMatchObject({ target: 'aarch64' });
    expect(requireEmulator(host, name, { qemu: '/usr/bin' }).target).toBe('aarch64');
    expect(listEmulators(host, [name])).toMatchObject([
      { target: 'aarch64', inUse: '/usr/bin/qemu-aarch64' },
    ]);
  });

  it('refuses names of nothing', () => {
    expect(() => chooseEmulator(machine(), 'arm46')).toThrowWithCode('ANYARCH_UNKNOWN_ARCHITECTURE');
  });

  it('takes a stored one without executing anything', () => {
    const host = machine();
    host.install('/usr/bin/qemu-aarch64', '10.0.13');
    host.store(home, [{}]);
    expect(chooseEmulator(host, 'aarch64').emulator).toEqual({
      target: 'aarch64',
      path: `${home}/store/sha256/${'1'.repeat(64)}/qemu-aarch64`,
      version: '11.1.3',
      packageVersion: '1:11.1.3+ds-1',
      linkage: 'static-pie',
      origin: 'store',
      preservesArgv0: true,
      sha256: '1'.repeat(64),
    });
    expect(host.processes.runs).toEqual([]);
  });

  it('prefers the one in use to a newer one', () => {
    const host = machine();
    host.store(home, [{}, { sha256: '3'.repeat(64), version: '7.2.22' }], '3'.repeat(64));
    expect(chooseEmulator(host, 'aarch64').emulator?.version).toBe('7.2.22');
  });

  it('uses what root has fetched', () => {
    const host = machine();
    host.store('/var/lib/anyarch', [{}]);
    expect(chooseEmulator(host, 'aarch64').emulator?.path).toContain('/var/lib/anyarch/');
  });

  it('passes over stored ones that are incomplete or for other hosts', () => {
    const host = machine();
    host.install('/usr/bin/qemu-aarch64', '10.0.13');
    host.store(home, [
      { sha256: 'a'.repeat(64) },
      { sha256: 'b'.repeat(64) },
      { sha256: 'c'.repeat(64), package: { ...storedItem.package, architecture: 'arm64' } },
    ]);
    host.files.addFile(`${home}/store/sha256/${'a'.repeat(64)}/qemu-aarch64`, 'cut');
    host.files.remove(`${home}/store/sha256/${'b'.repeat(64)}`);
    const { emulator, candidates } = chooseEmulator(host, 'aarch64');
    expect(emulator?.path).toBe('/usr/bin/qemu-aarch64');
    expect(candidates.slice(0, 3).map(({ rejected }) => rejected)).toEqual([
      'its file has 3 bytes instead of 5',
      'its file is missing',
      'it is for arm64 hosts',
    ]);
  });

  it('finds installed ones by all their names, links resolved', () => {
    for (const name of ['qemu-aarch64', 'qemu-aarch64-static', 'qemu-arm64', 'qemu-arm64-static']) {
      const host = machine();
      host.install('/usr/lib/qemu/emulator', '5.2.0 (Debian 1:5.2+dfsg-11+deb11u3)');
      host.files.addLink(`/opt/bin/${name}`, '/usr/lib/qemu/emulator');
      expect(chooseEmulator(host, 'aarch64').emulator).toEqual({
        target: 'aarch64',
        path: '/usr/lib/qemu/emulator',
        version: '5.2.0',
        packageVersion: '1:5.2+dfsg-11+deb11u3',
        linkage: 'static',
        origin: 'system',
        preservesArgv0: false,
      });
    }
  });

  it('looks into ANYARCH_QEMU_DIR first', () => {
    const host = machine({ ANYARCH_QEMU_DIR: '/mine' });
    host.install('/usr/bin/qemu-aarch64', '10.0.13');
    host.install('/mine/qemu-aarch64', '11.0.50 (v11.0.0-12-gabc)');
    expect(chooseEmulator(host, 'aarch64').emulator?.path).toBe('/mine/qemu-aarch64');
  });

  it('rejects, with the reason, what cannot be used', () => {
    const host = machine();
    const rejectedAt = (path: string) =>
      chooseEmulator(host, 'aarch64', { qemu: path }).candidates[0]?.rejected;
    host.install('/x/dynamic', '7.2.22', dynamicProgram());
    host.install('/x/foreign', '7.2.22', arm64);
    host.install('/x/other', '7.2.22', amd64, 'arm');
    host.files.addFile('/x/data', amd64, { mode: 0o644 });
    host.files.addFile('/x/script', '#!/bin/sh\n', { mode: 0o755 });
    host.files.addFile('/x/silent', amd64, { mode: 0o755 });
    host.processes.on(['/x/silent'], { stdout: 'hello' });
    host.files.addFile('/x/crash', amd64, { mode: 0o755 });
    host.processes.on(['/x/crash'], { exitCode: undefined as unknown as number, signal: 'SIGSEGV' });
    host.files.addFile('/x/absent', amd64, { mode: 0o755 });
    expect(rejectedAt('/x/dynamic')).toBe(
      'it is dynamically linked: it needs /lib64/ld-linux-x86-64.so.2, which containers do not have',
    );
    expect(rejectedAt('/x/foreign')).toBe('it is a program for aarch64, and this host is x86_64');
    expect(rejectedAt('/x/other')).toBe('it says that it emulates arm');
    expect(rejectedAt('/x/data')).toContain('may not be executed');
    expect(rejectedAt('/x/script')).toContain('it is no program');
    expect(rejectedAt('/x/silent')).toBe('what --version prints is not what QEMU prints');
    expect(rejectedAt('/x/crash')).toBe('--version fails (SIGSEGV)');
    expect(rejectedAt('/x/absent')).toBe('it does not start (ENOENT)');
    expect(rejectedAt('/x/missing')).toBe('there is nothing');
    // A program for another machine is not executed: an entry for it would make it emulate itself.
    expect(host.processes.runs.some(({ command }) => command[0] === '/x/foreign')).toBe(false);
  });

  it('accepts dynamic ones when asked to, and programs of the own family that run', () => {
    const host = machine();
    host.install('/x/dynamic', '7.2.22', dynamicProgram());
    host.install('/x/i386', '10.0.13', i386);
    expect(
      chooseEmulator(host, 'aarch64', { qemu: '/x/dynamic', allowDynamic: true }).emulator?.linkage,
    ).toBe('dynamic');
    expect(chooseEmulator(host, 'aarch64', { qemu: '/x/i386' }).emulator?.origin).toBe('given');
  });

  it('takes a version, from the store or the system', () => {
    const host = machine();
    host.store(home, [{}, { sha256: '3'.repeat(64), version: '7.2.22' }]);
    host.install('/usr/bin/qemu-aarch64', '10.0.13');
    const chosen = (qemu: string) => chooseEmulator(host, 'aarch64', { qemu }).emulator?.version;
    expect(chosen('7.2')).toBe('7.2.22');
    expect(chosen('10')).toBe('10.0.13');
    expect(chosen('10.0.1')).toBeUndefined();
    expect(chosen('11.1.3')).toBe('11.1.3');
    expect(chosen('system')).toBe('10.0.13');
  });

  it('takes a directory', () => {
    const host = machine();
    host.store(home, [{}]);
    host.install('/build/qemu-aarch64', '11.2.0');
    expect(chooseEmulator(host, 'aarch64', { qemu: '/build' }).emulator).toMatchObject({
      version: '11.2.0',
      origin: 'given',
    });
    expect(chooseEmulator(host, 'arm', { qemu: '/build' }).candidates[0]?.rejected).toContain('qemu-armhf');
  });

  it('looks below another root', () => {
    const host = machine();
    host.install('/host/usr/bin/qemu-aarch64-static', '10.0.13');
    expect(chooseEmulator(host, 'aarch64', { root: '/host' }).emulator?.path).toBe(
      '/host/usr/bin/qemu-aarch64-static',
    );
  });
});

describe('requireEmulator', () => {
  it('tells what was rejected and what to do', () => {
    const host = machine();
    host.install('/usr/bin/qemu-aarch64', '7.2.22', dynamicProgram());
    const require = () => requireEmulator(host, 'aarch64');
    expect(require).toThrowWithCode('ANYARCH_EMULATOR_NOT_FOUND');
    expect(require).toThrow(/dynamically linked/);
    expect(() => requireEmulator(host, 'riscv64', { qemu: '10.0' })).toThrow(
      expect.objectContaining({ hint: 'anyarch emulators fetch riscv64 --version 10.0' }),
    );
    // What was named cannot be fetched.
    for (const qemu of ['/nope', 'system'])
      expect(() => requireEmulator(host, 'riscv64', { qemu })).toThrow(
        expect.objectContaining({ hint: expect.not.stringContaining('emulators fetch') as string }),
      );
  });

  it.each([
    '{',
    '[]',
    '{"schema":2}',
    '{"schema":1,"emulators":{"aarch64":{"inUse":"x","items":[{"sha256":"../../x"}]}}}',
  ])('refuses the catalogue %s', (text) => {
    const host = machine();
    host.files.addFile(`${home}/emulators.json`, text);
    expect(() => requireEmulator(host, 'aarch64')).toThrowWithCode('ANYARCH_FILE');
  });
});

describe('listEmulators', () => {
  it('shows everything, usable or not', () => {
    const host = machine();
    host.store(home, [{}]);
    host.install('/usr/bin/qemu-aarch64', '10.0.13');
    host.install('/usr/bin/qemu-arm', '7.2.22', dynamicProgram(), 'arm');
    const listed = listEmulators(host);
    expect(listed).toHaveLength(architectures.length);
    const arm64Listed = listed.find(({ target }) => target === 'aarch64');
    expect(arm64Listed?.candidates.map(({ emulator }) => emulator?.version)).toEqual(['11.1.3', '10.0.13']);
    expect(arm64Listed?.inUse).toContain('/store/');
    expect(listed.find(({ target }) => target === 'arm')).toMatchObject({
      inUse: undefined,
      candidates: [{ path: '/usr/bin/qemu-arm' }],
    });
  });
});
