import { selinuxObstacle, selinuxOptions, selinuxState } from '../../core/selinux.ts';
import { decodeUtf8 } from '../../core/text.ts';
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
  if (!fixBinary) return [];
  const facts = {
    enforce: read('/sys/fs/selinux/enforce'),
    process: read('/proc/self/attr/current'),
    mounts: read('/proc/self/mounts'),
    directory,
  };
  const obstacle = selinuxObstacle(facts);
  return obstacle === undefined ? [] : [selinuxWarning(obstacle, selinuxState(facts) === 'unknown')];
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

/**
 * Adds them to stderr. What was done well is only partly done then (exit code 3): a foreign program runs in here, and
 * not where it is wanted.
 *
 * @param oneLine each on one line, for who shows the last line only, as docker/setup-qemu-action does
 */
export function withWarnings(
  { exitCode, stdout, stderr }: DialectOutcome,
  warnings: readonly ConfinementWarning[],
  { oneLine = false }: { readonly oneLine?: boolean } = {},
): DialectOutcome {
  const between = oneLine ? '; ' : '\n  ';
  const lines = warnings.map(({ message, hint }) => `warning: ${message}${between}next: ${hint}\n`);
  return {
    exitCode: exitCode === 0 && warnings.length > 0 ? 3 : exitCode,
    stdout,
    stderr: stderr + lines.join(''),
  };
}
