import type { Header } from 'tar-stream';

/** What a tar's entry is, after everything that a package has no business with was refused. */
export type TarMember =
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  /** `target`: path of another member. Undefined when a symbolic link leads out of the package. */
  | { readonly kind: 'link'; readonly path: string; readonly target: string | undefined }
  | { readonly kind: 'directory'; readonly path: string };

/** Bytes. The largest emulator has 17 MB, the largest file in the .deb of one too. */
const maximumFileBytes = 256 * 1024 * 1024;

/** @throws Error with the reason why no honest package contains such an entry */
export function readTarMember({ name, type, size, ...header }: Header): TarMember {
  const path = normalised(name);
  if (path === undefined) throw new Error(`the name ${JSON.stringify(name)} leads out of the package`);
  // Only links have one.
  const linkname = (header.linkname as string | null) ?? '';
  switch (type) {
    case 'file':
    case 'contiguous-file':
      if (size > maximumFileBytes)
        throw new Error(
          `${path} has ${size} bytes, more than the ${maximumFileBytes} that any emulator needs`,
        );
      return { kind: 'file', path, size };
    case 'directory':
      return { kind: 'directory', path };
    case 'link': {
      // Hard links name other members by their whole path.
      const target = normalised(linkname);
      if (target === undefined)
        throw new Error(`${path} is a hard link to ${JSON.stringify(linkname)}, outside of the package`);
      return { kind: 'link', path, target };
    }
    case 'symlink': {
      const target = linkname.startsWith('/')
        ? undefined
        : normalised(`${path.slice(0, path.lastIndexOf('/') + 1)}${linkname}`);
      return { kind: 'link', path, target };
    }
    case 'character-device':
    case 'block-device':
    case 'fifo':
      throw new Error(`${path} is a ${type}`);
    default:
      throw new Error(`${path} is of an unknown kind`);
  }
}

/** Without `.` and `..`; undefined when it is absolute or goes above where it starts. */
function normalised(name: string): string | undefined {
  if (name.startsWith('/') || name.includes('\0')) return undefined;
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
