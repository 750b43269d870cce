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
  /** `NAME=hex`, ordered. */
  readonly xattrs: readonly string[];
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
    ['content', a.size !== b.size || a.sha256 !== b.sha256],
    ['link target', a.link !== b.link],
    ['device number', a.device !== b.device],
    ['extended attributes', a.xattrs.join('\n') !== b.xattrs.join('\n')],
    ['mtime', a.mtime !== b.mtime],
  ];
  return aspects.filter(([, differs]) => differs).map(([aspect]) => aspect);
}
