import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mirrorHost } from '../../../test/support/mirror-host.ts';
import { startMirror, type Mirror } from '../../../test/support/mirror.ts';
import { findDefinition } from '../definition/table.ts';
import { mirrorWith } from './mirror-with.ts';

let mirror: Mirror;
let home: string;

beforeEach(async () => {
  mirror = await startMirror();
  home = mkdtempSync(join(tmpdir(), 'anyarch-mirror-with-'));
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
});

const hour = 3_600_000;

/** What comes of asking for a suite, and what was said meanwhile. */
async function ask(suite: string, machine: string, options: { allowExpired?: boolean } = {}) {
  const host = mirrorHost(home);
  const definition = findDefinition(machine);
  const { architecture } = definition.kernel;
  const found = await mirrorWith(
    host,
    { suite, architecture, definition },
    { mirror: mirror.url, keyrings: [mirror.keyring], ...options },
  );
  return { found, warnings: host.log.messages.filter(({ level }) => level === 'warn') };
}

describe('mirrorWith', () => {
  it('is silent about a suite that is as it should be', async () => {
    await mirror.addSuite({ suite: 'bookworm', packages: [], architectures: ['mipsel'] });
    expect(await ask('bookworm', 'mipsel')).toEqual({ found: mirror.url, warnings: [] });
  });

  it('refuses lists past their date, names the option, and says so when it is given', async () => {
    const date = new Date(Date.now() - 2 * hour);
    const validUntil = new Date(Date.now() - hour);
    await mirror.addSuite({ suite: 'forky', packages: [], architectures: ['loong64'], date, validUntil });
    await expect(ask('forky', 'loong64')).rejects.toMatchObject({
      code: 'ANYARCH_RELEASE_EXPIRED',
      hint: expect.stringContaining('--allow-expired') as string,
    });
    const { found, warnings } = await ask('forky', 'loong64', { allowExpired: true });
    expect(found).toBe(mirror.url);
    expect(warnings).toMatchObject([
      { message: expect.stringContaining(validUntil.toUTCString()) as string },
    ]);
  });

  it('names the suite that has the architecture, and why it is that one', async () => {
    await mirror.addSuite({ suite: 'trixie', packages: [], architectures: ['arm64', 'riscv64'] });
    await expect(ask('trixie', 'mips64el')).rejects.toMatchObject({
      code: 'ANYARCH_PACKAGE_NOT_FOUND',
      hint: '--image debian takes bookworm: Debian 12 is the last release with this architecture',
    });
    await expect(ask('trixie', 's390x')).rejects.toMatchObject({
      code: 'ANYARCH_PACKAGE_NOT_FOUND',
      hint: expect.stringContaining('--mirror') as string,
    });
  });
});
