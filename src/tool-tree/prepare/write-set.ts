import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { fileFailure } from '../../host/file-failure.ts';
import { syncDirectory, writeDurably } from '../../host/node/durable-writing.ts';
import type { SetFile } from '../make-set.ts';
import {
  encodeDocument,
  setDocumentName,
  type SetDocument,
  type StoredFileOfSet,
} from '../store/set-document.ts';

/** Writes a set below a directory that is renamed to its place later: every file is on the disk before. */
export interface SetWriter {
  write(file: SetFile): void;
  /** What was written so far. */
  files(): readonly StoredFileOfSet[];
  finish(document: SetDocument): void;
}

/** @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE, from every function */
export function setWriter(directory: string): SetWriter {
  const written: StoredFileOfSet[] = [];
  const directories = new Set<string>();
  const put = (path: string, content: Uint8Array, executable: boolean) => {
    const place = `${directory}/${path}`;
    try {
      makeDirectories(directory, dirname(path), directories);
      writeDurably(place, content, executable ? 0o755 : 0o644);
    } catch (error) {
      throw fileFailure(error, place);
    }
  };
  return {
    write: ({ path, content, executable }) => {
      put(path, content, executable);
      const sha256 = createHash('sha256').update(content).digest('hex');
      written.push({ path, size: content.length, sha256, executable });
    },
    files: () => written,
    finish: (document) => {
      put(setDocumentName, encodeDocument(document), false);
      for (const one of directories) syncDirectory(one);
    },
  };
}

/** The umask takes bits away from what mkdir(2) gets. */
function makeDirectories(root: string, below: string, made: Set<string>): void {
  const parts = below === '.' ? [] : below.split('/');
  for (let count = 0; count <= parts.length; count += 1) {
    const place = [root, ...parts.slice(0, count)].join('/');
    if (made.has(place)) continue;
    fs.mkdirSync(place, { recursive: true });
    fs.chmodSync(place, 0o755);
    made.add(place);
  }
}
