import type { Host } from '../../src/host/host.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { fakeLog, type FakeLog } from '../../src/host/testing/fake-log.ts';
import { fakeProcesses, type FakeProcesses } from '../../src/host/testing/fake-processes.ts';

/** This machine's files below `home`, no host programs, and a log to look at. */
export function mirrorHost(
  home: string,
  nowMs: () => number = Date.now,
): Omit<Host, 'log' | 'processes'> & { log: FakeLog; processes: FakeProcesses } {
  const host = nodeHost({ system: { machine: 'x86_64', environment: { ANYARCH_HOME: home } } });
  return { ...host, log: fakeLog(), processes: fakeProcesses(), clock: { ...host.clock, now: nowMs } };
}
