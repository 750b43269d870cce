import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { withGuest } from '../readiness/testing/with-guest.ts';
import type { MachineRecord } from '../record.ts';
import { openForwards, type EnginePatience } from './forwards.ts';

const record = {
  id: '1',
  name: 'demo',
  definition: 'arm64',
  access: { user: 'me', key: '/k' },
  forwards: [],
  engine: 'podman',
} as unknown as MachineRecord;

let sockets: string;
let host: ReturnType<typeof fakeHost>;

beforeEach(() => {
  sockets = mkdtempSync(join(tmpdir(), 'anyarch-forwards-'));
  host = { ...fakeHost(), files: nodeFiles } as unknown as typeof host;
});

afterEach(() => {
  rmSync(sockets, { recursive: true });
});

async function open(patience: EnginePatience): Promise<void> {
  await openForwards(host, { record, places: { ssh: '/s' } }, { sshPort: 1, sockets }, patience);
}

it.each([
  ['fails', 'echo broken >&2; exit 1', 'broken'],
  ['is not installed', 'exit 69', 'podman is not installed'],
])('warns only about an engine that %s: the guest is of use without it', async (_, script, message) => {
  await withGuest(script, async () => {
    await open('whole');
  });
  expect(JSON.stringify(host.log)).toContain(message);
  // Tried again the next time.
  expect(nodeFiles.list(sockets)).toEqual([]);
});

describe('an engine that hangs', () => {
  const asked = (): number => readFileSync(join(sockets, 'asked'), 'utf8').length;
  const hanging = async (action: () => Promise<void>): Promise<void> => {
    writeFileSync(join(sockets, 'asked'), '');
    await withGuest(`printf x >>${sockets}/asked; exec sleep 100`, action);
  };

  it('holds up nobody for long who wants only to get in, and is asked again later', async () => {
    const startedMs = Date.now();
    await hanging(async () => {
      await open('short');
      expect(JSON.stringify(host.log)).toContain('does not listen yet');
      for (let times = 0; times < 5; times += 1) await open('short');
      expect(asked()).toBe(1);
      host.clock.advance(61_000);
      await open('short');
      expect(asked()).toBe(2);
    });
    expect(Date.now() - startedMs).toBeLessThan(60_000);
  }, 90_000);

  it('is told to listen at once by who waits for it', async () => {
    await hanging(async () => {
      await open('short');
    });
    await withGuest(`printf x >>${sockets}/asked`, async () => {
      await open('whole');
      expect(asked()).toBe(2);
      await open('whole');
      expect(asked()).toBe(2);
    });
  }, 60_000);
});
