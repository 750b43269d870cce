import type { Precision } from './message-pattern.ts';
import { cleanText, linesOf } from './clean-text.ts';
import { mayTell, tellsForSure } from './telling-words.ts';
import { toolPatterns } from './patterns/index.ts';

/** Characters that are kept of a longer text: from its start; of lines in between in which something is known; from its end. */
const kept = { start: 12 * 1024, exact: 8 * 1024, errno: 6 * 1024, end: 36 * 1024 };

/** Shorter texts are kept as they are. Characters. */
const longestText = 64 * 1024;

/** So many different lines are looked at closely; of more, only those with the plainest words. */
const mostCandidates = 10_000;

export interface CollectedMessage {
  readonly add: (text: string) => void;
  /** At most 64 K characters: what matters stands at the end, sometimes at the start, and rarely, but then all the more, between. */
  readonly text: () => string;
}

/** Takes a text of any length in pieces, and keeps what can be told of it. */
export function collectMessage(): CollectedMessage {
  const middle = tellingLines();
  let start = '';
  let end = '';
  let hasCut = false;
  const add = (text: string): void => {
    const room = hasCut ? 0 : kept.start - start.length;
    start += text.slice(0, room);
    end += text.slice(room);
    if (end.length > 4 * longestText) cutEnd();
  };
  const cutEnd = (): void => {
    hasCut = true;
    const from = end.length - kept.end;
    middle.add(end.slice(0, from));
    // What stands across the border is looked at, too.
    middle.add(end.slice(Math.max(from - overlap, 0), from + overlap));
    end = end.slice(from);
  };
  return {
    add,
    text: () => {
      if (!hasCut && start.length + end.length <= longestText) return start + end;
      if (end.length > kept.end) cutEnd();
      return [start, ...middle.lines(), end].join('\n…\n');
    },
  };
}

const overlap = 512;

/** Of everything that is passed over, the lines that patterns know, without those that differ by numbers only. */
function tellingLines(): { readonly add: (text: string) => void; readonly lines: () => readonly string[] } {
  const seen = new Set<string>();
  const found: { line: string; precision: Precision }[] = [];
  const room = { exact: kept.exact, errno: kept.errno, vague: 0 };
  const take = (line: string): void => {
    const key = line.replace(/\d+/g, '0');
    if (seen.has(key)) return;
    if (seen.size >= mostCandidates) {
      if (!tellsForSure(line)) return;
    } else seen.add(key);
    const precision = precisionOf(line);
    if (precision === undefined || room[precision] < line.length || found.some((one) => one.line === line))
      return;
    room[precision] -= line.length;
    found.push({ line, precision });
  };
  return {
    add: (text) => {
      for (const raw of text.split('\n')) {
        if (mayTell(raw)) for (const line of linesOf(cleanText(raw))) if (mayTell(line)) take(line);
      }
    },
    lines: () => found.map(({ line }) => line),
  };
}

/** Of the most telling pattern that knows the line; undefined where it tells of no symptom. */
function precisionOf(line: string): Precision | undefined {
  const known = toolPatterns.flatMap(({ patterns }) =>
    patterns.filter((pattern) => pattern.symptoms.length > 0 && pattern.line.test(line)),
  );
  if (known.some(({ precision }) => precision === 'exact')) return 'exact';
  return known.some(({ precision = 'errno' }) => precision === 'errno') ? 'errno' : undefined;
}
