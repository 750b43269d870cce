import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/core/text.ts';
import { ownTableWarnings } from '../../src/entrypoint/own-table.ts';
import type { Host } from '../../src/host/host.ts';
import { openPrivateTable } from '../support/private-table.ts';

test('a table is as old as its mount, whatever is registered later', async () => {
  const before = Date.now();
  const table = await openPrivateTable({ system: { hostFiles: 'hidden' } });
  try {
    await sleep(60);
    const later = Date.now();
    table.host.binfmt.table().register(encodeUtf8(':anyarch-test:E::anyarch-test::/bin/true:'));
    const host: Host = { ...table.host, files: inInitialNamespace(table.host.files) };
    expect(ownTableWarnings(host, before)).toMatchObject([{ kind: 'own-table' }]);
    expect(ownTableWarnings(host, later)).toEqual([]);
    table.host.binfmt.table().control('anyarch-test', '-1');
    expect(ownTableWarnings(host, before)).toEqual([]);
  } finally {
    await table.close();
  }
});

/** Where the tests themselves run in a user namespace, it is not what they are about. */
function inInitialNamespace(files: Host['files']): Host['files'] {
  const read: Host['files']['read'] = (path) =>
    path === '/proc/self/uid_map' ? encodeUtf8('0 0 4294967295\n') : files.read(path);
  return { ...files, read };
}
