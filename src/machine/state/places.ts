import type { MachinePlaces } from '../places.ts';

/** Files of a saved state, which is a directory so that it comes and goes by one rename. */
export interface StatePlaces {
  readonly directory: string;
  readonly document: string;
  /** QEMU's migration stream, `mapped-ram`: pages at fixed places, those of zeros are holes. */
  readonly memory: string;
  /** While it is written. */
  readonly unfinished: string;
  /** Once a guest goes on with it: nothing may ever again. */
  readonly used: string;
}

export function statePlaces({ state }: Pick<MachinePlaces, 'state'>): StatePlaces {
  return {
    directory: state,
    document: `${state}/state.json`,
    memory: `${state}/memory`,
    unfinished: `${state}.unfinished`,
    used: `${state}.used`,
  };
}
