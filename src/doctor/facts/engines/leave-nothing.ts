import type { Host } from '../../../host/host.ts';
import { askEngine, containerPatienceMs } from './ask-engine.ts';
import type { AnsweringEngine } from './found-engine.ts';

type Parts = Pick<Host, 'files' | 'log' | 'processes' | 'system'>;

/** A name for what is made in an engine and taken away again: of this process and this moment, since many may ask one daemon. */
export function scratchName({ system, clock }: Pick<Host, 'system' | 'clock'>): string {
  return `anyarch-doctor-${system.pid}-${Math.round(clock.now())}`;
}

/**
 * Ends and removes a container with its volumes; one that is not there, or about to go, is gone. It is named when it is made, because a
 * client that was killed has told no number, and its container goes on.
 */
export function removeContainer(host: Parts, engine: AnsweringEngine, name: string): void {
  remove(host, engine, ['rm', '--force', '--volumes', name]);
}

/** After its containers: an engine only takes the name from an image that is in use. */
export function removeImage(host: Parts, engine: AnsweringEngine, name: string): void {
  remove(host, engine, ['image', 'rm', '--force', name]);
}

function remove(host: Parts, { path, name: engine }: AnsweringEngine, words: readonly string[]): void {
  // Ending what hangs takes longer than a question: podman gives it ten seconds first.
  const answer = askEngine(host, [path, ...words], { timeoutMs: containerPatienceMs });
  if (!('why' in answer) || isGone(answer.said)) return;
  host.log.warn(`${engine} keeps ${words.at(-1) ?? ''}, made for a trial: ${answer.reason}`);
}

/** Words of docker, of podman 4 and 5, and of containers/storage. */
function isGone(said: string): boolean {
  return /no such (container|image|object)|no container with name or id|image not known|already in progress/i.test(
    said,
  );
}
