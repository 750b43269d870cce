import { decodeUtf8 } from '../../../core/text.ts';
import { mountOf } from '../../../host/mounts.ts';
import { ignoring } from '../../../host/system-error.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import type { Remedy } from '../../verdict.ts';
import { askedForSetuid } from './asked-for-setuid.ts';

export const setuidNotHonoured = defineCheck({
  id: 'setuid-not-honoured',
  question: 'Are setuid programs honoured where they are?',
  severity: 'error',
  explanation:
    'On a file system that is mounted nosuid, and in processes with no_new_privs (docker --security-opt no-new-privileges, services with NoNewPrivileges, bwrap), no program gains rights by execve, neither native ones nor, with flag C, foreign ones.',
  remedy: 'mount -o remount,suid MOUNT, or start the container without no-new-privileges',
  symptoms: ['setuid-without-effect'],
  references: ['https://docs.kernel.org/userspace-api/no_new_privs.html'],
  examine: (examination) => {
    const why = askedForSetuid(examination);
    if (why === undefined) return { status: 'skipped', reason: 'nobody asked about a setuid program' };
    const { host, file, root } = examination;
    const place = file ?? root;
    const mount = mountOf(host, place);
    const isNosuid = mount?.options.has('nosuid') === true;
    const noNewPrivileges = hasNoNewPrivileges(examination);
    if (!isNosuid && noNewPrivileges !== true) {
      return {
        status: 'ok',
        evidence: [
          `${place} is on ${mount?.point ?? 'a mount that cannot be told'}, without the option nosuid`,
          `no_new_privs: ${noNewPrivileges === false ? 'not set here' : 'not known'}`,
        ],
      };
    }
    return {
      status: 'fault',
      severity: 'error',
      certainty: file === undefined || !isNosuid ? 'likely' : 'proven',
      summary: isNosuid
        ? `${place} is on ${mount.point}, which is mounted nosuid`
        : 'this process has no_new_privs, and so have all that it starts',
      evidence: [
        why,
        ...(isNosuid
          ? [`/proc/self/mountinfo: ${mount.point} (${mount.type}) has the option nosuid`]
          : ['/proc/self/status: NoNewPrivs: 1']),
      ],
      remedies: [isNosuid ? remounting(mount.point) : withoutNoNewPrivileges],
    };
  },
});

function remounting(point: string): Remedy {
  return {
    does: `honour setuid programs on ${point}`,
    command: ['mount', '-o', 'remount,suid', point],
    by: 'user',
    needsRoot: true,
  };
}

const withoutNoNewPrivileges: Remedy = {
  does: 'start it without no_new_privs: leave --security-opt no-new-privileges or NoNewPrivileges= away',
  by: 'user',
};

function hasNoNewPrivileges({ host }: Examination): boolean | undefined {
  const text = ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(host.files.read('/proc/self/status')));
  const value = /^NoNewPrivs:\s*([01])$/m.exec(text ?? '')?.[1];
  return value === undefined ? undefined : value === '1';
}
