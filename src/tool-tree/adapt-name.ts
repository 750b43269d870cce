/** Rewriting in place of one kind of native program: adapt/NAME.ts. */
export type AdaptName = 'cc1' | 'driver' | 'dpkg';
