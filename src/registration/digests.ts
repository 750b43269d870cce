import { isRecord, parseJson } from '../core/json.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { systemStateDirectory } from '../host/state-directory.ts';
import { SystemError } from '../host/system-error.ts';
import type { Fingerprint } from './ledger-document.ts';
import { fingerprintOf, sameFingerprint } from './pinned.ts';

/** SHA-256 of files that are too large to hash whenever somebody looks: 15 MB for each emulator. */
export interface Digests {
  /** Lower-case hexadecimal; undefined where no file can be read. */
  of(path: string): string | undefined;
  /** Keeps what was hashed for the next command. A cache: where it cannot be written, nothing is lost but time. */
  save(): void;
}

type Parts = Pick<Host, 'files'>;

interface KnownDigest extends Fingerprint {
  readonly sha256: string;
}

/** A file is hashed again when it is another one, or has another size or time than when it was hashed. */
export function openDigests(host: Parts, state: string): Digests {
  const own = readDigests(host, state);
  const shared = state === systemStateDirectory ? own : readDigests(host, systemStateDirectory);
  let hasNew = false;
  return {
    of: (path) => {
      const now = fingerprintOf(host, path);
      if (now === undefined) return undefined;
      const known = [own.get(path), shared.get(path)].find(
        (one) => one !== undefined && sameFingerprint(one, now),
      );
      if (known !== undefined) return known.sha256;
      const sha256 = attempt(() => host.files.sha256(path));
      const after = fingerprintOf(host, path);
      if (sha256 === undefined || after === undefined || !sameFingerprint(now, after)) return sha256;
      own.set(path, { ...now, sha256 });
      hasNew = true;
      return sha256;
    },
    save: () => {
      if (hasNew) writeDigests(host, state, own);
    },
  };
}

function pathIn(state: string): string {
  return `${state}/digests.json`;
}

/** What is damaged or of another version tells nothing. */
function readDigests({ files }: Parts, state: string): Map<string, KnownDigest> {
  const bytes = attempt(() => files.read(pathIn(state)));
  const document = bytes === undefined ? undefined : parseJson(decodeUtf8(bytes));
  if (!isRecord(document) || document['schema'] !== 1 || !isRecord(document['files'])) return new Map();
  return new Map(
    Object.entries(document['files']).filter((entry): entry is [string, KnownDigest] => isKnown(entry[1])),
  );
}

function writeDigests(host: Parts, state: string, digests: ReadonlyMap<string, KnownDigest>): void {
  // What has been replaced or removed since would only make the file grow.
  const current = [...digests].filter(([path, digest]) => {
    const now = fingerprintOf(host, path);
    return now !== undefined && sameFingerprint(digest, now);
  });
  const document = { schema: 1, files: Object.fromEntries(current) };
  attempt(() => {
    host.files.makeDirectory(state, 0o755);
    host.files.writeAtomic(pathIn(state), encodeUtf8(`${JSON.stringify(document)}\n`), 0o644);
  });
}

/** For a cache: whatever fails, a damaged disk too, tells nothing and stops nobody. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function isKnown(value: unknown): value is KnownDigest {
  if (!isRecord(value)) return false;
  const { inode, size, modifiedMs, sha256 } = value;
  const numbers = [inode, size, modifiedMs].every((one) => typeof one === 'number');
  return numbers && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}
