import type { EngineName } from './engine.ts';

/** What every engine of this user shares, the hook program above all (private-table/). */
export function rootlessDirectory(state: string): string {
  return `${state}/rootless`;
}

/** Where files of ours for an engine are that the engine is pointed to. */
export function ownDirectory(state: string, engine: EngineName): string {
  return `${rootlessDirectory(state)}/${engine}`;
}

/** See private-table/install-hook-program.ts. */
export function hookProgramPath(state: string): string {
  return `${rootlessDirectory(state)}/anyarch`;
}

/** A state directory for as long as emulators are tried out. */
export function trialDirectory(state: string): string {
  return `${rootlessDirectory(state)}/trial`;
}
