import { writeFile } from './file-steps.ts';
import {
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  PR_SET_PDEATHSIG,
  SIGHUP,
  SIGINT,
  SIGKILL,
  SIGQUIT,
  SIGTERM,
} from '../core/launcher/constants.ts';
import { signalAction } from '../core/launcher/host-constants.ts';
import type { Variable } from '../core/launcher/program.ts';
import { goAheadDescriptor, isLittle, reportDescriptor, step } from './builder.ts';
import type { Builder } from './builder.ts';
import type { DescribedStep } from './described-step.ts';
import { recordHead } from './report.ts';

export function enterNamespaces({ host, setup }: Builder): DescribedStep[] {
  // A process of the namespace must not hold on to a directory of the old root: the guest could get at it.
  const leave = step('leave the working directory', 'chdir', ['/']);
  const unshare = step('make the namespaces', 'unshare', [CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID]);
  // After unshare: gaining capabilities in the new user namespace clears it.
  const follow = step('follow the parent', 'prctl', [PR_SET_PDEATHSIG, SIGKILL]);
  if (setup.mapping.kind === 'parent')
    return [
      leave,
      unshare,
      follow,
      step('report the namespaces', 'write', [reportDescriptor, recordHead('ready', isLittle(host)), 4]),
      step('report the namespaces', 'write', [reportDescriptor, new Uint8Array(4), 4]),
      // 0 means that the parent gave up: it has closed its end without a word.
      step('wait for the id maps', 'read', [goAheadDescriptor, new Uint8Array(4), 1], {
        when: { equals: 0, goTo: 'end' },
      }),
      step('become root of the namespace', 'setresgid', [0, 0, 0]),
      step('become root of the namespace', 'setresuid', [0, 0, 0]),
      // Changing the ids clears it again.
      follow,
    ];
  return [
    leave,
    unshare,
    follow,
    // The kernel wants this before an unprivileged gid_map (user_namespaces(7)).
    ...writeFile('/proc/self/setgroups', 'deny', 'map the ids (setgroups)'),
    ...writeFile('/proc/self/uid_map', `0 ${setup.mapping.uid} 1`, 'map the user id'),
    ...writeFile('/proc/self/gid_map', `0 ${setup.mapping.gid} 1`, 'map the group id'),
  ];
}

export function waitOutside({ host, constants }: Builder, init: Variable): DescribedStep[] {
  return [
    // The terminal sends these to the whole process group; the guest decides about them, not the process that waits.
    ...[SIGHUP, SIGINT, SIGQUIT, SIGTERM].map((signal) =>
      step('leave signals to the guest', 'rt_sigaction', [
        signal,
        signalAction(host, 'ignore'),
        0,
        constants.signalSetSize,
      ]),
    ),
    step('wait for init', 'wait4', [init, 0, 0, 0]),
    step('end', 'exit_group', [0], { label: 'end' }),
  ];
}
