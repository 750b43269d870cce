import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { mountPoint } from '../../tool-tree/index.ts';

/**
 * Tells whether a path below the mount is that of a native program in this tree. Containers can tell of any: what does not
 * exist has not been executed.
 */
export function nativePrograms({ files }: Pick<Host, 'files'>, tree: string): (program: string) => boolean {
  const known = new Set<string>();
  return (program) => {
    if (known.has(program)) return true;
    const place = program.slice(mountPoint.length + 1);
    // Path components that lead elsewhere are no name of a program.
    const isPlain = /^[a-z2-7]{6}\/bin(\/[^/]+)+$/.test(place) && !/\0|\/\.\.?(\/|$)/.test(place);
    const status = isPlain
      ? ignoring(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EINVAL'], () => files.linkStatus(`${tree}/${place}`))
      : undefined;
    if (status?.kind !== 'file' || (status.mode & 0o111) === 0) return false;
    known.add(program);
    return true;
  };
}
