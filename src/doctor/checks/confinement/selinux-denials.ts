import { selinuxOptions } from '../../../core/selinux.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { concernedArchitectures } from '../../facts/concerned.ts';
import { loggedDenials, type LoggedDenial } from '../../facts/denials.ts';
import { isAboutEmulation } from '../../facts/about-emulation.ts';
import { selinuxMode } from '../../facts/selinux.ts';
import { architecturesIn } from '../../message/architectures-in.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import type { Symptom } from '../../symptom.ts';
import type { Remedy, Verdict } from '../../verdict.ts';

const symptoms: readonly Symptom[] = ['permission-denied', 'runs-nothing', 'guest-crash'];

export const selinuxDenials = defineCheck({
  id: 'selinux-denials',
  question: "Is the audit log free of SELinux's refusals to emulators?",
  severity: 'error',
  explanation:
    "On Fedora, RHEL and CentOS each execution by an emulator is checked with the label of the container, even where the kernel has the emulator open (flag F). An emulator that came in a container image carries that container's own categories: podman then ends with 0 having run nothing, programs crash or are refused, and only the audit log tells (avc: denied { read execute }).",
  remedy: `register from a container with ${selinuxOptions.join(' ')}, or on the host: anyarch register ARCH`,
  symptoms,
  references: ['https://github.com/multiarch/qemu-user-static/issues/130'],
  examine: (examination) => {
    const { denials, read, unread } = loggedDenials(examination);
    const found = denials.filter(
      (one) => one.by === 'selinux' && !one.isPermissive && isAboutEmulation(one, examination),
    );
    const last = found.at(-1);
    if (last !== undefined) return refused(examination, found, last);
    if (selinuxMode(examination) === 'off')
      return { status: 'ok', evidence: ['SELinux enforces nothing here'] };
    return read.length === 0
      ? { status: 'unknown', reason: `no log could be read: ${unread.join('; ')}` }
      : { status: 'ok', evidence: [`no such refusal since the boot in ${read.join(', ')}`] };
  },
});

function refused(examination: Examination, found: readonly LoggedDenial[], last: LoggedDenial): Verdict {
  const isTold = last.isTold === true;
  const isAsked = isTold || isAskedAbout(examination, symptoms);
  const architectures = architecturesOf(examination, last);
  const { fields } = last;
  const what = fields.get('path') ?? fields.get('name') ?? 'something';
  const isMemory = last.refused.some(
    (permission) => permission.startsWith('exec') && permission !== 'execute',
  );
  return {
    status: 'fault',
    severity: isAsked ? 'error' : 'warning',
    certainty: isTold ? 'proven' : isAsked ? 'likely' : 'possible',
    summary: `SELinux refuses ${fields.get('comm') ?? 'a program'} to ${last.refused.join(', ')} ${what}`,
    evidence: found.slice(-3).map(({ line }) => line),
    architectures,
    remedies: isMemory ? [executableMemory] : [...registerRemedies(examination, architectures), withLabels],
  };
}

/** Of the emulator that was refused something, or to somebody. */
function architecturesOf(examination: Examination, { fields }: LoggedDenial): readonly string[] {
  const files = ['path', 'name', 'exe', 'comm'].flatMap((key) => fields.get(key) ?? []);
  const named = architecturesIn([], files, []);
  return named.length > 0 ? named : concernedArchitectures(examination);
}

const withLabels: Remedy = {
  does: `or register from a container whose files all may execute: --privileged ${selinuxOptions.join(' ')}`,
  by: 'user',
  needsRoot: true,
};

/** execmem, execheap, execmod: QEMU executes what it writes. */
const executableMemory: Remedy = {
  does: 'let programs execute memory that they wrote, which emulators do',
  command: ['setsebool', 'deny_execmem', 'off'],
  by: 'user',
  needsRoot: true,
};
