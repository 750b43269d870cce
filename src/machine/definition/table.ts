import { lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { armDefinitions } from './arm.ts';
import type { MachineDefinition } from './definition.ts';
import { ibmDefinitions } from './ibm.ts';
import { loongarchDefinitions } from './loongarch.ts';
import { mipsDefinitions } from './mips.ts';
import { riscvDefinitions } from './riscv.ts';
import { x86Definitions } from './x86.ts';

/** Every machine that can be made; of an architecture with several the first is the usual one. */
export const definitions: readonly MachineDefinition[] = [
  ...armDefinitions,
  ...x86Definitions,
  ...riscvDefinitions,
  ...ibmDefinitions,
  ...loongarchDefinitions,
  ...mipsDefinitions,
];

/**
 * @param name of a definition, or any name of an architecture: `raspi3b`, `arm64`, `linux/arm64`, `aarch64`
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE for a name that nobody knows, and where no machine can be made of one that is known
 */
export function findDefinition(name: string): MachineDefinition {
  const lower = name.toLowerCase();
  const named = definitions.find((one) => one.name === lower);
  if (named !== undefined) return named;
  const architecture = lookUpArchitecture(name);
  const found = definitions.find((one) => one.architecture === architecture?.name);
  if (found !== undefined) return found;
  const names = definitions.map((one) => one.name);
  throw new AnyarchError('ANYARCH_UNKNOWN_ARCHITECTURE', `there is no machine for ${name}`, {
    hint: `machines are: ${names.join(', ')}`,
    details: { name, machines: names },
  });
}
