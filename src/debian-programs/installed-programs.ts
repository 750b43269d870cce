import type { Host } from '../host/host.ts';
import { noSuchProgram } from './program-error.ts';
import { programDirectories, type Programs } from './programs.ts';

/** Programs of the system: those in PATH first, then where packages put the ones that are not for people. */
export function installedPrograms({ files, system }: Pick<Host, 'files' | 'system'>): Programs {
  const search = [
    ...(system.environment['PATH'] ?? '').split(':').filter((directory) => directory.startsWith('/')),
    ...programDirectories.map((directory) => `/${directory}`),
  ];
  const find = (name: string) =>
    search.map((directory) => `${directory}/${name}`).find((path) => files.isExecutable(path));
  return {
    root: '/',
    origin: 'installed',
    digest: undefined,
    versions: new Map(),
    environment: {},
    dataFile: (path) => {
      const absolute = `/${path.replace(/^\/+/, '')}`;
      return files.status(absolute)?.kind === 'file' ? absolute : undefined;
    },
    programFile: find,
    command: (name) => {
      const path = find(name);
      if (path !== undefined) return [path];
      throw noSuchProgram(name, 'on this system', 'install the package that has it');
    },
  };
}
