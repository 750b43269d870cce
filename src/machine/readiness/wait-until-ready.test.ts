import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { Machine } from '../life/machine.ts';
import { machinePlaces } from '../places.ts';
import type { RunningMachine } from '../record.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** As QEMU does: it accepts for a guest whose network is not there, and says nothing. */
async function silentPort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const table = (address: string): string =>
  [
    'Net device info++',
    '+---+',
    '| Device | Up | Address |',
    '+---+',
    `| eth0 | True | ${address} | . |`,
    '+---+',
  ]
    .map((line) => `ci-info: ${line}\r\n`)
    .join('');

/** @param seconds after which the wait is given up */
async function outcomeOf(console: string, seconds: number): Promise<unknown> {
  const host = fakeHost();
  const places = machinePlaces(host.system, 'demo');
  const machine = {
    record: { name: 'demo', id: 'i', access: { user: 'me', key: '/k' }, base: {}, definition: 'arm64' },
    places,
  } as unknown as Machine;
  host.files.addFile(places.console, console);
  host.files.addFile('/proc/4000/stat', `4000 (qemu) S ${'0 '.repeat(18)}777 0\n`);
  const running = {
    pid: 4000,
    startTicks: 777,
    startedMs: host.clock.now(),
    sockets: '/nowhere',
    sshPort: await silentPort(),
    start: 'cold',
  } as unknown as RunningMachine;
  const stop = new AbortController();
  let looks = 0;
  const waiting = waitUntilReady(host, machine, running, {
    goal: 'ssh',
    // An attempt at the port takes 10 ms, and everything else as long as the host's clock says.
    definition: { slowness: 1 },
    consoleFrom: 0,
    messagesFrom: 0,
    signal: stop.signal,
    onProgress: () => {
      looks += 1;
      host.clock.advance(5_000);
      if (looks * 5 > seconds) stop.abort();
    },
  });
  return await waiting.catch((error: unknown) => error);
}

it('names a network without an address soon after the login prompt', async () => {
  const error = await outcomeOf(`${table('.')}demo login: `, 60);
  expect(error).toMatchObject({ code: 'ANYARCH_MACHINE_FAILED', details: { reason: 'no-network' } });
}, 30_000);

it('waits on for a guest that has an address, or has not booted', async () => {
  for (const console of [`${table('10.0.2.15')}demo login: `, table('.')])
    expect(await outcomeOf(console, 40)).toMatchObject({ code: 'ANYARCH_CANCELLED' });
}, 30_000);
