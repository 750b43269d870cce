import { join } from 'node:path';
import { succeed } from '../command.ts';
import { repository } from '../fixtures/cache.ts';

/** Builds a program of the image's kind, with another script, for this machine; gives its path. */
export async function buildNativeProgram(entry: string, directory: string): Promise<string> {
  const script = join(repository, 'scripts/build-entrypoint.mjs');
  const options = ['--platform', 'native', '--entry', entry, '--output', directory];
  await succeed([process.execPath, script, ...options], { timeoutMs: 300_000 });
  return join(directory, 'native/anyarch');
}
