export { digestOf, putFile, removeAbandoned } from './content-store.ts';
export { updateDocument } from './document.ts';
export { isAbandoned, ownToken } from './owner.ts';
