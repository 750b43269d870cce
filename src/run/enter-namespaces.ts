import { writeFile } from './file-steps.ts';
import {
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  PR_SET_PDEATHSIG,
  SIGHUP,
  SIGINT,
  SIGKILL,
  SIGQUIT,
  SIGTERM,
} from '../core/launcher/constants.ts';
import { signalAction } from '../core/launcher/host-constants.ts';
import type { Variable } from '../core/launcher/program.ts';
import { adjustNamespaces, joinControlGroups } from './adjust-namespaces.ts';
import { goAheadDescriptor, isLittle, reportDescriptor, step } from './builder.ts';
import type { Builder } from './builder.ts';
import type { DescribedStep } from './described-step.ts';
import type { NamespaceSetup } from './setup.ts';
import { recordHead } from './report.ts';

export function enterNamespaces(builder: Builder): DescribedStep[] {
  // After unshare: gaining capabilities in the new user namespace clears it. So does changing the ids.
  const follow = step('follow the parent', 'prctl', [PR_SET_PDEATHSIG, SIGKILL]);
  return [
    ...joinControlGroups(builder),
    // A process of the namespace must not hold on to a directory of the old root: the guest could get at it.
    step('leave the working directory', 'chdir', ['/']),
    step('make the namespaces', 'unshare', [namespaceFlags(builder.setup)]),
    follow,
    ...(builder.setup.mapping.kind === 'parent'
      ? [...waitForMaps(builder), follow]
      : mapOneId(builder.setup.mapping)),
    ...adjustNamespaces(builder),
  ];
}

function waitForMaps({ host }: Builder): DescribedStep[] {
  return [
    step('report the namespaces', 'write', [reportDescriptor, recordHead('ready', isLittle(host)), 4]),
    step('report the namespaces', 'write', [reportDescriptor, new Uint8Array(4), 4]),
    // 0 means that the parent gave up: it has closed its end without a word.
    step('wait for the id maps', 'read', [goAheadDescriptor, new Uint8Array(4), 1], {
      when: { equals: 0, goTo: 'end' },
    }),
    step('become root of the namespace', 'setresgid', [0, 0, 0]),
    step('become root of the namespace', 'setresuid', [0, 0, 0]),
  ];
}

function mapOneId({ uid, gid }: { readonly uid: number; readonly gid: number }): DescribedStep[] {
  return [
    // The kernel wants this before an unprivileged gid_map (user_namespaces(7)).
    ...writeFile('/proc/self/setgroups', 'deny', 'map the ids (setgroups)'),
    ...writeFile('/proc/self/uid_map', `0 ${uid} 1`, 'map the user id'),
    ...writeFile('/proc/self/gid_map', `0 ${gid} 1`, 'map the group id'),
  ];
}

function namespaceFlags({ ownNetwork, hostname }: NamespaceSetup): number {
  return (
    CLONE_NEWUSER |
    CLONE_NEWNS |
    CLONE_NEWPID |
    (ownNetwork === true ? CLONE_NEWNET : 0) |
    (hostname === undefined ? 0 : CLONE_NEWUTS)
  );
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
