import { mountOf } from '../../../host/mounts.ts';
import { defineCheck } from '../../check.ts';
import { mountState } from '../../facts/mount-state.ts';

export const binfmtReadOnly = defineCheck({
  id: 'binfmt-read-only',
  question: 'Can the table be written to?',
  severity: 'error',
  explanation:
    'Entries are made, disabled and removed by writing below /proc/sys/fs/binfmt_misc. Engines mount it read-only in their containers, and systemd does so for services with ProtectKernelTunables=: entries that are there work, and registering fails with "Read-only file system".',
  remedy:
    'mount -o remount,rw /proc/sys/fs/binfmt_misc, or register from outside of the container or service',
  symptoms: ['registration-refused'],
  references: ['https://man7.org/linux/man-pages/man5/systemd.exec.5.html'],
  examine: (examination) => {
    const { host, message } = examination;
    const { path } = host.binfmt;
    if (mountState(examination).after !== 'mounted')
      return { status: 'skipped', reason: `${path} is not mounted` };
    const mount = mountOf(host, path);
    if (mount === undefined) return { status: 'unknown', reason: '/proc/self/mountinfo cannot be read' };
    if (!mount.options.has('ro'))
      return {
        status: 'ok',
        evidence: [`${mount.point} is mounted ${[...mount.options].filter(Boolean).join(',')}`],
      };
    const isWanted = message?.symptoms.includes('registration-refused') === true;
    return {
      status: 'fault',
      severity: isWanted ? 'error' : 'note',
      certainty: isWanted ? 'proven' : 'possible',
      summary: `${path} is mounted read-only, so nothing can be registered from here`,
      evidence: [
        `${mount.point} is a ${mount.type} with the options ${[...mount.options].filter(Boolean).join(',')}`,
      ],
      remedies: [
        {
          does: 'make it writable',
          command: ['mount', '-o', 'remount,bind,rw', path],
          by: 'user',
          needsRoot: true,
        },
        { does: 'register on the host, outside of the container or service', by: 'user', needsRoot: true },
      ],
    };
  },
});
