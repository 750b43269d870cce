import type { MachineDefinition } from '../definition/definition.ts';

/** QEMU's words for a machine's network card. @param options `netdev=net0` */
export function cardWords(
  { card, cardPlace }: Pick<MachineDefinition, 'card' | 'cardPlace'>,
  ...options: readonly string[]
): string[] {
  return ['-device', [card, ...options, ...(cardPlace === undefined ? [] : [cardPlace])].join(',')];
}
