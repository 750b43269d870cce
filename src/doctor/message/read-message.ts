import type { Symptom } from '../symptom.ts';
import { architecturesIn } from './architectures-in.ts';
import { cleanText, linesOf } from './clean-text.ts';
import { collectMessage } from './collect-message.ts';
import type { Precision } from './message-pattern.ts';
import { toolPatterns } from './patterns/index.ts';

/** What a tool printed, understood. */
export interface ReadMessage {
  /** The text as it was given, made printable, and cut where it is long. */
  readonly text: string;
  /** The most telling first; empty where nothing was recognised. A text without a word is `runs-nothing`. */
  readonly symptoms: readonly Symptom[];
  /** What printed it: `docker`, `podman`, `runc`, `crun`, `bash`, `qemu` … */
  readonly tool: string | undefined;
  /** The program that it is about, as printed: `/usr/bin/uname`. */
  readonly program: string | undefined;
  /** QEMU's target names of the architectures that it names. */
  readonly architectures: readonly string[];
  /** The lines in which something was recognised, the most telling first. */
  readonly lines: readonly string[];
}

interface Found {
  readonly line: string;
  readonly symptoms: readonly Symptom[];
  readonly precision: Precision;
  readonly tool: string | undefined;
  readonly program: string | undefined;
  readonly architecture: string | undefined;
}

const precisions: readonly Precision[] = ['exact', 'errno', 'vague'];

/** Never throws, whatever the text: binary, huge, empty. */
export function readMessage(given: string): ReadMessage {
  const collected = collectMessage();
  collected.add(given);
  const text = cleanText(collected.text());
  if (text.trim() === '') return { ...nothing, text, symptoms: ['runs-nothing'] };
  const lines = linesOf(text);
  // Sorting is stable: of equally telling lines, the first stays the first, and of what matches a line, the tool's own pattern.
  const found = lines
    .flatMap(findIn)
    .sort((a, b) => precisions.indexOf(a.precision) - precisions.indexOf(b.precision));
  const telling = found.filter(({ symptoms }) => symptoms.length > 0);
  const known = telling.length > 0 ? telling : found;
  const program = firstOf(known, 'program') ?? firstOf(found, 'program');
  // A file that is itself called like an emulator names no guest: it is what does not run.
  const unnamed = (line: string): string =>
    program !== undefined && /(?:^|\/)qemu-[^/]*$/.test(program) ? line.replaceAll(program, '') : line;
  return {
    text,
    symptoms: unique(known.flatMap(({ symptoms }) => symptoms)),
    tool: firstOf(known, 'tool') ?? firstOf(found, 'tool'),
    program,
    architectures: architecturesIn(
      found.flatMap(({ architecture }) => architecture ?? []),
      known.map(({ line }) => unnamed(line)),
      lines.map(unnamed),
    ),
    lines: unique(telling.map(({ line }) => line)),
  };
}

const nothing = { tool: undefined, program: undefined, architectures: [], lines: [] };

function findIn(line: string): Found[] {
  return toolPatterns.flatMap(({ tool, patterns }) =>
    patterns.flatMap((pattern) => {
      const groups = pattern.line.exec(line);
      if (groups === null) return [];
      const { program, architecture } = groups.groups ?? {};
      const { symptoms, precision = 'errno' } = pattern;
      return [{ line, symptoms, precision, tool, program: nonEmpty(program), architecture }];
    }),
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function firstOf(found: readonly Found[], key: 'tool' | 'program'): string | undefined {
  return found.find((one) => one[key] !== undefined)?.[key];
}

function unique<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all)];
}
