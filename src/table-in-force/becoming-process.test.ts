import { expect, test } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { becomingProcess } from './becoming-process.ts';

const enter = [{ call: 'setns', arguments: [3, 0] }] as const;

function hostWith(uid: string, map: string) {
  const host = fakeHost();
  host.files.addFile('/proc/7/status', `Name:\tsh\nUid:\t0\t${uid}\t0\t0\nGid:\t0\t1000\t0\t0\n`);
  host.files.addFile('/proc/7/uid_map', map);
  host.files.addFile('/proc/7/gid_map', '0 1000 1\n');
  return host;
}

test('the ids of the process are taken inside, after root’s rights are needed no more', () => {
  const steps = becomingProcess(hostWith('100004', '0 1000 1\n1 100000 65536\n'), 7, enter);
  expect(steps.map(({ call }) => call)).toEqual(['setgroups', 'setns', 'setresgid', 'setresuid']);
  expect(steps.slice(-2).map((step) => step.arguments)).toEqual([
    [0, 0, 0],
    [5, 5, 5],
  ]);
  // Root goes on as nobody but these: a step that fails ends it.
  expect(steps.slice(-2).every(({ onError }) => onError === undefined)).toBe(true);
});

test('a process whose id its namespace does not have is not looked at', () => {
  expect(() => becomingProcess(hostWith('0', '0 1000 1\n'), 7, enter)).toThrowWithCode('ANYARCH_PERMISSION');
  expect(() => becomingProcess(fakeHost(), 7, enter)).toThrowWithCode('ANYARCH_PROCESS_NOT_FOUND');
});
