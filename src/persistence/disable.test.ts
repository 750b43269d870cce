import { expect, test } from 'vitest';
import { readWishes, unregister } from '../registration/index.ts';
import { encodeUtf8 } from '../core/text.ts';
import { disable } from './disable.ts';
import { enable } from './enable.ts';
import { entriesOf, state, systemdHost } from './testing/persistence-host.ts';

const arm64 = { architectures: ['arm64'] };
const rule =
  ':qemu-aarch64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:/opt/theirs:';

test('what was unregistered, and is somebody else’s by now, is not registered again', () => {
  const host = systemdHost();
  enable(host, arm64);
  unregister(host, arm64);
  host.binfmt.table().register(encodeUtf8(rule));
  const before = entriesOf(host);
  expect(disable(host, arm64)).toMatchObject({ outcome: 'ok', registrations: [], notes: [] });
  expect(entriesOf(host)).toEqual(before);
  expect(readWishes(host, state)).toEqual([]);
});

test('ours beside an entry of somebody else goes on with an emulator that stays', () => {
  const host = systemdHost();
  host.binfmt.table().register(encodeUtf8(rule));
  const theirs = entriesOf(host).get('qemu-aarch64');
  enable(host, arm64);
  expect(disable(host, arm64)).toMatchObject({ outcome: 'ok', registrations: [{ outcome: 'ok' }] });
  expect(entriesOf(host).get('qemu-aarch64')).toBe(theirs);
  const [ours = ''] = [...entriesOf(host)].flatMap(([name, text]) => (name === 'qemu-aarch64' ? [] : [text]));
  expect(ours).toContain('interpreter /usr/bin/qemu-aarch64\n');
});
