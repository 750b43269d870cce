import { AnyarchError } from '../../core/error.ts';
import { encodeUtf8 } from '../../core/text.ts';

/** What a stand-in for an OCI runtime does. */
export interface StandInSettings {
  /** The tool tree: an absolute path. */
  readonly tree: string;
  /** What it becomes, the first that can be executed: absolute paths, or names that are looked up in PATH. */
  readonly runtimes: readonly string[];
}

/** native/runtime/settings.c: the header, room for the rest, and a byte 0 at the end. */
const header = encodeUtf8('anyarch-runtime-settings 1\n');
const slotBytes = 8192;
const mostRuntimes = 32;

/**
 * The built stand-in with settings written into it.
 *
 * @throws AnyarchError ANYARCH_FILE for a path that it cannot have: with control characters, quotes, backslashes, or beyond ASCII
 */
export function withSettings(program: Uint8Array, { tree, runtimes }: StandInSettings): Uint8Array {
  for (const path of [tree, ...runtimes]) requirePlain(path);
  if (!tree.startsWith('/') || runtimes.length === 0 || runtimes.length > mostRuntimes)
    throw new Error('a stand-in needs a tree and up to 32 runtimes');
  const lines = [`tree ${tree}`, ...runtimes.map((one) => `runtime ${one}`)];
  const text = encodeUtf8(lines.map((line) => `${line}\n`).join(''));
  const start = slotStart(program) + header.length;
  const end = start - header.length + slotBytes;
  if (start + text.length >= end)
    throw new AnyarchError('ANYARCH_FILE', `the paths ${tree} … are too long for a program of ours`, {
      hint: 'set ANYARCH_HOME to a directory with a shorter path',
    });
  // Not slice(), which shares the memory of a Buffer.
  const result = Uint8Array.from(program);
  result.fill(0, start, end);
  result.set(text, start);
  return result;
}

/** The header with nothing but zeros behind it: the text alone is in the program's code, too. */
function slotStart(program: Uint8Array): number {
  const isEmptySlot = (at: number): boolean =>
    header.every((byte, index) => program[at + index] === byte) &&
    program.subarray(at + header.length, at + slotBytes).every((byte) => byte === 0);
  for (let at = program.indexOf(header[0] ?? 0); at !== -1; at = program.indexOf(header[0] ?? 0, at + 1))
    if (at + slotBytes <= program.length && isEmptySlot(at)) return at;
  throw new Error('the stand-in has no place for settings');
}

/** The program writes the tree's path into JSON as it is, and knows its settings by their lines. */
function requirePlain(path: string): void {
  if (/^[\x20-\x7e]+$/.test(path) && !/["\\]/.test(path)) return;
  throw new AnyarchError(
    'ANYARCH_FILE',
    `${JSON.stringify(path)} cannot be named in a container's configuration`,
    {
      hint: 'set ANYARCH_HOME to a directory whose path has letters, digits and usual signs only',
      details: { path },
    },
  );
}
