import type { Host } from '../../host/host.ts';
import type { Login } from '../access/master.ts';
import type { Machine } from '../life/machine.ts';
import type { RunningMachine } from '../record.ts';
import { waitForCloudInit, type CloudInitResult } from './cloud-init-status.ts';
import { waitForInit, type InitResult } from './init-status.ts';
import type { MilestoneName } from './milestones.ts';
import type { Greeting } from './ssh-banner.ts';
import { waitForSsh } from './wait-for-ssh.ts';

/** What a machine is to be able to do. `cloud-init`: all that the first start was told is done, too, and all services are started. */
export type Goal = 'ssh' | 'cloud-init';

/** What is tried over the network while somebody else looks at the console; read again and again. */
export interface Arrival {
  readonly isThere: boolean;
  /** What the last attempt at the SSH port met with. */
  readonly greeting: Greeting | undefined;
  /** How the last attempt to log in went that failed. */
  readonly refusal: Login | undefined;
  readonly cloudInit: CloudInitResult | undefined;
  /** Instead, of a machine that is made of a container image. */
  readonly init: InitResult | undefined;
  /** What could not even be tried: there is no ssh. */
  readonly failure: { readonly error: unknown } | undefined;
  /** Settled when nothing is tried any more. */
  readonly settled: Promise<void>;
}

export interface ArrivalOptions {
  readonly goal: Goal;
  /** What one attempt may take, in milliseconds. */
  readonly attemptMs: number;
  readonly signal: AbortSignal;
  readonly reach: (name: Extract<MilestoneName, 'ssh-banner' | 'ssh' | 'cloud-init' | 'services'>) => void;
  /** cloud-init, or the init, has just said that it goes on. */
  readonly onAtWork: () => void;
}

export function beginArrival(
  host: Pick<Host, 'files'>,
  machine: Machine,
  running: RunningMachine,
  { goal, attemptMs, signal, reach, onAtWork }: ArrivalOptions,
): Arrival {
  const arrival = {
    isThere: false,
    greeting: undefined as Greeting | undefined,
    refusal: undefined as Login | undefined,
    cloudInit: undefined as CloudInitResult | undefined,
    init: undefined as InitResult | undefined,
    failure: undefined as Arrival['failure'],
  };
  const arrive = async (): Promise<void> => {
    const isIn = await waitForSsh(host, machine, running, {
      attemptMs,
      signal,
      onGreeting: (greeting) => {
        arrival.greeting = greeting;
        if (greeting === 'ssh') reach('ssh-banner');
      },
      onRefusal: (login) => (arrival.refusal = login),
    });
    if (!isIn) return;
    reach('ssh');
    const wait = { attemptMs, signal, onAtWork };
    if (goal === 'cloud-init' && machine.record.base.cloudInit === 'no') {
      arrival.init = await waitForInit(machine, running, wait);
      if (arrival.init === undefined) return;
      if (arrival.init.status !== 'none') reach('services');
    } else if (goal === 'cloud-init') {
      arrival.cloudInit = await waitForCloudInit(machine, running, wait);
      if (arrival.cloudInit === undefined) return;
      reach('cloud-init');
    }
    arrival.isThere = true;
  };
  const settled = arrive().catch((error: unknown) => {
    arrival.failure = { error };
  });
  return Object.assign(arrival, { settled });
}
