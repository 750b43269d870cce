import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  /** File for the JSON document. */
  readonly json: string | undefined;
  /** QEMU's `qemu-binfmt-conf.sh`, absolute. */
  readonly qemuScript: string | undefined;
  readonly rounds: number;
}

export const usage = `npm run bench -- [--rounds N] [--qemu-script PATH] [--json FILE]

Compares anyarch with what else registers emulators and runs foreign programs (docs/benchmarks.md). Needs root.

  --rounds N          timed runs of each contender (default 15)
  --qemu-script PATH  QEMU's qemu-binfmt-conf.sh; default: looked for in the usual places
  --json FILE         write the numbers as a JSON document, too
`;

/** @throws Error for words that it does not know */
export function parseOptions(words: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      help: { type: 'boolean', short: 'h' },
      json: { type: 'string' },
      'qemu-script': { type: 'string' },
      rounds: { type: 'string', default: '15' },
    },
  });
  if (values.help === true) return 'help';
  const script = values['qemu-script'];
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes a number from 1, not "${values.rounds}"`);
  return { json: values.json, qemuScript: script === undefined ? undefined : resolve(script), rounds };
}
