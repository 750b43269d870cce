import { expect, test } from 'vitest';
import { buildProbe } from '../../core/probe/probe.ts';
import { fakeHost } from '../../host/testing/fake-host.ts';
import { programChecks } from '../checks/program/index.ts';
import { readMessage } from '../message/read-message.ts';
import { examinationOf } from '../testing/examination.ts';
import { concernedArchitectures } from './concerned.ts';
import { fileExplanation } from './explanation.ts';

const foreign = buildProbe('s390x');

function askedWith(text: string, host = fakeHost()) {
  host.files.addLink('/proc/self/cwd', '/home/me');
  host.files.addFile('/home/me/x', foreign, { mode: 0o755 });
  host.files.addFile('/home/me/plain', foreign, { mode: 0o644 });
  host.files.addFile('/etc/passwd', 'root:x:0:0', { mode: 0o644 });
  host.files.addFile('/proc/sys/kernel/core_pattern', 'core', { mode: 0o755 });
  host.files.addFile('/home/me/text', 'echo', { mode: 0o755 });
  return examinationOf(host, { message: readMessage(text) });
}

test.each([
  'bash: /etc/passwd: Permission denied',
  'bash: /proc/sys/fs/binfmt_misc/register: No such file or directory',
  'bash: /proc/sys/kernel/core_pattern: Permission denied',
])('%s is about no program', (text) => {
  const examination = askedWith(text);
  expect(fileExplanation(examination)).toBeUndefined();
  for (const { examine } of programChecks)
    expect(examine(examination)).not.toMatchObject({ status: 'fault' });
});

test('what a shell names is looked for beside us, with or without the mode to be executed', () => {
  expect(
    concernedArchitectures(askedWith('bash: ./x: cannot execute binary file: Exec format error')),
  ).toEqual(['s390x']);
  expect(concernedArchitectures(askedWith('bash: ./plain: Permission denied'))).toEqual(['s390x']);
  expect(concernedArchitectures(askedWith('bash: ./gone: Permission denied'))).toEqual([]);
  expect(concernedArchitectures(askedWith('exec ./x: exec format error'))).toEqual([]);
});

test('a file that only a message names is not edited by a command', () => {
  const faults = programChecks.flatMap(({ examine }) => {
    const verdict = examine(askedWith('bash: ./text: cannot execute binary file: Exec format error'));
    return 'status' in verdict && verdict.status === 'fault' ? [verdict] : [];
  });
  expect(faults).toMatchObject([{ summary: expect.stringContaining('text without #!') as unknown }]);
  expect(faults[0]?.remedies).toEqual([
    { does: expect.stringContaining('/home/me/text') as unknown, by: 'user' },
  ]);
});
