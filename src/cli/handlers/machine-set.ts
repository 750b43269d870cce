import { AnyarchError } from '../../core/error.ts';
import {
  changeMachine,
  describeForward,
  findDefinition,
  parseForwards,
  type MachineChange,
  type MachineRecord,
} from '../../machine/index.ts';
import type { Handler, OptionValues } from '../command.ts';
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
  const changed = await changeMachine(host, name, (record) => changeOf(record, options), signal);
  const { hardware, forwards } = changed;
  const model = hardware.cpu === undefined ? '' : ` (${hardware.cpu})`;
  const ports = forwards.length === 0 ? 'no ports' : forwards.map(describeForward).join(', ');
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-set/1', name, hardware, forwards },
    text: formatColumns([
      [
        painted(terminal.style.green, 'set'),
        name,
        `${processorsOf(hardware.cpus)}${model}, ${hardware.memoryMiB} MiB of memory, ${ports}`,
      ],
    ]),
  };
};

function checkOptions(name: string, options: Options): void {
  if (Object.keys(options).length === 0)
    throw new AnyarchError('ANYARCH_USAGE', 'nothing to change was named', {
      hint: `anyarch machine set ${name} --memory 2G --cpus 4, or --port; its disk: anyarch machine resize ${name} 20G`,
    });
  if (options['no-ports'] === true && options.port !== undefined)
    throw new AnyarchError('ANYARCH_USAGE', '--port and --no-ports: --port alone replaces all that it has');
}

function changeOf({ definition: kind }: MachineRecord, options: Options): MachineChange {
  const definition = findDefinition(kind);
  const { cpus, memory, cpu, port } = options;
  return {
    hardware: {
      ...(cpus === undefined ? {} : { cpus: cpusOf(definition, cpus) }),
      ...(memory === undefined ? {} : { memoryMiB: memoryOf(definition, memory) }),
      ...(cpu === undefined ? {} : { cpu: cpuModelOf(definition, cpu) }),
    },
    forwards: options['no-ports'] === true ? [] : port === undefined ? undefined : parseForwards(port),
  };
}
