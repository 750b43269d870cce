import { nodeHost } from '../../../src/host/node/node-host.ts';
import { requireEmulator } from '../../../src/emulators/index.ts';
import { register, release, status, takingOver, unregister } from '../../../src/registration/index.ts';
import { killAtCall } from './kill-at-call.ts';

/** What a child process is told, as JSON in its first argument. */
export interface ChildOrder {
  readonly command: 'register' | 'unregister' | 'release' | 'status';
  readonly architectures?: readonly string[] | 'all';
  readonly reset?: boolean;
  readonly credentials?: boolean;
  /** Names of entries to take over. */
  readonly takeOver?: readonly string[];
  /** Names of entries to give back. */
  readonly names?: readonly string[] | 'all';
  /** As in a container that does not see the host's files. */
  readonly hidden?: boolean;
  readonly state: string;
  /** Directory of emulators. */
  readonly qemu: string;
  /** SIGKILL before the system call with this number that changes something, counted from 0. */
  readonly killAt?: number;
}

const order = JSON.parse(process.argv[2] ?? '') as ChildOrder;
const changes = killAtCall(order.killAt ?? Infinity);
const own = nodeHost();
const host =
  order.hidden === true ? { ...own, system: { ...own.system, hostFiles: 'hidden' as const } } : own;
process.stdout.write(JSON.stringify({ report: carryOut(order), changes: changes() }));

function carryOut({
  command,
  architectures = [],
  names = 'all',
  state,
  qemu,
  ...options
}: ChildOrder): unknown {
  switch (command) {
    case 'register': {
      const choose = (target: string) => requireEmulator(host, target, { qemu });
      const { reset = false, credentials = false, takeOver = [] } = options;
      return register(host, {
        architectures,
        state,
        reset,
        credentials,
        takeOver: takingOver(takeOver),
        choose,
      });
    }
    case 'unregister':
      return unregister(host, { architectures, state });
    case 'release':
      return release(host, { names, state });
    case 'status':
      return status(host, { state });
  }
}
