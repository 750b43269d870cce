import { availableParallelism } from 'node:os';
import { beforeAll } from 'vitest';
import { limit } from './limit.ts';
import { runMachine } from './machine.ts';
import type { MachineOptions } from './machine.ts';
import type { Boot } from './results.ts';

// More than the machine's own deadline, as one may have to wait for a processor.
const patienceMs = 2_400_000;

/**
 * Lets a virtual machine do what it has to before the tests of the enclosing suite. The machines of a file run side by
 * side, one on each processor, from the moment that the first suite waits for its own.
 *
 * @returns asks for a boot, counted from 1
 */
export function useMachine(options: MachineOptions): (boot: number) => Boot {
  let boots: readonly Boot[] = [];
  const start = (): Promise<Boot[]> => (run ??= processors(() => runMachine(options)));
  let run: Promise<Boot[]> | undefined;
  declared.push(start);
  beforeAll(async () => {
    for (const each of declared) each().catch(() => undefined);
    boots = await start();
  }, patienceMs);
  return (number) => {
    const boot = boots[number - 1];
    if (boot === undefined) throw new Error(`there were ${boots.length} boots, not ${number}`);
    return boot;
  };
}

const declared: (() => Promise<Boot[]>)[] = [];
const processors = limit(availableParallelism());
