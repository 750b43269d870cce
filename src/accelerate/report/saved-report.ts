import { dirname } from 'node:path';
import { AnyarchError } from '../../core/error.ts';
import { fields, listOf, ofType, oneOf } from '../../core/document-shape.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { AccelerationReport } from './acceleration-report.ts';
import { fallbackReasons } from '../../tool-tree/index.ts';

export function reportPath(state: string): string {
  return `${state}/acceleration-report.json`;
}

/** @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE */
export function saveReport({ files }: Pick<Host, 'files'>, path: string, report: AccelerationReport): void {
  try {
    files.makeDirectory(dirname(path), 0o755);
    files.writeAtomic(path, encodeUtf8(`${JSON.stringify(report, undefined, 1)}\n`), 0o644);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/**
 * The report of what was followed last; undefined when nothing has been.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID when it is damaged
 */
export function lastReport({ files }: Pick<Host, 'files'>, state: string): AccelerationReport | undefined {
  const path = reportPath(state);
  const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  if (bytes === undefined) return undefined;
  const document = parseJson(decodeUtf8(bytes));
  const misfit = shape(document, '');
  if (misfit === undefined) return document as AccelerationReport;
  throw new AnyarchError(
    'ANYARCH_STATE_INVALID',
    `${path} is damaged${misfit === '' ? '' : ` at ${misfit}`}`,
    {
      hint: `remove it: the next report replaces it`,
    },
  );
}

const text = ofType('string');
const count = ofType('number');

const shape = fields({
  schema: oneOf('anyarch/acceleration-report/1'),
  startedAt: text,
  endedAt: text,
  substituted: count,
  emulated: count,
  programs: listOf(
    fields({
      path: text,
      substituted: count,
      by: listOf(text),
      emulated: count,
      reasons: listOf(fields({ reason: oneOf(...fallbackReasons), detail: text, times: count })),
    }),
  ),
  candidates: listOf(fields({ path: text, times: count, 'denied?': text })),
  gain: fields({ lowerBoundMs: count, measuredStarts: count, unmeasuredStarts: count, computed: text }),
  losses: fields({ overflows: count, garbageLines: count, unnamedStarts: count }),
  told: text,
});
