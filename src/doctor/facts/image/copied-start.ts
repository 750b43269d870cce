import type { Host } from '../../../host/host.ts';
import { SystemError } from '../../../host/system-error.ts';
import { askEngine } from '../engines/ask-engine.ts';
import { firstFileIn } from './first-file-in.ts';
import { makeWorkDirectory } from './work-directory.ts';
import type { EngineImage } from './engine-image.ts';

/** How a program of the image begins. */
export type CopiedStart =
  | { readonly kind: 'read'; readonly start: Uint8Array }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Bytes of the archive that are taken: the extended headers before a file are seldom longer than one block. */
const mostBytes = 16_384;

/** Seconds; the copying is ended by itself, since a shell that is killed leaves it behind. */
const patience = 5;

/**
 * The archive of the file `$0`, as far as it is needed, from the engine's command: programs of gigabytes are not copied whole. It goes to a
 * file, because what our runner gets is text.
 */
const script = `timeout -s KILL ${patience} "$@" | head -c ${mostBytes} > "$0"`;

/** The first bytes of a file in a container, links followed inside of it. */
export function copyStart(host: Host, { engine }: EngineImage, container: string, path: string): CopiedStart {
  const directory = makeWorkDirectory(host);
  const archive = `${directory}/archive`;
  try {
    const words = engine.name === 'docker' ? ['cp', '--follow-link'] : ['cp'];
    const copy = [engine.path, ...words, `${container}:${path}`, '-'];
    const answer = askEngine(host, ['sh', '-c', script, archive, ...copy], { timeoutMs: 2000 * patience });
    if ('why' in answer) return { kind: 'unknown', reason: answer.reason };
    const bytes = readAll(host, archive);
    const start = firstFileIn(bytes);
    if (start !== undefined) return { kind: 'read', start };
    const said = answer.said.trim();
    // What is there and is no file is a directory or a device.
    if (bytes.length > 0 || saysAbsent(said)) return { kind: 'absent' };
    const why = said === '' ? `the engine gives nothing of it within ${patience} s` : said;
    return { kind: 'unknown', reason: `${path} cannot be read: ${why}` };
  } finally {
    for (const name of host.files.list(directory)) host.files.remove(`${directory}/${name}`);
    host.files.removeDirectory(directory);
  }
}

/** Words of docker before and since 23, and of podman. */
function saysAbsent(said: string): boolean {
  return /no such container:path|could not find the file|could not be found on container|no such file/i.test(
    said,
  );
}

function readAll({ files }: Pick<Host, 'files'>, path: string): Uint8Array {
  try {
    return files.read(path);
  } catch (error) {
    // The shell did not come so far as to make it.
    if (error instanceof SystemError) return new Uint8Array();
    throw error;
  }
}
