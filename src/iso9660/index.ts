export { writeIso, type IsoFile, type IsoOptions } from './write-iso.ts';
