import { AnyarchError } from '../../../core/error.ts';
import { findRootlessDocker, pauseProcess, runningDaemons } from '../../../rootless/index.ts';
import { tableInForce, type TableInForce } from '../../../table-in-force/index.ts';
import { fact, type Examination } from '../../examination.ts';
import type { EngineName } from './engine-name.ts';
import { answeringEngines } from './engines.ts';
import type { AnsweringEngine } from './found-engine.ts';

/** The table in force where a rootless engine's containers run. */
export interface EngineTable {
  readonly engine: AnsweringEngine;
  readonly table: TableInForce;
}

export const engineTables = fact((examination): readonly EngineTable[] =>
  answeringEngines(examination).flatMap((engine) => {
    const pid = engine.rootless ? processInside(examination, engine.name) : undefined;
    if (pid === undefined) return [];
    try {
      return [{ engine, table: tableInForce(examination.host, pid) }];
    } catch (error) {
      // It has ended meanwhile, or is another user's.
      if (error instanceof AnyarchError) return [];
      throw error;
    }
  }),
);

/** One that holds the user namespace of this user's containers. */
function processInside({ host }: Examination, name: EngineName): number | undefined {
  if (name === 'podman') return pauseProcess(host);
  // Buildah has a namespace of its own for each command.
  if (name !== 'docker' || !findRootlessDocker(host).found) return undefined;
  return runningDaemons(host)[0]?.pid;
}
