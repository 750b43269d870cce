import type { Waited } from '../watch/index.ts';

export interface Waiter {
  /** @param ms milliseconds */
  readonly wait: (ms: number) => Promise<Waited>;
  readonly release: () => void;
}

/**
 * Waits for the time, for SIGHUP and for `stop`. One listener for all waits: what listens anew each time
 * (`AbortSignal.any`) leaves something in the signal that lasts as long as the process.
 */
export function waitForSignals(stop: AbortSignal): Waiter {
  let isHungUp = false;
  let wake: (() => void) | undefined;
  const hangUp = (): void => {
    isHungUp = true;
    wake?.();
  };
  const end = (): void => wake?.();
  process.on('SIGHUP', hangUp);
  stop.addEventListener('abort', end);
  return {
    wait: async (ms) => {
      // A signal that came during the round is not waited for.
      if (!isHungUp && !stop.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      wake = undefined;
      if (stop.aborted) return 'stop';
      const waited = isHungUp ? 'reread' : 'elapsed';
      isHungUp = false;
      return waited;
    },
    release: () => {
      process.off('SIGHUP', hangUp);
      stop.removeEventListener('abort', end);
    },
  };
}
