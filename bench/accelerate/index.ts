import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { anyarch } from '../places.ts';
import { messageOf } from '../message.ts';
import { runProgram } from '../programs.ts';
import type { AccelerationTable, Fact, MeasuredWorkload } from './measured-workload.ts';
import { compareOutputs } from './outputs.ts';
import { buildRoot, installRoot, type BenchArchitecture } from './roots.ts';
import { runWorkload, type Ground, type WorkloadRun } from './run-workload.ts';
import { fetchSources, unpackSources } from './sources.ts';
import type { Workload } from './workload.ts';
import { workloads } from './workloads.ts';
import { treeFacts } from './tree-facts.ts';

export interface AccelerationOptions {
  readonly isQuick: boolean;
  /** Names of workloads; none: all. */
  readonly workloads: readonly string[];
  /** Timed runs of each way but the plain one, which takes so long that it is run once. */
  readonly rounds: number;
  readonly scratch: string;
}

/** Emulated builds: plain QEMU, with native tools, and native; one after the other, as each of them uses all processors. */
export async function compareAcceleration(options: AccelerationOptions): Promise<AccelerationTable> {
  const chosen = workloads.filter(
    ({ name }) => options.workloads.length === 0 || options.workloads.includes(name),
  );
  const archives = await fetchSources();
  const prepared = await prepareTree();
  const measured: MeasuredWorkload[] = [];
  for (const workload of chosen) {
    const { name, title } = workload;
    try {
      const start = join(options.scratch, `${name}-start`);
      mkdirSync(start);
      unpackSources(workload, archives, start);
      if (workload.prepare !== undefined)
        runProgram(['sh', '-e', '-c', workload.prepare], { directory: start });
      measured.push(await measureWorkload(workload, start, options));
    } catch (error) {
      measured.push({ name, title, outcome: 'failed', reason: messageOf(error) });
    }
  }
  return { isQuick: options.isQuick, workloads: measured, facts: prepared };
}

/** Tool sets for all that the workloads call. */
async function prepareTree(): Promise<Fact[]> {
  for (const root of [await buildRoot('arm64'), await installRoot('arm64')])
    // 3: what is left out stays emulated, and the report names it.
    runProgram([anyarch, 'accelerate', 'prepare', '--for', root], { timeoutMs: 3_600_000, accepted: [3] });
  return treeFacts();
}

async function measureWorkload(
  workload: Workload,
  start: string,
  options: AccelerationOptions,
): Promise<MeasuredWorkload> {
  const ground = async (architecture: BenchArchitecture): Promise<Ground> => ({
    root: await (workload.root === 'install' ? installRoot : buildRoot)(architecture),
    start,
    scratch: options.scratch,
    isQuick: options.isQuick,
  });
  const [guest, host] = [await ground('arm64'), await ground('amd64')];
  // The first run of each is not timed; that of the accelerated way tells what ran natively.
  const told = runWorkload(workload, 'accelerated', guest, true);
  runWorkload(workload, 'native', host, false);
  const times = Array.from({ length: options.rounds }, (_, index) => index);
  const accelerated = best(times.map(() => runWorkload(workload, 'accelerated', guest, false)));
  const native = best(times.map(() => runWorkload(workload, 'native', host, false)));
  const plain = runWorkload(workload, 'plain', guest, false);
  const { substituted = 0, emulated = 0, programs = [] } = told.report ?? {};
  const byEmulated = [...programs]
    .filter((program) => program.emulated > 0)
    .sort((a, b) => b.emulated - a.emulated);
  return {
    name: workload.name,
    title: workload.title,
    outcome: 'measured',
    plain: spentOf(plain),
    accelerated: spentOf(accelerated),
    native: spentOf(native),
    ratio: plain.cpuMs / accelerated.cpuMs,
    ...(workload.goal === undefined ? {} : { goal: workload.goal }),
    outputs: compareOutputs(plain.outputs, told.outputs, workload),
    substituted,
    emulated,
    mostEmulated: byEmulated
      .slice(0, 6)
      .map(({ path, emulated: times, reasons }) => `${path} ${times}× (${reasons[0]?.reason ?? ''})`),
  };
}

function best(runs: readonly WorkloadRun[]): WorkloadRun {
  const [first] = [...runs].sort((a, b) => a.cpuMs - b.cpuMs);
  if (first === undefined) throw new Error('no run was asked for');
  return first;
}

function spentOf({ wallMs, cpuMs }: WorkloadRun): { wallMs: number; cpuMs: number } {
  return { wallMs: Math.round(wallMs), cpuMs: Math.round(cpuMs) };
}
