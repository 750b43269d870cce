import { printable } from '../../core/printable.ts';
import type { LogRecord } from '../log/log-line.ts';
import { differenceOf } from './compare.ts';
import type { SelfTestResult, TestedTool } from './tested.ts';
import type { LineResult } from './read-results.ts';

export interface Runs {
  readonly plain: readonly LineResult[];
  readonly substituted: readonly LineResult[];
  readonly log: readonly LogRecord[];
  /** What the guest said when it came to no end. */
  readonly complaint: string;
}

/** Emulation that a tool's own rules ask for; other reasons mean that its recipe does not fit. */
const ruled: ReadonlySet<string> = new Set(['argument', 'variable', 'path', 'locale', 'script']);

/**
 * @param first index of the tool's first line in the runs
 * @param lines the tool's own
 */
export function judge(
  { tool, guestPath, native }: TestedTool,
  lines: readonly string[],
  first: number,
  runs: Runs,
): SelfTestResult {
  const { name } = tool;
  const indices = lines.map((_, index) => first + index);
  const sum = (results: readonly LineResult[]): number =>
    indices.reduce((total, index) => total + (results[index]?.milliseconds ?? 0), 0);
  const starts = runs.log.filter(
    ({ kind, ...record }) => kind === 'substituted' && 'program' in record && record.program === native,
  );
  const numbers = {
    executions: starts.length,
    emulatedMs: Math.round(sum(runs.plain)),
    nativeMs: Math.round(sum(runs.substituted)),
    startUp: {
      emulatedMs: runs.plain[first]?.milliseconds ?? 0,
      acceleratedMs: runs.substituted[first]?.milliseconds ?? 0,
    },
  };
  const started = runs.plain[first];
  if (started?.code === 127 || started?.code === 126) {
    const said = new TextDecoder().decode(started.seen.get('stderr')).trim();
    return { name, outcome: 'failed', detail: `it cannot be executed here: ${printable(said)}`, ...numbers };
  }
  for (const index of indices) {
    const line = lines[index - first] ?? '';
    const [plain, substituted] = [runs.plain[index], runs.substituted[index]];
    if (plain?.code === undefined || substituted?.code === undefined) {
      const which = plain?.code === undefined ? 'emulated' : 'native';
      return {
        name,
        outcome: 'failed',
        detail: `${which}, this came to no end: ${line} (${runs.complaint})`,
        ...numbers,
      };
    }
    const difference = differenceOf(plain, substituted);
    if (difference !== undefined)
      return { name, outcome: 'different', detail: `${line}: ${difference}`, ...numbers };
  }
  const refused = runs.log.find(
    (record) =>
      record.kind === 'emulated' &&
      !ruled.has(record.reason) &&
      baseName(record.guest) === baseName(guestPath),
  );
  if (refused?.kind === 'emulated') {
    const detail = `${refused.guest} was emulated: ${refused.reason} ${refused.detail}`.trim();
    return { name, outcome: 'emulated', detail, ...numbers };
  }
  if (starts.length === 0)
    return { name, outcome: 'emulated', detail: `nothing executed ${native}`, ...numbers };
  return { name, outcome: 'same', ...numbers };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
