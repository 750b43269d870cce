import type { DataSegment } from './data-segment.ts';
import { wordSizeOf } from './launcher-host.ts';
import type { LauncherHost } from './launcher-host.ts';
import { operandMode, stateWords } from './layout.ts';
import type { OperandMode } from './layout.ts';
import type { Argument } from './program.ts';
import { dataAddress } from './static-executable.ts';

/** How the machine code finds an argument's value: two words of a step's record. */
export interface Operand {
  readonly mode: OperandMode;
  readonly word: number;
}

/** @param slots address of the slots for the launcher's own arguments (`layout.ts`) */
export function operandOf(host: LauncherHost, data: DataSegment, slots: number, argument: Argument): Operand {
  const wordSize = wordSizeOf(host);
  if (typeof argument === 'number') return value(checkedInteger(host, argument));
  if (typeof argument === 'string') return value(data.placeString(argument));
  if (argument instanceof Uint8Array) return value(data.placeBytes(argument));
  if ('variable' in argument) return load('integer', data.placeVariable(argument.variable));
  if ('pointerTo' in argument) return value(data.placeVariable(argument.pointerTo.variable));
  if ('exitCodeOf' in argument) return load('byte', statusByte(host, data, argument.exitCodeOf.variable, 1));
  if ('signalOf' in argument) return load('byte', statusByte(host, data, argument.signalOf.variable, 0));
  if ('argumentsFrom' in argument) return load('word', slots + argument.argumentsFrom * 2 * wordSize);
  if ('argument' in argument) return load('word', slots + (argument.argument * 2 + 1) * wordSize);
  return load('word', dataAddress + stateWords.environment * wordSize);
}

/** How many of the launcher's own arguments need a slot for this argument. */
export function slotsNeeded(argument: Argument): number {
  if (typeof argument !== 'object') return 0;
  if ('argument' in argument) return argument.argument + 1;
  if ('argumentsFrom' in argument) return argument.argumentsFrom + 1;
  return 0;
}

function value(word: number): Operand {
  return { mode: operandMode.value, word };
}

function load(mode: keyof typeof operandMode, address: number): Operand {
  return { mode: operandMode[mode], word: address };
}

/** The address of the n-th byte of a status, counted from the least significant one (wait(2), <sys/wait.h>). */
function statusByte(host: LauncherHost, data: DataSegment, variable: string, significance: 0 | 1): number {
  const address = data.placeVariable(variable);
  return host.identity.endianness === 'little' ? address + significance : address + 3 - significance;
}

function checkedInteger(host: LauncherHost, integer: number): number {
  const bits = wordSizeOf(host) * 8;
  const fits = bits === 64 || (integer >= -0x8000_0000 && integer <= 0xffff_ffff);
  if (!fits || !Number.isSafeInteger(integer))
    throw new Error(`${integer} does not fit into the ${bits} bits of an argument on ${host.name}`);
  return integer;
}
