import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { selinuxMode } from '../../facts/selinux.ts';
import { tableStatus } from '../../facts/status.ts';
import type { Symptom } from '../../symptom.ts';

const symptoms: readonly Symptom[] = ['permission-denied', 'runs-nothing', 'guest-crash'];

export const selinuxLabels = defineCheck({
  id: 'selinux-labels',
  question: 'May containers execute the emulators, by their SELinux labels?',
  severity: 'error',
  explanation:
    "Where SELinux enforces, a container may execute programs of the system (bin_t) and files of containers (container_file_t) without categories. An emulator below /var/lib, /home or /tmp has another label, and one from a container that container's categories: others' programs are then refused, or crash, or seem to do nothing.",
  remedy:
    'chcon -t container_file_t -l s0 EMULATOR, and semanage fcontext -a for what survives a relabelling',
  symptoms,
  references: ['https://man7.org/linux/man-pages/man8/container_selinux.8.html'],
  examine: (examination) => {
    const mode = selinuxMode(examination);
    if (mode === 'off') return { status: 'ok', evidence: ['SELinux enforces nothing here'] };
    const labelled = emulators(examination).map((path) => ({ path, label: labelOf(examination, path) }));
    const wrong = labelled.filter(({ label }) => label !== undefined && !mayBeExecuted(label));
    const [first] = wrong;
    if (first === undefined)
      return { status: 'ok', evidence: labelled.map(({ path, label }) => `${path}: ${label ?? 'no label'}`) };
    const isAsked = isAskedAbout(examination, symptoms);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'warning',
      certainty: 'likely',
      summary: `containers may not execute ${first.path}, whose label is ${first.label ?? ''}`,
      evidence: [
        mode === 'enforcing'
          ? '/sys/fs/selinux/enforce is 1'
          : 'SELinux is on; whether it enforces is not shown',
        ...wrong.map(({ path, label }) => `${path}: ${label ?? ''}`),
      ],
      remedies: [
        {
          does: 'give them a label that containers may execute, without categories',
          command: ['chcon', '-t', 'container_file_t', '-l', 's0', ...wrong.map(({ path }) => path)],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});

/** Files of enabled entries that are here. Those that are pinned and elsewhere, the audit log tells of. */
function emulators(examination: Examination): string[] {
  const { files } = examination.host;
  const paths = tableStatus(examination).entries.flatMap(({ enabled, interpreter }) =>
    enabled === true && interpreter !== undefined && files.isExecutable(interpreter) ? [interpreter] : [],
  );
  return [...new Set(paths)];
}

function labelOf({ host }: Examination, path: string): string | undefined {
  const { exitCode, stdout } = host.processes.run(['stat', '--dereference', '--format=%C', '--', path], {
    timeoutMs: 5000,
  });
  const label = stdout.trim();
  return exitCode === 0 && label !== '?' && label !== '' ? label : undefined;
}

/** What is of the system may be executed by all (exec_type in the reference policy), what is of containers by containers. */
function mayBeExecuted(label: string): boolean {
  const [, , type = '', level = '', categories] = label.split(':');
  if (categories !== undefined && level.startsWith('s')) return false;
  return /^(?:bin_t|usr_t|lib_t|container_(?:ro_)?file_t|container_share_t|svirt_sandbox_file_t|\w+_exec_t)$/.test(
    type,
  );
}
