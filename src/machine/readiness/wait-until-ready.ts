import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../host/host.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { Machine } from '../life/machine.ts';
import { diskStopped } from '../life/disk-stopped.ts';
import { lookAtProcess } from '../life/process.ts';
import { machineSockets } from '../life/sockets.ts';
import type { RunningMachine } from '../record.ts';
import { beginArrival, type Goal } from './arrival.ts';
import type { CloudInitResult } from './cloud-init-status.ts';
import { watchConsole } from './console-watch.ts';
import { deadEnd, noNetwork, qemuEnded, standstill } from './failure.ts';
import { otherHostKey } from './other-host-key.ts';
import { guestState } from './guest-state.ts';
import type { InitResult } from './init-status.ts';
import { isFurther, milestoneCalled, type MilestoneName } from './milestones.ts';
import { patience } from './patience.ts';
import { journey, type BootProgress, type ReachedMilestone } from './progress.ts';

export interface ReadinessOptions {
  readonly goal: Goal;
  readonly definition: Pick<MachineDefinition, 'slowness'>;
  /** Where in the console's file this start begins, and in the file with QEMU's messages, in bytes. */
  readonly consoleFrom: number;
  readonly messagesFrom: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: BootProgress) => void) | undefined;
}

export interface Readiness {
  readonly reached: readonly ReachedMilestone[];
  readonly cloudInit?: CloudInitResult;
  readonly init?: InitResult;
}

/** What the console prints at the end of a boot. */
const endsBoot: readonly MilestoneName[] = ['login', 'cloud-init-finished'];

/** Milliseconds between two looks at the console, and between two questions about the disks. */
const lookMs = 200;
const askMs = 10_000;

/**
 * Waits until commands run in a machine. There is no deadline for the whole: a guest that prints, uses its disks or
 * reaches milestones goes on, however slow it is.
 *
 * @throws AnyarchError ANYARCH_MACHINE_FAILED at a dead end, when nothing moves any more, and when QEMU ends;
 *   ANYARCH_MACHINE_HOST_KEY when somebody else answers, ANYARCH_DISK_FULL when its disk cannot be written; ANYARCH_PORT_IN_USE, ANYARCH_MACHINE_RUNNING; ANYARCH_CANCELLED: the machine goes on
 */
export async function waitUntilReady(
  host: Pick<Host, 'files' | 'clock'>,
  machine: Machine,
  running: RunningMachine,
  options: ReadinessOptions,
): Promise<Readiness> {
  const { files, clock } = host;
  const { definition, goal, signal, onProgress } = options;
  const elapsedMs = (): number => Math.max(0, clock.now() - running.startedMs);
  const progress = journey(milestoneCalled(running.start === 'cold' ? 'qemu' : 'resumed'), elapsedMs);
  const watch = watchConsole(files, machine.places.console, options.consoleFrom);
  const { qmp } = machineSockets(running.sockets);
  const over = new AbortController();
  const hadItsKey = running.start === 'state' || running.readyMs !== undefined;
  let sawBoot = false;
  let movedMs = clock.monotonic();
  const move = (): void => {
    movedMs = clock.monotonic();
  };
  const arrival = beginArrival(host, machine, running, {
    goal,
    attemptMs: patience(files, definition.slowness).attemptMs,
    signal: AbortSignal.any([signal, over.signal]),
    reach: (name) => {
      if (has(name)) return;
      progress.reach(milestoneCalled(name));
      move();
    },
    // It may install packages in silence for as long as it says that it is at work.
    onAtWork: move,
  });

  try {
    let line = '';
    let activity: number | undefined;
    let askedMs = clock.monotonic();
    let bootedMs: number | undefined;
    for (;;) {
      const news = watch.look();
      if (news.bytes > 0) move();
      line = news.line === '' ? line : news.line;
      // Its SSH server may be up before: then this is no step further.
      sawBoot ||= news.milestone !== undefined && endsBoot.includes(news.milestone.name);
      if (news.milestone !== undefined && isFurther(news.milestone.name, progress.furthest.name))
        progress.reach(news.milestone);
      onProgress?.({ milestone: progress.furthest, elapsedMs: elapsedMs(), line });
      if (arrival.failure !== undefined) throw arrival.failure.error;
      const { cloudInit, init } = arrival;
      if (arrival.isThere)
        return {
          reached: progress.reached,
          ...(cloudInit === undefined ? {} : { cloudInit }),
          ...(init === undefined ? {} : { init }),
        };
      throwIfCancelled(signal);
      if (lookAtProcess(files, running.pid)?.startTicks !== running.startTicks)
        throw qemuEnded(host, machine, { messagesFrom: options.messagesFrom, progress });
      if (news.deadEnd !== undefined) throw deadEnd(host, machine, news.deadEnd, progress);

      const now = clock.monotonic();
      if (now - askedMs > askMs) {
        askedMs = now;
        const guest = await guestState(qmp);
        if (guest?.stoppedBy !== undefined) throw diskStopped(machine, guest.stoppedBy);
        const seen = guest?.diskOperations;
        // A guest that has booted writes logs now and then for ever.
        if (seen !== undefined && seen !== activity && !hasBooted()) move();
        activity = seen ?? activity;
      }
      if (hasBooted()) bootedMs ??= now;
      const limits = patience(files, definition.slowness);
      if (bootedMs !== undefined && !has('ssh-banner')) {
        const { hasAddress } = news;
        const sinceBootMs = now - bootedMs;
        const isSilent = arrival.greeting === 'silent' && now - movedMs > limits.withoutNetworkMs;
        const isWithout =
          hasAddress === false
            ? sinceBootMs > limits.withoutAddressMs
            : isSilent && !isConfiguring() && sinceBootMs > limits.withoutNetworkMs;
        const seconds = Math.round(sinceBootMs / 1000);
        if (isWithout) throw noNetwork(host, machine, { hasAddress, seconds, progress });
      }
      if (arrival.refusal?.state === 'otherKey') {
        // At a first boot cloud-init puts the key there, which is done some time before the login prompt.
        const isLate = now - (bootedMs ?? now) > limits.afterKeysMs || now - movedMs > limits.stallMs;
        if (hadItsKey || isLate) throw otherHostKey(machine, running, arrival.refusal);
      }
      const limit = hasBooted() && !has('ssh') ? limits.afterBootMs : limits.stallMs;
      if (now - movedMs > limit)
        throw standstill(host, machine, {
          progress,
          seconds: Math.round((now - movedMs) / 1000),
          awaited: awaited(),
          ...(arrival.refusal === undefined || has('ssh') ? {} : { refusal: arrival.refusal.message }),
        });
      const pause = sleep(lookMs, undefined, { signal }).catch(() => undefined);
      await (hasArrived() ? pause : Promise.race([pause, arrival.settled]));
    }
  } finally {
    over.abort();
    await arrival.settled;
  }

  /** Read anew each time: it changes while something is awaited. */
  function hasArrived(): boolean {
    return arrival.isThere || arrival.failure !== undefined;
  }

  function hasBooted(): boolean {
    return sawBoot;
  }

  /** cloud-init is at work: the SSH server may be among what it installs. */
  function isConfiguring(): boolean {
    return progress.reached.some(({ name }) => name.startsWith('cloud-init')) && !has('cloud-init-finished');
  }

  function awaited(): string {
    if (has('ssh'))
      return `${machine.record.base.cloudInit === 'no' ? 'its init' : 'cloud-init'} did not say that it is at work`;
    if (!hasBooted()) return 'it booted';
    return arrival.greeting === 'closed'
      ? 'no SSH server listened in it'
      : 'waiting for its SSH server to let us in';
  }

  function has(wanted: MilestoneName): boolean {
    return progress.reached.some(({ name }) => name === wanted);
  }
}
