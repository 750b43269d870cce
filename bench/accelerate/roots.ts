import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackRoot } from '../../test/support/guest-roots/unpack-root.ts';
import { debianSource } from '../../test/support/fixtures/apt.ts';
import { cached } from '../cached.ts';
import { anyarch } from '../places.ts';
import { runProgram } from '../programs.ts';

export type BenchArchitecture = 'amd64' | 'arm64';

const buildPackages = [
  'build-essential',
  'cmake',
  'debhelper',
  'fakeroot',
  'git',
  'golang-go',
  'ninja-build',
  'xz-utils',
  'zstd',
];

/** About 100 packages with all that they need. */
const installedPackages = [
  'ca-certificates',
  'curl',
  'libcairo2-dev',
  'libjpeg-dev',
  'libpq-dev',
  'libssl-dev',
  'libxml2-dev',
  'libxslt1-dev',
  'python3-dev',
];

/** Debian trixie with what all workloads but `apt` call. */
export async function buildRoot(architecture: BenchArchitecture): Promise<string> {
  return await cached(`accelerate/build-1-${architecture}`, (root) =>
    unpackRoot(root, { architecture, suite: 'trixie', packages: buildPackages }),
  );
}

/** Debian trixie with apt, which has fetched packages and not installed them. */
export async function installRoot(architecture: BenchArchitecture): Promise<string> {
  return await cached(`accelerate/install-1-${architecture}`, async (root) => {
    await unpackRoot(root, {
      architecture,
      suite: 'trixie',
      packages: ['apt', 'debian-archive-keyring', 'debconf'],
    });
    writeFileSync(join(root, 'etc/apt/sources.list'), `${await debianSource('trixie')}\n`);
    rmSync(join(root, 'etc/apt/sources.list.d'), { recursive: true, force: true });
    cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { dereference: true });
    writeFileSync(join(root, 'var/lib/anyarch-bench'), `${installedPackages.join(' ')}\n`);
    const apt = ['apt-get', '-q', '-y', '-o', 'APT::Sandbox::User=root'];
    runProgram(inRoot(root, [...apt, 'update']), { timeoutMs: 600_000 });
    const download = ['--no-install-recommends', '--download-only', 'install', ...installedPackages];
    runProgram(inRoot(root, [...apt, ...download]), { timeoutMs: 600_000 });
  });
}

function inRoot(root: string, command: readonly string[]): string[] {
  return [anyarch, 'run', '--rootfs', root, '--map-auto', '--', ...command];
}
