export { documentText, openImageFiles, readText } from './image-files.ts';
export type { ImageFiles, MemberPlace } from './image-files.ts';
export {
  hashOf,
  openArchiveFile,
  openBlob,
  readDocument,
  readPieces,
  readSmallBlob,
  UnfitFile,
} from './regular-file.ts';
export { packerOf } from './why-no-archive.ts';
