import type { MakeSet } from '../make-set.ts';

export const makeSet: MakeSet = () => Promise.reject(new Error('sets cannot be made yet'));
