import { defineCheck } from '../../check.ts';
import { isWanted, severityIfWanted } from '../../facts/asked.ts';
import { mountState } from '../../facts/mount-state.ts';

const symptoms = ['registration-lost', 'exec-format-error', 'run-as-script', 'registration-refused'] as const;

export const autofsNotTriggered = defineCheck({
  id: 'autofs-not-triggered',
  question: 'Has the automount point of binfmt_misc been mounted?',
  severity: 'error',
  explanation:
    'systemd mounts binfmt_misc when somebody looks into /proc/sys/fs/binfmt_misc for the first time. Until then the directory is an automount point: what a container sees there is empty, a registration made through it is lost, and where systemd does not answer, whoever looks into it waits or gets an error.',
  remedy:
    'on the host: ls /proc/sys/fs/binfmt_misc; where that does not help: systemctl restart proc-sys-fs-binfmt_misc.automount',
  symptoms,
  references: ['https://github.com/tonistiigi/binfmt/issues/288'],
  examine: (examination) => {
    const { path } = examination.host.binfmt;
    const { before, after, problem } = mountState(examination);
    if (before !== 'autofs') return { status: 'ok', evidence: [`${path} was no automount point: ${before}`] };
    if (after !== 'autofs')
      return {
        status: 'fault',
        severity: 'note',
        certainty: isWanted(examination, symptoms) ? 'likely' : 'possible',
        summary: `${path} was an automount point that nobody had touched; looking at it has mounted the table`,
        evidence: [
          `autofs before, ${after} now`,
          'what was registered before through it, as by a container, is lost',
        ],
        remedies: [{ does: 'run again what failed', by: 'user' }],
        symptoms: ['registration-lost'],
      };
    return {
      status: 'fault',
      severity: severityIfWanted(examination, symptoms),
      certainty: 'proven',
      summary: `${path} is an automount point that does not mount: ${problem ?? ''}`,
      evidence: [`${path} is an autofs, also after it was looked into: ${problem ?? ''}`],
      remedies: [
        {
          does: 'on the host, have systemd answer for it again',
          command: ['systemctl', 'restart', 'proc-sys-fs-binfmt_misc.automount'],
          by: 'user',
          needsRoot: true,
        },
        {
          does: 'where nobody serves it, unmount it and register: umount -l it, then anyarch register ARCH',
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
