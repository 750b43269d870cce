import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureFallingThrough, withoutInterposer } from './accelerate/falling-through.ts';
import { compareAcceleration } from './accelerate/index.ts';
import type { AccelerationTable } from './accelerate/measured-workload.ts';
import { loadLibrary } from './library.ts';
import { describeMachine } from './machine.ts';
import { coldBoot, measureMachines } from './machines/index.ts';
import { messageOf } from './message.ts';
import { compareImages } from './image/index.ts';
import type { SizeTable } from './image/sizes.ts';
import type { Comparison, Options } from './options.ts';
import { measureStarting, packageSizes } from './package.ts';
import type { Sizes } from './package.ts';
import { plannedRules } from './planned-rules.ts';
import { measureRegistering } from './registering/index.ts';
import type { Report } from './report.ts';
import { measureRunning } from './running/index.ts';
import type { Section } from './section.ts';
import { floor, measureWrapping } from './wrapping/index.ts';
import { measureWatching } from './watching/index.ts';

/** All comparisons; those that cannot be made at all are named in the report. */
export async function compare(options: Options): Promise<Report> {
  const { qemuScript, only } = options;
  const rounds = options.rounds ?? 15;
  const library = await loadLibrary();
  const machine = describeMachine(plannedRules(library, ['arm64'])[0]?.interpreter ?? '');
  const scratch = mkdtempSync(join(tmpdir(), 'anyarch-bench-'));
  process.on('exit', () => {
    rmSync(scratch, { recursive: true, force: true });
  });
  const measuring = { rounds, warmUps: 2, scratch };
  const failures: string[] = [];
  const sections: Section[] = [];
  const sizeTables: SizeTable[] = [];
  let sizes: Sizes | undefined;
  let acceleration: AccelerationTable | undefined;
  const comparisons: Readonly<Record<Comparison, () => Promise<void> | void>> = {
    registering: async () => {
      const measurements = await measureRegistering({ ...measuring, qemuScript });
      sections.push({
        title: 'Registering all targets',
        measurements,
        baselines: ['anyarch library', 'anyarch register all'],
      });
    },
    running: async () => {
      const measurements = await measureRunning(measuring);
      sections.push({
        title: 'Running a program',
        measurements,
        baselines: ['anyarch run'],
        floor: 'unshare + qemu',
      });
    },
    wrapping: async () => {
      const measurements = await measureWrapping(measuring);
      sections.push({
        title: "Running one of the host's own programs in namespaces",
        measurements,
        baselines: [floor],
        floor,
      });
    },
    watching: async () => {
      const measurements = await measureWatching(measuring);
      sections.push({
        title: 'Looking at a table with all targets, nothing new',
        measurements,
        baselines: ['anyarch watch, a poll'],
      });
    },
    starting: async () => {
      const measurements = await measureStarting(measuring);
      sections.push({ title: 'Starting', measurements, baselines: [], floor: 'node alone' });
    },
    sizes: () => {
      sizes = packageSizes();
    },
    image: async () => {
      const images = await compareImages(library, { ...options, ...measuring, rounds });
      sections.push(...images.sections);
      sizeTables.push(...images.sizeTables);
    },
    accelerate: async () => {
      sections.push({
        title: 'Starting a program that nothing is substituted for',
        measurements: await measureFallingThrough({ ...measuring, rounds: options.quick ? 3 : rounds }),
        baselines: [withoutInterposer],
      });
      const { quick: isQuick, workloads } = options;
      acceleration = await compareAcceleration({ isQuick, workloads, rounds: options.rounds ?? 2, scratch });
    },
    machines: async () => {
      const { rounds: own = 3 } = options;
      const measurements = await measureMachines({ ...measuring, rounds: own });
      const title = `A command in an arm64 machine, ${own} rounds one after the other`;
      sections.push({ title, measurements, baselines: [coldBoot] });
    },
  };
  for (const name of only) {
    try {
      await comparisons[name]();
    } catch (error) {
      failures.push(`${name}: ${messageOf(error)}`);
    }
  }
  return {
    machine,
    rounds,
    sections,
    sizeTables,
    failures,
    ...(sizes === undefined ? {} : { sizes }),
    ...(acceleration === undefined ? {} : { acceleration }),
  };
}
