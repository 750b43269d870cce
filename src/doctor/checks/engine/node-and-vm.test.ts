import { expect, test } from 'vitest';
import { fakeHost } from '../../../host/testing/fake-host.ts';
import { examinationOf } from '../../testing/examination.ts';
import { nodeReadOnly } from './node-read-only.ts';
import { nodeWithoutRuntime } from './node-without-runtime.ts';
import { vmWithoutKvm } from './vm-without-kvm.ts';

const onNode = { scope: 'kubernetes-node' } as const;

test('knows a node by the socket of its runtime', () => {
  const host = fakeHost();
  expect(nodeWithoutRuntime.examine(examinationOf(host, onNode))).toMatchObject({ status: 'fault' });
  host.files.addFile('/run/containerd/containerd.sock', '');
  expect(nodeWithoutRuntime.examine(examinationOf(host, onNode))).toMatchObject({ status: 'ok' });
  expect(nodeWithoutRuntime.examine(examinationOf(fakeHost()))).toMatchObject({ status: 'skipped' });
});

test.each([
  ['ro', 'fault'],
  ['rw', 'ok'],
])('minds whether a node keeps its files: %s', (option, status) => {
  const host = fakeHost();
  host.files.addFile('/proc/self/mountinfo', `1 0 8:1 / / ${option} - ext4 /dev/a ${option}\n`);
  expect(nodeReadOnly.examine(examinationOf(host, onNode))).toMatchObject({ status });
});

test('looks for KVM where virtual machines are the matter', () => {
  const host = fakeHost();
  expect(vmWithoutKvm.examine(examinationOf(host, { scope: 'vm' }))).toMatchObject({
    status: 'fault',
    severity: 'note',
  });
  host.files.addFile('/dev/kvm', '', { mode: 0o660 });
  expect(vmWithoutKvm.examine(examinationOf(host, { scope: 'vm' }))).toMatchObject({ status: 'ok' });
  expect(vmWithoutKvm.examine(examinationOf(fakeHost()))).toMatchObject({ status: 'skipped' });
});
