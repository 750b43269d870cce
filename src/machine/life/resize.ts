import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { runInGuest } from '../access/run-in-guest.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { checkDiskSize, fittingDisk, sizeText } from '../definition/disk-size.ts';
import { findDefinition } from '../definition/table.ts';
import { activeDisk } from '../layers/index.ts';
import { patience } from '../readiness/patience.ts';
import type { MachineRecord, RunningMachine } from '../record.ts';
import { diskNode } from '../snapshot/index.ts';
import { obtainTools } from '../tools/obtain-tools.ts';
import { diskSize } from './disk-size.ts';
import { connectSettled } from './go-on.ts';
import { writeRecord, type Machine } from './machine.ts';
import { machineStatus } from './status.ts';
import { withMachine } from './with-machine.ts';

export interface ResizeOptions {
  readonly noFetch?: boolean | undefined;
  readonly signal: AbortSignal;
}

export interface ResizedMachine {
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** Whether the guest's file system has grown with it; otherwise it does at the next boot, where cloud-init grows it. */
  readonly hasGrown: boolean;
}

/**
 * Makes a machine's disk larger, also while it runs.
 *
 * @param bytes that the guest is to see
 * @throws AnyarchError ANYARCH_USAGE for a smaller one, ANYARCH_STATE_UNUSABLE for a saved machine, ANYARCH_MACHINE_FAILED,
 *   ANYARCH_DISK_INVALID, ANYARCH_LOCKED
 */
export async function resizeMachine(
  host: Host,
  { record: { name } }: Machine,
  bytes: number,
  { noFetch, signal }: ResizeOptions,
): Promise<ResizedMachine> {
  return await withMachine(
    host,
    name,
    async (machine) => {
      const { record, places } = machine;
      const before = activeDisk(host.files, places);
      const beforeBytes = diskSize(host, before);
      const definition = findDefinition(record.definition);
      if (bytes < beforeBytes) throw shrinks(record, definition, beforeBytes, bytes);
      checkDiskSize(definition, bytes);
      const status = machineStatus(host, machine);
      if (status.kind === 'running' && definition.bus === 'board') throw isCard(record.name, definition.name);
      if (status.kind === 'running') await resizeRunning(host, machine, status.running, bytes, signal);
      else await resizeStopped(before);
      const disk = activeDisk(host.files, places);
      const afterBytes = diskSize(host, disk);
      if (afterBytes < bytes)
        throw new AnyarchError('ANYARCH_DISK_INVALID', `${disk} has ${afterBytes} bytes, not ${bytes}`, {
          hint: 'look at it with qemu-img info',
          details: { path: disk },
        });
      writeRecord(host, { places, record: { ...record, diskBytes: afterBytes } });
      const hasGrown =
        status.kind === 'running' && status.running.readyMs !== undefined
          ? await growGuest(host, machine, status.running, signal)
          : false;
      return { beforeBytes, afterBytes, hasGrown };

      async function resizeStopped(disk: string): Promise<void> {
        if (host.files.linkStatus(places.state) !== undefined) throw isSaved(record.name);
        const tools = await obtainTools(host, definition, {
          qemu: record.hardware.qemu,
          noFetch: noFetch === true,
          signal,
        });
        const words = [...tools.command('qemu-img'), 'resize', '-q', '-f', 'qcow2', disk, String(bytes)];
        const result = host.processes.run(words, { environment: { ...tools.environment, LC_ALL: 'C' } });
        if (result.exitCode !== 0)
          throw new AnyarchError(
            'ANYARCH_DISK_INVALID',
            `${disk} cannot be resized: ${result.stderr.trim()}`,
            {
              hint: 'look at it with qemu-img check',
              details: { path: disk },
            },
          );
      }
    },
    { signal },
  );
}

async function resizeRunning(
  host: Host,
  machine: Machine,
  running: RunningMachine,
  bytes: number,
  signal: AbortSignal,
): Promise<void> {
  const qmp = await connectSettled(host, machine, running, signal);
  try {
    const node = await diskNode(host, machine.places, qmp);
    await qmp.execute('block_resize', { 'node-name': node, size: bytes });
  } finally {
    qmp.close();
    await qmp.closed;
  }
}

/** What cloud-init does at a boot, and it knows which partition and file system that is. */
async function growGuest(
  { files }: Pick<Host, 'files'>,
  machine: Machine,
  running: RunningMachine,
  signal: AbortSignal,
): Promise<boolean> {
  const { slowness } = findDefinition(machine.record.definition);
  const timeoutMs = patience(files, slowness).programMs;
  for (const module of ['growpart', 'resizefs']) {
    const words = ['sudo', '-n', 'cloud-init', 'single', '--name', module, '--frequency', 'always'];
    const { exitCode } = await runInGuest(machine, running, words, { timeoutMs, signal });
    if (exitCode !== 0) return false;
  }
  return true;
}

function shrinks(
  { name }: Pick<MachineRecord, 'name'>,
  definition: MachineDefinition,
  before: number,
  after: number,
): AnyarchError {
  const next = fittingDisk(definition, (Math.floor(before / 2 ** 30) + 1) * 2 ** 30);
  return new AnyarchError(
    'ANYARCH_USAGE',
    `the disk of ${name} has ${before} bytes and would have ${after}: a disk can only grow`,
    {
      hint: `anyarch machine resize ${name} ${sizeText(next)}`,
      details: { before, after },
    },
  );
}

/** The card tells its size once, when it is put in. */
function isCard(name: string, definition: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_USAGE',
    `the disk of ${name}, a ${definition}, is an SD card, which does not grow while the machine runs`,
    { hint: `stop it first: anyarch machine stop ${name}`, details: { name } },
  );
}

function isSaved(name: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_STATE_UNUSABLE',
    `${name} was saved, and goes on only with the disk as it is`,
    {
      hint: `start it first, its disk grows while it runs: anyarch machine start ${name}`,
      details: { name },
    },
  );
}
