import type { Condition } from '../../../private-table/index.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { containerMark } from '../../facts/container.ts';
import { privateTables } from '../../facts/private-tables.ts';
import { processStatus } from '../../facts/process-status.ts';
import { textOf } from '../../facts/read-text.ts';
import type { Verdict } from '../../verdict.ts';
import { refusalIn } from './refusal.ts';
import { severityFor } from './severity.ts';
import { registerAsRoot } from './user-namespaces-off.ts';

export const userNamespacesFiltered = defineCheck({
  id: 'user-namespaces-filtered',
  question: 'Does nothing around this process refuse it namespaces?',
  severity: 'error',
  explanation:
    'The seccomp profile of docker and podman refuses unshare and mount to containers without privilege, as do sandboxes, systemd units with RestrictNamespaces= and security modules; in a chroot the kernel refuses user namespaces by itself. What runs in there cannot have a private table.',
  remedy:
    'docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined …, or register on the host',
  symptoms: ['namespace-refused'],
  references: ['https://docs.docker.com/engine/security/seccomp/'],
  examine: (examination) => userNamespacesFilteredIn(examination, privateTables(examination)),
});

function isProcMounted({ host }: Examination): boolean {
  return textOf(host, '/proc/version') !== undefined || textOf(host, '/proc/self/mountinfo') !== undefined;
}

export function userNamespacesFilteredIn(
  examination: Examination,
  conditions: readonly Condition[],
): Verdict {
  const refusal = refusalIn(conditions);
  if (refusal?.cause !== 'filtered')
    return { status: 'ok', evidence: ['no filter and no sandbox refuses namespaces to this process'] };
  const { seccomp, label } = processStatus(examination);
  // Where /proc does not show how this process is confined, it may not be mounted, and then a table cannot be tried either.
  if (seccomp === undefined && !isProcMounted(examination))
    return { status: 'unknown', reason: `/proc is not mounted: ${refusal.evidence}` };
  const mark = containerMark(examination);
  return {
    status: 'fault',
    ...severityFor(examination, 'namespace-refused'),
    summary:
      seccomp === 'filter'
        ? 'a filter of system calls (seccomp) refuses namespaces to this process'
        : 'something around this process refuses namespaces to it',
    evidence: [
      refusal.evidence,
      `/proc/self/status: Seccomp is ${seccomp ?? 'not shown'}`,
      ...(label === undefined ? [] : [`/proc/self/attr/current: ${label}`]),
      ...(mark === undefined ? [] : [`this is a container: ${mark}`]),
    ],
    remedies: [
      {
        does:
          mark === undefined
            ? 'run it outside of the sandbox: of the chroot, the systemd unit with RestrictNamespaces= or SystemCallFilter=, or the container'
            : 'start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined, or with a profile that allows unshare, mount and pivot_root',
        by: 'user',
      },
      registerAsRoot,
    ],
  };
}
