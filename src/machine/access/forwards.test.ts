import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { withGuest } from '../readiness/testing/with-guest.ts';
import type { MachineRecord } from '../record.ts';
import { openForwards } from './forwards.ts';

it.each([
  ['fails', 'echo broken >&2; exit 1', 'broken'],
  ['is not installed', 'exit 69', 'podman is not installed'],
])('warns only about an engine that %s: the guest is of use without it', async (_, script, message) => {
  const sockets = mkdtempSync(join(tmpdir(), 'anyarch-forwards-'));
  const host = { ...fakeHost(), files: nodeFiles };
  const record = {
    id: '1',
    name: 'demo',
    definition: 'arm64',
    access: { user: 'me', key: '/k' },
    forwards: [],
    engine: 'podman',
  } as unknown as MachineRecord;
  try {
    await withGuest(script, async () => {
      await openForwards(host, { record, places: { ssh: '/s' } }, { sshPort: 1, sockets, start: 'cold' });
    });
    expect(JSON.stringify(host.log)).toContain(message);
    // Tried again the next time.
    expect(nodeFiles.list(sockets)).toEqual([]);
  } finally {
    rmSync(sockets, { recursive: true });
  }
});
