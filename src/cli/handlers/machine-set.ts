import { AnyarchError } from '../../core/error.ts';
import {
  changeMachine,
  checkMounts,
  describeForward,
  describeMount,
  findDefinition,
  mountTag,
  parseForwards,
  parseMounts,
  type MachineChange,
  type MachineRecord,
} from '../../machine/index.ts';
import type { Context, Handler, OptionValues } from '../command.ts';
import type { machineSet } from '../commands/machine-set.ts';
import { cpuModelOf, cpusOf, memoryOf } from './machine/capacity.ts';
import { processorsOf } from '../reports/machine.ts';
import { formatColumns, painted } from '../table.ts';

type Options = OptionValues<(typeof machineSet)['options']>;

export const handleMachineSet: Handler<(typeof machineSet)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { host, signal, terminal } = context;
  const [name = ''] = positionals;
  checkOptions(name, options);
  const changed = await changeMachine(host, name, (record) => changeOf(host, record, options), signal);
  const { hardware, forwards } = changed;
  const mounts = changed.mounts.map((mount, index) => {
    const { source, target, isReadOnly } = mount;
    return { source, target, isReadOnly, tag: mountTag(mount, index) };
  });
  const model = hardware.cpu === undefined ? '' : ` (${hardware.cpu})`;
  const ports = forwards.length === 0 ? 'no ports' : forwards.map(describeForward).join(', ');
  const directories = mounts.length === 0 ? 'no directories' : mounts.map(describeMount).join(', ');
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-set/1', name, hardware, forwards, mounts },
    text: formatColumns([
      [
        painted(terminal.style.green, 'set'),
        name,
        `${processorsOf(hardware.cpus)}${model}, ${hardware.memoryMiB} MiB of memory, ${ports}, ${directories}`,
      ],
    ]),
  };
};

function checkOptions(name: string, options: Options): void {
  if (Object.keys(options).length === 0)
    throw new AnyarchError('ANYARCH_USAGE', 'nothing to change was named', {
      hint: `anyarch machine set ${name} --memory 2G --cpus 4, or --port, or --mount; its disk: anyarch machine resize ${name} 20G`,
    });
  if (options['no-ports'] === true && options.port !== undefined)
    throw new AnyarchError('ANYARCH_USAGE', '--port and --no-ports: --port alone replaces all that it has');
  if (options['no-mounts'] === true && options.mount !== undefined)
    throw new AnyarchError(
      'ANYARCH_USAGE',
      '--mount and --no-mounts: --mount alone replaces all that it has',
    );
}

function changeOf(
  { files, system }: Context['host'],
  { definition: kind }: MachineRecord,
  options: Options,
): MachineChange {
  const definition = findDefinition(kind);
  const { cpus, memory, cpu, port, mount } = options;
  const mounts = mount === undefined ? undefined : parseMounts(mount, process.cwd(), files);
  checkMounts(definition, mounts ?? [], system.machine);
  return {
    hardware: {
      ...(cpus === undefined ? {} : { cpus: cpusOf(definition, cpus) }),
      ...(memory === undefined ? {} : { memoryMiB: memoryOf(definition, memory) }),
      ...(cpu === undefined ? {} : { cpu: cpuModelOf(definition, cpu) }),
    },
    forwards: options['no-ports'] === true ? [] : port === undefined ? undefined : parseForwards(port),
    mounts: options['no-mounts'] === true ? [] : mounts,
  };
}
