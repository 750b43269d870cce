import { AnyarchError } from './error.ts';
import { formatFlags, parseFlags } from './flags.ts';
import { fromHex, toHex } from './hex.ts';
import { ruleLimits } from './rule.ts';
import type { Rule } from './rule.ts';
import { decodeUtf8, encodeUtf8, quote } from './text.ts';

/** What the kernel lists for a registered rule. */
export interface Entry extends Rule {
  readonly enabled: boolean;
}

/**
 * Reads the text of `/proc/sys/fs/binfmt_misc/NAME`.
 *
 * @throws AnyarchError ANYARCH_ENTRY_INVALID
 */
export function parseEntry(name: string, text: string): Entry {
  const invalid = (problem: string): AnyarchError =>
    new AnyarchError('ANYARCH_ENTRY_INVALID', `cannot read the entry ${quote(name)}: ${problem}`, {
      details: { entry: name.slice(0, ruleLimits.name), text: text.slice(0, 300) },
    });
  if (!text.endsWith('\n')) throw invalid(text === '' ? 'it is empty' : 'its last line is cut off');
  const body = text.slice(0, -1);
  const status = body.startsWith('enabled\n') ? 'enabled' : 'disabled';
  const prefix = `${status}\ninterpreter `;
  if (!body.startsWith(prefix)) throw invalid('it does not start with its state and its interpreter');
  // An interpreter's path may contain line ends: the last line of flags is the real one.
  const flagsStart = body.lastIndexOf('\nflags: ');
  const flagsEnd = body.indexOf('\n', flagsStart + 1);
  if (flagsStart < prefix.length || flagsEnd < 0) throw invalid('it has no interpreter or no flags');
  const common = {
    name,
    enabled: status === 'enabled',
    interpreter: body.slice(prefix.length, flagsStart),
    flags: flagsOf(body.slice(flagsStart + '\nflags: '.length, flagsEnd), invalid),
  };
  const matcher = body.slice(flagsEnd + 1);
  if (matcher.startsWith('extension .')) {
    const magic = encodeUtf8(matcher.slice('extension .'.length));
    return { ...common, kind: 'extension', offset: 0, magic, mask: undefined };
  }
  return { ...common, kind: 'magic', ...magicOf(matcher, invalid) };
}

function flagsOf(letters: string, invalid: (problem: string) => AnyarchError): Rule['flags'] {
  try {
    return parseFlags(letters);
  } catch (error) {
    if (error instanceof AnyarchError) throw invalid(error.message);
    throw error;
  }
}

function magicOf(
  text: string,
  invalid: (problem: string) => AnyarchError,
): Pick<Rule, 'offset' | 'magic' | 'mask'> {
  const [offsetLine = '', magicLine = '', maskLine, ...more] = text.split('\n');
  const offset = offsetLine.startsWith('offset ') ? decimal(offsetLine.slice('offset '.length)) : undefined;
  const magic = magicLine.startsWith('magic ') ? fromHex(magicLine.slice('magic '.length)) : undefined;
  const mask = maskLine?.startsWith('mask ') === true ? fromHex(maskLine.slice('mask '.length)) : undefined;
  if (offset === undefined || magic === undefined || magic.length === 0)
    throw invalid('it has neither extension nor offset and magic');
  if (more.length > 0 || (maskLine !== undefined && mask?.length !== magic.length))
    throw invalid('its mask does not fit its magic');
  if (offset + magic.length > ruleLimits.header)
    throw invalid(`its magic lies behind byte ${ruleLimits.header}`);
  return { offset, magic, mask };
}

function decimal(text: string): number | undefined {
  if (text === '' || text.length > 9) return undefined;
  let value = 0;
  for (const character of text) {
    if (character < '0' || character > '9') return undefined;
    value = value * 10 + Number(character);
  }
  return value;
}

/** The text that the kernel prints for an entry, byte for byte (fs/binfmt_misc.c, `entry_status`). */
export function formatEntry(entry: Entry): string {
  const status = entry.enabled ? 'enabled' : 'disabled';
  const head = `${status}\ninterpreter ${entry.interpreter}\nflags: ${formatFlags(entry.flags)}\n`;
  if (entry.kind === 'extension') return `${head}extension .${decodeUtf8(entry.magic)}\n`;
  const mask = entry.mask === undefined ? '' : `\nmask ${toHex(entry.mask)}`;
  return `${head}offset ${entry.offset}\nmagic ${toHex(entry.magic)}${mask}\n`;
}
