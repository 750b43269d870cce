import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../command.ts';
import { debianSource } from '../fixtures/apt.ts';
import { cached } from '../fixtures/cache.ts';
import { temporaryDirectory } from '../temporary.ts';

/** What is in a root besides Debian's essential packages. */
const packages = {
  base: ['make', 'patch', 'xz-utils'],
  // fakeroot shows what LD_PRELOAD leads to.
  dev: ['gcc', 'g++', 'libc6-dev', 'binutils', 'make', 'fakeroot'],
} as const;

export type GuestRootKind = keyof typeof packages;

export interface GuestRootOptions {
  /** Debian's name of the architecture. Default: arm64. */
  readonly architecture?: 'amd64' | 'arm64' | 'armhf' | 'ppc64el' | 's390x' | 'riscv64';
  /** Default: trixie. */
  readonly suite?: 'bookworm' | 'trixie';
}

/**
 * A root file system of Debian's packages, unpacked and not configured, which needs no emulation; what their scripts would
 * have written and programs look for is written here. dpkg's status lists the packages as installed. Shared by all tests:
 * not to be written to, mount points included.
 *
 * `base` has dash, coreutils, sed, grep, findutils, tar, gzip and so on with make, patch and xz; `dev` also gcc, g++, binutils and fakeroot.
 */
export async function guestRoot(kind: GuestRootKind, options: GuestRootOptions = {}): Promise<string> {
  const { architecture = 'arm64', suite = 'trixie' } = options;
  const made = await cached(`guest-roots/1/${suite}-${architecture}-${kind}`, async (directory) => {
    const root = join(directory, 'root');
    const archive = join(directory, 'root.tar');
    mkdirSync(root);
    await succeed(
      [
        'mmdebstrap',
        '--mode=unshare',
        '--variant=extract',
        // The packages themselves tell what is to be in dpkg's status.
        '--skip=essential/unlink,cleanup/apt/cache',
        `--architectures=${architecture}`,
        // A pattern of apt's takes the rest of its option with it.
        '--include=?essential',
        `--include=${packages[kind].join(',')}`,
        suite,
        archive,
        await debianSource(suite),
      ],
      { timeoutMs: 500_000 },
    );
    await succeed(['tar', '-C', root, '--numeric-owner', '--exclude=./dev/*', '-xpf', archive]);
    rmSync(archive);
    await writeStatus(root);
    configure(root);
  });
  return join(made, 'root');
}

/** The same as a copy that may be written to; gone with the test run. */
export async function guestRootCopy(kind: GuestRootKind, options?: GuestRootOptions): Promise<string> {
  const root = join(temporaryDirectory('guest'), 'root');
  await succeed(['cp', '--archive', '--reflink=auto', await guestRoot(kind, options), root]);
  return root;
}

/** As dpkg keeps it, of the packages that were unpacked, which are removed. */
async function writeStatus(root: string): Promise<void> {
  const archives = join(root, 'var/cache/apt/archives');
  const debs = readdirSync(archives).filter((name) => name.endsWith('.deb'));
  const stanzas = await Promise.all(
    debs.sort().map(async (deb) => {
      const { stdout } = await succeed(['dpkg-deb', '--field', join(archives, deb)]);
      return stdout.replace(/^(Package: .*\n)/m, '$1Status: install ok installed\n');
    }),
  );
  rmSync(archives, { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/status'), stanzas.map((stanza) => `${stanza}\n`).join(''));
}

function configure(root: string): void {
  for (const directory of ['bin', 'sbin', 'lib', 'lib64']) mergeIntoUsr(root, directory);
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
  if (readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8').length === 0)
    throw new Error(`no package was unpacked in ${root}`);
}

/** As Debian's usrmerge: mmdebstrap may have unpacked older packages beside. */
function mergeIntoUsr(root: string, directory: string): void {
  const [outer, inner] = [join(root, directory), join(root, 'usr', directory)];
  if (!existsSync(outer)) {
    if (existsSync(inner)) symlinkSync(`usr/${directory}`, outer);
    return;
  }
  if (!existsSync(inner)) renameSync(outer, inner);
}
