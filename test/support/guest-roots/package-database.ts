import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../command.ts';

/** Packages that are looked at together. */
const atOnce = 8;

/** Makes dpkg's database as if the packages in the root's cache of apt were installed, and removes them. */
export async function writePackageDatabase(root: string): Promise<void> {
  const archives = join(root, 'var/cache/apt/archives');
  const info = join(root, 'var/lib/dpkg/info');
  mkdirSync(info, { recursive: true });
  writeFileSync(join(info, 'format'), '1\n');
  const debs = readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .sort()
    .map((name) => join(archives, name));
  const stanzas: string[] = [];
  for (let first = 0; first < debs.length; first += atOnce)
    stanzas.push(
      ...(await Promise.all(debs.slice(first, first + atOnce).map((deb) => addPackage(info, deb)))),
    );
  if (stanzas.length === 0) throw new Error(`no package was unpacked in ${root}`);
  writeFileSync(join(root, 'var/lib/dpkg/status'), stanzas.join(''));
  rmSync(archives, { recursive: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
}

/** @returns its stanza in dpkg's status */
async function addPackage(info: string, deb: string): Promise<string> {
  const { stdout: control } = await succeed(['dpkg-deb', '--field', deb]);
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(control)?.[1] ?? '';
  const architecture = field('Multi-Arch') === 'same' ? `:${field('Architecture')}` : '';
  const name = `${field('Package')}${architecture}`;
  const unpacked = join(info, `${name}.unpacked`);
  await succeed(['dpkg-deb', '--control', deb, unpacked]);
  for (const file of readdirSync(unpacked))
    if (file !== 'control') renameSync(join(unpacked, file), join(info, `${name}.${file}`));
  rmSync(unpacked, { recursive: true });
  const { stdout: listed } = await succeed(['sh', '-c', 'dpkg-deb --fsys-tarfile "$0" | tar -t', deb]);
  const paths = listed
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => path.replace(/^\./, '').replace(/(.)\/$/, '$1'))
    .map((path) => (path === '/' ? '/.' : path));
  writeFileSync(join(info, `${name}.list`), `${paths.join('\n')}\n`);
  return `${control.replace(/^(Package: .*\n)/m, '$1Status: install ok installed\n')}\n`;
}
