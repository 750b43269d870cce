import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeHost } from '../../host/node/node-host.ts';
import { treeBytes } from './tree-bytes.ts';

it('counts what a tree takes, not the holes of its files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-tree-bytes-'));
  try {
    writeFileSync(join(directory, 'whole'), Buffer.alloc(2 ** 20, 1), { flush: true });
    writeFileSync(join(directory, 'sparse'), '');
    truncateSync(join(directory, 'sparse'), 2 ** 30);
    const bytes = treeBytes(nodeHost().files, directory);
    expect(bytes).toBeGreaterThanOrEqual(2 ** 20);
    expect(bytes).toBeLessThan(2 ** 21);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
