import type { MachineDefinition } from '../definition/definition.ts';
import { chooseCpu } from '../definition/choose-cpu.ts';
import type { QemuCommandInput } from './command-input.ts';
import { bootWords } from './boot-words.ts';
import { consoleWords, controlWords } from './console-words.ts';
import { diskWords } from './disk-words.ts';
import { sandboxFor } from './sandbox-words.ts';
import { device, optionValue } from './words.ts';

/**
 * All words that start a machine's QEMU. The same record, definition and QEMU give the same words, which saved states need.
 *
 * Names that others use: the block nodes `disk` (over `disk-file`) and `seed` (over `seed-file`), the devices `disk0`, `seed0`,
 * the character devices `console`, `qmp` and `agent`.
 */
export function qemuCommand(input: QemuCommandInput): readonly string[] {
  const { record, definition, tools } = input;
  const { cpus, memoryMiB, accelerator, words } = record.hardware;
  const isShared = input.mountWords.length > 0;
  return [
    ...tools.qemu.words,
    '-name',
    `guest=${optionValue(record.name)},debug-threads=on`,
    // Nothing of the host's configuration and none of QEMU's default devices, which differ by version.
    '-no-user-config',
    '-nodefaults',
    ...sandboxFor(tools.qemu, words),
    '-display',
    'none',
    '-machine',
    [definition.machine, ...(isShared ? ['memory-backend=ram'] : [])].join(','),
    '-accel',
    accelerator,
    '-cpu',
    record.hardware.cpu ?? (accelerator === 'kvm' ? 'host' : chooseCpu(definition, tools.qemu.version).value),
    '-smp',
    String(cpus),
    '-m',
    `${memoryMiB}M`,
    ...(isShared ? ['-object', `memory-backend-memfd,id=ram,size=${memoryMiB}M,share=on`] : []),
    ...bootWords(input),
    ...diskWords(definition, input.places),
    ...consoleWords(definition, input.sockets, input.places.console),
    ...controlWords(definition, input.sockets),
    ...entropyWords(definition),
    ...input.networkWords,
    ...input.mountWords,
    ...input.incomingWords,
    ...words,
  ];
}

/** Without it a guest that has just started waits for random numbers before it takes connections. */
function entropyWords(definition: MachineDefinition): string[] {
  if (definition.bus === 'board') return [];
  return [
    '-object',
    'rng-random,id=entropy,filename=/dev/urandom',
    ...device(`virtio-rng-${definition.bus}`, { id: 'rng0', rng: 'entropy' }),
  ];
}
