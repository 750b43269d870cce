import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { fileFailure } from '../host/file-failure.ts';

export interface BusyboxGuest {
  /** The foreign busybox, on the host. */
  readonly path: string;
  readonly sha256: string;
}

/** Raised when the tree's layout changes, so that older trees are not used any more. */
const layoutVersion = 1;

/**
 * A root file system made of one busybox: its applets as links, an /etc. Made once, then only looked up.
 *
 * @param directory where such trees are kept
 * @param emulate the command prefix that runs a foreign program: the emulator's path
 * @returns its path
 */
export function prepareGuestRoot(
  host: Pick<Host, 'files' | 'processes'>,
  directory: string,
  guest: BusyboxGuest,
  emulate: readonly string[],
): string {
  const path = `${directory}/${guest.sha256.slice(0, 16)}-${layoutVersion}`;
  if (host.files.status(path) !== undefined) return path;
  const applets = listApplets(host, guest, emulate);
  const building = makeBuildingPlace(host, directory);
  try {
    fillTree(building, guest.path, applets);
    renameSync(building, path);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    // Another process was quicker; its tree is the same.
    if (host.files.status(path) === undefined) throw fileFailure(error, path);
  }
  return path;
}

function makeBuildingPlace({ files }: Pick<Host, 'files'>, directory: string): string {
  try {
    files.makeDirectory(directory, 0o755);
    return mkdtempSync(`${directory}/.building-`);
  } catch (error) {
    throw fileFailure(error, directory);
  }
}

function listApplets(
  { processes }: Pick<Host, 'processes'>,
  guest: BusyboxGuest,
  emulate: readonly string[],
): string[] {
  const result = processes.run([...emulate, guest.path, '--list'], { timeoutMs: 30_000 });
  const applets = result.stdout.split('\n').filter((name) => /^[[\w.-]+$/.test(name) && !/^\.+$/.test(name));
  if (result.exitCode !== 0 || applets.length === 0)
    throw new AnyarchError(
      'ANYARCH_EMULATOR_UNUSABLE',
      `${guest.path} does not run: ${result.stderr.trim() || `exit code ${result.exitCode ?? 'none'}`}`,
      {
        hint: 'anyarch emulators verify',
        details: {
          command: result.command.join(' '),
          ...(result.signal === undefined ? {} : { signal: result.signal }),
        },
      },
    );
  return applets;
}

function fillTree(root: string, busybox: string, applets: readonly string[]): void {
  for (const name of [
    'bin',
    'dev',
    'etc',
    'mnt',
    'proc',
    'root',
    'run',
    'sys',
    'tmp',
    'usr',
    'var',
    'var/tmp',
  ])
    mkdirSync(`${root}/${name}`);
  copyFileSync(busybox, `${root}/bin/busybox`);
  for (const applet of applets) if (applet !== 'busybox') symlinkSync('busybox', `${root}/bin/${applet}`);
  symlinkSync('bin', `${root}/sbin`);
  for (const name of ['bin', 'sbin']) symlinkSync('../bin', `${root}/usr/${name}`);
  // Apart from their making, because the umask takes bits away there.
  chmodSync(root, 0o755);
  for (const name of ['tmp', 'var/tmp']) chmodSync(`${root}/${name}`, 0o1777);
  for (const [name, content] of Object.entries(configuration)) writeFileSync(`${root}/etc/${name}`, content);
}

const configuration: Readonly<Record<string, string>> = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  group: 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n',
  // Targets for the host's own, which are mounted over them.
  hosts: '127.0.0.1 localhost\n',
  'resolv.conf': '',
};
