import { printable } from '../../core/printable.ts';
import type { ByteComparison } from '../../core/match.ts';
import type { Interposition } from '../../emulators/index.ts';
import type { Content, EntryVerdict, Explanation, Level } from '../../registration/index.ts';
import type { Outcome } from '../command.ts';
import type { Style } from '../style.ts';
import { formatColumns, painted } from '../table.ts';

/**
 * @param style of the text
 * @param interposed of the emulator that runs
 */
export function explanationOutcome(
  explanation: Explanation,
  style: Style,
  interposed?: Interposition,
): Outcome {
  return {
    exitCode: explanation.verdict.outcome === 'fails' ? 1 : 0,
    document: {
      schema: 'anyarch/explain/1',
      ...explanation,
      ...(interposed === undefined ? {} : { interposed }),
    },
    text: formatExplanation(explanation, style, interposed),
  };
}

function formatExplanation(explanation: Explanation, style: Style, interposed?: Interposition): string {
  const { verdict } = explanation;
  const paint = verdict.outcome === 'fails' ? style.red : style.green;
  const lines = [
    ...explanation.levels.flatMap((level, index) => formatLevel(level, index, style)),
    '',
    `${style.bold('Verdict')}  ${paint(verdict.outcome)}${verdict.errno === undefined ? '' : ` with ${verdict.errno}`}: ${printable(verdict.reason)}`,
    ...(verdict.runs === undefined ? [] : [`         runs ${printable(verdict.runs)}`]),
    ...(interposed === undefined
      ? []
      : [`         with the interposer in QEMU ${interposed.originalSha256.slice(0, 12)}`]),
    ...(verdict.messages.length === 0 ? [] : ['', style.bold('What you will see')]),
    ...formatMessages(verdict.messages, style),
    ...(verdict.remedy === undefined ? [] : ['', `${style.bold('Next')}  ${printable(verdict.remedy)}`]),
    '',
  ];
  return lines.join('\n');
}

function formatMessages(messages: Explanation['verdict']['messages'], style: Style): string[] {
  const rows = messages.map(({ by, message, exitCode }) => [
    `  ${by}`,
    message,
    exitCode === undefined ? '' : painted(style.dim, `(exit code ${exitCode})`),
  ]);
  return rows.length === 0 ? [] : [formatColumns(rows).trimEnd()];
}

function formatLevel(level: Level, index: number, style: Style): string[] {
  const path = printable(level.path);
  const title = index === 0 ? style.bold(path) : `${style.bold('then')} ${path}`;
  const candidates = level.entries.filter((entry) => entry.bytes.length > 0 || entry.result !== 'differs');
  const far = level.entries.length - candidates.length;
  return [
    ...(index === 0 ? [] : ['']),
    `${title}: ${printable(describeContent(level.content))}`,
    ...candidates.flatMap((entry) => formatEntry(entry, style)),
    ...(far === 0
      ? []
      : [
          style.dim(
            far === 1 ? '  1 other entry does not come near' : `  ${far} other entries do not come near`,
          ),
        ]),
  ];
}

function formatEntry(entry: EntryVerdict, style: Style): string[] {
  const paint = entry.result === 'wins' ? style.green : style.dim;
  const what = `${entry.name} (${entry.owner.kind}) → ${entry.interpreter ?? '?'}: ${entry.reason}`;
  return [`  ${paint(entry.result.padEnd(8))} ${printable(what)}`, ...formatBytes(entry.bytes, style)];
}

/** A line each for the file, the mask and the magic, byte under byte, and a mark under those that differ. */
function formatBytes(bytes: readonly ByteComparison[], style: Style): string[] {
  if (bytes.length === 0) return [];
  const perLine = 24;
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += perLine) {
    const part = bytes.slice(start, start + perLine);
    const rows = [
      [painted(style.dim, 'offset'), ...part.map(({ position }) => hex(position))],
      ['file', ...part.map((byte) => (byte.equal ? hex(byte.found) : painted(style.red, hex(byte.found))))],
      ['mask', ...part.map(({ mask }) => (mask === 0xff ? painted(style.dim, 'ff') : hex(mask)))],
      ['magic', ...part.map(({ expected }) => hex(expected))],
      ...(part.every(({ equal }) => equal) ? [] : [['', ...part.map(({ equal }) => (equal ? '' : '^^'))]]),
    ];
    lines.push(
      ...formatColumns(rows)
        .trimEnd()
        .split('\n')
        .map((line) => `    ${line}`),
    );
  }
  return lines;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}

function describeContent(content: Content): string {
  switch (content.kind) {
    case 'elf':
      return [
        `ELF, ${content.architecture ?? `machine ${content.machine}`}, ${content.class} bits, ${content.endianness}-endian, ${content.linkage}`,
        content.loader === undefined ? '' : `, loader ${content.loader}`,
        content.isNative ? ', native here' : '',
      ].join('');
    case 'script':
      return `script, run by ${content.interpreter}${content.argument === undefined ? '' : ` ${content.argument}`}`;
    case 'other':
      return content.description;
    case 'unseen':
      return `${content.reason} (${content.errno})`;
  }
}
