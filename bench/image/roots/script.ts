import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the predecessors' images have QEMU's script. */
export const scriptPath = '/qemu-binfmt-conf.sh';

/** @returns the root */
export function withScript(root: string, script: string): string {
  const path = join(root, scriptPath);
  copyFileSync(script, path);
  chmodSync(path, 0o755);
  return root;
}
