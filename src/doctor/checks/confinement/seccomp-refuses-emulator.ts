import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { saysOneOf } from '../../facts/asked-about.ts';
import { loggedDenials } from '../../facts/denials.ts';
import { emulatorTrials } from '../../facts/emulator-trial.ts';
import { processStatus } from '../../facts/process-status.ts';
import type { Fault, Remedy } from '../../verdict.ts';

/** What QEMU says where a filter answers clone3 with EPERM: glibc falls back to clone only for ENOSYS. */
const said = [/qemu_thread_create: Operation not permitted/, /\bBad system call\b/];

export const seccompRefusesEmulator = defineCheck({
  id: 'seccomp-refuses-emulator',
  question: 'Does the filter of system calls let QEMU work?',
  severity: 'error',
  explanation:
    'An emulator makes system calls that its guest never asked for: it starts a thread (clone3), maps memory that it executes, sets signal handlers. A seccomp profile that refuses one of them kills every foreign program: old profiles of docker (before 20.10.10) and libseccomp (before 2.5.2) answer clone3 with EPERM, which glibc does not expect.',
  remedy:
    'docker run --security-opt seccomp=unconfined …, or newer versions of docker, containerd, runc and libseccomp',
  symptoms: ['system-call-missing', 'guest-crash'],
  references: ['https://github.com/moby/moby/issues/42680'],
  examine: (examination) => {
    const { seccomp } = processStatus(examination);
    const killed = killedEmulators(examination);
    if (saysOneOf(examination, said) || killed.length > 0)
      return fault('proven', [
        ...(saysOneOf(examination, said) ? ['the message is what QEMU says when a call is refused'] : []),
        ...killed,
        `this process itself: Seccomp is ${seccomp ?? 'not shown'} in /proc/self/status`,
      ]);
    if (seccomp !== 'filter') return { status: 'ok', evidence: ['no filter is on this process'] };
    const refused = emulatorTrials(examination).filter(
      ({ works, output }) => !works && output.includes('Operation not permitted'),
    );
    if (refused.length === 0)
      return {
        status: 'ok',
        evidence: [
          'a filter is on this process',
          ...emulatorTrials(examination).map(({ evidence }) => evidence),
        ],
      };
    return fault(
      'proven',
      refused.map(({ evidence }) => evidence),
    );
  },
});

function killedEmulators(examination: Examination): string[] {
  if (examination.message === undefined) return [];
  return loggedDenials(examination)
    .denials.filter(
      ({ by, isPermissive, fields }) =>
        by === 'seccomp' &&
        !isPermissive &&
        /(?:^|\/)qemu-/.test(fields.get('exe') ?? fields.get('comm') ?? ''),
    )
    .map(({ line }) => line)
    .slice(-3);
}

function fault(certainty: Fault['certainty'], evidence: readonly string[]): Fault {
  return {
    status: 'fault',
    severity: 'error',
    certainty,
    summary: 'a filter of system calls (seccomp) refuses what QEMU needs',
    evidence,
    remedies: [unconfined, newer],
  };
}

const unconfined: Remedy = {
  does: 'start the container with --security-opt seccomp=unconfined, or take the refused call (mostly clone3) into its profile',
  by: 'user',
};
const newer: Remedy = {
  does: 'update docker to 20.10.10 or later, libseccomp to 2.5.2 or later, runc to 1.0.2 or later',
  by: 'user',
  needsRoot: true,
};
