export { accelerationVolume, treeBind, treeDirectory } from './tree.ts';
export type { AccelerationVolume } from './tree.ts';
