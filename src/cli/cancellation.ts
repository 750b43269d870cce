import { AnyarchError } from '../core/error.ts';

/**
 * The first SIGINT or SIGTERM aborts the signal, so that work in progress cleans up; the second one ends the
 * process at once.
 */
export function cancellation(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => {
    const handler = (): void => {
      if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
      controller.abort(new AnyarchError('ANYARCH_CANCELLED', `cancelled by ${name}`));
    };
    process.on(name, handler);
    return { name, handler };
  });
  return {
    signal: controller.signal,
    release: () => {
      for (const { name, handler } of handlers) process.off(name, handler);
    },
  };
}
