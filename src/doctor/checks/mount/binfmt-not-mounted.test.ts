import { expect, test } from 'vitest';
import { fakeHost } from '../../../host/testing/fake-host.ts';
import { examinationOf } from '../../testing/examination.ts';
import { binfmtNotMounted } from './binfmt-not-mounted.ts';

test('tells a table that is not mounted from one that is', () => {
  const unmounted = examinationOf(fakeHost({ binfmt: { state: 'unmounted' } }));
  expect(binfmtNotMounted.examine(unmounted)).toMatchObject({ status: 'fault', severity: 'error' });
  expect(binfmtNotMounted.examine(examinationOf(fakeHost()))).toMatchObject({ status: 'ok' });
});

test('leaves a kernel without binfmt_misc to its own check', () => {
  const host = fakeHost({ binfmt: { state: 'unsupported' } });
  expect(binfmtNotMounted.examine(examinationOf(host))).toMatchObject({ status: 'skipped' });
});
