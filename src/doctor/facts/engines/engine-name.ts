import type { Scope } from '../../scopes.ts';

/** Engines that can be asked, in the order in which they are looked at. */
export const engineNames = ['docker', 'podman', 'buildah', 'apptainer'] as const satisfies readonly Scope[];

export type EngineName = (typeof engineNames)[number];

/** What prints messages, and which engine people have typed then. Runtimes are of several engines, and so of none. */
const enginesOfTools: Readonly<Record<string, EngineName>> = {
  docker: 'docker',
  buildkit: 'docker',
  podman: 'podman',
  buildah: 'buildah',
  apptainer: 'apptainer',
  singularity: 'apptainer',
};

export function engineOfTool(tool: string | undefined): EngineName | undefined {
  return tool === undefined ? undefined : enginesOfTools[tool];
}

export function isEngineName(name: string | undefined): name is EngineName {
  return engineNames.some((one) => one === name);
}
