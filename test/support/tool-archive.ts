import { buildElf } from '../../src/core/testing/elf-image.ts';
import type { Tool } from '../../src/tool-tree/tool.ts';
import { buildDeb } from './mirror-package.ts';
import type { Mirror, MirrorPackage } from './mirror.ts';

/** Tools that no real archive has. */
export const fakeTools: readonly Tool[] = ['alpha', 'beta'].map((name) => ({
  group: 'base',
  name,
  guest: { package: name, path: `usr/bin/${name}` },
  rules: { bail: ['/proc'], map: [{ from: '--plugin=', to: '--plugin={set}/' }] },
  listed: 'allow',
  reason: 'a test',
}));

/** A program of its own for each version and architecture. It is linked statically, so it needs no library. */
export function fakeTool(name: string, version: string, architecture: string): Uint8Array {
  const machine = architecture === 'arm64' ? 183 : 62;
  const text = Buffer.from(`${name} ${version} ${architecture}`);
  return buildElf({ class: 64, endianness: 'little', machine, buildId: new Uint8Array(text).slice(0, 60) });
}

async function fakePackage(name: string, version: string, architecture: string): Promise<MirrorPackage> {
  const content = fakeTool(name, version, architecture);
  const deb = await buildDeb([{ name: `./usr/bin/${name}`, content }]);
  return { name, version, architecture, deb };
}

/** A suite for arm64 guests and amd64 hosts: versions by package, with the host's own where it differs. */
export async function addToolSuite(
  mirror: Mirror,
  versions: Readonly<Record<string, readonly [guest: string, host: string]>>,
  suite = 'trixie',
): Promise<void> {
  const packages: MirrorPackage[] = [];
  for (const [name, [guest, host]] of Object.entries(versions)) {
    packages.push(await fakePackage(name, guest, 'arm64'));
    packages.push(await fakePackage(name, host, 'amd64'));
  }
  await mirror.addSuite({ suite, codename: suite, architectures: ['arm64', 'amd64'], packages });
}
