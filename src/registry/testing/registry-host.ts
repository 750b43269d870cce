import { fakeLog } from '../../host/testing/fake-log.ts';
import { fakeProcesses } from '../../host/testing/fake-processes.ts';
import { nodeClock } from '../../host/node/node-clock.ts';
import { nodeFiles } from '../../host/node/node-files.ts';
import type { RegistryHost } from '../connection.ts';

/** Real files, but nobody's credentials and proxies. */
export function registryHost(environment: Readonly<Record<string, string>> = {}): RegistryHost {
  return {
    clock: nodeClock,
    files: nodeFiles,
    log: fakeLog(),
    processes: fakeProcesses(),
    system: {
      uid: 0,
      gid: 0,
      pid: process.pid,
      machine: 'x86_64',
      kernelRelease: '6.18.0',
      environment: { HOME: '/nowhere', XDG_RUNTIME_DIR: '/nowhere', ...environment },
    },
  };
}
