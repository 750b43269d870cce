import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/command.ts';
import { fetchingCommand } from '../support/mirror-process.ts';
import { backports, qemuPackage } from '../support/mirror-suites.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';

const targets = ['aarch64', 'arm'];
let mirror: Mirror;
let directory: string;

beforeEach(async () => {
  mirror = await startMirror();
  directory = mkdtempSync(join(tmpdir(), 'anyarch-full-'));
  const one = await qemuPackage({ ...backports, targets, padding: 2_000_000 });
  await mirror.addSuite({ suite: 'trixie-backports', packages: [one] });
});
afterEach(async () => {
  await mirror.close();
  rmSync(directory, { recursive: true });
});

interface Result {
  readonly outcomes: readonly string[];
  /** Files in the state directory. */
  readonly left: readonly string[];
}

/** Fetches into a tmpfs of a mount namespace that only the fetching process is in. */
async function fetchInto(tmpfsKiB: number): Promise<Result> {
  const home = join(directory, 'home');
  mkdirSync(home);
  const command = fetchingCommand(mirror, { home, targets, tmpfsKiB });
  const { stdout, stderr } = await run(['unshare', '--user', '--map-root-user', '--mount', ...command]);
  const last = stdout.trim().split('\n').at(-1);
  if (last?.startsWith('{') !== true) throw new Error(`the child printed no result: ${stderr}`);
  return JSON.parse(last) as Result;
}

describe('fetching to a full disk', () => {
  it('works where there is room', async () => {
    const { outcomes, left } = await fetchInto(16_000);
    expect(outcomes).toEqual(['fetched', 'fetched']);
    expect(left.filter((path) => path.includes('/store/'))).toHaveLength(2);
  });

  it('leaves nothing of a package that does not fit', async () => {
    const { outcomes, left } = await fetchInto(3_000);
    expect(outcomes).toEqual(['ANYARCH_DISK_FULL']);
    // The index, which did fit.
    expect(left.map((path) => path.replace(/[0-9a-f]{64}$/, 'DIGEST'))).toEqual([
      `${directory}/home/cache/sha256/DIGEST`,
    ]);
  });

  it('keeps what it has stored and nothing of what does not fit', async () => {
    const { outcomes, left } = await fetchInto(7_000);
    expect(outcomes).toEqual(['fetched', 'ANYARCH_DISK_FULL']);
    expect(left.filter((path) => path.includes('/store/temporary/'))).toEqual([]);
    expect(left.filter((path) => path.includes('/store/sha256/'))).toEqual([
      expect.stringMatching(/qemu-aarch64$/),
    ]);
  });
});
