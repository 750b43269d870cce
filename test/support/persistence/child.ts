import { nodeHost } from '../../../src/host/node/node-host.ts';
import {
  disablePersistence,
  enablePersistence,
  persistenceStatus,
  type InitName,
} from '../../../src/persistence/index.ts';

/** What a process in a private place is told, as JSON in its first argument. */
export interface PersistOrder {
  readonly command: 'enable' | 'disable' | 'status';
  readonly architectures?: readonly string[] | 'all';
  readonly init?: InitName;
  /** A directory of emulators, or a version. */
  readonly qemu?: string;
  readonly credentials?: boolean;
  readonly now?: boolean;
}

const order = JSON.parse(process.argv[2] ?? '') as PersistOrder;
process.stdout.write(JSON.stringify(await carryOut(order)));

async function carryOut({
  command,
  architectures = 'all',
  now = false,
  ...options
}: PersistOrder): Promise<unknown> {
  const host = nodeHost();
  switch (command) {
    case 'enable':
      return await enablePersistence(host, { ...options, architectures });
    case 'disable':
      return await disablePersistence(host, { architectures, now });
    case 'status':
      return await persistenceStatus(host);
  }
}
