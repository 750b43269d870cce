import { join } from 'node:path';
import { succeed } from '../command.ts';

/** Makes the guest of guest.c in the directory. */
export async function buildGuest(directory: string): Promise<string> {
  const path = join(directory, 'guest');
  const flags = ['-static', '-nostdlib', '-ffreestanding', '-fno-stack-protector', '-O1', '-g', '-o', path];
  await succeed(['aarch64-linux-gnu-gcc', ...flags, join(import.meta.dirname, 'guest.c')]);
  return path;
}
