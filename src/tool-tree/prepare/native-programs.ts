import type { IndexedPackage } from '../../debian/index.ts';
import { hostFiles, NotThere, type HostFilesOptions, type HostProgram } from '../packages/host-files.ts';
import { expand, expandPackage } from '../plan/expand.ts';
import type { LeftOutTool, PlannedTool } from '../plan/plan-tools.ts';

export interface NativeProgram {
  readonly planned: PlannedTool;
  readonly host: HostProgram;
}

/** Unpacks the native programs of tools, and finds what they load. */
export async function nativePrograms(
  planned: readonly PlannedTool[],
  options: HostFilesOptions,
): Promise<{ readonly programs: readonly NativeProgram[]; readonly leftOut: readonly LeftOutTool[] }> {
  const files = hostFiles(options);
  for (const [one, paths] of pathsByPackage(planned)) await files.unpack(one, paths);
  const programs: NativeProgram[] = [];
  const leftOut: LeftOutTool[] = [];
  for (const one of planned) {
    try {
      const dlopened = dlopenedBy(one, options);
      programs.push({ planned: one, host: await files.program(one.host.package, one.host.path, dlopened) });
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
      leftOut.push({ name: one.name, group: one.tool.group, reason: error.message });
    }
  }
  return { programs, leftOut };
}

/** A package is read in one pass. */
function pathsByPackage(planned: readonly PlannedTool[]): Map<IndexedPackage, string[]> {
  const paths = new Map<IndexedPackage, string[]>();
  for (const { host } of planned) paths.set(host.package, [...(paths.get(host.package) ?? []), host.path]);
  return paths;
}

function dlopenedBy(
  { tool, variables, host }: PlannedTool,
  { choose }: HostFilesOptions,
): { package: IndexedPackage; path: string }[] {
  return (tool.dlopens ?? []).map((file) => {
    const name = expandPackage(file.package, variables);
    const chosen = name === host.package.name ? host.package : choose(name);
    if (typeof chosen === 'string') throw new NotThere(chosen);
    return { package: chosen, path: expand(file.path, variables) };
  });
}
