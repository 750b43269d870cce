import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mirrorHost } from '../support/mirror-host.ts';
import { fetchingCommand } from '../support/mirror-process.ts';
import { backports, qemuPackage } from '../support/mirror-suites.ts';
import { startMirror, type Mirror, type MirrorPackage } from '../support/mirror.ts';
import { readCatalogue } from '../../src/emulators/catalogue.ts';
import { fetchEmulators, verifyEmulators } from '../../src/emulators/index.ts';

const targets = ['aarch64', 'arm', 'ppc64le', 'riscv64', 's390x'];
let mirror: Mirror;
let home: string;
let one: MirrorPackage;

beforeAll(async () => {
  one = await qemuPackage({ ...backports, targets, padding: 1_500_000 });
});
beforeEach(async () => {
  mirror = await startMirror();
  home = mkdtempSync(join(tmpdir(), 'anyarch-killed-'));
  await mirror.addSuite({ suite: 'trixie-backports', packages: [one] });
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
});

describe('a fetch that is killed', () => {
  it('in the middle of a download lets the next one go on there', async () => {
    mirror.fail('pool/', { stallAfter: 4_000_000 });
    const child = startChild();
    await reached(child, /^download 3\d{6}$/m);
    child.kill('SIGKILL');
    await ended(child);
    mirror.heal();
    mirror.requests.length = 0;
    await fetchEmulators(mirrorHost(home), { targets, mirror: mirror.url, keyrings: [mirror.keyring] });
    expect(mirror.requests.filter((request) => request.includes('pool/'))).toEqual([
      expect.stringMatching(/ bytes=[34]\d{6}-$/),
    ]);
    expect(readdirSync(join(home, 'cache/sha256')).filter((name) => name.includes('.part'))).toEqual([]);
    await expectSound(targets.length);
  });

  // A line of progress stands for a moment; what comes next is a matter of chance.
  it.each([
    /^download 0$/m,
    /^download 7\d{6}$/m,
    /^unpack 2\d{6}$/m,
    /^unpack 5\d{6}$/m,
    /^unpack 7\d{6}$/m,
  ])('at %s leaves nothing that the next one minds', async (moment) => {
    const child = startChild();
    await reached(child, moment);
    child.kill('SIGKILL');
    await ended(child);
    await expectSound();
    const report = await fetchEmulators(mirrorHost(home), {
      targets,
      mirror: mirror.url,
      keyrings: [mirror.keyring],
    });
    expect(report.results.map(({ outcome }) => outcome)).not.toContain('failed');
    await expectSound(targets.length);
  });

  it('by SIGINT stops with what it has, in order', async () => {
    mirror.fail('pool/', { stallAfter: 4_000_000 });
    const child = startChild();
    await reached(child, /^download 3\d{6}$/m);
    child.kill('SIGINT');
    expect(await ended(child)).toContain('ANYARCH_CANCELLED');
    expect(readdirSync(join(home, 'cache/sha256')).filter((name) => name.includes('.part.'))).toEqual([]);
    await expectSound();
  });
});

describe('two processes that fetch at once', () => {
  it('both succeed', async () => {
    const children = [startChild(), startChild()];
    for (const output of await Promise.all(children.map(ended)))
      expect(output).toMatch(/"outcomes":\["(fetched|present)"/);
    await expectSound(targets.length);
    expect(readdirSync(join(home, 'cache/sha256')).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

/** What the catalogue names is intact; without a count, it names nothing or all. */
async function expectSound(count?: number): Promise<void> {
  const verified = await verifyEmulators(mirrorHost(home));
  expect(verified.filter(({ outcome }) => outcome !== 'intact')).toEqual([]);
  if (count === undefined) return;
  expect(Object.keys(readCatalogue(mirrorHost(home).files, home).emulators)).toHaveLength(count);
  expect(existsSync(join(home, 'store/temporary')) ? readdirSync(join(home, 'store/temporary')) : []).toEqual(
    [],
  );
}

function startChild(): ChildProcess {
  const [node, ...args] = fetchingCommand(mirror, { home, targets });
  return spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The child has printed such a line. */
async function reached(child: ChildProcess, line: RegExp): Promise<void> {
  let output = '';
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += String(chunk);
    if (line.test(output)) return;
  }
  throw new Error(`the child ended before ${line.source}: ${output}`);
}

/** What it has printed since the last look. */
async function ended(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdout?.resume();
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}
