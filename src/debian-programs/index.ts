export { installedPrograms } from './installed-programs.ts';
export { findPrograms, obtainPrograms, type ProgramsHost, type ProgramsOptions } from './obtain-programs.ts';
export type { Programs } from './programs.ts';
