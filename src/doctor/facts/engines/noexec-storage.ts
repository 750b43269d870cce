import { mountOf, type Mount } from '../../../host/mounts.ts';
import { fact } from '../../examination.ts';
import { answeringEngines } from './engines.ts';
import type { AnsweringEngine } from './found-engine.ts';

/** Where an engine of this machine keeps its images, and what is mounted there. */
export interface EngineStorage {
  readonly engine: AnsweringEngine;
  readonly storage: NonNullable<AnsweringEngine['storage']>;
  readonly mount: Mount;
}

/** Of engines that answer and tell where their storage is; not of those whose containers run elsewhere. */
export const engineStorages = fact((examination): readonly EngineStorage[] =>
  answeringEngines(examination)
    .filter(({ elsewhere }) => elsewhere === undefined)
    .flatMap((engine) => {
      const { storage } = engine;
      const mount = storage === undefined ? undefined : mountOf(examination.host, storage.root);
      return mount === undefined || storage === undefined ? [] : [{ engine, storage, mount }];
    }),
);

export function isNoexec({ mount }: EngineStorage): boolean {
  return mount.options.has('noexec');
}
