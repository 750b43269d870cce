import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadLibrary } from './library.ts';
import { describeMachine } from './machine.ts';
import { parseOptions, usage } from './options.ts';
import type { Options } from './options.ts';
import { measureStarting, packageSizes } from './package.ts';
import type { Sizes } from './package.ts';
import { plannedRules } from './planned-rules.ts';
import { prepareHome } from './prepare.ts';
import { measureRegistering } from './registering/index.ts';
import { hasFailed, reportDocument, reportText } from './report.ts';
import type { Report } from './report.ts';
import { measureRunning } from './running/index.ts';
import type { Section } from './section.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  let options;
  try {
    options = parseOptions(words);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    return 2;
  }
  if (options === 'help') {
    console.log(usage);
    return 0;
  }
  if (process.getuid?.() !== 0) {
    console.error(
      'the comparison needs root: podman is compared as root, and the host table gets an entry meanwhile',
    );
    return 2;
  }
  try {
    prepareHome();
  } catch (error) {
    console.error(`anyarch could not be prepared: ${messageOf(error)}`);
    return 1;
  }
  const report = await compare(options);
  console.log(reportText(report));
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(reportDocument(report), null, 2)}\n`);
  return hasFailed(report) ? 1 : 0;
}

async function compare({ rounds, qemuScript }: Options): Promise<Report> {
  const library = await loadLibrary();
  const machine = describeMachine(plannedRules(library, ['arm64'])[0]?.interpreter ?? '');
  const scratch = mkdtempSync(join(tmpdir(), 'anyarch-bench-'));
  const measuring = { rounds, warmUps: 2, scratch };
  const script = qemuScript === undefined ? undefined : resolve(qemuScript);
  const failures: string[] = [];
  const sections: Section[] = [];
  let sizes: Sizes | undefined;
  const comparisons: Readonly<Record<string, () => Promise<void> | void>> = {
    registering: () => {
      const measurements = measureRegistering({ ...measuring, qemuScript: script });
      sections.push({ title: 'Registering all targets', measurements, baselines: ['anyarch register all'] });
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
    starting: async () => {
      const measurements = await measureStarting(measuring);
      sections.push({ title: 'Starting', measurements, baselines: [], floor: 'node alone' });
    },
    sizes: () => {
      sizes = packageSizes();
    },
  };
  try {
    for (const [name, comparison] of Object.entries(comparisons)) {
      try {
        await comparison();
      } catch (error) {
        failures.push(`${name}: ${messageOf(error)}`);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return { machine, rounds, sections, failures, ...(sizes === undefined ? {} : { sizes }) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
