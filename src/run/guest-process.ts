import {
  CLONE_NEWUSER,
  FD_CLOEXEC,
  F_SETFD,
  CAP_SYS_ADMIN,
  CAP_SYS_PTRACE,
  CAP_SYS_RESOURCE,
  PR_CAPBSET_DROP,
} from '../core/launcher/constants.ts';
import type { LauncherHost } from '../core/launcher/launcher-host.ts';
import type { Variable } from '../core/launcher/program.ts';
import { isLittle, reportDescriptor, step } from './builder.ts';
import type { Builder } from './builder.ts';
import { guestGroupsStep } from './described-step.ts';
import type { DescribedStep } from './described-step.ts';
import { protectsSettings } from './setup.ts';
import type { GuestIdentity, NamespaceSetup } from './setup.ts';
import { writeFile } from './file-steps.ts';
import { beSeen, startAndHoldNothing } from './hold-nothing.ts';
import { recordHead } from './report.ts';

export function superviseGuest(builder: Builder): DescribedStep[] {
  const { host } = builder;
  const guest: Variable = { variable: 'guest' };
  const status: Variable = { variable: 'status' };
  return [
    ...startAndHoldNothing(builder, { doing: 'start the guest', child: guest, goTo: 'guest' }),
    step('wait for the guest', 'wait4', [-1, { pointerTo: status }, 0, 0], {
      label: 'reap',
      when: { equals: guest, goTo: 'done' },
      next: 'reap',
    }),
    step("report the guest's end", 'write', [reportDescriptor, recordHead('status', isLittle(host)), 4], {
      label: 'done',
    }),
    step("report the guest's end", 'write', [reportDescriptor, { pointerTo: status }, 4]),
    step('end', 'exit_group', [0]),
  ];
}

/**
 * What is read-only is so by mounts, and the guest must not be able to undo them: volumes and a root that were given
 * so, and the host's settings and the guest's limits, since the guest shares the caller's user id. In a user namespace
 * that the guest makes itself the kernel locks them, and no other process of this one can mount either.
 */
function keepProtected(setup: NamespaceSetup): DescribedStep[] {
  const hasSettings = protectsSettings(setup);
  const hasVolumes = setup.binds.some(
    (bind) => bind.readOnly && (bind.optional !== true || bind.isPowerless === true),
  );
  if (!hasSettings && !hasVolumes && setup.root.readOnly !== true) return [];
  return [
    step('give up mounting', 'prctl', [PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0]),
    // Who enters the namespace from outside, to signal the guest for one, can mount for that moment.
    step('give up tracing who can do more', 'prctl', [PR_CAPBSET_DROP, CAP_SYS_PTRACE, 0, 0, 0]),
    ...(hasSettings
      ? [step('give up raising limits', 'prctl', [PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0])]
      : []),
  ];
}

/** The last privilege goes with it: the kernel takes the capabilities away from who is not root. */
function assumeIdentity(host: LauncherHost, identity: GuestIdentity | undefined): DescribedStep[] {
  if (identity === undefined) return [];
  const { uid, gid } = identity;
  if (identity.kind === 'mapped')
    return [
      step("make the user's own namespace", 'unshare', [CLONE_NEWUSER]),
      ...writeFile('/proc/self/setgroups', 'deny', 'map the ids back (setgroups)'),
      ...writeFile('/proc/self/uid_map', `${uid} 0 1`, 'map the user id back'),
      ...writeFile('/proc/self/gid_map', `${gid} 0 1`, 'map the group id back'),
    ];
  const { groups } = identity;
  const list = new DataView(new ArrayBuffer(groups.length * 4));
  groups.forEach((group, index) => {
    list.setUint32(index * 4, group, isLittle(host));
  });
  return [
    step(guestGroupsStep, 'setgroups', [groups.length, new Uint8Array(list.buffer)]),
    step(`become the group ${gid}`, 'setresgid', [gid, gid, gid]),
    step(`become the user ${uid}`, 'setresuid', [uid, uid, uid]),
  ];
}

export function becomeGuest({ host, setup }: Builder, texts: number, candidates: number): DescribedStep[] {
  // personality(2), include/uapi/linux/personality.h
  const PER_LINUX32 = 8;
  const indices = Array.from({ length: candidates }, (_, index) => index);
  const refusal = (index: number): Variable => ({ variable: `refusal${index}` });
  const guestArguments = { argumentsFrom: 1 + texts + candidates };
  return [
    beSeen('guest'),
    step('hide the report from the guest', 'fcntl', [reportDescriptor, F_SETFD, FD_CLOEXEC]),
    ...keepProtected(setup),
    ...assumeIdentity(host, setup.identity),
    ...(setup.isNative32 === true ? [step('set the personality', 'personality', [PER_LINUX32])] : []),
    ...indices.map((index) =>
      step(
        'execute the command',
        'execve',
        [{ argument: 1 + texts + index }, guestArguments, { environment: true }],
        {
          store: refusal(index),
          onError: 'ignore',
        },
      ),
    ),
    ...indices.flatMap((index) => [
      step('report the refusal', 'write', [reportDescriptor, recordHead('refusal', isLittle(host)), 4]),
      step('report the refusal', 'write', [reportDescriptor, { pointerTo: refusal(index) }, 4]),
    ]),
    step('end', 'exit_group', [127]),
  ];
}
