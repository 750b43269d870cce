import { compareQemuVersions } from '../../core/version.ts';
import type { CpuChoice, MachineDefinition } from './definition.ts';

/** The first that this version of QEMU has. */
export function chooseCpu({ name, cpus }: MachineDefinition, version: string): CpuChoice {
  const chosen = cpus.find(({ from }) => compareQemuVersions(version, from) >= 0) ?? cpus.at(-1);
  if (chosen === undefined) throw new Error(`the definition ${name} has no CPU`);
  return chosen;
}
