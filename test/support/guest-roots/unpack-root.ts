import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../command.ts';
import { debianSource } from '../fixtures/apt.ts';
import { writePackageDatabase } from './package-database.ts';

/** Debian's name. */
export type RootArchitecture = 'amd64' | 'arm64' | 'armhf' | 'ppc64el' | 's390x' | 'riscv64';
export type RootSuite = 'bookworm' | 'trixie';

/**
 * Unpacks Debian's essential packages and these, which needs no emulation, without configuring them. What their scripts
 * would have written and programs look for is written here; dpkg takes them for installed.
 */
export async function unpackRoot(
  root: string,
  options: {
    readonly architecture: RootArchitecture;
    readonly suite: RootSuite;
    readonly packages: readonly string[];
  },
): Promise<void> {
  const { architecture, suite, packages } = options;
  const archive = `${root}.tar`;
  mkdirSync(root);
  await succeed(
    [
      'mmdebstrap',
      '--mode=unshare',
      '--variant=extract',
      // The packages themselves tell what is to be in dpkg's database.
      '--skip=essential/unlink,cleanup/apt/cache',
      `--architectures=${architecture}`,
      // A pattern of apt's takes the rest of its option with it.
      '--include=?essential',
      `--include=${packages.join(',')}`,
      suite,
      archive,
      await debianSource(suite),
    ],
    { timeoutMs: 500_000 },
  );
  await succeed(['tar', '-C', root, '--numeric-owner', '--exclude=./dev/*', '-xpf', archive]);
  rmSync(archive);
  for (const directory of ['bin', 'sbin', 'lib', 'lib64']) mergeIntoUsr(root, directory);
  await writePackageDatabase(root);
  configure(root);
}

function configure(root: string): void {
  for (const directory of ['dev', 'etc', 'proc', 'root', 'sys', 'tmp'])
    mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  // Alternatives, as far as programs call them.
  for (const [name, target] of [
    ['sh', 'dash'],
    ['awk', 'mawk'],
    ['cc', 'gcc'],
    ['c++', 'g++'],
    ['fakeroot', 'fakeroot-sysv'],
  ] as const) {
    const bin = join(root, 'usr/bin');
    if (existsSync(join(bin, target)) && !existsSync(join(bin, name))) symlinkSync(target, join(bin, name));
  }
  for (const directory of ['doc', 'info', 'locale', 'man'])
    rmSync(join(root, 'usr/share', directory), { recursive: true, force: true });
}

/** As Debian's usrmerge makes it of older packages. */
function mergeIntoUsr(root: string, directory: string): void {
  const [outer, inner] = [join(root, directory), join(root, 'usr', directory)];
  if (!existsSync(outer)) {
    if (existsSync(inner)) symlinkSync(`usr/${directory}`, outer);
    return;
  }
  if (existsSync(inner)) return;
  renameSync(outer, inner);
  symlinkSync(`usr/${directory}`, outer);
}
