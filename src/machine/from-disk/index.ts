export { imageFromDisk, type FromDiskOptions, type ImageOfDisk } from './image-from-disk.ts';
