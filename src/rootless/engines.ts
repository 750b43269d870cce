import type { RootlessEngine } from './engine.ts';

/** In the order of `engineNames`. */
export const engines: readonly RootlessEngine[] = [];
