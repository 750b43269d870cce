export {
  openArchive,
  type Archive,
  type ArchiveHost,
  type ArchiveOptions,
  type FoundIndex,
} from './archive.ts';
export { unpackDeb, type DebMember } from './deb.ts';
export { parseStanza, type Stanza } from './deb822.ts';
export type { DebianPackage } from './package.ts';
export { readIndexedPackage, type IndexedPackage, type PackageIndex } from './package-index.ts';
export type { OnProgress, Progress } from '../transfer/index.ts';
export { openOffers, type Offers, type OffersOptions } from './offers.ts';
export { fileInside } from './file-inside.ts';
export { shippedKeyring as archiveKeyring } from './keyring.ts';
export { mergedDirectories, mergedUsr, unpackTree, type UnpackTreeOptions } from './unpack-tree.ts';
export { upstreamVersion, withoutCross } from './version.ts';
