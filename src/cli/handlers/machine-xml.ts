import { absolutePath } from '../../core/absolute-path.ts';
import { diskBuses, findDefinition, libvirtDomain, machineStatus, readMachine } from '../../machine/index.ts';
import type { Handler } from '../command.ts';
import type { machineXml } from '../commands/machine-xml.ts';

export const handleMachineXml: Handler<(typeof machineXml)['options']> = ({
  options,
  positionals,
  context,
}) => {
  const { host } = context;
  const machine = readMachine(host, positionals[0] ?? '');
  const { record, places } = machine;
  const definition = findDefinition(record.definition);
  const { xml, notes } = libvirtDomain(
    { record, definition, places },
    {
      network: options.network ?? 'user',
      diskBus: diskBuses.find((one) => one === options['disk-bus']) ?? 'virtio',
      emulator: options.emulator === undefined ? undefined : absolutePath(options.emulator, process.cwd()),
      owner: host.system.uid === 0 ? 'root' : 'user',
    },
  );
  const isRunning = machineStatus(host, machine).kind === 'running';
  const all = [
    ...notes,
    ...(isRunning
      ? [`${record.name} runs: stop it before libvirt starts it, they cannot both have the disk`]
      : []),
  ];
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-xml/1', machine: record.name, xml, notes: all },
    text: xml,
    errorText: all.map((note) => `note: ${note}\n`).join(''),
  };
};
