import { fileURLToPath } from 'node:url';
import type { ChildOptions } from './mirror-child.ts';
import type { Mirror } from './mirror.ts';

const typescript = fileURLToPath(new URL('./mirror-typescript.mjs', import.meta.url));
const program = fileURLToPath(new URL('./mirror-child.ts', import.meta.url));

/** The command of a process that fetches from a mirror, to be interrupted or put into namespaces. */
export function fetchingCommand(
  mirror: Mirror,
  options: Omit<ChildOptions, 'mirror' | 'keyring'>,
): [string, ...string[]] {
  const all: ChildOptions = {
    ...options,
    mirror: mirror.url,
    keyring: Buffer.from(mirror.keyring).toString('base64'),
  };
  return [process.execPath, '--import', typescript, program, JSON.stringify(all)];
}
