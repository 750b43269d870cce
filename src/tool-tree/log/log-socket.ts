import * as fs from 'node:fs';
import { once } from 'node:events';
import type { Server } from 'node:net';
import { basename, dirname } from 'node:path';
import { fileFailure } from '../../host/file-failure.ts';
import { isTemporaryOf, temporaryName } from '../../host/temporary-name.ts';

/** Everybody may tell, as containers' users are anybody; nobody but the process that listens hears it. */
const mode = 0o666;

/** Bytes of a socket's name, less the end of the string (`sun_path`, unix(7)). */
const longestName = 107;

/**
 * Has the server listen at the path. It is there at once with its mode, in the place of what a listener left that was killed:
 * only one process at a time may do this, and removes what half-made sockets it finds.
 *
 * @param path in a directory that nobody else writes to
 * @returns what removes it again
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_PERMISSION, ANYARCH_DISK_FULL
 */
export async function listenAt(server: Server, path: string, backlog: number): Promise<() => void> {
  const temporary = temporaryName(path, process.pid);
  try {
    removeLeftovers(path);
    await listen(server, temporary, backlog);
    fs.chmodSync(temporary, mode);
    const { ino } = fs.lstatSync(temporary);
    fs.renameSync(temporary, path);
    return () => {
      if (fs.lstatSync(path, { throwIfNoEntry: false })?.ino === ino) fs.rmSync(path, { force: true });
    };
  } catch (error) {
    server.close();
    fs.rmSync(temporary, { force: true });
    throw fileFailure(error, path);
  }
}

function removeLeftovers(path: string): void {
  for (const name of fs.readdirSync(dirname(path)))
    if (isTemporaryOf(basename(path), name)) fs.rmSync(`${dirname(path)}/${name}`, { force: true });
}

/** State directories may be deeper than a socket's name may be long. */
async function listen(server: Server, path: string, backlog: number): Promise<void> {
  if (Buffer.byteLength(path) <= longestName) {
    await once(server.listen({ path, backlog }), 'listening');
    return;
  }
  const directory = fs.openSync(dirname(path), fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    const short = `/proc/self/fd/${directory}/${basename(path)}`;
    await once(server.listen({ path: short, backlog }), 'listening');
  } finally {
    fs.closeSync(directory);
  }
}
