import { changeRoot } from './change-root.ts';
import { collectTrees } from './collect-trees.ts';
import { enterNamespaces, waitOutside } from './enter-namespaces.ts';
import { fillTable } from './fill-table.ts';
import { becomeGuest, superviseGuest } from './guest-process.ts';
import { populateRoot } from './populate-root.ts';
import { MNT_DETACH, MS_PRIVATE, MS_REC, PR_SET_PDEATHSIG, SIGKILL } from '../core/launcher/constants.ts';
import { hostConstants } from '../core/launcher/host-constants.ts';
import type { LauncherHost } from '../core/launcher/launcher-host.ts';
import type { Program, Variable } from '../core/launcher/program.ts';
import { oldRoot, reportDescriptor, step } from './builder.ts';
import type { Builder } from './builder.ts';
import type { DescribedStep } from './described-step.ts';
import type { NamespaceSetup } from './setup.ts';

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
  const before = [
    ...enterNamespaces(builder),
    step('start init', 'clone', [builder.constants.SIGCHLD], {
      store: init,
      when: { equals: 0, goTo: 'init' },
    }),
    ...waitOutside(builder, init),
    step('follow the parent', 'prctl', [PR_SET_PDEATHSIG, SIGKILL], { label: 'init' }),
    step('keep mounts private', 'mount', [0, '/', 0, MS_REC | MS_PRIVATE, 0]),
    ...fillTable(builder),
    ...collectTrees(builder),
    ...changeRoot(builder),
    ...populateRoot(builder),
    step('let go of the old root', 'fchdir', [oldRoot]),
    step('let go of the old root', 'umount2', ['.', MNT_DETACH]),
    step('enter the new root', 'chdir', ['/']),
    step(`enter ${setup.workingDirectory}`, 'chdir', [builder.text(setup.workingDirectory)]),
    ...superviseGuest(builder),
  ];
  return {
    reportDescriptor,
    steps: [...before, ...becomeGuest(builder, texts.length, candidates.length)],
    arguments: [...texts, ...candidates, ...guestArguments],
  };
}
