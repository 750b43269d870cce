import { expect, test } from 'vitest';
import { state, uninstallMachine } from './testing/uninstall-machine.ts';

const image = `${state}/images/${'a'.repeat(64)}`;

test('trees of images are not looked into for their size', async () => {
  const at = uninstallMachine();
  const { files } = at.host;
  const document = {
    schema: 1,
    digest: `sha256:${'a'.repeat(64)}`,
    ids: 'subordinate',
    at: '2026-01-01T00:00:00.000Z',
    diffIds: [],
    size: 123_456,
    entries: 3,
    deviceNodes: 0,
    xattrsLeftOut: 0,
    listing: 'b'.repeat(64),
    images: [],
  };
  files.addFile(`${image}/tree/d/f`, 'content');
  files.addFile(`${image}/image.json`, JSON.stringify(document));
  const { removed, left } = await at.run({ dryRun: true });
  expect(left).toEqual([]);
  expect(removed).toContainEqual({ kind: 'tree', subject: image, bytes: 123_456, place: state });
});

test('what may not be looked into, or is too deep, counts for nothing and keeps nothing from going', async () => {
  const at = uninstallMachine();
  const { files } = at.host;
  // Without a document: what a killed command has left.
  const place = `${state}/images/.building-7-a`;
  for (const path of ['closed/f', 'deep/f', 'f']) files.addFile(`${place}/tree/${path}`, 'content');
  files.fail({ errno: 'EACCES', method: 'linkStatus', path: /\/closed\/f$/, times: Infinity });
  files.fail({ errno: 'ENAMETOOLONG', method: 'list', path: /\/deep$/, times: Infinity });
  const { removed, left } = await at.run({ dryRun: true });
  expect(left).toEqual([]);
  expect(removed).toContainEqual(
    expect.objectContaining({ kind: 'tree', subject: place, bytes: 'content'.length }),
  );
});
