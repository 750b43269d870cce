export { openArchive, type Archive, type ArchiveHost, type ArchiveOptions } from './archive.ts';
export { unpackDeb } from './deb.ts';
export type { DebianPackage } from './package.ts';
export type { OnProgress, Progress } from '../transfer/index.ts';
export { upstreamVersion } from './version.ts';
