export {
  openArchive,
  type Archive,
  type ArchiveHost,
  type ArchiveOptions,
  type FoundIndex,
} from './archive.ts';
export { debMembers, unpackDeb, type DebMember } from './deb.ts';
export { parseStanza, type Stanza } from './deb822.ts';
export type { DebianPackage } from './package.ts';
export { readIndexedPackage, type IndexedPackage, type PackageIndex } from './package-index.ts';
export type { OnProgress, Progress } from '../transfer/index.ts';
export { upstreamVersion, withoutCross } from './version.ts';
