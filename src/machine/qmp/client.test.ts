import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectQmp } from './client.ts';
import { startFakeQemu, type FakeQemu } from './testing/fake-qemu.ts';

let directory: string;
let fake: FakeQemu | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-qmp-'));
});

afterEach(async () => {
  await fake?.stop();
  fake = undefined;
  rmSync(directory, { recursive: true });
});

/** @returns the socket's path */
async function qemu(...how: Parameters<typeof startFakeQemu> extends [string, ...infer Rest] ? Rest : never) {
  const path = join(directory, 'qmp');
  fake = await startFakeQemu(path, ...how);
  return path;
}

describe('the connection to QEMU', () => {
  it('asks and gets answers, each its own', async () => {
    const path = await qemu((command, words) => ({ return: { command, words } }));
    const qmp = await connectQmp(path);
    expect(qmp.version).toBe('10.0.1');
    const [first, second] = await Promise.all([qmp.execute('a'), qmp.execute('b', { one: 1 })]);
    expect(first).toEqual({ command: 'a' });
    expect(second).toEqual({ command: 'b', words: { one: 1 } });
    qmp.close();
    await qmp.closed;
  });

  it('tells a refusal with its class', async () => {
    const path = await qemu(() => ({ error: { class: 'CommandNotFound', desc: 'what?' } }));
    const qmp = await connectQmp(path);
    await expect(qmp.execute('a')).rejects.toMatchObject({
      code: 'ANYARCH_MACHINE_FAILED',
      details: { class: 'CommandNotFound', command: 'a' },
    });
    qmp.close();
  });

  it('hears events, and none after the end', async () => {
    const path = await qemu((_, __, socket) => {
      setTimeout(() => socket.end('{"event": "STOP"}\n{"event": "SHUTDOWN", "data": {"guest": true}}\n'), 5);
      return { return: {} };
    });
    const qmp = await connectQmp(path);
    const waiting = qmp.waitForEvent('SHUTDOWN', { timeoutMs: 5_000 });
    await qmp.execute('system_powerdown');
    expect(await waiting).toEqual({ kind: 'event', name: 'SHUTDOWN', data: { guest: true } });
    await qmp.closed;
    expect(await qmp.waitForEvent('SHUTDOWN', { timeoutMs: 5_000 })).toBeUndefined();
    await expect(qmp.execute('stop')).rejects.toMatchObject({ code: 'ANYARCH_MACHINE_FAILED' });
  });

  it('ends what waits for an answer when QEMU goes away', async () => {
    const path = await qemu((_, __, socket) => void socket.destroy());
    const qmp = await connectQmp(path);
    await expect(qmp.execute('quit')).rejects.toMatchObject({ code: 'ANYARCH_MACHINE_FAILED' });
  });

  it('does not wait for ever for an answer', async () => {
    const path = await qemu(() => undefined);
    const qmp = await connectQmp(path);
    await expect(qmp.execute('a', undefined, { timeoutMs: 20 })).rejects.toThrow(
      /did not answer to a in time/,
    );
    qmp.close();
  });

  it('does not take anything else for QEMU', async () => {
    const path = await qemu(() => undefined, 'SSH-2.0-OpenSSH_9.2\r\n');
    await expect(connectQmp(path)).rejects.toThrow(/not QEMU/);
  });

  it('gives up where nobody greets, and where nobody is', async () => {
    const path = await qemu(() => undefined, '');
    await expect(connectQmp(path, { timeoutMs: 20 })).rejects.toThrow(/busy/);
    await expect(connectQmp(join(directory, 'none'))).rejects.toMatchObject({
      code: 'ANYARCH_MACHINE_FAILED',
    });
  });
});
