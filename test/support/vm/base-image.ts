import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { succeed } from '../command.ts';
import { asUser } from '../engines/user.ts';
import { debianSource } from '../fixtures/apt.ts';
import { cached } from '../fixtures/cache.ts';
import { temporaryDirectory } from '../temporary.ts';
import { makeExt4 } from './disks.ts';

export interface BaseImage {
  /** The root file system, ext4; never written to. */
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
}

/** Debian trixie with three inits, of which the kernel's command line chooses one. */
const packages = [
  ['linux-image-cloud-amd64', 'initramfs-tools', 'udev', 'kmod', 'procps', 'nodejs'],
  ['systemd', 'binfmt-support'],
  ['sysvinit-core', 'initscripts', 'openrc', 'runit'],
  // Brings a rule of its own for both systemd-binfmt and binfmt-support.
  ['python3-minimal'],
].flat();

/** What nothing in the machine reads. */
const left = ['doc', 'man', 'info', 'locale', 'zoneinfo'].map((name) => `path-exclude=/usr/share/${name}/*`);

// With the few modules that the machine's disk needs, the initramfs is a third of the size and starts faster.
const initramfs =
  'mkdir -p "$1/etc/initramfs-tools/conf.d" && ' +
  'printf "MODULES=list\\nBUSYBOX=n\\n" >"$1/etc/initramfs-tools/conf.d/test" && ' +
  'printf "virtio_pci\\nvirtio_blk\\next4\\n" >"$1/etc/initramfs-tools/modules"';

const guestFiles = new URL('guest/', import.meta.url).pathname;

/** Made once, of the mirror's packages at that time, in about a minute; half a gigabyte. */
export async function baseImage(): Promise<BaseImage> {
  const recipe = createHash('sha256')
    .update(JSON.stringify([packages, left, initramfs]))
    .update(readFileSync(join(guestFiles, 'setup.sh')))
    .update(readFileSync(join(guestFiles, 'start.sh')));
  const directory = await cached(`vm/${recipe.digest('hex').slice(0, 12)}`, build);
  return {
    disk: join(directory, 'root.ext4'),
    kernel: join(directory, 'vmlinuz'),
    initrd: join(directory, 'initrd.img'),
  };
}

async function build(target: string): Promise<void> {
  const work = temporaryDirectory('vm-build');
  try {
    const root = join(work, 'root');
    mkdirSync(root);
    await unpackSystem(work, root);
    for (const name of ['vmlinuz', 'initrd.img']) {
      const { stdout } = await succeed(['readlink', '--canonicalize', join(root, name)]);
      renameSync(stdout.trim(), join(target, name));
    }
    await makeExt4({ file: join(target, 'root.ext4'), megabytes: 1024, label: 'root', from: root });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * In a user namespace of its own, as a user without privilege: the packages' scripts register interpreters, and there
 * they do it in a table that goes away.
 */
async function unpackSystem(work: string, root: string): Promise<void> {
  const scratch = join(work, 'scratch');
  mkdirSync(scratch);
  chmodSync(scratch, 0o777);
  const command = asUser(['env', `TMPDIR=${scratch}`, 'mmdebstrap'], 'anyarch-test3');
  const options = [
    ['--mode=unshare', '--variant=essential', '--architectures=amd64', '--format=tar'],
    [`--include=${packages.join(',')}`, '--aptopt=APT::Install-Recommends "false"'],
    ['--dpkgopt=force-unsafe-io', ...left.map((option) => `--dpkgopt=${option}`)],
    [`--essential-hook=${initramfs}`],
    [`--customize-hook=mkdir -p "$1/usr/lib/anyarch-test"`],
    [`--customize-hook=copy-in ${guestFiles}start.sh /usr/lib/anyarch-test`],
    [`--customize-hook=sh ${guestFiles}setup.sh "$1"`],
  ].flat();
  const words = [...command, ...options, 'trixie', '-', await debianSource('trixie')];
  await pipeInto(words, ['tar', '--extract', '--preserve-permissions', '--exclude=./dev/*', '-C', root]);
}

async function pipeInto(from: readonly string[], to: readonly string[]): Promise<void> {
  const [fromProgram = '', ...fromArguments] = from;
  const [toProgram = '', ...toArguments] = to;
  const source = spawn(fromProgram, fromArguments, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  const sink = spawn(toProgram, toArguments, { stdio: ['pipe', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [source.stderr, sink.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const ends = [once(source, 'close'), once(sink, 'close')];
  // tar may end at the archive's end mark, before all that fills the last record has come: it says itself when it lacks something.
  await Promise.allSettled([pipeline(source.stdout, sink.stdin)]);
  const codes = (await Promise.all(ends)).map(([code]) => code as number | null);
  if (codes.some((code) => code !== 0))
    throw new Error(
      `${fromProgram} | ${toProgram}: exit codes ${codes.join(', ')}\n${Buffer.concat(said).toString().slice(-4000)}`,
    );
}
