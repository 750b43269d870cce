import { fact } from '../examination.ts';
import { answeringEngines, namedEngine } from './engines/engines.ts';
import type { AnsweringEngine } from './engines/found-engine.ts';

/** Runtimes that engines start: they print the commonest messages, and do not say for whom. */
const runtimes: readonly (string | undefined)[] = ['runc', 'crun'];

/**
 * The engine whose containers were asked about and run under another kernel: then this machine's table means nothing. Undefined
 * where a program of this machine was asked about, or where one of the engines runs containers here.
 */
export const farEngine = fact((examination): AnsweringEngine | undefined => {
  const { file, image, message } = examination;
  const isOfContainers =
    namedEngine(examination) !== undefined || image !== undefined || runtimes.includes(message?.tool);
  if (file !== undefined || !isOfContainers) return undefined;
  const running = answeringEngines(examination).filter(({ name }) => name === 'docker' || name === 'podman');
  return running.every(({ elsewhere }) => elsewhere !== undefined) ? running[0] : undefined;
});
