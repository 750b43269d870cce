import { beforeEach, expect, test } from 'vitest';
import { findArchitecture } from '../../../core/architecture.ts';
import { noFlags } from '../../../core/flags.ts';
import { buildProbe } from '../../../core/probe/probe.ts';
import { formatRule, type Rule } from '../../../core/rule.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/fake-host.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import type { Examination } from '../../examination.ts';
import { entryDisabled } from './entry-disabled.ts';
import { entryDuplicate } from './entry-duplicate.ts';
import { entryMissing } from './entry-missing.ts';
import { entryOfAnotherArchitecture } from './entry-of-another-architecture.ts';
import { entryShadowed } from './entry-shadowed.ts';
import { entryUnseenByApptainer } from './entry-unseen-by-apptainer.ts';
import { entryWrongPattern } from './entry-wrong-pattern.ts';

const s390x = findArchitecture('s390x');
const good = '/usr/bin/qemu-s390x';
const file = '/tmp/program';
let host: FakeHost;

beforeEach(() => {
  host = fakeHost();
  host.addProgram(good);
  host.files.addFile(file, buildProbe('s390x'), { mode: 0o755 });
});

function register(rule: Partial<Rule> = {}): void {
  const { magic, mask, offset } = s390x;
  const flags = { ...noFlags, fixBinary: true };
  host.binfmt.table().register(
    formatRule({
      name: 'qemu-s390x',
      kind: 'magic',
      magic,
      mask,
      offset,
      interpreter: good,
      flags,
      ...rule,
    }),
  );
}

function aboutFile(): Examination {
  return examinationOf(host, { file });
}

function onlyMessage(): Examination {
  return examinationOf(host, { message: readMessage('exec format error') });
}

const all = [
  entryMissing,
  entryDisabled,
  entryShadowed,
  entryWrongPattern,
  entryOfAnotherArchitecture,
  entryDuplicate,
];

test('a machine whose entries work is healthy, whatever is asked', async () => {
  register();
  for (const check of all)
    for (const examination of [aboutFile(), examinationOf(host)])
      expect({ id: check.id, ...(await check.examine(examination)) }).toMatchObject({ status: 'ok' });
});

test('a machine without entries is told so only as far as anybody wants one', () => {
  expect(entryMissing.examine(examinationOf(host))).toMatchObject({ severity: 'note' });
  expect(entryMissing.examine(onlyMessage())).toMatchObject({ severity: 'error', certainty: 'likely' });
  expect(entryMissing.examine(aboutFile())).toMatchObject({
    severity: 'error',
    certainty: 'proven',
    architectures: ['s390x'],
    remedies: [{ command: ['anyarch', 'register', 's390x'], by: 'anyarch' }],
  });
});

test('a message without an architecture may be about one that is not registered', () => {
  register();
  expect(entryMissing.examine(onlyMessage())).toMatchObject({ severity: 'warning', certainty: 'possible' });
  const other = { ...readMessage(''), symptoms: ['no-such-file'] as const };
  expect(entryMissing.examine(examinationOf(host, { message: other }))).toMatchObject({ status: 'ok' });
});

test('who is no root is told first what needs none', () => {
  host = fakeHost({ system: { uid: 1000, environment: { HOME: '/home/me' } } });
  host.files.addFile(file, buildProbe('s390x'), { mode: 0o755 });
  expect(entryMissing.examine(aboutFile())).toMatchObject({
    remedies: [
      { command: ['anyarch', 'exec', file] },
      { command: ['sudo', 'anyarch', 'register', 's390x'], by: 'user' },
    ],
  });
});

test('a program of this machine needs no entry', () => {
  host.addProgram(file);
  expect(entryMissing.examine(aboutFile())).toMatchObject({ status: 'skipped' });
});

test('where nothing is mounted, entries are not the matter', () => {
  host = fakeHost({ binfmt: { state: 'unmounted' } });
  host.files.addFile(file, buildProbe('s390x'), { mode: 0o755 });
  expect(entryMissing.examine(aboutFile())).toMatchObject({ status: 'skipped' });
});

test('a disabled entry, and nothing else that takes the programs', () => {
  register();
  host.binfmt.table().control('qemu-s390x', '0');
  expect(entryDisabled.examine(aboutFile())).toMatchObject({ severity: 'error', certainty: 'proven' });
  expect(entryDisabled.examine(examinationOf(host))).toMatchObject({ severity: 'warning' });
  expect(entryMissing.examine(aboutFile())).toMatchObject({ status: 'ok' });
  register({ name: 'anyarch-s390x' });
  expect(entryDisabled.examine(aboutFile())).toMatchObject({ status: 'ok' });
});

test('a newer entry that does not work keeps an older one from working', () => {
  register();
  register({ name: 'rosetta', interpreter: '/mnt/rosetta', flags: noFlags });
  expect(entryShadowed.examine(aboutFile())).toMatchObject({
    severity: 'error',
    certainty: 'proven',
    summary: 'rosetta (rosetta) wins over qemu-s390x (predecessor), and does not work',
    symptoms: ['no-such-file'],
    remedies: [{ by: 'anyarch' }, { command: ['sh', '-c', expect.stringContaining('echo 0 >') as string] }],
  });
});

test('a newer entry of somebody else that works is worth a note', () => {
  register();
  host.addProgram('/opt/FEXInterpreter');
  register({ name: 'FEX-s390x', interpreter: '/opt/FEXInterpreter' });
  expect(entryShadowed.examine(aboutFile())).toMatchObject({ severity: 'note' });
  expect(entryDuplicate.examine(examinationOf(host))).toMatchObject({ severity: 'note' });
});

test('a magic that matches none of the programs it is for', () => {
  register({ magic: new TextEncoder().encode('x7fELF'), mask: undefined });
  expect(entryWrongPattern.examine(aboutFile())).toMatchObject({
    severity: 'error',
    certainty: 'proven',
    evidence: [expect.anything(), expect.stringContaining('byte 0 of a program'), expect.anything()],
  });
  expect(entryMissing.examine(aboutFile())).toMatchObject({ status: 'ok' });
  expect(entryWrongPattern.examine(examinationOf(host))).toMatchObject({ severity: 'warning' });
});

test('a mask that leaves out the position-independent programs', () => {
  register({ mask: undefined });
  expect(entryWrongPattern.examine(examinationOf(host))).toMatchObject({ certainty: 'possible' });
  // The file that was asked about is one that it takes.
  expect(entryWrongPattern.examine(aboutFile())).toMatchObject({ certainty: 'likely' });
});

test('an entry for another architecture that takes the program', () => {
  const mask = s390x.mask.slice();
  mask[18] = mask[19] = 0;
  host.addProgram('/usr/bin/qemu-ppc64', 'ppc64', () => ({ kind: 'exited', code: 255 }));
  register({
    name: 'qemu-ppc64',
    interpreter: '/usr/bin/qemu-ppc64',
    magic: findArchitecture('ppc64').magic,
    mask,
  });
  expect(entryOfAnotherArchitecture.examine(aboutFile())).toMatchObject({
    certainty: 'proven',
    architectures: ['s390x', 'ppc64'],
  });
});

test('apptainer wants the letter of the rule', () => {
  const apptainer = (): Examination => examinationOf(host, { scope: 'apptainer', file });
  register();
  expect(entryUnseenByApptainer.examine(apptainer())).toMatchObject({ status: 'ok' });
  host.binfmt.table().control('qemu-s390x', '-1');
  const [magic, mask] = [s390x.magic, s390x.mask].map((bytes) => bytes.slice());
  magic![7] = 3;
  register({ magic: magic!, mask: mask! });
  expect(entryUnseenByApptainer.examine(apptainer())).toMatchObject({
    severity: 'error',
    remedies: [{ by: 'anyarch' }],
  });
  expect(entryUnseenByApptainer.examine(aboutFile())).toMatchObject({ status: 'skipped' });
});
