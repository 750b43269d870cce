import { AnyarchError } from '../../core/error.ts';
import { parseRule } from '../../core/rule.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { compareBytes } from './binfmt-d.ts';
import type { BootRule } from './boot-rule.ts';

/** update-binfmts(8) keeps one file for each format here. */
const formatsDirectory = '/var/lib/binfmts';

/** One format of binfmt-support's database. */
export interface Format extends BootRule {
  /** `:` for what an administrator installed. */
  readonly package: string;
  /** The magic as it is spelled. */
  readonly magic: string;
}

/**
 * In the order in which `update-binfmts --enable` registers them: by the names' bytes (binfmt-support 2.2.2, its formats
 * are an ordered map). What cannot be understood is left out.
 */
export function readFormats({ files }: Pick<Host, 'files'>): Format[] {
  const names = ignoring(unreadable, () => files.list(formatsDirectory)) ?? [];
  return names.toSorted(compareBytes).flatMap((name): Format[] => {
    const file = `${formatsDirectory}/${name}`;
    const bytes = ignoring(unreadable, () => files.read(file));
    return bytes === undefined ? [] : parseFormat(file, name, decodeUtf8(bytes));
  });
}

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'];

/** Lines: package, type, offset, magic, mask, interpreter, detector, credentials, preserve, fix_binary (src/format.c). */
function parseFormat(file: string, name: string, text: string): Format[] {
  const [owner = '', type = '', offset, magic = '', mask, interpreter, , ...flags] = text
    .split('\n')
    .map((line) => line.trim());
  const letters = ['C', 'P', 'F'].filter((_, index) => flags[index] === 'yes').join('');
  const kind = type === 'magic' ? 'M' : 'E';
  try {
    const rule = parseRule(
      `:${name}:${kind}:${kind === 'M' ? (offset ?? '') : ''}:${magic}:${mask ?? ''}:${interpreter ?? ''}:${letters}`,
    );
    return [{ file, rule, package: owner, magic }];
  } catch (error) {
    if (error instanceof AnyarchError) return [];
    throw error;
  }
}
