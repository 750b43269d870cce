import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { WatchEvent } from '../../src/watch/index.ts';

/** A running `anyarch watch --json`. */
export interface Watcher {
  readonly pid: number;
  readonly events: readonly WatchEvent[];
  /** The first event from now on, or since the last one that was waited for, that is wanted. */
  readonly next: (event: WatchEvent['event'], timeoutMs?: number) => Promise<WatchEvent>;
  /** @returns the exit code, or the signal */
  readonly end: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals | null>;
}

/** @param command with what starts it elsewhere before it */
export function startWatcher(
  command: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Watcher {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment } });
  const events: WatchEvent[] = [];
  let seen = 0;
  let rest = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    events.push(...lines.map((line) => JSON.parse(line) as WatchEvent));
  });
  return {
    pid: child.pid ?? 0,
    events,
    next: async (event, timeoutMs = 20_000) => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const index = events.findIndex((one, at) => at >= seen && one.event === event);
        const found = events[index];
        if (found !== undefined) {
          seen = index + 1;
          return found;
        }
        if (performance.now() > deadline || hasEnded(child))
          throw new Error(`no ${event} in ${JSON.stringify(events.slice(seen))}; ${errors}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    end: async (signal) => {
      if (!hasEnded(child)) {
        child.kill(signal);
        await once(child, 'close');
      }
      return child.exitCode ?? child.signalCode;
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
