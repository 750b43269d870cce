import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AccelerationReport } from '../../../src/accelerate/index.ts';
import { anyarch } from '../engines/cli.ts';
import type { CommandResult } from '../command.ts';
import { temporaryDirectory } from '../temporary.ts';

/** What a guest did: what it printed, and the files that it left in /out, by name. */
export interface Done extends Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'> {
  readonly files: Readonly<Record<string, Buffer>>;
}

export interface BothWays {
  readonly plain: Done;
  readonly accelerated: Done;
  /** Of the accelerated one. */
  readonly report: AccelerationReport;
}

/** Runs the same script in the same root twice, once with all of it emulated; both write to a /out of their own. */
export async function bothWays(
  { root, state }: { readonly root: string; readonly state: string },
  script: string,
): Promise<BothWays> {
  const report = join(temporaryDirectory('report'), 'report.json');
  const plain = await inRoot({ root, state }, script, ['--no-accelerate']);
  const accelerated = await inRoot({ root, state }, script, ['--acceleration-report', report]);
  if (!existsSync(report)) throw new Error(`no report: ${accelerated.stderr}`);
  return { plain, accelerated, report: JSON.parse(readFileSync(report, 'utf8')) as AccelerationReport };
}

async function inRoot(
  { root, state }: { readonly root: string; readonly state: string },
  script: string,
  options: readonly string[],
): Promise<Done> {
  const out = join(temporaryDirectory('out'), 'out');
  mkdirSync(out);
  chmodSync(out, 0o777);
  const place = ['--no-fetch', '--rootfs', root, '--volume', `${out}:/out`, '--workdir', '/out'];
  const { exitCode, stdout, stderr } = await anyarch(
    ['run', ...options, ...place, '--', 'sh', '-e', '-c', script],
    { home: state },
  );
  const files = readdirSync(out).map((name) => [name, readFileSync(join(out, name))] as const);
  return { exitCode, stdout, stderr, files: Object.fromEntries(files) };
}

/** How often a program ran natively, and why it did not; programs by the end of their path. */
export function startsOf(
  { programs }: AccelerationReport,
  name: string,
): { readonly native: number; readonly reasons: readonly string[] } {
  const all = programs.filter(({ path }) => path === name || path.endsWith(`/${name}`));
  return {
    native: all.reduce((sum, { substituted }) => sum + substituted, 0),
    reasons: [...new Set(all.flatMap(({ reasons }) => reasons.map(({ reason }) => reason)))],
  };
}
