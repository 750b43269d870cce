export { isContainerReference } from './container-reference.ts';
export { obtainContainerDisk, type ContainerDiskOptions } from './obtain-container-disk.ts';
