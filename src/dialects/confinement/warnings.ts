import { selinuxObstacle, selinuxOptions, selinuxState } from '../../core/selinux.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { isInitialUserNamespace } from '../../core/user-namespace.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { DialectOutcome } from '../dialect.ts';

/** Why a registration that is proven here is of no use to others. */
export interface ConfinementWarning {
  readonly kind: 'selinux' | 'user-namespace' | 'own-table';
  /** One sentence without its full stop. */
  readonly message: string;
  /** What to type or change. */
  readonly hint: string;
}

export interface RegisteredEmulators {
  /** Flag F. Without it each container uses its own emulator, with its own label. */
  readonly fixBinary: boolean;
  /** Where they are; default /usr/bin. */
  readonly directory?: string;
}

/** What a container that has just registered emulators should be told, by what it sees of its own confinement. */
export function confinementWarnings(
  { files }: Pick<Host, 'files'>,
  { fixBinary, directory = '/usr/bin' }: RegisteredEmulators,
): readonly ConfinementWarning[] {
  const read = (path: string): string | undefined => {
    const bytes = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EINVAL'], () => files.read(path));
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  };
  const uidMap = read('/proc/self/uid_map');
  const inNamespace = uidMap !== undefined && !isInitialUserNamespace(uidMap) ? [throwAwayNamespace] : [];
  if (!fixBinary) return inNamespace;
  const facts = {
    enforce: read('/sys/fs/selinux/enforce'),
    process: read('/proc/self/attr/current'),
    mounts: read('/proc/self/mounts'),
    directory,
  };
  const obstacle = selinuxObstacle(facts);
  return obstacle === undefined
    ? inNamespace
    : [...inNamespace, selinuxWarning(obstacle, selinuxState(facts) === 'unknown')];
}

/** @param isUnsure whether it enforces */
function selinuxWarning(obstacle: string, isUnsure: boolean): ConfinementWarning {
  const keeps = `SELinux keeps other containers from executing the emulators: ${obstacle}`;
  return {
    kind: 'selinux',
    message: isUnsure
      ? `SELinux is on here, and whether it enforces cannot be seen from inside; if so, ${keeps}`
      : keeps,
    hint: `run it again with --privileged ${selinuxOptions.join(' ')}`,
  };
}

const throwAwayNamespace: ConfinementWarning = {
  kind: 'user-namespace',
  message:
    'this container has a user namespace of its own (rootless, or userns-remap), and so has its table: ' +
    'what is registered is seen in here only, and is gone when the container ends',
  hint: 'run it as root (sudo podman run …, docker run --userns=host …); without root: anyarch run',
};

/**
 * Adds them to stderr. What was done well is only partly done then (exit code 3): a foreign program runs in here, and
 * not where it is wanted.
 */
export function withWarnings(
  { exitCode, stdout, stderr }: DialectOutcome,
  warnings: readonly ConfinementWarning[],
): DialectOutcome {
  const lines = warnings.map(({ message, hint }) => `warning: ${message}\n  next: ${hint}\n`);
  return {
    exitCode: exitCode === 0 && warnings.length > 0 ? 3 : exitCode,
    stdout,
    stderr: stderr + lines.join(''),
  };
}
