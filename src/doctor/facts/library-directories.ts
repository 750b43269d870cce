import type { Architecture } from '../../core/architecture.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { followInside } from '../../host/follow-inside.ts';
import { ignoring } from '../../host/system-error.ts';
import type { Examination } from '../examination.ts';

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EISDIR'];

/** Files of these directories are searched, and those that they include one level deep; more is never seen. */
const configuration = { file: '/etc/ld.so.conf', directory: '/etc/ld.so.conf.d' };

/**
 * Where a root file system's dynamic loader looks for libraries (ld.so(8)): what its configuration names, and the directories that
 * distributions build in, with their multi-arch names.
 */
export function libraryDirectories(
  { host, root }: Examination,
  architecture: Architecture,
  width: 32 | 64,
): readonly string[] {
  const { files } = host;
  const read = (path: string): string => {
    const found = followInside(files, root, path);
    if (found === undefined) return '';
    return decodeUtf8(ignoring(unreadable, () => files.read(found)) ?? new Uint8Array());
  };
  const included = followInside(files, root, configuration.directory);
  const names = included === undefined ? [] : (ignoring(unreadable, () => files.list(included)) ?? []);
  const configured = [
    read(configuration.file),
    ...names
      .filter((name) => name.endsWith('.conf'))
      .map((name) => read(`${configuration.directory}/${name}`)),
  ].flatMap(directoriesIn);
  const multiarch = architecture.triplets.flatMap((one) => [`/lib/${one}`, `/usr/lib/${one}`]);
  const usual = ['/lib', '/usr/lib', '/usr/local/lib', `/lib${width}`, `/usr/lib${width}`];
  return [...new Set([...configured, ...multiarch, ...usual])];
}

function directoriesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line.startsWith('/'));
}
