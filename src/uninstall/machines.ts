import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import {
  listMachines,
  machinesDirectory,
  removeUnfinishedImage,
  unfinishedImages,
} from '../machine/index.ts';
import { coded } from './coded.ts';
import { failedAt, joined, type StepResult } from './report.ts';

type Parts = Pick<Host, 'files' | 'system'>;

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
}

export function runningMachines(host: Parts): readonly RunningProcess[] {
  return listMachines(host).flatMap(({ name, status }) =>
    status?.kind === 'running' ? [{ name, pid: status.running.pid }] : [],
  );
}

/** Also damaged ones: somebody's disk may be in them. */
export function hasMachines({ files, system }: Parts): boolean {
  const names = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.list(machinesDirectory(system))) ?? [];
  return names.some((name) => !name.startsWith('.'));
}

/** Whatever is forced: who pulls a plug says so by name. */
export function machinesRun(running: readonly RunningProcess[]): AnyarchError {
  const names = running.map(({ name }) => name);
  return new AnyarchError(
    'ANYARCH_MACHINE_RUNNING',
    `${names.join(', ')} ${names.length === 1 ? 'runs' : 'run'}, with programs that are to be removed`,
    {
      hint: names.map((name) => `anyarch machine stop ${name}`).join('; '),
      details: { machines: names, pids: running.map(({ pid }) => `${pid}`) },
    },
  );
}

/** Files in them may belong to ids that only a namespace has. */
export async function removeUnfinishedImages(
  host: Host,
  { dryRun }: { readonly dryRun: boolean },
): Promise<StepResult> {
  // Root removes files of any owner, as all other files.
  if (host.system.uid === 0 || dryRun) return joined([]);
  const results: StepResult[] = [];
  for (const path of unfinishedImages(host))
    try {
      await removeUnfinishedImage(host, path);
      results.push({ removed: [{ kind: 'tree', subject: path }], left: [] });
    } catch (error) {
      results.push(failedAt(path, coded(host, path, error)));
    }
  return joined(results);
}
