import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import type { ListenAddress } from './listen-address.ts';
import { serveMetrics } from './metrics-server.ts';

const directory = mkdtempSync(join(tmpdir(), 'metrics-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function failure(address: ListenAddress): Promise<AnyarchError> {
  const error: unknown = await serveMetrics(address, () => ({ metrics: '', isAlive: true })).catch(
    (reason: unknown) => reason,
  );
  if (error instanceof AnyarchError) return error;
  throw new Error('it listens');
}

it('says why it cannot listen, as the system names it', async () => {
  expect((await failure({ path: `${directory}/missing/socket` })).message).toBe(
    `cannot listen on ${directory}/missing/socket (there is no directory ${directory}/missing)`,
  );
  // RFC 6761: no resolver may find anything below it.
  expect((await failure({ host: 'name.invalid', port: 9797 })).message).toMatch(/\((ENOTFOUND|EAI_AGAIN)\)$/);
  writeFileSync(`${directory}/file`, '');
  expect(await failure({ path: `${directory}/file` })).toMatchObject({
    code: 'ANYARCH_LISTEN',
    message: `cannot listen on ${directory}/file (EADDRINUSE)`,
  });
});
