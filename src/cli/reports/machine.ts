import type { AnyarchError } from '../../core/error.ts';
import { printable } from '../../core/printable.ts';
import { shellWord } from '../../core/shell-word.ts';
import {
  describeForward,
  describeMount,
  diskStopped,
  engineAddress,
  isSandboxed,
  machineSockets,
  mountTag,
  sshCommand,
  type GuestState,
  type ListedMachine,
  type Machine,
  type MachineRecord,
  type RunningMachine,
} from '../../machine/index.ts';
import type { Outcome } from '../command.ts';
import type { Style } from '../style.ts';
import { formatColumns, headRow, painted, type Cell } from '../table.ts';

export function createdOutcome({ record, places }: Machine, style: Style): Outcome {
  const { name, definition, base, hardware, diskBytes, access } = record;
  const rows: Cell[][] = [
    [painted(style.green, 'made'), name, `${definition}, ${capacity(record)}`],
    ['', 'image', base.origin],
    ['', 'user', `${access.user}, who may become root`],
  ];
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-create/1', machine: facts(record), directory: places.directory },
    text: `${formatColumns(rows)}next: anyarch machine shell ${name}\n`,
  };

  function capacity({ hardware: { cpus, memoryMiB } }: MachineRecord): string {
    const how = hardware.accelerator === 'kvm' ? ', by KVM' : '';
    return `${processorsOf(cpus)}, ${memoryMiB} MiB, disk ${gibibytes(diskBytes)}${how}`;
  }
}

interface ListText {
  /** Names only. */
  readonly isQuiet: boolean;
  readonly style: Style;
}

export function listOutcome(machines: readonly ListedMachine[], { isQuiet, style }: ListText): Outcome {
  const head = headRow(style.bold, [
    'NAME',
    'MACHINE',
    'STATE',
    'CPUS',
    'MEMORY',
    'DISK',
    'ON HOST',
    'PORTS',
  ]);
  const rows = machines.map((one): Cell[] => {
    const record = one.machine?.record;
    return [
      one.name,
      record?.definition ?? '',
      painted(stateColour(one, style), one.state),
      record === undefined ? '' : `${record.hardware.cpus}`,
      record === undefined ? '' : `${record.hardware.memoryMiB} MiB`,
      record === undefined ? '' : gibibytes(record.diskBytes),
      one.usedBytes === undefined ? '' : gibibytes(one.usedBytes),
      lastCell(one),
    ];
  });
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-list/1', machines: machines.map(listedFacts) },
    text: isQuiet ? machines.map(({ name }) => `${name}\n`).join('') : table(),
  };

  function table(): string {
    return machines.length === 0
      ? 'there are no machines. Next: anyarch machine create demo -a arm64\n'
      : formatColumns([head, ...rows]);
  }
}

/** @param guest what QEMU says of a running one; undefined where it did not */
export function showOutcome(one: ListedMachine, guest: GuestState | undefined, style: Style): Outcome {
  const { machine, status } = one;
  const document = { schema: 'anyarch/machine-show/1', ...listedFacts(one) };
  if (machine === undefined)
    return { exitCode: 1, document, text: `${printable(one.error?.message ?? one.name)}\n` };
  const { record, places } = machine;
  const running = status?.kind === 'running' ? status.running : undefined;
  const trouble = guest?.stoppedBy === undefined ? one.trouble : diskStopped(machine, guest.stoppedBy);
  const row = (name: string, text: string): Cell[] => [painted(style.bold, name), text];
  const rows = [
    row('name', record.name),
    row('state', stateText(one)),
    ...(trouble === undefined ? [] : [row('', trouble.message), row('', trouble.hint ?? '')]),
    row(
      'machine',
      `${record.definition}, ${processorsOf(record.hardware.cpus)}, ${record.hardware.memoryMiB} MiB`,
    ),
    row('disk', `${gibibytes(record.diskBytes)}, ${gibibytes(one.usedBytes ?? 0)} on this host`),
    row('image', `${record.base.origin} (sha256 ${record.base.sha256.slice(0, 12)})`),
    row('user', record.access.user),
    ...record.forwards.map((forward) => row('port', describeForward(forward))),
    ...record.mounts.map((mount, index) =>
      row('directory', `${describeMount(mount)} (${mountTag(mount, index)})`),
    ),
    row('files', places.directory),
    ...(running === undefined ? [] : whileRunning(machine, running, row)),
  ];
  return {
    exitCode: 0,
    document: {
      ...document,
      directory: places.directory,
      ...(trouble === undefined ? {} : { trouble: errorFacts(trouble) }),
      ...(running === undefined
        ? {}
        : { ssh: sshCommand(machine, running), engine: engineOf(record, running) }),
    },
    text: formatColumns(rows),
  };
}

function whileRunning(
  machine: Machine,
  running: RunningMachine,
  row: (name: string, text: string) => Cell[],
): Cell[][] {
  const engine = engineOf(machine.record, running);
  return [
    row('qemu', `${running.qemu.version}, process ${running.pid}`),
    ...(isSandboxed(running.command)
      ? []
      : [row('sandbox', 'none: this QEMU has none, or was started without (docs/security.md)')]),
    row('console', machineSockets(running.sockets).console),
    ...(engine === undefined
      ? []
      : [row('engine', engine.url), ...engine.examples.map((one) => row('', one))]),
    row('ssh', sshCommand(machine, running).map(shellWord).join(' ')),
  ];
}

function engineOf({ engine }: MachineRecord, { sockets }: RunningMachine) {
  return engine === undefined ? undefined : engineAddress(engine, machineSockets(sockets));
}

function stateText({ state, status }: ListedMachine): string {
  if (status?.kind === 'running')
    return `${state} since ${new Date(status.running.startedMs).toISOString().slice(0, 19).replace('T', ' ')}`;
  if (state === 'crashed' && status?.rebooted === true)
    return 'crashed: this host was started anew while it ran; its disk is looked at when it starts';
  if (state === 'crashed') return 'crashed: QEMU ended by itself; the disk is looked at when it starts';
  return state === 'saved' ? 'saved: it goes on when it starts' : state;
}

function stateColour({ state }: ListedMachine, style: Style): (text: string) => string {
  if (state === 'running') return style.green;
  return state === 'crashed' || state === 'damaged' ? style.red : style.yellow;
}

/** What is wrong goes before what is as it was asked for. */
function lastCell(one: ListedMachine): string {
  const wrong = one.error ?? one.trouble;
  return wrong === undefined ? portsOf(one) : `${wrong.message} [${wrong.code}]`;
}

function portsOf({ machine, status }: ListedMachine): string {
  const ssh = status?.kind === 'running' ? [`ssh ${status.running.sshPort}`] : [];
  return [...ssh, ...(machine?.record.forwards ?? []).map(describeForward)].join(', ');
}

function listedFacts({ name, state, machine, status, error, trouble, usedBytes }: ListedMachine) {
  return {
    name,
    state,
    ...(machine === undefined ? {} : { machine: facts(machine.record) }),
    ...(usedBytes === undefined ? {} : { usedBytes }),
    ...(status?.kind === 'running' ? { running: runningFacts(status.running) } : {}),
    ...(error === undefined ? {} : { error: errorFacts(error) }),
    ...(trouble === undefined ? {} : { trouble: errorFacts(trouble) }),
  };
}

function errorFacts({ code, message, hint }: AnyarchError) {
  return { code, message, hint };
}

function facts(record: MachineRecord) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'schema'));
}

export function runningFacts({ command, ...running }: RunningMachine) {
  const { pid, startedMs, readyMs, sshPort, sockets, qemu, start } = running;
  return { pid, startedMs, readyMs, sshPort, sockets, qemu, sandbox: isSandboxed(command), start };
}

export function gibibytes(bytes: number): string {
  return bytes >= 2 ** 30 ? `${trimmed(bytes / 2 ** 30)} GiB` : `${trimmed(bytes / 2 ** 20)} MiB`;
}

function trimmed(number: number): string {
  return number.toFixed(1).replace('.0', '');
}

export function processorsOf(count: number): string {
  return count === 1 ? '1 processor' : `${count} processors`;
}
