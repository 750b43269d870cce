import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildLauncher } from './build-launcher.ts';
import {
  capacityFor,
  executeAllArguments,
  executeAllProgram,
  executionOfStep,
  readEnds,
} from './execute-all-program.ts';
import { launcherHosts } from './find-launcher-host.ts';
import { s390x } from './hosts/s390x.ts';
import { x86_64 } from './hosts/x86-64.ts';

test('can be built for every host, and is the same for similar counts', () => {
  for (const host of launcherHosts)
    expect(buildLauncher(host, executeAllProgram(host, capacityFor(34))).length).toBeLessThan(100_000);
  expect(capacityFor(33)).toBe(capacityFor(40));
  expect(executeAllArguments(['/a', '/b']).length).toBe(executeAllArguments(['/a']).length);
});

test('knows which program a refusal concerns', () => {
  const program = executeAllProgram(x86_64, 16);
  const executions = program.steps.map((_, index) => executionOfStep(program, index));
  expect(executions.filter((index) => index !== undefined)).toEqual([...new Array(16).keys()]);
});

/** What the launcher writes when programs start and end in this order. */
function written(events: readonly (readonly number[])[], little: boolean): Uint8Array {
  const values = events.flat();
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => {
    view.setInt32(index * 4, value, little);
  });
  return new Uint8Array(view.buffer);
}

test('reads how programs ended, in whatever order', () => {
  const events = [[100], [101], [101, 42 << 8], [102], [100, 11], [103]];
  const expected = [
    { kind: 'signalled', signal: 11 },
    { kind: 'exited', code: 42 },
    undefined,
    undefined,
    undefined,
  ];
  expect(readEnds(written(events, true), x86_64, 5)).toEqual(expected);
  expect(readEnds(written(events, false), s390x, 5)).toEqual(expected);
});

test('a number may be given again to a later process, and a core dump is no signal of its own', () => {
  const events = [[100], [100, 1 << 8], [100], [100, 0x80 | 6]];
  expect(readEnds(written(events, true), x86_64, 2)).toEqual([
    { kind: 'exited', code: 1 },
    { kind: 'signalled', signal: 6 },
  ]);
});

test('takes what a killed launcher left, and looks at no filling', () => {
  const whole = written([[100], [100, 42 << 8], [101], [101, 0]], true);
  fc.assert(
    fc.property(fc.nat(whole.length), (length) => {
      const [first] = readEnds(whole.subarray(0, length), x86_64, 1);
      expect(first).toEqual(length >= 12 ? { kind: 'exited', code: 42 } : undefined);
    }),
  );
});
