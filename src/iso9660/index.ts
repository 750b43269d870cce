export type { IsoFile } from './iso-file.ts';
export { writeIso, type IsoOptions } from './write-iso.ts';
