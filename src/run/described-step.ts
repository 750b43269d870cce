import type { Step } from '../core/launcher/program.ts';

/** A step that says what it does, for the message when it fails. */
export interface DescribedStep extends Step {
  readonly doing: string;
}

/** The step whose failure means that the kernel has no private tables. */
export const privateTableStep = 'mount a private binfmt_misc';

/** The step whose failure means that a group of the guest's user is not mapped. */
export const guestGroupsStep = "take the guest user's groups";

/** How the steps begin that put the guest into its control groups. */
export const joiningControlGroup = 'join the control group';
