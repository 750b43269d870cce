import { createServer } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import type { CommandOptions, CommandResult } from '../command.ts';
import { anyarch, cloneMachine, machine, removeMachine } from './home.ts';

/** Of 127.0.0.1, and of ::1, that lead to the guest's ports 8000 (tcp, ipv6) and 8001 (udp). */
interface GuestPorts {
  readonly tcp: number;
  readonly udp: number;
  readonly ipv6: number;
}

interface RunningMachine {
  readonly name: string;
  readonly ports: () => GuestPorts;
  /** Runs it in the guest. */
  readonly inGuest: (words: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
}

/** A machine that runs during the tests of a file. */
export function useRunningMachine(name: string): RunningMachine {
  let ports: GuestPorts | undefined;
  beforeAll(async () => {
    const [tcp = 0, udp = 0, ipv6 = 0] = await freePorts(3);
    ports = { tcp, udp, ipv6 };
    await cloneMachine(
      name,
      ...['--port', `${tcp}:8000`, '--port', `${udp}:8001/udp`, '--port', `[::1]:${ipv6}:8000`],
    );
    await machine('start', name);
  });
  afterAll(async () => {
    await removeMachine(name);
  });
  return {
    name,
    ports: () => {
      if (ports === undefined) throw new Error('the machine is there in tests only');
      return ports;
    },
    inGuest: async (words, options) => await anyarch(['machine', 'shell', name, '--', ...words], options),
  };
}

/** Different ones: each is held until all are found. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listening));
  return await Promise.all(
    servers.map(
      async (server) =>
        await new Promise<number>((resolve) => {
          const address = server.address();
          server.close(() => {
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
}

async function listening(): Promise<ReturnType<typeof createServer>> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    });
  });
}
