import { expect, test } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import { binfmtAt } from './binfmt-at.ts';
import { fakeHost } from './testing/index.ts';

const rule = encodeUtf8(':x:E::x::/bin/x:');

test('the same table at another mount point', () => {
  const host = fakeHost({ binfmt: { state: 'unmounted' } });
  const at = binfmtAt(host, '/mnt');
  host.files.addDirectory('/mnt');
  expect(at.state()).toBe('unmounted');
  at.mount();
  expect(at.state()).toBe('mounted');
  expect(host.binfmt.state()).toBe('unmounted');
  at.table().register(rule);
  host.binfmt.mount();
  expect(host.binfmt.table().list()).toEqual(['x']);
});

test('a place that is not there, and a kernel without binfmt_misc', () => {
  const host = fakeHost({ binfmt: { state: 'unmounted' } });
  const nowhere = binfmtAt(host, '/nowhere');
  expect(nowhere.state()).toBe('unmounted');
  expect(() => {
    nowhere.mount();
  }).toThrow('ENOENT');
  expect(binfmtAt(fakeHost({ binfmt: { state: 'unsupported' } }), '/mnt').state()).toBe('unsupported');
});

test('the usual mount point is the usual table', () => {
  const { files, binfmt } = fakeHost();
  expect(binfmtAt({ files, binfmt }, binfmt.path)).toBe(binfmt);
});
