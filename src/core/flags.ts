import { AnyarchError } from './error.ts';
import { quote } from './text.ts';

/** The flags of a rule (Documentation/admin-guide/binfmt-misc.rst). */
export interface Flags {
  /** F: the interpreter is opened at registration and its inode stays pinned; containers need no copy of it. */
  readonly fixBinary: boolean;
  /** C: credentials come from the program, so setuid works. The kernel then sets O as well. */
  readonly credentials: boolean;
  /** O: the program is passed as an open descriptor. */
  readonly openBinary: boolean;
  /** P: argv[0] is preserved. */
  readonly preserveArgv0: boolean;
}

export const noFlags: Flags = {
  fixBinary: false,
  credentials: false,
  openBinary: false,
  preserveArgv0: false,
};

/**
 * Letters in any order, repeated ones too, as the kernel takes them; C sets O.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID for any other character.
 */
export function parseFlags(text: string): Flags {
  const read = { ...noFlags };
  for (const letter of text) {
    switch (letter) {
      case 'F':
        read.fixBinary = true;
        break;
      case 'C':
        read.credentials = true;
        read.openBinary = true;
        break;
      case 'O':
        read.openBinary = true;
        break;
      case 'P':
        read.preserveArgv0 = true;
        break;
      default:
        throw new AnyarchError('ANYARCH_RULE_INVALID', `unknown flag ${quote(letter)} in ${quote(text)}`, {
          hint: 'The flags are F, C, O and P.',
          details: { errno: 'EINVAL' },
        });
    }
  }
  return read;
}

/** In the kernel's order, `POCF`. */
export function formatFlags(flags: Flags): string {
  const { preserveArgv0, openBinary, credentials, fixBinary } = withImplied(flags);
  return (
    (preserveArgv0 ? 'P' : '') + (openBinary ? 'O' : '') + (credentials ? 'C' : '') + (fixBinary ? 'F' : '')
  );
}

/** What the kernel makes of the flags: C sets O. */
export function withImplied(flags: Flags): Flags {
  return flags.credentials ? { ...flags, openBinary: true } : flags;
}
