import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImageOptions } from './image/options.ts';

const comparisons = ['registering', 'running', 'wrapping', 'watching', 'starting', 'sizes', 'image'] as const;

export type Comparison = (typeof comparisons)[number];

/** All paths are absolute. */
export interface Options extends ImageOptions {
  /** File for the JSON document. */
  readonly json: string | undefined;
  /** Directory for the plots. */
  readonly plots: string | undefined;
  readonly only: readonly Comparison[];
  readonly rounds: number;
}

export const usage = `npm run bench -- [--rounds N] [--only COMPARISON …] [--qemu-script PATH] [--binfmt PATH] [--images LAYOUT …]
  [--json FILE] [--plots DIR]

Compares anyarch with what else registers emulators and runs foreign programs (docs/benchmarks.md). Needs root.

  --rounds N           timed runs of each contender (default 15)
  --only COMPARISON    ${comparisons.join(', ')}; may be given several times (default all)
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
      rounds: { type: 'string', default: '15' },
    },
  });
  if (values.help === true) return 'help';
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes a number from 1, not "${values.rounds}"`);
  return {
    binfmt: absolute(values.binfmt),
    images: values.images.map((path) => resolve(path)),
    json: values.json,
    only: values.only.length === 0 ? comparisons : values.only.map(comparisonOf),
    plots: absolute(values.plots),
    qemuScript: absolute(values['qemu-script']),
    rounds,
  };
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function comparisonOf(word: string): Comparison {
  const comparison = comparisons.find((known) => known === word);
  if (comparison === undefined) throw new Error(`--only takes ${comparisons.join(', ')}, not "${word}"`);
  return comparison;
}
