import { existsSync, writeFileSync } from 'node:fs';
import { nodeHost } from '../../../src/host/node/node-host.ts';

/** What a process that only executes is told, as JSON in its first argument. */
export interface ExecLoopOrder {
  readonly program: string;
  /** Pid of who holds the namespaces to execute in. */
  readonly inside: number;
  /** Written when the first program has been executed. */
  readonly started: string;
  /** It ends when this file is there. */
  readonly stop: string;
}

export interface ExecLoopResult {
  readonly executed: number;
  /** What came instead of 42, a line for each. */
  readonly failures: readonly string[];
}

const { program, inside, started, stop } = JSON.parse(process.argv[2] ?? '') as ExecLoopOrder;
const { executor } = nodeHost({ inside });
const batch = Array.from({ length: 10 }, () => program);
const failures: string[] = [];
let executed = 0;
while (!existsSync(stop)) {
  for (const outcome of executor.executeAll(batch)) {
    executed += 1;
    if (outcome.kind !== 'exited' || outcome.code !== 42) failures.push(JSON.stringify(outcome));
  }
  if (executed === batch.length) writeFileSync(started, '');
}
process.stdout.write(JSON.stringify({ executed, failures } satisfies ExecLoopResult));
