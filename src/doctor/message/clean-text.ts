import { printableLines } from '../../core/printable.ts';

/** A text that a tool printed, fit to be looked at and shown again: without colours, unprintable characters escaped. */
export function cleanText(text: string): string {
  return printableLines(
    withoutEscapeSequences(text)
      .replaceAll('\t', ' ')
      .replace(/\r+\n?/g, '\n'),
  );
}

/** Longer lines are looked at in pieces of so many characters. */
const longestLine = 1024;

/** Lines to look for patterns in, also where they stand in a JSON string, as `docker logs` files and crun's messages have them. */
export function linesOf(text: string): readonly string[] {
  const lines = text
    .split('\n')
    .flatMap((line) => withoutJsonEscapes(line).split('\n'))
    .flatMap(pieces)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  // Builds repeat themselves; what was looked at once tells no more the second time.
  return [...new Set(lines)];
}

/** Colours, cursor movements (CSI), titles and links (OSC): ECMA-48. */
function withoutEscapeSequences(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replace(/\x1b(?:\[[\d;:?]*[ -/]*[@-~]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)|[@-Z\\^_])/g, '');
}

function withoutJsonEscapes(line: string): string {
  if (!line.includes('\\')) return line;
  return withoutEscapeSequences(
    line.replace(
      /\\(?:u([\da-f]{4})|x1b|033|(["\\/nrt]))/gi,
      (_, code: string | undefined, letter: string | undefined) => {
        if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
        return letter === undefined ? '\x1b' : (escapes[letter] ?? letter);
      },
    ),
  );
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: ' ' };

/** A tool's line is short; of a long one, what stands on the border of two pieces is looked for in both. */
function pieces(line: string): readonly string[] {
  if (line.length <= longestLine) return [line];
  const step = longestLine - 256;
  return Array.from({ length: Math.ceil(line.length / step) }, (_, index) =>
    line.slice(index * step, index * step + longestLine),
  );
}
