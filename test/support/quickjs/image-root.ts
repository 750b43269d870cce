import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const targets = ['aarch64', 'arm', 'riscv64', 's390x'];

/**
 * A root file system as an image's, with QEMU's emulators for arm64, arm, riscv64 and s390x. The result starts a command
 * in namespaces of its own with an empty table; `chroot ROOT` is what engines do.
 *
 * @param root an empty directory
 * @param program the image's
 */
export function imageRoot(root: string, program: string): readonly string[] {
  const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
  const descriptions = join(root, 'usr/share/anyarch/emulators');
  for (const directory of ['proc', 'dev', 'tmp', 'usr/bin', 'var/lib/anyarch', 'usr/share/anyarch/emulators'])
    mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(join(root, 'usr/share/anyarch/image.json'), '{}');
  copyFileSync(program, join(root, 'usr/bin/anyarch'));
  for (const target of targets) {
    const path = `/usr/bin/qemu-${target}-static`;
    // The emulator is mounted there.
    writeFileSync(join(root, path), '');
    const description = {
      schema: 1,
      target,
      path,
      version: '11.1.3',
      packageVersion: '1:11.1.3+ds-1',
      linkage: 'static-pie',
      preservesArgv0: true,
      size: statSync(join(qemu, `qemu-${target}`)).size,
      sha256: 'ab'.repeat(32),
    };
    writeFileSync(join(descriptions, `${target}.json`), JSON.stringify(description));
  }
  return ['unshare', '-Urmpf', 'sh', '-c', lay, 'sh', root, qemu];
}

const lay = [
  'set -e; root=$1; qemu=$2; shift 2',
  'mount -t proc proc /proc',
  'mount -t proc proc $root/proc',
  'mount -t binfmt_misc binfmt_misc $root/proc/sys/fs/binfmt_misc',
  'mount -t tmpfs tmpfs $root/dev',
  'touch $root/dev/null; mount --bind /dev/null $root/dev/null',
  ...targets.map((target) => `mount --bind $qemu/qemu-${target} $root/usr/bin/qemu-${target}-static`),
  'exec "$@"',
].join('\n');
