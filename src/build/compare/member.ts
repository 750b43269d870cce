import type { TarKind } from '../../image-store/index.ts';

/** What is compared of a file in an image. */
export interface Member {
  readonly kind: TarKind;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; 0 for what has no content. */
  readonly size: number;
  /** Lower-case hexadecimal SHA-256 of the content; empty for what has none. */
  readonly sha256: string;
  /** Target of a link. */
  readonly link: string;
  /** `major:minor` of a device. */
  readonly device: string;
  /** Seconds since the epoch, as the layer has them. */
  readonly mtime: number;
  /** `NAME=hex`, ordered: extended attributes, and what else a PAX header says of the file, such as `SCHILY.acl.access`. */
  readonly xattrs: readonly string[];
  /** The first 8 bytes of the content (Latin-1). */
  readonly head: string;
}

/** By path without a slash in front; names are bytes, each character one (Latin-1). */
export type Members = ReadonlyMap<string, Member>;

/** What can differ in two files of one name. */
export type Aspect =
  | 'missing in the first'
  | 'missing in the second'
  | 'type'
  | 'mode'
  | 'owner'
  | 'content'
  | 'empty in the first'
  | 'empty in the second'
  | 'link target'
  | 'device number'
  | 'extended attributes'
  | 'mtime';

/** The aspects in which two members differ. */
export function differingAspects(a: Member, b: Member): Aspect[] {
  if (a.kind !== b.kind) return ['type'];
  const aspects: readonly (readonly [Aspect, boolean])[] = [
    ['mode', a.mode !== b.mode],
    ['owner', a.uid !== b.uid || a.gid !== b.gid],
    // Nothing where something was expected is no other content: it has no reason that a time or a random number could be.
    ['empty in the first', a.size === 0 && b.size > 0],
    ['empty in the second', a.size > 0 && b.size === 0],
    ['content', a.size > 0 && b.size > 0 && (a.size !== b.size || a.sha256 !== b.sha256)],
    ['link target', a.link !== b.link],
    ['device number', a.device !== b.device],
    ['extended attributes', a.xattrs.join('\n') !== b.xattrs.join('\n')],
    ['mtime', a.mtime !== b.mtime],
  ];
  return aspects.filter(([, differs]) => differs).map(([aspect]) => aspect);
}

/** Something that is executed, or may be: no log, list or cache is. */
export function isProgram({ kind, mode, head }: Member): boolean {
  return kind === 'file' && ((mode & 0o6111) !== 0 || head.startsWith('\x7fELF') || head.startsWith('#!'));
}
