import type { Host } from '../../src/host/host.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { systemStateDirectory } from '../../src/host/state-directory.ts';
import { SystemError } from '../../src/host/system-error.ts';
import { fakeLog, type FakeLog } from '../../src/host/testing/fake-log.ts';
import { fakeProcesses, type FakeProcesses } from '../../src/host/testing/fake-processes.ts';

/** This machine's files but with no store except the one in `home`; no host programs, and a log to look at. */
export function mirrorHost(
  home: string,
  nowMs: () => number = Date.now,
): Omit<Host, 'log' | 'processes'> & { log: FakeLog; processes: FakeProcesses } {
  const host = nodeHost({ system: { machine: 'x86_64', environment: { ANYARCH_HOME: home } } });
  const files = { ...host.files, read: (path: string) => host.files.read(notOfTheSystem(path)) };
  return { ...host, files, log: fakeLog(), processes: fakeProcesses(), clock: { ...host.clock, now: nowMs } };
}

/** What somebody has fetched on this machine is no matter of a test's. */
function notOfTheSystem(path: string): string {
  if (path.startsWith(`${systemStateDirectory}/`)) throw new SystemError('ENOENT', 'read', path);
  return path;
}
