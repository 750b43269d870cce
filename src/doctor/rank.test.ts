import { expect, it } from 'vitest';
import { defineCheck, type Check } from './check.ts';
import type { CheckResult } from './diagnosis.ts';
import { readMessage } from './message/read-message.ts';
import { rankCauses, suspectedChecks } from './rank.ts';
import type { Fault } from './verdict.ts';

const fault: Fault = {
  status: 'fault',
  severity: 'error',
  certainty: 'likely',
  summary: '',
  evidence: [],
  remedies: [{ does: 'x', by: 'user' }],
};

function checkOf(id: string, more: Partial<Check> = {}): Check {
  return defineCheck({
    id,
    question: '',
    severity: 'error',
    explanation: '',
    remedy: '',
    symptoms: ['exec-format-error'],
    examine: () => fault,
    ...more,
  });
}

function causesOf(
  checks: readonly Check[],
  faults: Readonly<Record<string, Partial<Fault>>>,
  text?: string,
): ReturnType<typeof rankCauses> {
  const results = checks.map(({ id }): CheckResult => {
    const verdict = id in faults ? { ...fault, ...faults[id] } : ({ status: 'ok', evidence: [] } as const);
    return { id, question: '', explanation: '', severity: 'error', verdict, durationMs: 0 };
  });
  return rankCauses(checks, results, text === undefined ? undefined : readMessage(text));
}

const both = [checkOf('first'), checkOf('second')];

it('calls the first of two that explain it as well the cause', () => {
  expect(causesOf(both, { first: {}, second: {} }, 'exec /x: exec format error')).toEqual({
    causes: ['first', 'second'],
    explaining: ['first', 'second'],
  });
});

it('believes what is proven before what is likely, and what fails before what is only worth knowing', () => {
  const text = 'exec /x: exec format error';
  expect(causesOf(both, { first: {}, second: { certainty: 'proven' } }, text).causes[0]).toBe('second');
  expect(
    causesOf(both, { first: { severity: 'note', certainty: 'proven' }, second: {} }, text).causes[0],
  ).toBe('second');
});

it('puts what explains the message first, and says which ones do', () => {
  const checks = [checkOf('other', { symptoms: ['no-space'] }), checkOf('it')];
  const found = causesOf(checks, { other: { certainty: 'proven' }, it: {} }, 'Exec format error');
  expect(found).toEqual({ causes: ['it', 'other'], explaining: ['it'] });
  expect(causesOf(checks, { other: {}, it: {} })).toEqual({ causes: ['other', 'it'], explaining: [] });
});

it('takes the symptoms of the finding where it has its own', () => {
  const found = causesOf(both, { first: { symptoms: ['no-space'] }, second: {} }, 'Exec format error');
  expect(found.explaining).toEqual(['second']);
});

it('does not take a fault of another architecture for the cause', () => {
  const text =
    'WARNING: image platform (linux/s390x) does not match the expected platform (linux/amd64)\nexec /x: exec format error';
  const found = causesOf(
    both,
    { first: { architectures: ['arm'] }, second: { architectures: ['s390x'] } },
    text,
  );
  expect(found).toEqual({ causes: ['second', 'first'], explaining: ['second'] });
});

it("does not take another engine's fault for the cause", () => {
  const checks = [checkOf('of-docker', { scopes: ['docker'] }), checkOf('of-podman', { scopes: ['podman'] })];
  const text = 'Error: x: image not known\nexec /x: exec format error';
  expect(causesOf(checks, { 'of-docker': {}, 'of-podman': {} }, text).explaining).toHaveLength(2);
  const podman = 'Cannot connect to Podman. Please verify your connection';
  const unreachable = checks.map((check) => ({ ...check, symptoms: ['engine-unreachable'] as const }));
  expect(causesOf(unreachable, { 'of-docker': {}, 'of-podman': {} }, podman).explaining).toEqual([
    'of-podman',
  ]);
  expect(suspectedChecks(unreachable, readMessage(podman))).toEqual(['of-podman']);
});

it('suspects nothing where nothing was understood', () => {
  expect(suspectedChecks(both, readMessage('hello'))).toEqual([]);
  expect(suspectedChecks(both, undefined)).toEqual([]);
});
