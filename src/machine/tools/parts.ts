import type { Host } from '../../host/host.ts';
import type { Programs } from '../../debian-programs/index.ts';
import type { MachineDefinition } from '../definition/definition.ts';

/** What a machine needs and these programs have not: for people, too. */
export function missingIn(
  programs: Programs,
  { emulator, firmware }: MachineDefinition,
  needs: readonly string[] = [],
): string[] {
  const names = [emulator, 'qemu-img', ...needs].filter((name) => programs.programFile(name) === undefined);
  const files = firmware === undefined ? [] : [firmware.code, firmware.variables];
  return [
    ...names,
    ...files.filter((path) => programs.dataFile(path) === undefined).map((path) => `/${path}`),
  ];
}

export function firmwareOf(
  programs: Programs,
  { firmware }: MachineDefinition,
): { readonly code: string; readonly variables: string } | undefined {
  if (firmware === undefined) return undefined;
  const [code, variables] = [programs.dataFile(firmware.code), programs.dataFile(firmware.variables)];
  return code === undefined || variables === undefined ? undefined : { code, variables };
}

/** Where Debian's packages have what QEMU loads: it looks below its own prefix, which unpacked ones are not in. */
const directories = ['usr/share/qemu', 'usr/share/seabios'];

export function dataDirectories({ files }: Pick<Host, 'files'>, { root, origin }: Programs): string[] {
  if (origin === 'installed') return [];
  return directories
    .map((directory) => `${root}/${directory}`)
    .filter((directory) => files.status(directory)?.kind === 'directory')
    .flatMap((directory) => ['-L', directory]);
}
