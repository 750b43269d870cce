import type { Clock } from '../host.ts';

export const quickjsClock: Clock = {
  now: () => Date.now(),
  monotonic: () => kernel.monotonic(),
  sleep: (ms) => {
    kernel.sleep(ms);
  },
};
