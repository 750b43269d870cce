import { nodeHost } from '../../../src/host/node/node-host.ts';
import { requireEmulator } from '../../../src/emulators/index.ts';
import { register, unregister } from '../../../src/registration/index.ts';
import { killedAt } from './killed-at.ts';

/** What a child process is told, as JSON in its first argument. */
export interface ChildOrder {
  readonly command: 'register' | 'unregister';
  readonly architectures: readonly string[];
  readonly reset?: boolean;
  readonly state: string;
  /** Directory of emulators. */
  readonly qemu: string;
  /** SIGKILL before the change with this number, counted from 0. */
  readonly killAt?: number;
}

const order = JSON.parse(process.argv[2] ?? '') as ChildOrder;
const { host, changes } = killedAt(nodeHost(), order.killAt ?? Infinity, () => {
  process.kill(process.pid, 'SIGKILL');
});
const { architectures, state } = order;
const report =
  order.command === 'register'
    ? register(host, {
        architectures,
        state,
        reset: order.reset ?? false,
        choose: (target) => requireEmulator(host, target, { qemu: order.qemu }),
      })
    : unregister(host, { architectures, state });
process.stdout.write(JSON.stringify({ report, changes: changes() }));
