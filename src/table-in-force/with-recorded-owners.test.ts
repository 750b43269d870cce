import { expect, test } from 'vitest';
import { findArchitecture } from '../core/architecture.ts';
import { encodeUtf8 } from '../core/text.ts';
import { fakeHost } from '../host/testing/index.ts';
import { recordWantedTable, wantedArchitecture, wantedTablePathIn } from '../private-table/index.ts';
import { status } from '../registration/index.ts';
import { withRecordedOwners } from './with-recorded-owners.ts';

test('an entry is ours where the record has it so, bit by bit', () => {
  const host = fakeHost();
  const state = '/home/u/state';
  const of = (name: string, path: string) =>
    wantedArchitecture(findArchitecture(name), { path, version: '9', sha256: 'a', preservesArgv0: true });
  for (const path of ['/q/arm64', '/q/other']) host.addProgram(path);
  host.binfmt.table().register(encodeUtf8(of('arm64', '/q/arm64').rule));
  host.binfmt.table().register(encodeUtf8(of('s390x', '/q/other').rule));
  const owners = () =>
    withRecordedOwners(host, state, status(host, { state }).entries).map(({ name, owner }) => [
      name,
      owner.kind,
      owner.evidence,
    ]);
  const unknown = ['qemu-s390x', 'unknown', 'nothing on this host names it'];
  expect(owners()).toEqual([unknown, ['qemu-aarch64', ...unknown.slice(1)]]);
  const architectures = [of('arm64', '/q/arm64'), of('s390x', '/q/s390x')];
  recordWantedTable(host, state, { schema: 1, architectures, at: '', by: '' });
  const path = wantedTablePathIn(state);
  expect(owners()).toEqual([unknown, ['qemu-aarch64', 'anyarch', `recorded in ${path}`]]);
  host.files.addFile(path, '{');
  expect(owners()[1]).toContain('unknown');
});
