import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { workloads } from './accelerate/workloads.ts';
import type { ImageOptions } from './image/options.ts';

/** Those that are made unless others are named. */
const usual = ['registering', 'running', 'wrapping', 'watching', 'starting', 'sizes', 'image'] as const;
/** Building everything emulated takes half an hour, booting machines some minutes. */
const comparisons = [...usual, 'accelerate', 'machines'] as const;

export type Comparison = (typeof comparisons)[number];

/** All paths are absolute. */
export interface Options extends ImageOptions {
  /** File for the JSON document. */
  readonly json: string | undefined;
  /** Directory for the plots. */
  readonly plots: string | undefined;
  readonly only: readonly Comparison[];
  /** Undefined: as many as the comparison needs. */
  readonly rounds: number | undefined;
  /** Small inputs, for a look at whether it works. */
  readonly quick: boolean;
  /** Of `accelerate`; none: all. */
  readonly workloads: readonly string[];
}

export const usage = `npm run bench -- [--rounds N] [--only COMPARISON …] [--qemu-script PATH] [--binfmt PATH] [--images LAYOUT …]
  [--workload NAME …] [--quick] [--json FILE] [--plots DIR]

Compares anyarch with what else registers emulators and runs foreign programs (docs/benchmarks.md). Needs root.

  --rounds N           timed runs of each contender (default 15; of accelerate 2, and plain emulation once; of machines 3)
  --only COMPARISON    ${comparisons.join(', ')}; may be given several times
                       (default all but accelerate, which takes half an hour, and machines)
  --workload NAME      of accelerate: ${workloads.map(({ name }) => name).join(', ')}; may be given several times (default all)
  --quick              small inputs for accelerate
  --qemu-script PATH   QEMU's qemu-binfmt-conf.sh; default: looked for in the usual places
  --binfmt PATH        the program of tonistiigi/binfmt
  --images LAYOUT      also list the sizes of these images, which anyarch image build has made; may be given several times
  --json FILE          write the numbers as a JSON document, too
  --plots DIR          draw the image's numbers as SVG files
`;

/** @throws Error for words that it does not know */
export function parseOptions(words: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      help: { type: 'boolean', short: 'h' },
      binfmt: { type: 'string' },
      images: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      plots: { type: 'string' },
      'qemu-script': { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      workload: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.help === true) return 'help';
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1))
    throw new Error(`--rounds takes a number from 1, not "${values.rounds ?? ''}"`);
  return {
    binfmt: absolute(values.binfmt),
    images: values.images.map((path) => resolve(path)),
    json: values.json,
    only: values.only.length === 0 ? usual : values.only.map(comparisonOf),
    plots: absolute(values.plots),
    qemuScript: absolute(values['qemu-script']),
    quick: values.quick,
    rounds,
    workloads: values.workload.map(workloadOf),
  };
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function workloadOf(word: string): string {
  const names = workloads.map(({ name }) => name);
  if (!names.includes(word)) throw new Error(`--workload takes ${names.join(', ')}, not "${word}"`);
  return word;
}

function comparisonOf(word: string): Comparison {
  const comparison = comparisons.find((known) => known === word);
  if (comparison === undefined) throw new Error(`--only takes ${comparisons.join(', ')}, not "${word}"`);
  return comparison;
}
