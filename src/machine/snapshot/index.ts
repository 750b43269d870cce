export { cloneMachine, type CloneOptions } from './clone-machine.ts';
export type { SnapshotDocument } from './document.ts';
export { findSnapshot, listSnapshots } from './find-snapshot.ts';
export { diskNode } from './freeze.ts';
export { removeSnapshot, restoreSnapshot } from './restore-snapshot.ts';
export { saveSnapshot, type SnapshotOptions } from './save-snapshot.ts';
