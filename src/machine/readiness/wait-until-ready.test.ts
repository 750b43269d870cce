import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { Machine } from '../life/machine.ts';
import { machinePlaces } from '../places.ts';
import type { RunningMachine } from '../record.ts';
import type { Goal } from './arrival.ts';
import { withGuest } from './testing/with-guest.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** As QEMU does: it accepts for a guest whose network is not there, and says nothing. */
async function silentPort(greeting = ''): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (greeting !== '') socket.end(greeting);
  });
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

interface Guest {
  readonly goal?: Goal;
  /** What its SSH server says first. */
  readonly greeting?: string;
  /** What the console prints once that is there. */
  readonly afterGreeting?: string;
  /** It could be used before. */
  readonly wasReady?: boolean;
  /** What the console prints once it lets us in. */
  readonly afterLogin?: string;
}

/** @param seconds after which the wait is given up */
async function outcomeOf(
  console: string,
  seconds: number,
  { goal = 'ssh', greeting = '', afterGreeting = '', wasReady = false, afterLogin = '' }: Guest = {},
): Promise<unknown> {
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
    sshPort: await silentPort(greeting),
    start: 'cold',
    ...(wasReady ? { readyMs: host.clock.now() } : {}),
  } as unknown as RunningMachine;
  const stop = new AbortController();
  let looks = 0;
  const waiting = waitUntilReady(host, machine, running, {
    goal,
    // An attempt at the port takes 10 ms, and everything else as long as the host's clock says.
    definition: { slowness: 1 },
    consoleFrom: 0,
    messagesFrom: 0,
    signal: stop.signal,
    onProgress: ({ milestone }) => {
      if (milestone.name === 'ssh') host.files.addFile(places.console, `${console}${afterLogin}`);
      if (milestone.name === 'ssh-banner') host.files.addFile(places.console, `${console}${afterGreeting}`);
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

const configured = { goal: 'cloud-init', greeting: 'SSH-2.0-x\r\n' } as const;

it('sees a kernel panic after the first login', async () => {
  const guest = { ...configured, afterLogin: 'Kernel panic - not syncing: Fatal exception\r\n' };
  const error = await withGuest('exec sleep 100', async () => await outcomeOf('demo login: ', 400, guest));
  expect(error).toMatchObject({ details: { reason: 'panic', milestone: 'ssh' } });
}, 60_000);

it('gives a guest up whose cloud-init does not answer, and waits for one that is at work', async () => {
  const silent = await withGuest('exit 1', async () => await outcomeOf('demo login: ', 3_000, configured));
  expect(silent).toMatchObject({ details: { reason: 'no-progress', milestone: 'ssh' } });
  const script = `echo '{"status": "running"}'`;
  const busy = await withGuest(script, async () => await outcomeOf('demo login: ', 200, configured));
  expect(busy).toMatchObject({ code: 'ANYARCH_CANCELLED' });
}, 60_000);

describe('a guest with another key', () => {
  const login = `echo 'ED25519 key sent by the remote host is
SHA256:abc.
Host key verification failed.' >&2; exit 255`;
  const meet = async (console: string, wasReady: boolean, afterGreeting = ''): Promise<unknown> =>
    await withGuest(
      'exit 1',
      async () => await outcomeOf(console, 40, { greeting: 'SSH-2.0-x\r\n', wasReady, afterGreeting }),
      login,
    );

  it('is refused at once where it had its own before, with the way to make it known', async () => {
    expect(await meet('', true)).toMatchObject({
      code: 'ANYARCH_MACHINE_HOST_KEY',
      message: expect.stringContaining('SHA256:abc') as string,
      hint: expect.stringMatching(/ssh-keyscan .*\/i\/p' >.*known_hosts/) as string,
    });
  }, 30_000);

  it('is refused once it has booted, and has time until then', async () => {
    expect(await meet('demo login: ', false)).toMatchObject({ code: 'ANYARCH_MACHINE_HOST_KEY' });
    expect(await meet('', false, 'demo login: ')).toMatchObject({ code: 'ANYARCH_MACHINE_HOST_KEY' });
    expect(await meet('', false)).toMatchObject({ code: 'ANYARCH_CANCELLED' });
  }, 30_000);
});
