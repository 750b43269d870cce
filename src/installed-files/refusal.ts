import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import { homeDirectory } from '../host/home-directory.ts';
import type { Host } from '../host/host.ts';
import { mountOf } from '../host/mounts.ts';
import { SystemError, ignoring } from '../host/system-error.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** Somebody else's file is where one of ours should be. */
export function foreignFile(path: string): AnyarchError {
  return new AnyarchError('ANYARCH_FILE_OF_OTHERS', `${path} is there already, and anyarch did not make it`, {
    hint: `look at it, then move it away: mv ${path} ${path}.old`,
    details: { path },
  });
}

/** A file of ours that somebody has edited. */
export function changedFile(path: string): AnyarchError {
  return new AnyarchError('ANYARCH_FILE_CHANGED', `${path} was changed since anyarch wrote it`, {
    hint: `--force keeps what is there as ${path}.anyarch-saved`,
    details: { path },
  });
}

/** Systems whose /etc is made from a description: what is written there is lost, or refused. */
const declarative: Readonly<Record<string, string>> = {
  nixos:
    'in configuration.nix: boot.binfmt.emulatedSystems = [ "aarch64-linux" ]; or take the files of `anyarch export systemd` into environment.etc',
  guix: 'add qemu-binfmt-service-type to the services of the operating-system, or take over the files of `anyarch export systemd`',
  talos: 'run the image of anyarch as a privileged DaemonSet with its command `watch`',
};

/** Systems with read-only parts, by what os-release says. */
const readOnlyParts: Readonly<Record<string, string>> = {
  flatcar: 'take the files of `anyarch export systemd` into the Butane or Ignition configuration',
  'opensuse-microos': 'run it inside of a snapshot: transactional-update shell, then reboot',
  'sle-micro': 'run it inside of a snapshot: transactional-update shell, then reboot',
  'opensuse-leap-micro': 'run it inside of a snapshot: transactional-update shell, then reboot',
  'ubuntu-core': 'run the image of anyarch after each boot, with its command `watch`',
};

/** Undefined where files that are written to the system's directories stay. */
export function declarativeSystem(host: Parts, path: string): AnyarchError | undefined {
  const { id, name } = readRelease(host);
  const advice = declarative[id];
  return advice === undefined
    ? undefined
    : readOnly(path, `${name} makes its files from a description`, advice);
}

/** Undefined where a file can be made, as far as the mounts tell. */
export function readOnlyMount(host: Parts, path: string): AnyarchError | undefined {
  const mount = mountOf(host, path);
  return mount?.options.has('ro') === true
    ? readOnlyPlace(host, path, `${mount.point} is read-only`)
    : undefined;
}

/** What an errno of writing to `path` means to the user; anything without a known errno comes back unchanged. */
export function writeFailure(host: Parts, path: string, error: unknown): unknown {
  if (!(error instanceof SystemError)) return error;
  const place = error.path ?? path;
  switch (error.errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AnyarchError('ANYARCH_DISK_FULL', `no space left to write ${place} (${error.errno})`, {
        hint: 'free some space there and run the command again: what was there before is untouched',
        cause: error,
      });
    case 'EROFS':
      return readOnlyPlace(host, place, 'its file system is read-only', error);
    case 'EACCES':
    case 'EPERM':
      return new AnyarchError('ANYARCH_PERMISSION', `${place} cannot be written (${error.errno})`, {
        hint: permissionHint(host, place),
        cause: error,
      });
    default:
      return new AnyarchError('ANYARCH_FILE', `${place} cannot be written (${error.errno})`, {
        hint: `look at what is there: ls -ld ${place}`,
        cause: error,
      });
  }
}

function permissionHint(host: Parts, path: string): string {
  if (host.system.uid === 0)
    return `not even root may: look at lsattr ${path}, at the security module's log, and whether this is a container`;
  return isUsersOwn(host, path)
    ? `it is among your own files: look at owner and mode of it and of its directory: ls -ld ${path} ${path.replace(/[^/]*$/, '')}`
    : 'run the command as root, with sudo';
}

/** Whether it is below a directory that a plain user has for himself: root has no part in that. */
function isUsersOwn({ system }: Parts, path: string): boolean {
  const { environment } = system;
  const names = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR', 'ANYARCH_HOME'];
  const own = [homeDirectory(system), ...names.map((name) => environment[name])];
  return (
    system.uid !== 0 &&
    own.some((directory) => directory?.startsWith('/') === true && `${path}/`.startsWith(`${directory}/`))
  );
}

function readOnlyPlace(host: Parts, path: string, what: string, cause?: unknown): AnyarchError {
  if (isUsersOwn(host, path)) return readOnly(path, what, usersOwn, cause);
  const { id, name, isOstree } = readRelease(host);
  const advice = declarative[id] ?? readOnlyParts[id] ?? (isOstree ? ostree : undefined);
  return advice === undefined
    ? readOnly(path, what, anywhere, cause)
    : readOnly(path, `${what} (${name})`, advice, cause);
}

const ostree =
  '/etc and /usr/local belong to the machine there, so a read-only one was made so on purpose: take the files of `anyarch export systemd` into the image';
const usersOwn =
  'it is among your own files: have their file system made writable again (mount -o remount,rw)';
const anywhere =
  'make it writable (mount -o remount,rw), or take the files of `anyarch export` into the image that the system is made from, or run the image of anyarch after each boot';

function readOnly(path: string, what: string, hint: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_READ_ONLY_SYSTEM', `${path} cannot be changed for good: ${what}`, {
    hint,
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

interface Release {
  /** `nixos`; empty when it is not known. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly isOstree: boolean;
}

/** os-release(5). */
function readRelease({ files }: Pick<Host, 'files'>): Release {
  const text = ['/etc/os-release', '/usr/lib/os-release']
    .map((path) => ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => decodeUtf8(files.read(path))))
    .find((found) => found !== undefined);
  const valueOf = (field: string) =>
    new RegExp(`^${field}=["']?([^"'\\n]*)`, 'm').exec(text ?? '')?.[1] ?? '';
  const id = valueOf('ID');
  return {
    id,
    name: valueOf('PRETTY_NAME') || valueOf('NAME') || id,
    isOstree: valueOf('OSTREE_VERSION') !== '' || files.status('/run/ostree-booted') !== undefined,
  };
}
