import { defineCheck } from '../../check.ts';
import { severityIfAsked } from '../../facts/asked.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { coverages } from '../../facts/coverage.ts';
import { mountState } from '../../facts/mount-state.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import type { Remedy } from '../../verdict.ts';

export const binfmtNotMounted = defineCheck({
  id: 'binfmt-not-mounted',
  question: 'Is binfmt_misc mounted?',
  severity: 'error',
  explanation:
    'Emulators are registered by writing to a file of the file system binfmt_misc, which is mounted at /proc/sys/fs/binfmt_misc. Where it is not, nothing can be registered or looked at; entries that were registered before stay in force.',
  remedy:
    'anyarch register ARCH, which mounts it, or: mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc',
  symptoms: ['exec-format-error', 'run-as-script', 'registration-refused'],
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
    const mount: Remedy = {
      does: 'mount it',
      command: ['mount', '-t', 'binfmt_misc', 'binfmt_misc', path],
      by: 'user',
      needsRoot: true,
    };
    return {
      status: 'fault',
      severity: isRunning ? 'note' : severityIfAsked(examination),
      certainty: isRunning ? 'possible' : 'likely',
      summary: `nothing is mounted at ${path}`,
      evidence: [
        `the kernel knows binfmt_misc, and ${path} is of another file system`,
        ...running.map(
          (one) => `a probe for ${one} ran all the same: entries that cannot be seen are in force`,
        ),
      ],
      remedies: asked.length === 0 || isRunning ? [mount] : [...registerRemedies(examination, asked), mount],
    };
  },
});
