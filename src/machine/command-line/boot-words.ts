import { AnyarchError } from '../../core/error.ts';
import type { QemuCommandInput } from './qemu-command.ts';
import { optionValue } from './words.ts';

/** Firmware, or a kernel that QEMU loads itself. */
export function bootWords({
  record,
  definition,
  tools,
  places,
}: Pick<QemuCommandInput, 'record' | 'definition' | 'tools' | 'places'>): string[] {
  const { boot } = record.base;
  if (!definition.boots.includes(boot.kind))
    throw new AnyarchError(
      'ANYARCH_MACHINE_FAILED',
      `a ${definition.name} machine cannot start from its disk`,
      {
        hint: 'this kind of machine needs a kernel beside the disk: --image debian has one',
        details: { machine: definition.name, boots: definition.boots },
      },
    );
  if (boot.kind === 'kernel')
    return [
      '-kernel',
      boot.kernel,
      ...(boot.initrd === undefined ? [] : ['-initrd', boot.initrd]),
      ...(boot.deviceTree === undefined ? [] : ['-dtb', boot.deviceTree]),
      '-append',
      [`console=${definition.console}`, boot.parameters].filter((part) => part !== '').join(' '),
    ];
  if (definition.firmware === undefined) return [];
  if (tools.firmware === undefined)
    throw new Error(`no firmware was obtained for ${definition.name}, which starts by it`);
  return [
    '-drive',
    `if=pflash,unit=0,format=raw,readonly=on,file=${optionValue(tools.firmware.code)}`,
    '-drive',
    `if=pflash,unit=1,format=raw,file=${optionValue(places.variables)}`,
  ];
}
