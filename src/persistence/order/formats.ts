import { AnyarchError } from '../../core/error.ts';
import { parseRule, type Rule } from '../../core/rule.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { compareBytes } from './binfmt-d.ts';
import type { BootRule } from './boot-rule.ts';
import { unreadable } from './unreadable.ts';

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

/** Lines: package, type, offset, magic, mask, interpreter, detector, credentials, preserve, fix_binary (src/format.c). */
function parseFormat(file: string, name: string, text: string): Format[] {
  const [owner = '', type = '', offset, magic = '', mask, interpreter, , ...flags] = text
    .split('\n')
    .map((line) => line.trim());
  const rule = ruleFrom({ name, isMagic: type === 'magic', offset, magic, mask, interpreter, flags });
  return rule === undefined ? [] : [{ file, rule, package: owner, magic }];
}

/** A file that `update-binfmts --import` takes (update-binfmts(8)): words and their values. Undefined for a damaged one. */
export function parseTemplate(name: string, text: string): Rule | undefined {
  const fields = new Map(
    text.split('\n').map((line) => {
      const end = line.indexOf(' ');
      return end === -1 ? [line, ''] : [line.slice(0, end), line.slice(end + 1)];
    }),
  );
  const {
    magic,
    offset,
    mask,
    interpreter,
    credentials,
    preserve,
    fix_binary: fixBinary,
  } = Object.fromEntries(fields);
  return ruleFrom({
    name,
    isMagic: true,
    offset,
    magic,
    mask,
    interpreter,
    flags: [credentials, preserve, fixBinary],
  });
}

interface Fields {
  readonly name: string;
  readonly isMagic: boolean;
  readonly offset: string | undefined;
  readonly magic: string | undefined;
  readonly mask: string | undefined;
  readonly interpreter: string | undefined;
  /** `yes` for credentials, preserve and fix_binary. */
  readonly flags: readonly (string | undefined)[];
}

function ruleFrom({ name, isMagic, offset, magic, mask, interpreter, flags }: Fields): Rule | undefined {
  const letters = ['C', 'P', 'F'].filter((_, index) => flags[index] === 'yes').join('');
  const kind = isMagic ? `M:${offset ?? ''}` : 'E:';
  try {
    return parseRule(`:${name}:${kind}:${magic ?? ''}:${mask ?? ''}:${interpreter ?? ''}:${letters}`);
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
