import { expect, it } from 'vitest';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeHost } from '../../host/node/node-host.ts';
import { nativePrograms } from './native-programs.ts';

it('knows native programs that exist, and no others', () => {
  const tree = fs.mkdtempSync(join(tmpdir(), 'anyarch-tree-'));
  try {
    fs.mkdirSync(join(tree, 'abc234/bin/gcc-14'), { recursive: true });
    for (const program of ['cc1', 'gcc-14/cc1', 'more'])
      fs.writeFileSync(join(tree, 'abc234/bin', program), '');
    for (const program of ['cc1', 'gcc-14/cc1']) fs.chmodSync(join(tree, 'abc234/bin', program), 0o755);
    fs.writeFileSync(join(tree, 'abc234/ld'), '', { mode: 0o755 });
    fs.symlinkSync('cc1', join(tree, 'abc234/bin/link'));
    const isNative = nativePrograms(nodeHost(), tree);
    for (const program of ['cc1', 'cc1', 'gcc-14/cc1'])
      expect(isNative(`/dev/.anyarch/abc234/bin/${program}`)).toBe(true);
    for (const program of [
      'abc234/bin/evil',
      'abc234/bin/more',
      'abc234/bin/link',
      'abc234/bin/gcc-14',
      'abc234/bin',
      'abc234/ld',
      'abc235/bin/cc1',
      'abc234/bin/../bin/cc1',
      'abc234/bin/./cc1',
      'abc234/bin//cc1',
      'abc234/bin/cc1/x',
      `abc234/bin/${'x'.repeat(400)}`,
      'abc234/bin/x\0',
    ])
      expect(isNative(`/dev/.anyarch/${program}`)).toBe(false);
  } finally {
    fs.rmSync(tree, { recursive: true });
  }
});
