import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = new URL('..', import.meta.url);
export const distribution = new URL('dist/', repository);
export const anyarch = fileURLToPath(new URL('bin/anyarch', repository));

/** What is slow to make, kept from one run to the next. */
export const cache = fileURLToPath(new URL('.cache/bench', repository));

/** anyarch's state for the comparison: emulators and guests are fetched once. */
export const home = join(cache, 'home');

/** Programs of the image, by platform: `npm run build:entrypoint` makes them. */
export const entrypoints = fileURLToPath(new URL('build/entrypoint', repository));
