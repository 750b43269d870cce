import { mountOf } from '../../../host/mounts.ts';
import { defineCheck } from '../../check.ts';
import { askedForSetuid, setuidProgram } from './asked-for-setuid.ts';

export const setuidOnNosuid = defineCheck({
  id: 'setuid-on-nosuid',
  question: 'Are setuid programs honoured where they are?',
  severity: 'error',
  explanation:
    'On a file system that is mounted nosuid no program gains rights by execve, neither a native one nor, with flag C, a foreign one. Removable disks, /tmp and the directories of containers are often mounted so.',
  remedy: 'mount -o remount,suid MOUNT',
  symptoms: ['setuid-without-effect'],
  references: ['https://man7.org/linux/man-pages/man8/mount.8.html'],
  examine: (examination) => {
    const why = askedForSetuid(examination);
    if (why === undefined) return { status: 'skipped', reason: 'nobody asked about a setuid program' };
    const { host, root } = examination;
    const program = setuidProgram(examination);
    const place = program ?? root;
    const mount = mountOf(host, place);
    if (mount === undefined) return { status: 'unknown', reason: '/proc/self/mountinfo cannot be read' };
    if (!mount.options.has('nosuid'))
      return { status: 'ok', evidence: [`${place} is on ${mount.point}, without the option nosuid`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: program === undefined ? 'likely' : 'proven',
      summary: `${place} is on ${mount.point}, which is mounted nosuid`,
      evidence: [why, `/proc/self/mountinfo: ${mount.point} (${mount.type}) has the option nosuid`],
      remedies: [
        {
          does: `honour setuid programs on ${mount.point}`,
          command: ['mount', '-o', 'remount,suid', mount.point],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
