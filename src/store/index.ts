export { digestOf, putFile, removeAbandoned } from './content-store.ts';
export { updateDocument } from './document.ts';
export { fileFailure } from './file-failure.ts';
export { isAbandoned, ownToken } from './owner.ts';
