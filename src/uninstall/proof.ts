import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { parseHolder } from '../host/lock-holder.ts';
import { SystemError } from '../host/system-error.ts';
import type { Known, Proof } from './known.ts';

const recipeHead = 'anyarch-recipe ';
const setDocument = 'set.json';
const machineRecord = 'machine.json';

type Parts = Pick<Host, 'files'>;

/** Whether what has a name of ours is ours: where others keep files, too, a name alone says little. */
export function isProven({ files }: Parts, path: string, { content, proof }: Known): boolean {
  const [, directory = '', name = ''] = /([^/]*)\/([^/]*)$/.exec(path) ?? [];
  try {
    if (content === 'document') return isDocument(decodeUtf8(files.read(path)));
    if (content === 'lock') return parseHolder(decodeUtf8(files.read(path))) !== undefined;
    const checks: Readonly<Record<Proof, () => boolean>> = {
      name: () => true,
      digest: () => files.sha256(path) === name,
      parentDigest: () => files.sha256(path) === directory,
      recipe: () => decodeUtf8(files.read(path)).startsWith(recipeHead),
      set: () => isDocument(decodeUtf8(files.read(`${path}/${setDocument}`))),
      machine: () => isDocument(decodeUtf8(files.read(`${path}/${machineRecord}`))),
      guest: () => files.sha256(`${path}/bin/busybox`).startsWith(name.slice(0, 16)),
    };
    return proof !== undefined && checks[proof]();
  } catch (error) {
    // What cannot be read proves nothing.
    if (error instanceof SystemError) return false;
    throw error;
  }
}

function isDocument(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null && 'schema' in document;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
