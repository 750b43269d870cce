import { setTimeout as sleep } from 'node:timers/promises';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { OnProgress } from '../../transfer/index.ts';
import { qemuCommand } from '../command-line/qemu-command.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { activeDisk } from '../layers/places.ts';
import { checkMounts } from '../mounts/check-mounts.ts';
import { mountWords } from '../mounts/mount-words.ts';
import { startMounts, type StartedMounts } from '../mounts/start-mounts.ts';
import { allocateNetwork } from '../network/allocate-network.ts';
import { networkWords } from '../network/network-words.ts';
import { connectQmp, type Qmp } from '../qmp/client.ts';
import { qemuEnded } from '../readiness/failure.ts';
import { milestoneCalled } from '../readiness/milestones.ts';
import { journey } from '../readiness/progress.ts';
import type { RunningMachine } from '../record.ts';
import { savedBy } from '../state/read-state.ts';
import { dropState, incomingWords, resumeState, stateToResume } from '../state/resume-state.ts';
import { obtainTools } from '../tools/obtain-tools.ts';
import { checkDiskAfterCrash, checkFiles } from './check-disk.ts';
import { clearLeftovers, clearSockets, endsWithin, kill } from './leftovers.ts';
import type { Machine } from './machine.ts';
import { bootId, lookAtProcess, type StartedProcess } from './process.ts';
import { removeInBackground } from './remove-in-background.ts';
import { writeRunning } from './running.ts';
import { machineSockets, socketDirectory } from './sockets.ts';
import { spawnQemu } from './spawn-qemu.ts';
import type { MachineStatus } from './status.ts';

export interface LaunchOptions {
  /** Boot, whatever was saved. */
  readonly cold?: boolean | undefined;
  readonly noFetch?: boolean | undefined;
  readonly mirror?: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Starts a stopped machine's QEMU, with the lock of the machine. Its guest has only begun then. What goes wrong leaves
 * the machine stopped.
 *
 * @param before what is known of its last run
 * @throws AnyarchError what its parts throw; ANYARCH_MACHINE_FAILED when QEMU ends at once
 */
export async function launchMachine(
  host: Host,
  machine: Machine,
  definition: MachineDefinition,
  before: Extract<MachineStatus, { readonly kind: 'stopped' }>,
  options: LaunchOptions,
): Promise<RunningMachine> {
  const { record, places } = machine;
  const { files } = host;
  checkFiles(host, machine);
  checkMounts(definition, record.mounts, host.system.machine);
  const tools = await obtainTools(host, definition, {
    qemu: record.hardware.qemu,
    savedBy: options.cold === true ? undefined : savedBy(files, places),
    needs: record.mounts.length === 0 ? [] : ['virtiofsd'],
    noFetch: options.noFetch === true,
    ...(options.mirror === undefined ? {} : { mirror: options.mirror }),
    signal: options.signal,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  await clearLeftovers(host, machine, before.last);
  if (before.crashed) checkDiskAfterCrash(host, machine, tools);
  files.remove(places.running);
  if (options.cold === true) dropState(host, places);

  const { sshPort } = await allocateNetwork(host, record);
  const sockets = machineSockets(socketDirectory(host, record));
  const parts = {
    record,
    definition,
    tools,
    places: { ...places, disk: activeDisk(files, places) },
    sockets,
    networkWords: networkWords({ definition, record, sshPort }),
    mountWords: mountWords({ definition, mounts: record.mounts, socket: (index) => sockets.mount(index) }),
  };
  const { version, sha256 } = tools.qemu;
  const planned = { qemu: { version, sha256 }, command: qemuCommand({ ...parts, incomingWords: [] }) };
  const state = stateToResume(host, record, places, planned);
  const command = state === undefined ? planned.command : qemuCommand({ ...parts, incomingWords });
  const intended: RunningMachine = {
    schema: 'anyarch/running-machine/1',
    pid: 0,
    startTicks: 0,
    bootId: bootId(files),
    startedMs: host.clock.now(),
    sockets: sockets.directory,
    sshPort,
    qemu: planned.qemu,
    command,
    start: state === undefined ? 'cold' : 'state',
    consoleFrom: files.status(places.console)?.size ?? 0,
    messagesFrom: files.status(places.messages)?.size ?? 0,
  };

  let mounts: StartedMounts | undefined;
  let process: StartedProcess | undefined;
  try {
    if (record.mounts.length > 0)
      mounts = await startMounts(host, {
        mounts: record.mounts,
        command: tools.command('virtiofsd'),
        environment: tools.environment,
        socket: (index) => sockets.mount(index),
        messages: places.messages,
        signal: options.signal,
      });
    throwIfCancelled(options.signal);
    writeRunning(host, places, intended);
    process = await spawnQemu(host, command, { environment: tools.environment, messages: places.messages });
    const running = { ...intended, ...process };
    writeRunning(host, places, running);
    const qmp = await firstConnection(host, machine, running, options.signal);
    try {
      if (state !== undefined)
        await resumeState(host, qmp, places, {
          signal: options.signal,
          subject: record.name,
          remove: removeInBackground,
        });
    } finally {
      qmp.close();
      await qmp.closed;
    }
    return running;
  } catch (error) {
    if (process !== undefined) {
      kill(process.pid, 'SIGKILL');
      await endsWithin(host, process, 10_000);
    }
    mounts?.stop();
    await clearSockets(host, sockets.directory);
    files.remove(places.running);
    throw error;
  }
}

/** Milliseconds that QEMU has to open its control socket: firmware and large initramfs are read before. */
const openingMs = 120_000;

async function firstConnection(
  host: Host,
  machine: Machine,
  running: RunningMachine,
  signal: AbortSignal,
): Promise<Qmp> {
  const { qmp } = machineSockets(running.sockets);
  const deadline = host.clock.monotonic() + openingMs;
  for (;;) {
    throwIfCancelled(signal);
    const isThere = lookAtProcess(host.files, running.pid)?.startTicks === running.startTicks;
    if (!isThere)
      throw qemuEnded(host, machine, {
        messagesFrom: running.messagesFrom ?? 0,
        progress: journey(milestoneCalled('qemu'), () => 0),
      });
    const isLate = host.clock.monotonic() > deadline;
    try {
      if (host.files.linkStatus(qmp) !== undefined || isLate)
        return await connectQmp(qmp, { timeoutMs: openingMs, signal });
    } catch (error) {
      // It listens a moment after the socket is there.
      if (!(error instanceof AnyarchError) || isLate) throw error;
    }
    await sleep(20);
  }
}
