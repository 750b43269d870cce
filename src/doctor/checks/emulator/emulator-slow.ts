import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { signsPointers } from '../../facts/pointer-authentication.ts';
import type { Verdict } from '../../verdict.ts';
import { adviceVerdict } from './advice-verdict.ts';

export const emulatorSlow = defineCheck({
  id: 'emulator-slow',
  question: 'Do the emulators compute pointer authentication quickly?',
  severity: 'warning',
  explanation:
    'Recent arm64 distributions are compiled with pointer authentication. QEMU before 10 computes it with a slow cipher unless it is told otherwise: such guests take five to eight times as long, and nothing says why.',
  remedy: 'anyarch register arm64 with QEMU 10 or later, or QEMU_CPU=max,pauth-impdef=on',
  symptoms: ['slow', 'guest-hang'],
  references: ['https://github.com/docker-library/python/issues/1072'],
  examine: (examination) => withGuest(examination, adviceVerdict(examination, ['slow'])),
});

/** Where the guest is known, it is known whether it is concerned. */
function withGuest(examination: Examination, verdict: Verdict): Verdict {
  if (verdict.status !== 'fault') return verdict;
  const signing = signsPointers(examination);
  if (signing === undefined) return verdict;
  if (signing.length === 0)
    return { status: 'ok', evidence: ['nothing of the guest is compiled with pointer authentication'] };
  return {
    ...verdict,
    severity: 'warning',
    certainty: 'proven',
    evidence: [
      ...signing.map((path) => `${path} is compiled with pointer authentication`),
      ...verdict.evidence,
    ],
  };
}
