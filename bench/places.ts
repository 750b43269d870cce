import { fileURLToPath } from 'node:url';

export const repository = new URL('..', import.meta.url);
export const distribution = new URL('dist/', repository);
export const anyarch = fileURLToPath(new URL('bin/anyarch', repository));

/** anyarch's state for the comparison: emulators and guests are fetched once. */
export const home = fileURLToPath(new URL('.cache/bench/home', repository));
