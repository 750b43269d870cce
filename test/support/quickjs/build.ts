import { join } from 'node:path';
import { succeed } from '../command.ts';
import { repository } from '../fixtures/cache.ts';

/** Builds programs of the image's kind with another script; without a platform for all of them. */
export async function buildPrograms(entry: string, directory: string, platform?: string): Promise<void> {
  const script = join(repository, 'scripts/build-entrypoint.mjs');
  const chosen = platform === undefined ? [] : ['--platform', platform];
  const options = [...chosen, '--entry', entry, '--output', directory];
  await succeed([process.execPath, script, ...options], { timeoutMs: 600_000 });
}

/** Builds one for this machine; gives its path. */
export async function buildNativeProgram(entry: string, directory: string): Promise<string> {
  await buildPrograms(entry, directory, 'native');
  return join(directory, 'native/anyarch');
}
