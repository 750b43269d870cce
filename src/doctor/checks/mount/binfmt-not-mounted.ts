import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { severityIfWanted } from '../../facts/asked.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { coverages } from '../../facts/coverage.ts';
import { mountState } from '../../facts/mount-state.ts';
import { isInUserNamespace, notTheMachine, runningUnseen } from '../../facts/seen-from-inside.ts';
import { commandName } from '../../remedies/register.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import type { Fault, Remedy } from '../../verdict.ts';

const symptoms = ['exec-format-error', 'run-as-script', 'registration-refused'] as const;

export const binfmtNotMounted = defineCheck({
  id: 'binfmt-not-mounted',
  question: 'Is binfmt_misc mounted?',
  severity: 'error',
  explanation:
    'Emulators are registered by writing to a file of the file system binfmt_misc, which is mounted at /proc/sys/fs/binfmt_misc. Where it is not, nothing can be registered or looked at; entries that were registered before stay in force. A mount in a user namespace makes another table, which starts empty and hides them for good.',
  remedy:
    'anyarch register ARCH, which mounts it, or: mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc; in a container or a user namespace: the same on the host',
  symptoms,
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const { path } = examination.host.binfmt;
    const { after } = mountState(examination);
    if (after === 'unsupported') return { status: 'skipped', reason: 'the kernel does not know binfmt_misc' };
    if (after === 'autofs')
      return { status: 'skipped', reason: `${path} is an automount point that does not mount` };
    if (after === 'mounted') return { status: 'ok', evidence: [`${path} is ${after}`] };
    const asked = foreignConcerned(examination);
    const running = asked.filter((one) => coverages(examination).get(one)?.proof?.status === 'proven');
    const isRunning = asked.length > 0 && running.length === asked.length;
    const inside = notTheMachine(examination);
    return {
      status: 'fault',
      severity: isRunning ? 'note' : severityIfWanted(examination, symptoms),
      certainty: isRunning || (asked.length === 0 && inside !== undefined) ? 'possible' : 'likely',
      summary: `nothing is mounted at ${path}`,
      evidence: [
        `the kernel knows binfmt_misc, and ${path} is of another file system`,
        ...running.map(
          (one) => `a probe for ${one} ran all the same: entries that cannot be seen are in force`,
        ),
        ...(inside === undefined ? [] : [inside]),
      ],
      remedies: remediesFor(examination, isRunning ? [] : asked),
    };
  },
});

/** @param wanted QEMU's target names */
function remediesFor(examination: Examination, wanted: readonly string[]): Fault['remedies'] {
  const { path } = examination.host.binfmt;
  if (notTheMachine(examination) === undefined) {
    const mount: Remedy = {
      does: 'mount it',
      command: ['mount', '-t', 'binfmt_misc', 'binfmt_misc', path],
      by: 'user',
      needsRoot: true,
    };
    return wanted.length === 0 ? [mount] : [...registerRemedies(examination, wanted), mount];
  }
  const names = wanted.length === 0 ? 'ARCH' : wanted.map(commandName).join(' ');
  const onHost: Remedy = {
    does: `on the host: anyarch register ${names}; what is registered there is in force in here, and need not be mounted here`,
    by: 'user',
    needsRoot: true,
  };
  // Registering mounts, too: harmless only where there is nothing in force that an own table would hide.
  const isHiding = isInUserNamespace(examination) && runningUnseen(examination).length > 0;
  return wanted.length === 0 || isHiding ? [onHost] : [...registerRemedies(examination, wanted), onHost];
}
