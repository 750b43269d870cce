import { changeRoot } from './change-root.ts';
import { collectTrees } from './collect-trees.ts';
import { enterNamespaces, waitOutside } from './enter-namespaces.ts';
import { fillTable } from './fill-table.ts';
import { becomeGuest, superviseGuest } from './guest-process.ts';
import { beSeen, startAndHoldNothing } from './hold-nothing.ts';
import { makeTarget, openInside, rememberRoot } from './inside-root.ts';
import { populateRoot } from './populate-root.ts';
import { MNT_DETACH, MS_PRIVATE, MS_REC, PR_SET_PDEATHSIG, SIGKILL } from '../core/launcher/constants.ts';
import { hostConstants } from '../core/launcher/host-constants.ts';
import type { LauncherHost } from '../core/launcher/launcher-host.ts';
import type { Program, Variable } from '../core/launcher/program.ts';
import { oldRoot, reportDescriptor, step } from './builder.ts';
import type { Builder } from './builder.ts';
import type { DescribedStep } from './described-step.ts';
import type { NamespaceSetup } from './setup.ts';

/** The last argument of close_range(2) that means all of them. */
const allDescriptors = 0xffff_ffff;

export interface NamespaceProgram extends Program {
  readonly steps: readonly DescribedStep[];
  /** The launcher's arguments: the texts that the steps refer to, then the candidates, then the guest's own. */
  readonly arguments: readonly string[];
}

/**
 * The launcher's program: a user, mount and pid namespace with its own binfmt_misc table and root, in which the
 * first candidate that can be executed becomes the guest. Three processes: the outer one only waits (it is what
 * the parent sees), the namespace's init reaps orphans, the third one becomes the guest. A guest that were init
 * itself would ignore Ctrl-C.
 *
 * Paths are arguments of the launcher, not part of it: runs that differ in nothing else share one launcher file.
 *
 * @param candidates paths of the command, in the order in which execve tries them
 * @param guestArguments the guest's argument vector
 */
export function namespaceProgram(
  host: LauncherHost,
  setup: NamespaceSetup,
  candidates: readonly string[],
  guestArguments: readonly string[],
): NamespaceProgram {
  const texts: string[] = [];
  const builder: Builder = {
    host,
    constants: hostConstants(host),
    setup,
    text: (text) => ({ argument: texts.push(text) }),
  };
  const init: Variable = { variable: 'init' };
  const workingDirectory: Variable = { variable: 'working directory' };
  const entering = `enter ${setup.workingDirectory}`;
  const before = [
    ...enterNamespaces(builder),
    ...startAndHoldNothing(builder, { doing: 'start init', child: init, goTo: 'init' }),
    ...waitOutside(builder, init),
    beSeen('init'),
    step('follow the parent', 'prctl', [PR_SET_PDEATHSIG, SIGKILL]),
    step('keep mounts private', 'mount', [0, '/', 0, MS_REC | MS_PRIVATE, 0]),
    ...fillTable(builder),
    ...collectTrees(builder),
    ...changeRoot(builder),
    rememberRoot(builder),
    // Before the root may become read-only.
    ...(setup.makesWorkingDirectory === true
      ? makeTarget(builder, { target: setup.workingDirectory, kind: 'directory' }, entering)
      : []),
    ...populateRoot(builder),
    openInside(builder, setup.workingDirectory, workingDirectory, { doing: entering, isDirectory: true }),
    step('let go of the old root', 'fchdir', [oldRoot]),
    step('let go of the old root', 'umount2', ['.', MNT_DETACH]),
    step(entering, 'fchdir', [workingDirectory]),
    // Detaching does not invalidate descriptors: whoever has one is still on the host (CVE-2024-21626).
    step('let go of the old root', 'close_range', [reportDescriptor + 1, allDescriptors, 0]),
    ...superviseGuest(builder),
  ];
  return {
    reportDescriptor,
    steps: [...before, ...becomeGuest(builder, texts.length, candidates.length)],
    arguments: [...texts, ...candidates, ...guestArguments],
  };
}
