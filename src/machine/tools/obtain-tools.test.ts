import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorHost } from '../../../test/support/mirror-host.ts';
import { buildDeb } from '../../../test/support/mirror-package.ts';
import { startMirror } from '../../../test/support/mirror.ts';
import { fakeHost, type FakeHost } from '../../host/testing/fake-host.ts';
import { findDefinition } from '../definition/table.ts';
import { obtainTools } from './obtain-tools.ts';

const arm64 = findDefinition('arm64');
const firmware = ['/usr/share/AAVMF/AAVMF_CODE.fd', '/usr/share/AAVMF/AAVMF_VARS.fd'];

/** A system with QEMU of a version, and with firmware unless it is left out. */
function systemWith(version: string, { files = firmware }: { files?: readonly string[] } = {}): FakeHost {
  const host = fakeHost();
  for (const program of ['qemu-system-aarch64', 'qemu-img']) host.addProgram(`/usr/bin/${program}`);
  host.files.makeDirectory('/usr/share/AAVMF');
  for (const file of files) host.files.writeAtomic(file, new Uint8Array(1));
  says(host, '/usr/bin/qemu-system-aarch64', version);
  return host;
}

function says(host: FakeHost, program: string, version: string): void {
  host.processes.on([program], { stdout: `QEMU emulator version ${version} (Debian 1:${version})\n` });
}

describe('obtainTools', () => {
  it("takes the system's QEMU when it is new enough and all is there", async () => {
    const tools = await obtainTools(systemWith('10.0.2'), arm64);
    expect(tools.qemu).toMatchObject({ words: ['/usr/bin/qemu-system-aarch64'], version: '10.0.2' });
    expect(tools.firmware).toEqual({ code: firmware[0], variables: firmware[1] });
    expect(tools.command('qemu-img')).toEqual(['/usr/bin/qemu-img']);
    expect(tools.origin).toBe('QEMU 10.0.2 of this system');
  });

  it.each([
    ['too old', systemWith('7.2.22')],
    ['without firmware', systemWith('10.0.2', { files: [] })],
    ['with nothing', fakeHost()],
  ])('wants to fetch for a system that is %s', async (_, host) => {
    await expect(obtainTools(host, arm64, { noFetch: true })).rejects.toMatchObject({
      code: 'ANYARCH_PROGRAM_NOT_FOUND',
      hint: expect.stringContaining('apt-get install qemu-system-arm qemu-efi-aarch64') as string,
    });
  });

  it('names the packages when the system was asked for and has not got it', async () => {
    await expect(
      obtainTools(systemWith('10.0.2', { files: [] }), arm64, { qemu: 'system' }),
    ).rejects.toMatchObject({
      code: 'ANYARCH_EMULATOR_NOT_FOUND',
      hint: expect.stringContaining('apt-get install qemu-system-arm qemu-efi-aarch64') as string,
      details: { missing: firmware },
    });
  });

  it("takes an old one of the system's when that was asked for", async () => {
    expect((await obtainTools(systemWith('7.2.22'), arm64, { qemu: 'system' })).qemu.version).toBe('7.2.22');
    expect((await obtainTools(systemWith('7.2.22'), arm64, { qemu: '7.2' })).qemu.version).toBe('7.2.22');
    await expect(
      obtainTools(systemWith('7.2.22'), arm64, { qemu: '7', noFetch: true }),
    ).resolves.toBeDefined();
    await expect(obtainTools(systemWith('7.2.22'), arm64, { qemu: '7.20', noFetch: true })).rejects.toThrow();
  });

  it("takes a program of the user's, and refuses what is none", async () => {
    const host = systemWith('10.0.2');
    host.addProgram('/opt/qemu');
    says(host, '/opt/qemu', '11.1.0-rc2');
    expect((await obtainTools(host, arm64, { qemu: '/opt/qemu' })).qemu).toMatchObject({
      file: '/opt/qemu',
      version: '11.1.0-rc2',
    });
    await expect(obtainTools(host, arm64, { qemu: '/nowhere/qemu' })).rejects.toMatchObject({
      code: 'ANYARCH_EMULATOR_NOT_FOUND',
    });
    host.processes.on(['/bin/true'], { stdout: '' });
    await expect(obtainTools(host, arm64, { qemu: '/bin/true' })).rejects.toMatchObject({
      code: 'ANYARCH_EMULATOR_UNUSABLE',
    });
  });

  it('knows whether QEMU has a sandbox', async () => {
    const host = systemWith('10.0.2');
    expect((await obtainTools(host, arm64)).qemu.hasSandbox).toBe(true);
    host.processes.on(['/usr/bin/qemu-system-aarch64', '-sandbox'], {
      exitCode: 1,
      stderr: '-sandbox support is not enabled in this QEMU binary',
    });
    expect((await obtainTools(host, arm64)).qemu).toMatchObject({ version: '10.0.2', hasSandbox: false });
  });

  it('asks the archive for a version, and fetches none that is not wanted', async () => {
    const mirror = await startMirror();
    const home = mkdtempSync(join(tmpdir(), 'anyarch-tools-'));
    const package_ = async (version: string) => ({
      name: 'qemu-system-arm',
      version,
      deb: await buildDeb([{ name: './', type: 'directory' }], 'none'),
    });
    try {
      await mirror.addSuite({ suite: 'trixie', packages: [await package_('1:10.0.13+ds-1')] });
      await mirror.addSuite({
        suite: 'trixie-backports',
        packages: [await package_('1:11.1.0+ds-1~bpo13+1')],
      });
      // What this machine has installed is no matter of this test.
      const needs = ['program-that-is-nowhere'];
      const options = { mirror: mirror.url, keyrings: [mirror.keyring], qemu: '9.9', needs };
      await expect(obtainTools(mirrorHost(home), arm64, options)).rejects.toMatchObject({
        code: 'ANYARCH_EMULATOR_NOT_FOUND',
        details: {
          wanted: '9.9',
          rejected: [expect.any(String), 'trixie has 10.0.13', 'trixie-backports has 11.1.0'],
        },
      });
      expect(mirror.requests.filter((line) => line.endsWith('.deb'))).toEqual([]);
    } finally {
      await mirror.close();
      rmSync(home, { recursive: true });
    }
  });

  it('needs what mounts need', async () => {
    await expect(
      obtainTools(systemWith('10.0.2'), arm64, { qemu: 'system', needs: ['virtiofsd'] }),
    ).rejects.toMatchObject({ details: { missing: ['virtiofsd'] } });
  });
});
