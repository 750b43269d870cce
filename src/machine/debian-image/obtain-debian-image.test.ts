import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nodeHost } from '../../host/node/node-host.ts';
import { findDefinition } from '../definition/table.ts';
import { obtainDebianImage } from './obtain-debian-image.ts';

it('says which image is not there yet, where none may be made: each machine has its own', async () => {
  const home = mkdtempSync(join(tmpdir(), 'anyarch-debian-image-'));
  onTestFinished(() => {
    rmSync(home, { recursive: true });
  });
  const node = nodeHost();
  const host = { ...node, system: { ...node.system, environment: { ANYARCH_HOME: home } } };
  for (const name of ['raspi3b', 'arm64'])
    await expect(obtainDebianImage(host, findDefinition(name), { noFetch: true })).rejects.toMatchObject({
      code: 'ANYARCH_MACHINE_NOT_FOUND',
      details: { image: expect.stringMatching(`^debian-trixie-${name}-`) as string },
    });
});
