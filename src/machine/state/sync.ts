import { open } from 'node:fs/promises';

/** What others have written into a file is on the disk when this returns. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
