import { AnyarchError } from '../../core/error.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { usesFirmware } from '../definition/uses-firmware.ts';
import type { BaseImage } from '../record.ts';
import type { QemuCommandInput } from './command-input.ts';
import { optionValue } from './words.ts';

type Input = Pick<QemuCommandInput, 'record' | 'definition' | 'tools' | 'places'>;

/**
 * Firmware, or a kernel that QEMU loads itself.
 *
 * @throws AnyarchError ANYARCH_MACHINE_FAILED for a disk that this kind of machine cannot start from
 */
export function bootWords(input: Input): string[] {
  const { record, definition } = input;
  const { boot } = record.base;
  if (!definition.boots.includes(boot.kind))
    throw new AnyarchError(
      'ANYARCH_MACHINE_FAILED',
      `a ${definition.name} machine cannot start ${record.base.origin} from its disk`,
      {
        hint: 'this kind of machine needs a kernel beside the disk: --image debian has one',
        details: { machine: definition.name, boots: definition.boots },
      },
    );
  return [
    ...(usesFirmware(definition, boot.kind) ? flashWords(input) : []),
    ...(boot.kind === 'kernel' ? kernelWords(definition, boot) : []),
  ];
}

function flashWords({ definition, tools, places }: Input): string[] {
  if (tools.firmware === undefined)
    throw new Error(`no firmware was obtained for ${definition.name}, which starts by it`);
  return [
    '-drive',
    `if=pflash,unit=0,format=raw,readonly=on,file=${optionValue(tools.firmware.code)}`,
    '-drive',
    `if=pflash,unit=1,format=raw,file=${optionValue(places.variables)}`,
  ];
}

function kernelWords(
  { console }: MachineDefinition,
  { kernel, initrd, deviceTree, parameters }: Extract<BaseImage['boot'], { readonly kind: 'kernel' }>,
): string[] {
  return [
    '-kernel',
    kernel,
    ...(initrd === undefined ? [] : ['-initrd', initrd]),
    ...(deviceTree === undefined ? [] : ['-dtb', deviceTree]),
    '-append',
    [`console=${console}`, parameters].filter((part) => part !== '').join(' '),
  ];
}
