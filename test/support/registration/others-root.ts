import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../temporary.ts';
import type { PrivateTable } from '../private-table.ts';
import type { ChildOrder } from './child.ts';

/**
 * A root directory that others have registered from, with the host's libraries and tools: their packages' files lie where
 * they belong, and nothing of the host is touched. Its table is the private one.
 */
export interface OthersRoot {
  /** Links a package's programs, but those that are there already, and copies what describes its entries. */
  readonly addPackage: (unpacked: string) => void;
  readonly addProgram: (path: string, content: Uint8Array) => void;
  /** Starts one of its programs, without a shell. */
  readonly run: (command: readonly string[]) => { readonly status: number | null; readonly output: string };
  /** Calls anyarch there, in a process of its own. */
  readonly anyarch: (order: Omit<ChildOrder, 'state' | 'qemu'>) => unknown;
}

/** @param child of `bundleChild` */
export function openOthersRoot(table: PrivateTable, child: string, qemu: string): OthersRoot {
  const root = temporaryDirectory('root');
  for (const directory of directories) mkdirSync(join(root, directory), { recursive: true });
  copyFileSync(child, join(root, 'anyarch/child.mjs'));
  writeFileSync(join(root, 'anyarch/node'), '');
  table.run(['sh', '-c', mounts, root, process.execPath, qemu]);
  let packages = 0;

  const run: OthersRoot['run'] = (command) => {
    const enter = ['--target', `${table.pid}`, '--user', '--mount', '--preserve-credentials', '--'];
    const { status, stdout, stderr } = spawnSync('nsenter', [...enter, 'chroot', root, ...command], {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin', HOME: '/' },
    });
    return { status, output: stdout + stderr };
  };
  return {
    run,
    addPackage: (unpacked) => {
      const place = `/packages/${packages}`;
      packages += 1;
      mkdirSync(join(root, place));
      table.run(['mount', '--bind', unpacked, join(root, place)]);
      const present = namesIn(join(root, 'usr/bin'));
      for (const name of namesIn(join(unpacked, 'usr/bin')).filter((one) => !present.includes(one)))
        symlinkSync(`${place}/usr/bin/${name}`, join(root, 'usr/bin', name));
      for (const directory of ['usr/libexec', 'usr/share/binfmts', 'usr/share/qemu', 'usr/lib/binfmt.d']) {
        const to = directory === 'usr/lib/binfmt.d' ? 'binfmt.d' : directory;
        if (namesIn(join(unpacked, directory)).length > 0)
          cpSync(join(unpacked, directory), join(root, to), { recursive: true, verbatimSymlinks: true });
      }
    },
    addProgram: (path, content) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
      chmodSync(join(root, path), 0o755);
    },
    anyarch: (order) => {
      const whole: ChildOrder = { ...order, state: '/anyarch/state', qemu: '/anyarch/qemu' };
      const { status, output } = run(['/anyarch/node', '/anyarch/child.mjs', JSON.stringify(whole)]);
      if (status !== 0) throw new Error(output);
      return (JSON.parse(output) as { report: unknown }).report;
    },
  };
}

const directories = [
  ...['proc', 'dev', 'run', 'tmp', 'usr/bin', 'usr/libexec', 'usr/share/binfmts', 'var/lib/binfmts'],
  ...['etc/binfmt.d', 'binfmt.d', 'packages', 'anyarch/qemu', 'anyarch/state'],
];

/** $0: the root, $1: Node, $2: emulators. The links of binfmt.d lead to /usr/share, so the directory is one level up. */
const mounts = `set -e
for d in /usr/*; do
  case $d in /usr/bin|/usr/libexec|/usr/share|/usr/local) continue;; esac
  [ -d "$d" ] || continue
  mkdir -p "$0$d"
  mount --rbind "$d" "$0$d"
done
for d in bin sbin lib lib32 lib64 libx32; do
  [ ! -L "/$d" ] || ln -s "$(readlink "/$d")" "$0/$d"
done
mount --rbind /proc "$0/proc"
mount --rbind /dev "$0/dev"
mount --bind "$0/binfmt.d" "$0/usr/lib/binfmt.d"
mount --bind "$1" "$0/anyarch/node"
mount --bind "$2" "$0/anyarch/qemu"`;

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
