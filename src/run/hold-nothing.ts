import {
  LINUX_CAPABILITY_VERSION_3,
  PR_SET_DUMPABLE,
  PR_SET_NO_NEW_PRIVS,
} from '../core/launcher/constants.ts';
import type { Variable } from '../core/launcher/program.ts';
import { isLittle, step } from './builder.ts';
import type { Builder } from './builder.ts';
import type { DescribedStep } from './described-step.ts';

/**
 * Starts a process and gives up every capability for good. Who starts the guest, or its init, only waits from then on,
 * but shares user id and user namespace with the guest: that may trace it and do whatever it is able to (ptrace(2),
 * "Ptrace access mode checking"), and would get back what it has given up itself. Until nothing is left nobody of the
 * namespace may look into it: the program was executed outside, and who is not "dumpable" is traced with rights there.
 */
export function startAndHoldNothing(
  { host, constants }: Builder,
  { doing, child, goTo }: { readonly doing: string; readonly child: Variable; readonly goTo: string },
): DescribedStep[] {
  // struct __user_cap_header_struct (capset(2)): version and pid, 0 for the caller; then two empty sets of 96 bits.
  const header = new DataView(new ArrayBuffer(8));
  header.setUint32(0, LINUX_CAPABILITY_VERSION_3, isLittle(host));
  const giveUp = 'give up all capabilities';
  return [
    step(giveUp, 'prctl', [PR_SET_DUMPABLE, 0, 0, 0, 0]),
    step(doing, 'clone', [constants.SIGCHLD], { store: child, when: { equals: 0, goTo } }),
    // Else executing something would give root all of them back.
    step(giveUp, 'prctl', [PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0]),
    step(giveUp, 'capset', [new Uint8Array(header.buffer), new Uint8Array(24)]),
    beSeen(),
  ];
}

/** A child has its parent's flag. The caller has to get at its namespaces, and the guest at its own files of /proc. */
export function beSeen(label?: string): DescribedStep {
  return step('be seen again', 'prctl', [PR_SET_DUMPABLE, 1, 0, 0, 0], label === undefined ? {} : { label });
}
