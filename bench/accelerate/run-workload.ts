import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AccelerationReport } from '../../src/accelerate/index.ts';
import { anyarch } from '../places.ts';
import { runProgram } from '../programs.ts';
import { readOutputs, type Outputs } from './outputs.ts';
import { timed, type Spent } from './timed.ts';
import type { Workload } from './workload.ts';

/** What a workload is run on. */
export interface Ground {
  /** The root file system; for `install` copied for each run. */
  readonly root: string;
  /** The work directory as it is before the run. */
  readonly start: string;
  readonly scratch: string;
  readonly isQuick: boolean;
}

export type Way = 'plain' | 'accelerated' | 'native';

export interface WorkloadRun extends Spent {
  readonly outputs: Outputs;
  /** Of a run that was asked for it. */
  readonly report?: AccelerationReport;
}

/**
 * Runs a workload once, in a fresh work directory.
 *
 * @param isReported whether what was substituted is counted, which takes a little time
 * @throws Error when it fails
 */
export function runWorkload(workload: Workload, way: Way, ground: Ground, isReported: boolean): WorkloadRun {
  const place = mkdtempSync(join(ground.scratch, `${workload.name}-${way}-`));
  try {
    const [work, temporary, report] = ['work', 'tmp', 'report.json'].map((name) => join(place, name)) as [
      string,
      string,
      string,
    ];
    runProgram(['cp', '--archive', ground.start, work]);
    mkdirSync(temporary, { mode: 0o1777 });
    const root = workload.root === 'install' ? copyOf(ground.root, join(place, 'root')) : ground.root;
    const command = [
      anyarch,
      'run',
      ...(way === 'plain' ? ['--no-accelerate'] : []),
      ...(isReported ? ['--acceleration-report', report] : []),
      ...['--no-fetch', '--rootfs', root, '--map-auto', '--network', 'none'],
      ...['--volume', `${work}:/workload`, '--volume', `${temporary}:/tmp`, '--workdir', '/workload'],
      ...['--', 'sh', '-e', '-c', scriptOf(workload, ground.isQuick)],
    ];
    const spent = timed(command, place);
    return {
      ...spent,
      outputs: readOutputs(workload.root === 'install' ? root : work),
      ...(isReported ? { report: JSON.parse(readFileSync(report, 'utf8')) as AccelerationReport } : {}),
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function scriptOf({ script, quick = script }: Workload, isQuick: boolean): string {
  return isQuick ? quick : script;
}

function copyOf(root: string, copy: string): string {
  runProgram(['cp', '--archive', '--reflink=auto', root, copy]);
  return copy;
}
