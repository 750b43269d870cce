import { join } from 'node:path';
import { build } from 'tsdown';
import { temporaryDirectory } from '../temporary.ts';

/** A file from beside this one as one JavaScript file, for processes of their own: Node 20 does not run TypeScript. */
export async function bundleChild(name: 'child' | 'exec-loop' = 'child'): Promise<string> {
  const directory = temporaryDirectory('child');
  await build({
    entry: { [name]: join(import.meta.dirname, `${name}.ts`) },
    outDir: directory,
    format: 'esm',
    platform: 'node',
    config: false,
    dts: false,
    clean: false,
    logLevel: 'error',
    outExtensions: () => ({ js: '.mjs' }),
  });
  return join(directory, `${name}.mjs`);
}
