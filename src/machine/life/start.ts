import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { openForwards, type EnginePatience } from '../access/forwards.ts';
import { openMaster } from '../access/master.ts';
import { runInGuest } from '../access/run-in-guest.ts';
import { findDefinition } from '../definition/table.ts';
import type { Goal } from '../readiness/arrival.ts';
import type { CloudInitResult } from '../readiness/cloud-init-status.ts';
import type { InitResult } from '../readiness/init-status.ts';
import type { BootProgress, ReachedMilestone } from '../readiness/progress.ts';
import { patience } from '../readiness/patience.ts';
import { waitUntilReady } from '../readiness/wait-until-ready.ts';
import { tellGuest, type RunInGuest } from '../mounts/tell-guest.ts';
import type { RunningMachine } from '../record.ts';
import { setGuestClock, type AskGuest } from '../state/guest-clock.ts';
import { goOn } from './go-on.ts';
import { launchMachine, type LaunchOptions } from './launch.ts';
import { endsWithin, kill } from './leftovers.ts';
import { lostMounts } from './lost-mounts.ts';
import type { Machine } from './machine.ts';
import { noteReady } from './note-ready.ts';
import { machineStatus, type MachineStatus } from './status.ts';
import { withMachine } from './with-machine.ts';

export interface StartOptions extends LaunchOptions {
  /**
   * What to wait for; `process`: for nothing of the guest; `use`: that it can be reached, and in its very first start that
   * all is done which it was told, because commands want to find that. Default: after each boot that all is done which the
   * first start was told; a guest that went on has only to be reached.
   */
  readonly wait?: 'process' | 'use' | Goal | undefined;
  /** Start nothing: `ANYARCH_MACHINE_STOPPED` where it does not run. */
  readonly joinOnly?: boolean;
  /** Milliseconds for another command at the same machine. */
  readonly lockWaitMs?: number;
  readonly onBoot?: ((progress: BootProgress) => void) | undefined;
}

export interface StartedMachine {
  readonly running: RunningMachine;
  /** `already`: it ran before. */
  readonly how: 'cold' | 'state' | 'already';
  readonly reached: readonly ReachedMilestone[];
  /** Milliseconds from QEMU's start until what was waited for; undefined where it was not, or was there before. */
  readonly readyAfterMs?: number;
  readonly cloudInit?: CloudInitResult;
  /** Of a machine that is made of a container image. */
  readonly init?: InitResult;
  /** How far behind the clock of a guest was that went on, or has none at a boot, in milliseconds; it has been set. */
  readonly clockLateMs?: number;
}

/**
 * Starts a machine, or joins the start of another command, and waits until it can be used.
 *
 * @throws AnyarchError what `launchMachine` and `waitUntilReady` throw; ANYARCH_LOCKED, ANYARCH_MACHINE_STOPPED
 */
export async function startMachine(
  host: Host,
  { record: { name } }: Machine,
  options: StartOptions,
): Promise<StartedMachine> {
  const { machine, definition, running, how } = await withMachine(
    host,
    name,
    async (now) => {
      const status = machineStatus(host, now);
      const definition = findDefinition(now.record.definition);
      if (status.kind === 'running') {
        if (await goOn(host, now, status.running)) {
          warnOfLostMounts(host, now, status.running);
          return { machine: now, definition, running: status.running, how: 'already' as const };
        }
      }
      if (options.joinOnly === true) throw isStopped(name);
      const before = status.kind === 'stopped' ? status : await endUnbegun(host, status.running);
      const launched = await launchMachine(host, now, definition, before, options);
      return { machine: now, definition, running: launched, how: launched.start };
    },
    { signal: options.signal, ...(options.lockWaitMs === undefined ? {} : { waitMs: options.lockWaitMs }) },
  );
  const wait = goalOf(running, options);
  if (wait === 'process') return { running, how, reached: [] };
  if (wait === 'ssh' && (await isStillReady(host, machine, running, options)))
    return { running, how, reached: [] };

  const { reached, cloudInit, init } = await waitUntilReady(host, machine, running, {
    goal: wait,
    definition,
    // What was wrong before it was ready for the first time is so no more.
    consoleFrom:
      running.readyMs === undefined
        ? (running.consoleFrom ?? 0)
        : (host.files.status(machine.places.console)?.size ?? 0),
    messagesFrom: running.messagesFrom ?? 0,
    signal: options.signal,
    onProgress: options.onBoot,
  });
  const ask: AskGuest = (words, answer) => runInGuest(machine, running, words, { answer });
  const { programMs } = patience(host.files, definition.slowness);
  const run: RunInGuest = (words) =>
    runInGuest(machine, running, words, { timeoutMs: programMs, signal: options.signal });
  const [clockLateMs] = await Promise.all([
    // A board has no clock that its guest could read at a boot.
    running.start === 'state' || definition.bus === 'board'
      ? setGuestClock(ask, machine.record.access.user, host.clock)
      : undefined,
    openForwards(host, machine, running, enginePatience(options)),
    mountsChanged(machine, running) ? tellOfMounts(host, machine, run) : undefined,
  ]);
  await noteReady(host, machine, running, options.signal);
  return {
    running,
    how,
    reached,
    ...(running.readyMs === undefined
      ? { readyAfterMs: Math.max(0, host.clock.now() - running.startedMs) }
      : {}),
    ...(cloudInit === undefined ? {} : { cloudInit }),
    ...(init === undefined ? {} : { init }),
    ...(clockLateMs === undefined ? {} : { clockLateMs }),
  };
}

/** Who only wants to get in has nothing to do with an engine that hangs. */
function enginePatience({ wait }: StartOptions): EnginePatience {
  return wait === 'ssh' || wait === 'use' ? 'short' : 'whole';
}

/** That commands run does not say that what the boot was told is done. */
function goalOf(
  { start, consoleFrom, readyMs }: RunningMachine,
  { wait }: Pick<StartOptions, 'wait'>,
): 'process' | Goal {
  if (wait === undefined) return start === 'state' ? 'ssh' : 'cloud-init';
  if (wait !== 'use') return wait;
  // Nothing has ever been printed before.
  const isFirst = start === 'cold' && consoleFrom === 0 && readyMs === undefined;
  return isFirst ? 'cloud-init' : 'ssh';
}

/** It was ready before: one attempt is enough, unless its server is away just now. */
async function isStillReady(
  host: Host,
  machine: Machine,
  running: RunningMachine,
  options: StartOptions,
): Promise<boolean> {
  if (running.readyMs === undefined) return false;
  const { state } = await openMaster(host, machine, running, { signal: options.signal });
  if (state !== 'open') return false;
  await openForwards(host, machine, running, enginePatience(options));
  return true;
}

/** A guest that goes on has them, and so has one that was ready before. Without cloud-init it reads the seed at each boot. */
function mountsChanged({ record }: Machine, { start, readyMs }: RunningMachine): boolean {
  const isBoot = start === 'cold' && readyMs === undefined;
  return isBoot && record.pastMounts !== undefined && record.base.cloudInit !== 'no';
}

async function tellOfMounts({ log }: Host, { record }: Machine, run: RunInGuest): Promise<void> {
  const trouble = await tellGuest(run, record.access.user, record.mounts);
  if (trouble !== undefined) log.warn(trouble);
}

function isStopped(name: string): AnyarchError {
  return new AnyarchError('ANYARCH_MACHINE_STOPPED', `${name} is stopped`, {
    hint: `anyarch machine start ${name}`,
    details: { name },
  });
}

type Stopped = Extract<MachineStatus, { readonly kind: 'stopped' }>;

/** A QEMU whose guest has not had an instruction: its disk and its state are as they were. */
async function endUnbegun(host: Host, last: RunningMachine): Promise<Stopped> {
  kill(last.pid, 'SIGKILL');
  await endsWithin(host, last, 10_000);
  return { kind: 'stopped', crashed: false, rebooted: false, last };
}

function warnOfLostMounts(host: Host, machine: Machine, running: RunningMachine): void {
  const lost = lostMounts(host, machine, running);
  if (lost !== undefined) host.log.warn(`${lost.message} [${lost.code}] (${lost.hint ?? ''})`);
}
