import { AnyarchError } from '../core/error.ts';
import { isRecord } from '../core/json.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { features, type Feature, type Identity } from './wanted.ts';

/** A file of ours outside of the state directory. */
export interface RecordedFile {
  readonly path: string;
  readonly feature: Feature;
  /** Every content of it that is ours: two while it is being replaced, as a killed command may leave either. */
  readonly ours: readonly Identity[];
}

/** `installed.json`: written before files are, and again afterwards. */
export interface Manifest {
  readonly schema: 1;
  readonly files: readonly RecordedFile[];
  /** Directories that had to be made, for removal once they are empty. */
  readonly directories: readonly string[];
}

const empty: Manifest = { schema: 1, files: [], directories: [] };

type Parts = Pick<Host, 'files'>;

function manifestPath(state: string): string {
  return `${state}/installed.json`;
}

/** @throws AnyarchError ANYARCH_STATE_INVALID; the file stays as it is */
export function readManifest({ files }: Parts, state: string): Manifest {
  const path = manifestPath(state);
  const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  return bytes === undefined ? empty : parseManifest(path, decodeUtf8(bytes));
}

/** @throws SystemError */
export function writeManifest({ files }: Parts, state: string, manifest: Manifest): void {
  const path = manifestPath(state);
  if (manifest.files.length === 0 && manifest.directories.length === 0) {
    files.remove(path);
    return;
  }
  files.writeAtomic(path, encodeUtf8(`${JSON.stringify(manifest, undefined, 2)}\n`));
}

function parseManifest(path: string, text: string): Manifest {
  const document = parseJson(path, text);
  if (!isRecord(document)) throw invalid(path, 'it is no JSON object');
  const { schema, files, directories } = document;
  if (schema !== 1) throw invalid(path, `its schema is ${JSON.stringify(schema)}, this anyarch knows 1`);
  if (!Array.isArray(files) || !files.every(isRecordedFile)) throw invalid(path, '"files" is damaged');
  if (!isTexts(directories)) throw invalid(path, '"directories" is damaged');
  return { schema: 1, files, directories };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, 'it is no JSON', error);
  }
}

function isRecordedFile(value: unknown): value is RecordedFile {
  if (!isRecord(value)) return false;
  const { path, feature, ours } = value;
  const isAbsolute = typeof path === 'string' && path.startsWith('/');
  return isAbsolute && features.some((one) => one === feature) && isTexts(ours);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function invalid(path: string, reason: string, cause?: unknown): AnyarchError {
  return new AnyarchError(
    'ANYARCH_STATE_INVALID',
    `cannot read the list of installed files ${path}: ${reason}`,
    {
      hint: `move it away (mv ${path} ${path}.damaged) and enable again: files that are as anyarch writes them are recognised`,
      details: { path },
      cause,
    },
  );
}
