import { expect, it } from 'vitest';
import type { CheckResult, Diagnosis } from './diagnosis.ts';
import { repair, type Fix } from './repair.ts';
import type { Fault, Remedy } from './verdict.ts';

const register: Remedy = {
  does: 'register',
  command: ['anyarch', 'register', 'arm64'],
  by: 'anyarch',
  needsRoot: true,
};

function faultOf(
  id: string,
  remedies: Fault['remedies'],
  severity: Fault['severity'] = 'error',
): CheckResult {
  const verdict: Fault = {
    status: 'fault',
    severity,
    certainty: 'likely',
    summary: '',
    evidence: [],
    remedies,
  };
  return { id, question: '', explanation: '', severity, verdict, durationMs: 0 };
}

function diagnosisOf(...checks: CheckResult[]): Diagnosis {
  return {
    asked: { scope: undefined, image: undefined, file: undefined, message: undefined },
    causes: checks.map(({ id }) => id),
    explaining: [],
    suspected: [],
    checks,
    outcome: checks.length === 0 ? 'ok' : 'errors',
  };
}

async function repaired(
  states: readonly Diagnosis[],
  { isRoot = true, isDryRun = false, output = (): string | undefined => undefined } = {},
): Promise<{ fixes: readonly Fix[]; ran: string[]; diagnosis: Diagnosis }> {
  const ran: string[] = [];
  const [first = diagnosisOf(), ...later] = states;
  const result = await repair(first, {
    examine: () => Promise.resolve(later.shift() ?? diagnosisOf()),
    apply: ({ command }) => {
      ran.push(command.join(' '));
      return output();
    },
    isRoot,
    isDryRun,
  });
  return { ...result, ran };
}

it('applies ours once, though two faults want it, and looks again', async () => {
  const { fixes, ran, diagnosis } = await repaired([
    diagnosisOf(faultOf('a', [register]), faultOf('b', [{ ...register, does: 'the same' }])),
  ]);
  expect(ran).toEqual(['anyarch register arm64']);
  expect(fixes).toMatchObject([{ id: 'a', status: 'applied' }]);
  expect(diagnosis.outcome).toBe('ok');
});

it("leaves others' remedies, notes, and commands that are not anyarch's alone", async () => {
  const { ran, fixes } = await repaired([
    diagnosisOf(
      faultOf('a', [{ does: 'mount', command: ['mount', '/x'], by: 'user' }]),
      faultOf('b', [register], 'note'),
      faultOf('c', [{ does: 'x', command: ['rm', '-rf', '/'], by: 'anyarch' }]),
    ),
  ]);
  expect({ ran, fixes }).toEqual({ ran: [], fixes: [] });
});

it('goes on with what a repair brings to light, and never tries the same twice', async () => {
  const persist: Remedy = { ...register, command: ['anyarch', 'persist', 'enable'] };
  const { ran } = await repaired([
    diagnosisOf(faultOf('a', [register])),
    diagnosisOf(faultOf('a', [register]), faultOf('b', [persist])),
    diagnosisOf(faultOf('a', [register])),
  ]);
  expect(ran).toEqual(['anyarch register arm64', 'anyarch persist enable']);
});

it('spares the remedy of what another one has mended', async () => {
  const persist: Remedy = { ...register, command: ['anyarch', 'persist', 'enable'] };
  const { ran } = await repaired([diagnosisOf(faultOf('a', [register]), faultOf('b', [persist]))]);
  expect(ran).toEqual(['anyarch register arm64']);
});

it('says what failed, and why, and does not look again for nothing', async () => {
  const { fixes, diagnosis } = await repaired([diagnosisOf(faultOf('a', [register]))], {
    output: () => 'no space',
  });
  expect(fixes).toMatchObject([{ status: 'failed', output: 'no space' }]);
  expect(diagnosis.outcome).toBe('errors');
});

it('runs nothing without the right to, or when it is only to show', async () => {
  const states = [diagnosisOf(faultOf('a', [register]))];
  expect(await repaired(states, { isRoot: false })).toMatchObject({
    ran: [],
    fixes: [{ status: 'needs-root' }],
  });
  expect(await repaired(states, { isDryRun: true })).toMatchObject({
    ran: [],
    fixes: [{ status: 'planned' }],
  });
});

it('says of what it tells others to run with sudo that it needs root, and does not try it', async () => {
  const asRoot: Remedy = { ...register, command: ['sudo', 'anyarch', 'register', 'arm64'], by: 'user' };
  const { fixes, ran } = await repaired([diagnosisOf(faultOf('a', [asRoot]))], { isRoot: false });
  expect(ran).toEqual([]);
  expect(fixes).toMatchObject([{ status: 'needs-root', command: ['anyarch', 'register', 'arm64'] }]);
  const others: Remedy = { ...register, command: ['sudo', 'dnf', 'remove', 'x'], by: 'user' };
  expect((await repaired([diagnosisOf(faultOf('a', [others]))], { isRoot: false })).fixes).toEqual([]);
});
