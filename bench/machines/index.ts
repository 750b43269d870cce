import type { Contender } from '../contender.ts';
import { measure, type Measurement, type MeasureOptions } from '../measure.ts';
import { anyarch } from '../places.ts';
import { runProgram } from '../programs.ts';

/** What the others' times are divided by. */
export const coldBoot = 'cold boot, and a command over SSH';

/** Milliseconds: a boot is emulated, perhaps on a busy machine. */
const timeoutMs = 1_800_000;
const name = 'bench';

/**
 * From nothing that runs to the output of a command in an arm64 machine, by how it was stopped; and one more command in
 * a machine that runs. The image is made once, and the first boot, at which cloud-init does its work, is not timed.
 */
export async function measureMachines(options: MeasureOptions): Promise<Measurement[]> {
  // Of a run that was killed.
  if (machine('list').includes(`${name} `)) machine('remove', name, '--force');
  machine('create', name, '-a', 'arm64');
  try {
    machine('start', name);
    machine('stop', name);
    const measurements: Measurement[] = [];
    // One after the other: there is one machine, and they leave it in different ways.
    for (const contender of contenders)
      measurements.push(...(await measure([contender], { ...options, warmUps: 0 })));
    return measurements;
  } finally {
    machine('remove', name, '--force');
  }
}

const contenders: readonly Contender[] = [
  {
    name: coldBoot,
    run: command,
    reset: () => {
      machine('stop', name);
    },
  },
  {
    name: 'saved machine, and a command over SSH',
    prepare: () => {
      command();
      machine('stop', name, '--save');
    },
    run: command,
    reset: () => {
      machine('stop', name, '--save');
    },
  },
  { name: 'one more command', prepare: command, run: command },
];

/** @throws Error */
function command(): undefined {
  const seen = machine('shell', name, '--', 'uname', '-m').trim();
  if (seen !== 'aarch64') throw new Error(`the machine is ${seen}`);
}

function machine(...words: readonly string[]): string {
  return runProgram([anyarch, 'machine', ...words], { timeoutMs });
}
