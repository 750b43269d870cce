import { resolve } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { formatImageName, parseImageName } from './image-name.ts';
import { surroundingsOf } from './surroundings.ts';

/** What `askEngine` appends to the name that an engine's image has there. */
const engineDigest = /^((?:containers-storage|docker-daemon):.+)@sha256:[0-9a-f]{64}$/;

/**
 * Those references of the store that a text may mean: a reference as it is given to `anyarch run --image`, or as it is in
 * the store. None where it is something else, such as the beginning of a digest.
 *
 * @param directory what relative paths are relative to
 */
export function storedReferences(
  host: Pick<Host, 'files'>,
  references: readonly string[],
  text: string,
  directory: string,
): string[] {
  // A layout that is gone by now is no path any more for `parseImageName`.
  const spelled = [text, resolve(directory, text), spelledAsStored(host, text, directory)];
  return references.filter((one) => spelled.includes(one) || spelled.includes(withoutEngineDigest(one)));
}

/** The name of an engine's image as its user writes it; every other reference as it is. */
export function withoutEngineDigest(reference: string): string {
  return engineDigest.exec(reference)?.[1] ?? reference;
}

function spelledAsStored(host: Pick<Host, 'files'>, text: string, directory: string): string | undefined {
  try {
    return formatImageName(parseImageName(text, surroundingsOf(host, directory)));
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_REFERENCE_INVALID') return undefined;
    throw error;
  }
}
