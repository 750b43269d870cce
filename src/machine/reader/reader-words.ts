import { sandboxFor } from '../command-line/sandbox-words.ts';
import { blockNode, device, optionValue } from '../command-line/words.ts';
import { chooseCpu } from '../definition/choose-cpu.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { Qemu } from '../tools/tools.ts';
import { readerPorts } from './init-script.ts';
import type { Reader } from './obtain-reader.ts';

export interface ReaderCommand {
  readonly definition: MachineDefinition;
  readonly qemu: Qemu;
  readonly reader: Reader;
  /** An overlay, which is written to. */
  readonly disk: string;
  /** Files that are written. */
  readonly archive: string;
  readonly report: string;
  readonly console: string;
  /** Number of a partition, or name of a logical volume; undefined for the one that has a system. */
  readonly partition: string | undefined;
}

/** All words that start the helper. It has no network and sees nothing of the host but the disk. */
export function readerWords(command: ReaderCommand): readonly string[] {
  const { definition, qemu, reader } = command;
  const { bus } = definition;
  return [
    ...qemu.words,
    '-no-user-config',
    '-nodefaults',
    ...sandboxFor(qemu),
    ...['-display', 'none', '-monitor', 'none', '-no-reboot'],
    ...['-machine', definition.machine],
    ...['-accel', 'tcg,thread=multi'],
    ...['-cpu', chooseCpu(definition, qemu.version).value],
    ...['-smp', '2', '-m', '1024'],
    ...['-kernel', reader.kernel, '-initrd', reader.initrd],
    ...['-append', appended(command)],
    ...blockNode({
      driver: 'qcow2',
      'node-name': 'disk',
      cache: { direct: false, 'no-flush': true },
      file: { driver: 'file', filename: command.disk },
    }),
    ...device(`virtio-blk-${bus}`, { drive: 'disk' }),
    ...device(`virtio-serial-${bus}`, { id: 'ports' }),
    ...port('archive', command.archive),
    ...port('report', command.report),
    ...['-chardev', `file,id=console,path=${optionValue(command.console)}`, '-serial', 'chardev:console'],
  ];
}

function appended({ definition, partition }: ReaderCommand): string {
  const words = [`console=${definition.console}`, 'panic=-1', 'quiet'];
  return [...words, ...(partition === undefined ? [] : [`anyarch.partition=${partition}`])].join(' ');
}

function port(name: keyof typeof readerPorts, path: string): string[] {
  const nr = readerPorts[name];
  return [
    ...['-chardev', `file,id=${name},path=${optionValue(path)}`],
    ...device('virtserialport', { bus: 'ports.0', nr, chardev: name, name: `anyarch.${name}` }),
  ];
}
