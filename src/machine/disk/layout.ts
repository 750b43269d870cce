/** Bytes in a MiB, to which all partitions are aligned. */
export const mebibyte = 1024 * 1024;

/** Name of the root file system, by which the kernel's parameters and fstab find it on any bus. */
export const rootLabel = 'anyarch-root';
/** FAT keeps 11 capital letters. */
export const loaderLabel = 'ANYARCH-ESP';

export interface DiskLayout {
  /** What goes to sfdisk's standard input; undefined for a disk that is one file system. */
  readonly table: string | undefined;
  /** Bytes of the whole disk. */
  readonly bytes: number;
  readonly root: Extent;
  /** Only where firmware starts the disk. */
  readonly loader?: Extent;
}

export interface Extent {
  /** Bytes. */
  readonly offset: number;
  readonly bytes: number;
}

/** Type of a root partition: UAPI group, Discoverable Partitions Specification. By it, disks tell their architecture. */
const rootTypes: Readonly<Record<string, string>> = {
  aarch64: 'B921B045-1DF0-41C3-AF44-4C6F280D3FAE',
  arm: '69DAD710-2CE4-4E3C-B16C-21A1D49ABED3',
  loongarch64: '77055800-792C-4F94-B39A-98C91B762BB6',
  mips64el: '700BDA43-7A34-4507-B179-EEB93D7A7CA3',
  mipsel: '37C58C8A-D913-4156-A25F-48B1B64E07F0',
  ppc64le: 'C31C45E6-3F39-412E-80FB-4809C4980599',
  riscv64: '72EC70A6-CF74-40E6-BD49-4BDA08E8F224',
  s390x: '5EEAD9A9-FE09-4A1E-A1D7-520D00531306',
  x86_64: '4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709',
};
const loaderType = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';
/** "Linux filesystem data", which says nothing of an architecture. */
const plainType = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

const loaderBytes = 64 * mebibyte;

/**
 * A GPT: the loader's partition first, where there is one, and the root last, so that it can grow. The root is number 1
 * unless it has a loader before it.
 *
 * @param contentBytes of the archive that the root is made from
 */
export function diskLayout(architecture: string, contentBytes: number, hasLoader: boolean): DiskLayout {
  const rootOffset = mebibyte + (hasLoader ? loaderBytes : 0);
  const rootBytes = rootSize(contentBytes);
  const type = rootTypes[architecture] ?? plainType;
  const line = (extent: Extent, kind: string, name: string) =>
    `start=${extent.offset / 512}, size=${extent.bytes / 512}, type=${kind}, name=${name}`;
  const root = { offset: rootOffset, bytes: rootBytes };
  const loader = hasLoader ? { offset: mebibyte, bytes: loaderBytes } : undefined;
  return {
    table: [
      'label: gpt',
      ...(loader === undefined ? [] : [line(loader, loaderType, 'ESP')]),
      line(root, type, 'root'),
      '',
    ].join('\n'),
    // The copy of the table at the end.
    bytes: rootOffset + rootBytes + mebibyte,
    root,
    ...(loader === undefined ? {} : { loader }),
  };
}

/** A disk without partitions. */
export function plainLayout(contentBytes: number): DiskLayout {
  const bytes = rootSize(contentBytes);
  return { table: undefined, bytes, root: { offset: 0, bytes } };
}

/** Room for inodes, the journal and what the first boot writes; the guest grows it to the machine's disk. */
function rootSize(contentBytes: number): number {
  return (Math.ceil((contentBytes * 1.3) / mebibyte) + 256) * mebibyte;
}
