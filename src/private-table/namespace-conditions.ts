import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import type { Condition, ConditionHost } from './condition.ts';
import { remedies } from './remedies.ts';
import type { TableTrial } from './try-table.ts';

/** Whether a user namespace can be made that one is root of. */
export function namespaceCondition(host: ConditionHost, trial: TableTrial): Condition {
  const id = 'user-namespaces';
  if (trial.outcome === 'made' || trial.at === 'table')
    return { id, holds: true, evidence: 'a user namespace was made, as its root' };
  const { reason, remedy } = whyNoNamespace(host, trial);
  const what = trial.at === 'mapping' ? 'has no rights, not even to map an id' : 'cannot be made';
  return {
    id,
    holds: false,
    evidence: `a user namespace ${what} (${trial.errno}): ${reason}`,
    remedy,
  };
}

/** Whether the kernel has binfmt_misc, and lets a user namespace have a table of its own. */
export function tableConditions({ files, system }: ConditionHost, trial: TableTrial): readonly Condition[] {
  const release = `Linux ${system.kernelRelease}`;
  if (trial.outcome === 'made')
    return [
      {
        id: 'binfmt-misc',
        holds: true,
        evidence: 'binfmt_misc was mounted in a namespace that is gone again',
      },
      { id: 'kernel', holds: true, evidence: `${release} gave that namespace a table of its own` },
    ];
  const isKnown = /\sbinfmt_misc$/m.test(textOf({ files }, '/proc/filesystems') ?? '');
  if (trial.at !== 'table')
    return [
      {
        id: 'binfmt-misc',
        holds: isKnown ? true : undefined,
        evidence: isKnown
          ? 'it is in /proc/filesystems'
          : 'it is not in /proc/filesystems; mounting may load it',
      },
      { id: 'kernel', holds: undefined, evidence: `${release}; nothing could be mounted to find out` },
    ];
  if (trial.errno === 'ENODEV')
    return [
      {
        id: 'binfmt-misc',
        holds: false,
        evidence: 'the kernel has no binfmt_misc, or its module could not be loaded (ENODEV)',
        remedy: remedies.noBinfmtMisc,
      },
      { id: 'kernel', holds: undefined, evidence: `${release}; there is no binfmt_misc to mount` },
    ];
  return [
    { id: 'binfmt-misc', holds: true, evidence: 'the kernel knows it' },
    {
      id: 'kernel',
      holds: false,
      evidence: `binfmt_misc cannot be mounted in a user namespace (${trial.errno}, ${release})`,
      // A filter or a security module refuses with the same errno; the release only chooses the words.
      remedy: hasPrivateTables(system.kernelRelease) ? mountRemedy({ files }) : remedies.oldKernel,
    },
  ];
}

interface Reason {
  readonly reason: string;
  readonly remedy: string;
}

function whyNoNamespace(
  { files, system }: ConditionHost,
  { at, errno }: Extract<TableTrial, { outcome: 'refused' }>,
): Reason {
  const setting = (name: string): string | undefined =>
    textOf({ files }, `/proc/sys/${name.replaceAll('.', '/')}`)?.trim();
  if (at === 'namespace' && (errno === 'EINVAL' || errno === 'ENOSYS'))
    return { reason: 'the kernel has none', remedy: remedies.kernelWithoutUserNamespaces };
  if (at === 'namespace' && (errno === 'ENOSPC' || errno === 'EUSERS')) {
    const limit = setting('user.max_user_namespaces');
    const reason =
      limit === '0'
        ? 'user.max_user_namespaces is 0'
        : `the limit is reached, here (user.max_user_namespaces is ${limit ?? 'unknown'}) or in a namespace around`;
    return { reason, remedy: remedies.noUserNamespacesLeft };
  }
  if (setting('kernel.unprivileged_userns_clone') === '0' && system.uid !== 0)
    return { reason: 'kernel.unprivileged_userns_clone is 0', remedy: remedies.userNamespacesDisabled };
  const apparmor = setting('kernel.apparmor_restrict_unprivileged_userns');
  if (apparmor !== undefined && apparmor !== '0')
    return {
      reason: `kernel.apparmor_restrict_unprivileged_userns is ${apparmor}`,
      remedy: remedies.apparmor,
    };
  const container = containerSign({ files });
  if (container !== undefined)
    return { reason: `${container}, and that may be what forbids it`, remedy: remedies.container };
  return isFiltered({ files })
    ? { reason: 'system calls are filtered here (seccomp)', remedy: remedies.refused }
    : { reason: 'something of the system forbids it', remedy: remedies.refused };
}

function mountRemedy(parts: Pick<Host, 'files'>): string {
  return containerSign(parts) === undefined ? remedies.refused : remedies.container;
}

/** What shows that this is a container with a filter; one without does not forbid anything by itself. */
function containerSign(parts: Pick<Host, 'files'>): string | undefined {
  const mark = ['/run/.containerenv', '/.dockerenv', '/run/systemd/container'].find(
    (path) => ignoring(['EACCES'], () => parts.files.status(path)) !== undefined,
  );
  if (mark === undefined) return undefined;
  return isFiltered(parts)
    ? `this is a container (${mark}) with a filter of system calls`
    : `this is a container (${mark})`;
}

function isFiltered(parts: Pick<Host, 'files'>): boolean {
  return /^Seccomp:\s*2$/m.test(textOf(parts, '/proc/self/status') ?? '');
}

/** For messages only: backports and forks make versions a poor proof. */
function hasPrivateTables(kernelRelease: string): boolean {
  const [major = 0, minor = 0] = kernelRelease.split('.').map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 7);
}

function textOf({ files }: Pick<Host, 'files'>, path: string): string | undefined {
  return ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'], () => decodeUtf8(files.read(path)));
}
