import { AnyarchError } from '../../core/error.ts';
import {
  connectSettled,
  endedMeanwhile,
  findDefinition,
  findSnapshot,
  listSnapshots,
  machineStatus,
  obtainTools,
  readMachine,
  removeSnapshot,
  restoreSnapshot,
  saveSnapshot,
  withMachine,
  type Machine,
  type SnapshotDocument,
} from '../../machine/index.ts';
import type { Context, Handler, Outcome } from '../command.ts';
import type { machineSnapshot } from '../commands/machine-snapshot.ts';
import { withProgress } from '../progress.ts';
import { formatSavedSnapshot, formatSnapshots, snapshotFacts } from '../reports/machine-snapshot.ts';

type Options = Parameters<Handler<(typeof machineSnapshot)['options']>>[0]['options'];

export const handleMachineSnapshot: Handler<(typeof machineSnapshot)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const [action, name = '', snapshot] = positionals;
  const machine = readMachine(context.host, name);
  if (action === 'list') return list(context, machine, options.quiet === true);
  if (snapshot === undefined)
    throw new AnyarchError('ANYARCH_USAGE', `which snapshot of ${name}?`, {
      hint: `anyarch machine snapshot ${action ?? 'save'} ${name} before-upgrade; there are: anyarch machine snapshot list ${name}`,
    });
  return await withMachine(
    context.host,
    name,
    async (now) => {
      if (action === 'save') return await save(context, now, snapshot, options);
      if (action === 'restore') return await restore(context, now, snapshot, options);
      return remove(context, now, snapshot);
    },
    { signal: context.signal },
  );
};

function list({ host, terminal }: Context, { record, places }: Machine, isQuiet: boolean): Outcome {
  const snapshots = listSnapshots(host.files, places);
  return {
    exitCode: 0,
    document: {
      schema: 'anyarch/machine-snapshot-list/1',
      machine: record.name,
      snapshots: snapshots.map(snapshotFacts),
    },
    text: isQuiet
      ? snapshots.map(({ name }) => `${name}\n`).join('')
      : formatSnapshots(record.name, snapshots, terminal.style),
  };
}

async function save(context: Context, machine: Machine, name: string, options: Options): Promise<Outcome> {
  const { host, signal } = context;
  const begun = host.clock.monotonic();
  const imageTool = await imageToolOf(context, machine, options);
  const status = machineStatus(host, machine);
  const qmp =
    status.kind === 'running' ? await connectSettled(host, machine, status.running, signal) : undefined;
  try {
    const snapshot = await withProgress(context, async (onProgress) =>
      saveSnapshot(host, machine, {
        name,
        imageTool,
        signal,
        subject: machine.record.name,
        diskOnly: options['disk-only'] === true,
        onProgress: (received, total) => {
          onProgress({ phase: 'save', subject: machine.record.name, received, total });
        },
        ...(qmp === undefined || status.kind !== 'running'
          ? {}
          : { live: { monitor: qmp, running: status.running } }),
      }),
    );
    const tookMs = host.clock.monotonic() - begun;
    return {
      ...outcome('save', machine, snapshot),
      text: formatSavedSnapshot(machine.record.name, snapshot, tookMs),
    };
  } catch (error) {
    const isGone = qmp !== undefined && machineStatus(host, machine).kind === 'stopped';
    throw isGone ? endedMeanwhile(machine.record.name, error) : error;
  } finally {
    qmp?.close();
  }
}

async function restore(context: Context, machine: Machine, name: string, options: Options): Promise<Outcome> {
  const { host } = context;
  const of = machine.record.name;
  const snapshot = findSnapshot(host.files, machine, name);
  if (machineStatus(host, machine).kind === 'running')
    throw new AnyarchError('ANYARCH_MACHINE_RUNNING', `${of} runs, and would be put back under its feet`, {
      hint: `what it does now is lost anyhow: anyarch machine stop ${of} --force`,
      details: { machine: of, snapshot: name },
    });
  const imageTool = await imageToolOf(context, machine, options);
  restoreSnapshot(host, machine.places, snapshot, { imageTool });
  const how = snapshot.memory === undefined ? 'it boots' : 'it goes on from there';
  return {
    ...outcome('restore', machine, snapshot),
    text: `${of} is as it was in ${name}; when it is started ${how}: anyarch machine start ${of}\n`,
  };
}

function remove({ host }: Context, machine: Machine, name: string): Outcome {
  const snapshot = findSnapshot(host.files, machine, name);
  removeSnapshot(host, machine.places, name);
  return { ...outcome('remove', machine, snapshot), text: `removed ${name} of ${machine.record.name}\n` };
}

function outcome(
  action: string,
  { record }: Machine,
  snapshot: SnapshotDocument,
): Required<Pick<Outcome, 'exitCode' | 'document'>> {
  const facts = snapshotFacts(snapshot);
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-snapshot/1', action, machine: record.name, snapshot: facts },
  };
}

async function imageToolOf(
  context: Context,
  { record }: Machine,
  options: Options,
): Promise<readonly string[]> {
  const tools = await withProgress(context, async (onProgress) =>
    obtainTools(context.host, findDefinition(record.definition), {
      qemu: record.hardware.qemu,
      noFetch: options['no-fetch'] === true,
      ...(options.mirror === undefined ? {} : { mirror: options.mirror }),
      signal: context.signal,
      onProgress,
    }),
  );
  return tools.command('qemu-img');
}
