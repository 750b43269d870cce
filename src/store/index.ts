export { digestOf, putFile, removeAbandoned, removeStored } from './content-store.ts';
export { fileFailure } from './file-failure.ts';
export { withLock } from './lock.ts';
export { isAbandoned, ownToken } from './owner.ts';
