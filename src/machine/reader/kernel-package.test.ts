import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mirrorHost } from '../../../test/support/mirror-host.ts';
import { buildDeb } from '../../../test/support/mirror-package.ts';
import { startMirror, type Mirror, type MirrorPackage } from '../../../test/support/mirror.ts';
import { unpackKernel } from './kernel-package.ts';

const kernel = { package: 'linux-image-amd64', suite: 'trixie', architecture: 'amd64' };
const modules = './usr/lib/modules/7.2-1';
const files = {
  driver: { name: `${modules}/kernel/fs/ext4.ko`, content: 'driver' },
  list: { name: `${modules}/modules.order`, content: 'list' },
  unwanted: { name: `${modules}/System.map`, content: 'map' },
};

let mirror: Mirror;
let home: string;
beforeEach(async () => {
  mirror = await startMirror();
  home = mkdtempSync(join(tmpdir(), 'anyarch-kernel-'));
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
});

async function package_(
  name: string,
  content: readonly { readonly name: string; readonly content: string }[],
  depends = '',
): Promise<MirrorPackage> {
  const above = ['./', './boot/', './usr/', './usr/lib/', './usr/lib/modules/', `${modules}/`];
  const directories = [...above, `${modules}/kernel/`, `${modules}/kernel/fs/`];
  const entries = directories.map((one) => ({ name: one, type: 'directory' as const }));
  return { name, version: '7.2-1', depends, deb: await buildDeb([...entries, ...content], 'none') };
}

async function unpack(packages: readonly MirrorPackage[]): Promise<string> {
  const meta = await package_('linux-image-amd64', [], 'linux-base-amd64, linux-image-7.2-1');
  await mirror.addSuite({ suite: 'trixie', packages: [meta, ...packages] });
  const directory = join(home, 'staging');
  mkdirSync(directory);
  await unpackKernel(mirrorHost(home), kernel, directory, {
    kernelPath: join(home, 'kernel'),
    wantsDriver: (path) => !path.endsWith('/System.map'),
    ...{ mirror: mirror.url, keyrings: [mirror.keyring], signal: undefined },
  });
  return directory;
}

describe("Debian's kernel", () => {
  it('is in one package, and in /boot', async () => {
    const boot = { name: './boot/vmlinuz-7.2-1', content: 'kernel' };
    const directory = await unpack([await package_('linux-image-7.2-1', [boot, ...Object.values(files)])]);
    expect(readFileSync(join(home, 'kernel'), 'utf8')).toBe('kernel');
    expect(readFileSync(join(directory, files.driver.name), 'utf8')).toBe('driver');
    expect(existsSync(join(directory, files.unwanted.name))).toBe(false);
  });

  it('is in several, and beside its drivers', async () => {
    const parts = ['linux-base-7.2-1', 'linux-binary-7.2-1', 'linux-modules-7.2-1'];
    const directory = await unpack([
      await package_('linux-image-7.2-1', [], parts.join(', ')),
      await package_('linux-base-7.2-1', [files.list, files.unwanted]),
      await package_('linux-binary-7.2-1', [{ name: `${modules}/vmlinuz`, content: 'kernel' }]),
      await package_('linux-modules-7.2-1', [files.driver]),
    ]);
    expect(readFileSync(join(home, 'kernel'), 'utf8')).toBe('kernel');
    for (const { name, content } of [files.driver, files.list])
      expect(readFileSync(join(directory, name), 'utf8')).toBe(content);
    for (const name of [`${modules}/vmlinuz`, files.unwanted.name])
      expect(existsSync(join(directory, name))).toBe(false);
  });

  it('is missed where no package has it', async () => {
    const without = unpack([await package_('linux-image-7.2-1', Object.values(files))]);
    await expect(without).rejects.toMatchObject({ code: 'ANYARCH_PACKAGE_NOT_FOUND' });
    expect(existsSync(join(home, 'kernel'))).toBe(false);
  });
});
