export { installedPrograms } from './installed-programs.ts';
export {
  findAllPrograms,
  findPrograms,
  obtainPrograms,
  offeredVersion,
  type ProgramsHost,
  type ProgramsOptions,
} from './obtain-programs.ts';
export { prunePrograms, type PruneProgramsOptions } from './prune-programs.ts';
export type { Programs } from './programs.ts';
