import { equalBytes } from '../core/bytes.ts';
import { AnyarchError } from '../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Files } from '../host/files.ts';

export interface WantedText {
  readonly fileName: string;
  readonly text: string;
}

export interface FileAction {
  readonly kind: 'create' | 'replace' | 'keep';
  readonly path: string;
  readonly content: Uint8Array;
}

export interface PlaceOptions {
  /** Whether a file with this text may be replaced without being asked. */
  readonly isOurs: (text: string, fileName: string) => boolean;
  readonly force: boolean;
}

/** What is larger than that is none of ours. Bytes. */
const largest = 65_536;

/**
 * @throws AnyarchError ANYARCH_OUTPUT_EXISTS for what stands in the way, `details.paths` has all of it; ANYARCH_FILE
 */
export function planFiles(
  files: Files,
  directory: string,
  wanted: readonly WantedText[],
  { isOurs, force }: PlaceOptions,
): readonly FileAction[] {
  const kind = files.status(directory)?.kind;
  if (kind !== undefined && kind !== 'directory') {
    throw new AnyarchError('ANYARCH_FILE', `${directory} is no directory`, { hint: 'name a directory' });
  }
  const inTheWay: string[] = [];
  const actions = wanted.map(({ fileName, text }): FileAction => {
    const path = `${directory}/${fileName}`;
    const content = encodeUtf8(text);
    const status = files.linkStatus(path);
    if (status === undefined) return { kind: 'create', path, content };
    const found = status.kind === 'file' && status.size <= largest ? files.read(path) : undefined;
    if (found !== undefined && equalBytes(found, content)) return { kind: 'keep', path, content };
    const isReplaceable =
      status.kind !== 'directory' && (force || (found !== undefined && isOurs(decodeUtf8(found), fileName)));
    if (!isReplaceable) inTheWay.push(path);
    return { kind: 'replace', path, content };
  });
  if (inTheWay.length > 0) throw exists(inTheWay);
  return actions;
}

function exists(paths: readonly string[]): AnyarchError {
  const [first = '', ...others] = paths;
  const more = others.length === 0 ? '' : `, and ${others.length} more are`;
  return new AnyarchError(
    'ANYARCH_OUTPUT_EXISTS',
    `${first} is${more} there already and not as anyarch export left it; nothing was written`,
    { hint: 'name another directory, or replace them: --force', details: { paths } },
  );
}
