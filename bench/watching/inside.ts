// Started by index.ts in namespaces of its own, with the order as its argument; prints the measurements.
import { tablePath } from '../binfmt-table.ts';
import type { Contender } from '../contender.ts';
import { loadLibrary, type Library } from '../library.ts';
import { measure } from '../measure.ts';
import type { MeasureOptions } from '../measure.ts';
import { runProgram } from '../programs.ts';

export type Order = MeasureOptions & { readonly scratch: string };

/** Looks in one run: one alone is too short to be timed, and a shell takes longer to start. */
const looks = 100;

const order = JSON.parse(process.argv[2] ?? '') as Order;
runProgram(['mount', '-t', 'binfmt_misc', 'binfmt_misc', tablePath]);
const library = await loadLibrary();
const state = `${order.scratch}/watched`;
const { outcome, results } = library.register(library.nodeHost(), { architectures: 'all', state });
if (outcome !== 'ok') throw new Error(`register: ${JSON.stringify(results)}`);
const contenders = [
  watch(library),
  script('sh: grep -l enabled', `grep -l ^enabled ${tablePath}/qemu-* >/dev/null`),
  // No other program for each look.
  script(
    'sh: read every entry',
    `for entry in ${tablePath}/qemu-*; do read -r state <$entry; [ "$state" = enabled ] || exit 1; done`,
  ),
];
process.stdout.write(JSON.stringify(await measure(contenders, order)));

function watch({ newMemory, nodeHost, watchOnce }: Library): Contender {
  const name = 'anyarch watch, a poll';
  const host = nodeHost();
  const memory = newMemory();
  const poll = () => watchOnce(host, state, memory, { probeIntervalMs: 0 });
  return {
    name,
    // What it finds at first is to be said, and proven.
    prepare: poll,
    run: () =>
      timed(name, () => {
        for (let look = 0; look < looks; look += 1)
          if (poll().length > 0) throw new Error('something has changed');
      }),
    check: () => `${memory.wanted.length} entries`,
  };
}

function script(name: string, look: string): Contender {
  const command = ['sh', '-c', `i=0; while [ $i -lt ${looks} ]; do ${look}; i=$((i+1)); done`];
  return { name, run: () => timed(name, () => runProgram(command)) };
}

/** One look's share. */
function timed(name: string, action: () => unknown): Record<string, number> {
  const start = performance.now();
  action();
  return { [name]: (performance.now() - start) / looks };
}
