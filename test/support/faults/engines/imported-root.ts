import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxRoot } from '../../fixtures/busybox.ts';
import type { Guest } from '../../fixtures/guests.ts';
import type { Laboratory } from '../laboratory.ts';
import { must } from './engine-place.ts';

/** By `docker import --platform`, which Docker 20.10 does not heed. */
export async function importedRoot(laboratory: Laboratory, guest: Guest, name: string): Promise<void> {
  const archive = await archiveOf(laboratory, guest);
  await must(laboratory, 'docker', 'import', '--platform', guest.platform, archive, name);
}

/** As the doctor's first remedy says: from the same files, with a Dockerfile that begins with nothing. */
export async function rebuiltRoot(laboratory: Laboratory, guest: Guest, name: string): Promise<void> {
  await archiveOf(laboratory, guest);
  writeFileSync(join(laboratory.directory, 'Dockerfile'), 'FROM scratch\nADD root.tar /\n');
  await must(laboratory, 'docker', 'build', '--platform', guest.platform, '-t', name, laboratory.directory);
}

async function archiveOf(laboratory: Laboratory, guest: Guest): Promise<string> {
  const archive = join(laboratory.directory, 'root.tar');
  await must(laboratory, 'tar', '-C', await busyboxRoot(guest), '-cf', archive, '.');
  return archive;
}
