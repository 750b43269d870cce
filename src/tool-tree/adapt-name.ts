/** Rewriting in place of one kind of native program (adapt/). */
export type AdaptName = 'cc1' | 'driver' | 'ld' | 'collect2' | 'as';
