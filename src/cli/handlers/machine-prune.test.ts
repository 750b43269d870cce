import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeHost } from '../../host/node/node-host.ts';
import { layeredQcow2 } from '../../machine/snapshot/testing/layered-qcow2.ts';
import { testContext } from '../testing/test-context.ts';
import { handleMachinePrune } from './machine-prune.ts';

let home: string;
let top: string;
let middle: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'anyarch-home-'));
  for (const place of ['bin', 'machine-layers', 'machines/demo'])
    mkdirSync(join(home, place), { recursive: true });
  writeFileSync(join(home, 'base.qcow2'), '');
  middle = join(home, 'machine-layers/middle.qcow2');
  top = join(home, 'machine-layers/top.qcow2');
  writeFileSync(middle, layeredQcow2(join(home, 'base.qcow2'), 'qcow2'));
  writeFileSync(top, layeredQcow2(middle, 'qcow2'));
  symlinkSync(top, join(home, 'machines/demo/disk.qcow2'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

/** @param rebase what qemu-img does with it, in shell; it says itself to be new enough */
async function prune(rebase: string, isDryRun = false) {
  const script = `#!/bin/sh\n[ "$1" != --version ] || { echo qemu-img version 10.0.13; exit; }\n${rebase}\n`;
  writeFileSync(join(home, 'bin/qemu-img'), script, { mode: 0o755 });
  const environment = { ANYARCH_HOME: home, PATH: join(home, 'bin') };
  return await handleMachinePrune({
    options: isDryRun ? { 'dry-run': true } : {},
    positionals: [],
    context: testContext(nodeHost({ system: { environment, machine: 'x86_64' } })),
  });
}

it('says what would be merged, and at most how much that gives back', async () => {
  const { exitCode, text, document } = await prune('exit 1', true);
  expect(exitCode).toBe(0);
  expect(text).toContain('would merge');
  expect(text).toContain('with the layer below it: at most 0.0 MB less');
  expect(document).toMatchObject({ merged: [{ path: top, layers: [middle], outcome: 'would-merge' }] });
});

it('fails where merging does, and says why and what next', async () => {
  const { exitCode, text, document } = await prune('echo No space left on device >&2; exit 1');
  expect(exitCode).toBe(1);
  expect(text).toMatch(/failed .*no space left.*\[ANYARCH_DISK_FULL\]; next: free some space/);
  expect(document).toMatchObject({
    merged: [{ path: top, outcome: 'failed', error: { code: 'ANYARCH_DISK_FULL' } }],
  });
});

it('fails in part where it has removed something', async () => {
  writeFileSync(join(home, 'machine-layers/lost.qcow2'), layeredQcow2('/nowhere', 'qcow2'));
  expect((await prune('exit 1')).exitCode).toBe(3);
});

it('does not take the word of a qemu-img that has changed nothing', async () => {
  expect((await prune('exit 0')).text).toContain('does not lie over');
});

it('does not fail where another process has a layer open', async () => {
  const { exitCode, text } = await prune('echo Failed to get \\"write\\" lock >&2; exit 1');
  expect(exitCode).toBe(0);
  expect(text).toContain('not merged with the layer below it: another process has it open');
});
