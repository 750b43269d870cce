import { join } from 'node:path';
import { build } from 'tsdown';
import { temporaryDirectory } from '../temporary.ts';

/** `child.ts` as one JavaScript file, for processes of their own: Node 20 does not run TypeScript. */
export async function bundleChild(): Promise<string> {
  const directory = temporaryDirectory('child');
  await build({
    entry: { child: join(import.meta.dirname, 'child.ts') },
    outDir: directory,
    format: 'esm',
    platform: 'node',
    config: false,
    dts: false,
    clean: false,
    logLevel: 'error',
    outExtensions: () => ({ js: '.mjs' }),
  });
  return join(directory, 'child.mjs');
}
