import { describe, expect, it } from 'vitest';
import { readMessage, type CheckResult, type Diagnosis, type Fault } from '../../doctor/index.ts';
import { plain } from '../style.ts';
import { doctorOutcome, type DoctorReportOptions } from './doctor.ts';

const fault: Fault = {
  status: 'fault',
  severity: 'error',
  certainty: 'proven',
  summary: 'no entry takes programs of arm64',
  evidence: ['/proc/sys/fs/binfmt_misc has no entry at all', 'a probe failed with ENOEXEC'],
  remedies: [
    { does: 'register it', command: ['anyarch', 'register', 'arm64'], by: 'anyarch', needsRoot: true },
    { does: 'do without', by: 'user' },
  ],
};

function resultOf(id: string, verdict: CheckResult['verdict']): CheckResult {
  const severity = verdict.status === 'fault' ? verdict.severity : undefined;
  return { id, question: '?', explanation: 'It matters.', severity, verdict, durationMs: 1 };
}

function diagnosisOf(checks: readonly CheckResult[], more: Partial<Diagnosis> = {}): Diagnosis {
  const causes = checks.flatMap(({ id, verdict }) => (verdict.status === 'fault' ? [id] : []));
  return {
    asked: { scope: undefined, image: undefined, file: undefined, message: undefined },
    causes,
    explaining: [],
    suspected: [],
    checks,
    outcome: 'errors',
    ...more,
  };
}

function textOf(diagnosis: Diagnosis, options: Partial<DoctorReportOptions> = {}): string {
  const all = { strict: false, verbose: false, style: plain, columns: 80, isRoot: true, ...options };
  return doctorOutcome(diagnosis, all).text ?? '';
}

const ok = resultOf('fine', { status: 'ok', evidence: ['it is mounted'] });

describe('the report of the doctor', () => {
  it('tells a cause with evidence, meaning and what to type', () => {
    expect(textOf(diagnosisOf([resultOf('entry-missing', fault), ok]), { isRoot: false })).toBe(
      `error entry-missing (proven here)
  no entry takes programs of arm64
  found  /proc/sys/fs/binfmt_misc has no entry at all
         a probe failed with ENOEXEC
  means  It matters.
  do     register it:
           sudo anyarch register arm64
  or     do without

2 checks: 1 finding, 1 without, 0 that do not apply (--verbose lists them)
`,
    );
    expect(textOf(diagnosisOf([resultOf('x', fault)]))).toContain('\n           anyarch register arm64\n');
  });

  it('puts what explains the message first and the rest in short', () => {
    const text = textOf(
      diagnosisOf([resultOf('other', { ...fault, severity: 'warning' }), resultOf('cause', fault)], {
        asked: {
          scope: undefined,
          image: undefined,
          file: undefined,
          message: readMessage('exec /bin/sh: exec format error'),
        },
        causes: ['cause', 'other'],
        explaining: ['cause'],
        suspected: ['cause'],
      }),
    );
    expect(text).toMatch(/^Message {4}exec format error \(ENOEXEC\), from runc, about \/bin\/sh\n/);
    expect(text).toContain('Suspected  cause\n');
    expect(text.indexOf('error cause')).toBeLessThan(text.indexOf('Found besides\nwarning other'));
    expect(text.slice(text.indexOf('Found besides'))).not.toContain('It matters');
  });

  it('says what could not be examined, and that nothing was found', () => {
    const unknown = resultOf('denials', { status: 'unknown', reason: 'audit.log cannot be read' });
    const text = textOf(diagnosisOf([ok, unknown], { outcome: 'ok' }));
    expect(text).toContain('Could not be examined\n  denials  1 ms  audit.log cannot be read\n');
    expect(text).toContain('\nno fault was found\n');
    expect(text).toContain('1 that could not be made');
  });

  it('lists every check when asked to', () => {
    const text = textOf(diagnosisOf([ok, resultOf('x', { status: 'skipped', reason: 'no image' })]), {
      verbose: true,
    });
    expect(text).toContain('All checks\nok  fine  1 ms  it is mounted\n-   x     1 ms  no image\n');
  });

  it('shows what was, or would be, applied, and why it failed', () => {
    const fix = { id: 'x', does: 'register it', command: ['anyarch', 'register', 'arm64'] };
    const text = textOf(diagnosisOf([ok]), {
      fixes: [
        { ...fix, status: 'applied' },
        { ...fix, status: 'failed', output: 'no space\u001b[31m\nleft\n' },
        { ...fix, status: 'needs-root' },
      ],
    });
    expect(text).toContain('applied anyarch register arm64  (x)\nfailed anyarch register arm64  (x)\n');
    expect(text).toContain('    no space\\x1b[31m\n    left\nneeds root sudo anyarch register arm64  (x)\n');
  });

  it('lets nothing through that a terminal acts upon', () => {
    const evil = '\u001b]0;x\u0007\u202e';
    const hostile = {
      ...fault,
      summary: evil,
      evidence: [evil],
      remedies: [{ does: evil, command: [evil], by: 'user' }],
    } as const;
    const message = readMessage(`exec /${evil}: exec format error`);
    const text = textOf(
      diagnosisOf([resultOf('x', hostile), resultOf('y', { status: 'unknown', reason: evil })], {
        asked: { scope: undefined, image: undefined, file: undefined, message },
      }),
      { verbose: true, html: evil },
    );
    // eslint-disable-next-line no-control-regex -- control characters are what it is about
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
  });

  it('ends with 1 for errors, and for warnings where they count', () => {
    const code = (outcome: Diagnosis['outcome'], strict: boolean): number =>
      doctorOutcome(diagnosisOf([], { outcome }), {
        strict,
        verbose: false,
        style: plain,
        columns: 80,
        isRoot: true,
      }).exitCode;
    expect([code('errors', false), code('warnings', false), code('warnings', true)]).toEqual([1, 0, 1]);
    expect([code('notes', true), code('ok', true)]).toEqual([0, 0]);
  });

  it('says after a repair that nothing is left, instead of that nothing was found', () => {
    const command = ['anyarch', 'register', 'arm64'];
    const fix = { id: 'entry-missing', does: 'register it', command, status: 'applied' } as const;
    const asked = { ...diagnosisOf([]).asked, message: readMessage('exec /bin/sh: exec format error') };
    const told = textOf(diagnosisOf([ok], { asked }), { fixes: [fix] });
    expect(told).toContain('repaired: nothing is left that explains the message');
    expect(told).not.toContain('nothing was found');
    expect(textOf(diagnosisOf([ok], { asked }), { fixes: [{ ...fix, status: 'failed' }] })).toContain(
      'nothing was found that explains the message',
    );
  });

  it('tells what was found, and what was done, also where the page could not be written', () => {
    const error = { code: 'ANYARCH_PERMISSION' };
    const pageFailure = {
      exitCode: 5,
      errorText: 'anyarch: no',
      document: { schema: 'anyarch/error/1', error },
    };
    const all = { strict: false, verbose: false, style: plain, columns: 80, isRoot: true };
    const outcome = doctorOutcome(diagnosisOf([ok]), { ...all, fixes: [], html: '/x.html', pageFailure });
    expect(outcome).toMatchObject({
      exitCode: 5,
      errorText: 'anyarch: no',
      document: { schema: 'anyarch/doctor/1', fixes: [], htmlError: error },
    });
    expect(outcome.document).not.toHaveProperty('html');
    expect(outcome.text).toContain('1 checks');
    expect(outcome.text).not.toContain('the page is');
  });
});
