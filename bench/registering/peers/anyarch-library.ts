import type { Host } from '../../../src/index.ts';
import type { Contender } from '../../contender.ts';
import { checkEntries } from '../check-entries.ts';
import { interpreterOfArm64 } from '../rules.ts';
import type { Stage } from '../stage.ts';

type Executor = Host['executor'];

/**
 * The library in a process that runs already. It proves each registration by executing a foreign program, which no
 * other contender does; so the time is also given without that part.
 */
export function anyarchLibrary({ library, rules }: Stage): Contender {
  const name = 'anyarch library';
  const host = library.nodeHost({ log: silent });
  let executing = 0;
  const { executor } = host;
  const timed: Host = {
    ...host,
    executor: {
      execute: timing((...args: Parameters<Executor['execute']>) => executor.execute(...args)),
      executeAll: timing((...args: Parameters<Executor['executeAll']>) => executor.executeAll(...args)),
    },
  };
  function timing<Arguments extends unknown[], Result>(
    action: (...args: Arguments) => Result,
  ): (...args: Arguments) => Result {
    return (...args) => {
      const start = performance.now();
      try {
        return action(...args);
      } finally {
        executing += performance.now() - start;
      }
    };
  }
  return {
    name,
    run: () => {
      executing = 0;
      const start = performance.now();
      const { outcome, results } = library.register(timed, { architectures: 'all' });
      const whole = performance.now() - start;
      if (outcome !== 'ok')
        throw new Error(`register: ${outcome} ${JSON.stringify(results.filter(({ error }) => error))}`);
      return { [`${name}, less its probes`]: whole - executing };
    },
    check: () => checkEntries(interpreterOfArm64(rules)),
    reset: () => {
      library.unregister(host, { architectures: 'all' });
    },
  };
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
