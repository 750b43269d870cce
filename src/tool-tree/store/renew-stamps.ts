import type { Host } from '../../host/host.ts';
import type { Files } from '../../host/files.ts';
import { toolTreeDirectory } from '../places.ts';
import { readPairings } from './pairing.ts';
import { readSetDocument, type SetDocument } from './set-document.ts';
import { isStamped, stampSet } from './stamps.ts';

/** Sets in use whose files are not those that were last verified: copied, restored, touched, or damaged. */
export function staleSets(files: Pick<Files, 'read' | 'list'>, state: string): SetDocument[] {
  const sets = new Set(readPairings(files, state).map(({ set }) => set));
  return [...sets].flatMap((set) => {
    const document = readSetDocument(files, `${toolTreeDirectory(state)}/${set}`);
    return document?.id === set && !isStamped(files, state, document) ? [document] : [];
  });
}

/** Verifies them: those that are right can be used again once recipes are written. Only with the lock. */
export function renewStamps(host: Pick<Host, 'files'>, state: string): void {
  for (const document of staleSets(host.files, state)) stampSet(host, state, document);
}
