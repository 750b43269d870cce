import { defineCheck } from '../../check.ts';
import { SystemError } from '../../../host/system-error.ts';
import type { Host } from '../../../host/host.ts';
import type { Examination } from '../../examination.ts';
import type { Remedy } from '../../verdict.ts';
import { joinGroup } from './join-group.ts';

export const vmWithoutKvm = defineCheck({
  id: 'vm-without-kvm',
  question: 'Can virtual machines use the processor itself?',
  severity: 'note',
  explanation:
    "Virtual machines of this machine's own architecture are fast with KVM. Without /dev/kvm, or where this user may not open it, QEMU emulates every instruction, ten times slower and more; machines of other architectures are always emulated so.",
  remedy: 'usermod -aG kvm USER; nested virtualisation switched on in the outer machine',
  symptoms: ['slow', 'guest-hang'],
  scopes: ['vm'],
  examine: (examination) => {
    const { host, scope } = examination;
    if (scope !== 'vm') return { status: 'skipped', reason: 'it is not about virtual machines' };
    const problem = kvmProblem(host);
    if (problem === undefined) return { status: 'ok', evidence: ['/dev/kvm is there, for this user, too'] };
    const isGuest = /^flags\s*:.*\bhypervisor\b/m.test(textOf(host, '/proc/cpuinfo'));
    return {
      status: 'fault',
      severity: 'note',
      certainty: 'possible',
      summary: `virtual machines are emulated here: ${problem}`,
      evidence: [
        problem,
        ...(isGuest ? ['this is a virtual machine itself (hypervisor in /proc/cpuinfo)'] : []),
      ],
      remedies: [remedyFor(examination, problem)],
    };
  },
});

function remedyFor(examination: Examination, problem: string): Remedy {
  if (!problem.includes('may not'))
    return {
      does: 'load the module of this processor, or switch nested virtualisation on in the outer machine',
      command: [
        'modprobe',
        /\bsvm\b/.test(textOf(examination.host, '/proc/cpuinfo')) ? 'kvm_amd' : 'kvm_intel',
      ],
      by: 'user',
      needsRoot: true,
    };
  return (
    joinGroup(examination, '/dev/kvm', 'join the group of /dev/kvm, and log in again') ?? {
      does: "let every user open it, as systemd's own rule does; until the next start of the machine",
      command: ['chmod', '0666', '/dev/kvm'],
      by: 'user',
      needsRoot: true,
    }
  );
}

function kvmProblem({ files, system }: Host): string | undefined {
  const status = files.status('/dev/kvm');
  if (status === undefined) return 'there is no /dev/kvm';
  const isOpen = (status.mode & 0o006) === 0o006;
  if (system.uid === 0 || isOpen || status.uid === system.uid) return undefined;
  const groups = /^Groups:\s*(.*)$/m.exec(textOf({ files }, '/proc/self/status'))?.[1]?.split(/\s+/) ?? [];
  return groups.includes(String(status.gid)) ? undefined : 'this user may not open /dev/kvm';
}

function textOf({ files }: Pick<Host, 'files'>, path: string): string {
  try {
    return new TextDecoder().decode(files.read(path));
  } catch (error) {
    if (error instanceof SystemError) return '';
    throw error;
  }
}
